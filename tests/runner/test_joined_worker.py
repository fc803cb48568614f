"""The worker's program is made of parts, which mean in one file what they mean apart."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from signalbook.runner import worker
from signalbook.runner.program import PARTS, program

FOLDER = Path(worker.__file__).parent
PACKAGE = worker.__name__


def statements(part):
    return ast.parse((FOLDER / f"{part}.py").read_text()).body


def names(statement):
    """Return the names that a statement of a module binds, unless it imports them from a part."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name for alias in statement.names]
    if isinstance(statement, ast.Assign):
        nodes = [node for target in statement.targets for node in ast.walk(target)]
        return [node.id for node in nodes if isinstance(node, ast.Name)]
    return []


def is_from_a_part(statement):
    return isinstance(statement, ast.ImportFrom) and statement.module.startswith(f"{PACKAGE}.")


def test_every_part_is_in_the_program():
    """What lies beside the parts is one of them."""
    assert sorted(["__init__", *PARTS]) == sorted(file.stem for file in FOLDER.glob("*.py"))


@pytest.mark.parametrize("part", PARTS[1:])
def test_part_imports_nothing_but_parts_before_it(part):
    """In one file an import of the standard library's would take the place of the worker's own."""
    imports = [each for each in statements(part) if isinstance(each, ast.Import | ast.ImportFrom)]
    known = {f"{PACKAGE}.{name}" for name in PARTS[: PARTS.index(part)]}
    assert [] == [ast.unparse(each) for each in imports if not is_from_a_part(each)]
    assert known.issuperset(each.module for each in imports)
    assert [] == [alias.asname for each in imports for alias in each.names if alias.asname]


def test_no_two_parts_define_the_same_name():
    """In one file the second would take the place of the first."""
    defined = Counter(
        name
        for part in PARTS[1:]
        for statement in statements(part)
        if not is_from_a_part(statement)
        for name in names(statement)
    )
    defined += Counter({name for statement in statements("own") for name in names(statement)})
    assert [] == [name for name, times in defined.items() if times > 1]


def test_program_needs_nothing_of_the_kit():
    """What is left imports the standard library only, and says first what it is."""
    tree = ast.parse(program())
    assert worker.__doc__ == ast.get_docstring(tree, clean=False)
    assert PACKAGE not in program()
    assert not any(is_from_a_part(node) for node in ast.walk(tree) if hasattr(node, "module"))
