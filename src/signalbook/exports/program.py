"""A clause as a Python program of its own, which needs the implementation only."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Mapping
from functools import lru_cache
from keyword import iskeyword

from signalbook.clauses import Clause, Example
from signalbook.harmless import harmless

__all__ = ["ScriptError", "script"]


class ScriptError(ValueError):
    """A program that can't be written."""


_HEAD = '''\
"""{id} ({level})

{rule}

From {place} of Signalbook; holds for {holds}.
Run it with any Python that has the implementation.
It says where something else was printed than wanted, and then exits with status 1.
"""

from __future__ import print_function

import doctest
import sys

try:
    from StringIO import StringIO
except ImportError:
    from io import StringIO

_terminal, sys.stdout = sys.stdout, StringIO()
_different = []


def _show(value):
    """Print a value as Python's prompt does."""
    if value is not None:
        print(repr(value))


def _show_error(error):
    """Print an exception as the last line of its traceback, without its module."""
    text = str(error)
    print(type(error).__name__ + (": " + text if text else ""))


def _wanted(text, place, options=doctest.DONT_ACCEPT_TRUE_FOR_1 | doctest.ELLIPSIS):
    """Compare what was printed since the last call with `text`."""
    got = sys.stdout.getvalue()
    sys.stdout = StringIO()
    if not doctest.OutputChecker().check_output(text, got, options):
        _different.append(place)
        print("%s\\nwanted:\\n%s\\ngot:\\n%s" % (place, text, got), file=_terminal)

'''
_FOOT = """
_wanted("", "after the last example")
print("%d place(s) differ" % len(_different) if _different else "as wanted", file=_terminal)
sys.exit(bool(_different))
"""


def script(clause: Clause, modules: Mapping[str, str] | None = None) -> str:
    """Return the program for *clause*: its set-up and examples as plain code.

    :param modules: What stands in for `flask` and `blinker`, where it isn't themselves,
        such as `{"blinker": "mysignals"}`.
    :raises ScriptError: If an import statement can't name one of these modules.
    """
    for subject, module in (modules or {}).items():
        if not all(part.isidentifier() and not iskeyword(part) for part in module.split(".")):
            raise ScriptError(
                f"no import statement can name the module {module!r} in place of {subject};"
                " give a dotted name, such as 'package.module'"
            )
    head = _HEAD.format(
        id=_in_docstring(clause.id),
        level=clause.level,
        rule=_in_docstring(clause.rule),
        place=_in_docstring(clause.place),
        holds=_in_docstring(str(clause.holds or "every release")),
    )
    replaced = tuple(sorted((modules or {}).items()))
    steps = [_step(example, replaced) for example in (*clause.setup, *clause.examples)]
    body = "\n".join(steps)
    if any("await" in example.source for example in clause.examples) and _awaits(body):
        body = f"import asyncio\n\n\nasync def main():\n{_indented(body)}\n\nasyncio.run(main())\n"
    program = f"{head}\n{body}{_FOOT}"
    # CPython 2.7 takes nothing but ASCII without it.
    return program if program.isascii() else f"# -*- coding: utf-8 -*-\n{program}"


def _in_docstring(text: str) -> str:
    return harmless(text).replace("\\", r"\\").replace('"""', r"\"\"\"")


def _awaits(body: str) -> bool:
    try:
        compile(body, "<script>", "exec")
    except SyntaxError:
        return True
    return False


def _step(example: Example, modules: tuple[tuple[str, str], ...]) -> str:
    source = _as_code(example.source, modules)
    if example.raises is not None:
        source = (
            f"try:\n{_indented(source)}except BaseException as error:\n    _show_error(error)\n"
        )
    return source + _check(example)


# A page's set-up is part of each of its clauses.
@lru_cache(maxsize=1024)
def _as_code(source: str, modules: tuple[tuple[str, str], ...]) -> str:
    source = _rewritten(source, dict(_imports(source, dict(modules))))
    return _rewritten(source, dict(_shown(source)))


def _shown(source: str) -> Iterator[tuple[ast.stmt, str]]:
    """Yield each statement whose value the prompt would print, and the same with `_show`."""
    waiting: list[ast.AST] = list(ast.parse(source).body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Expr):
            value = ast.get_source_segment(source, node.value) or ""
            # The segment of a tuple need not have its parentheses, and may begin with an element's.
            yield (
                node,
                f"_show(({value}))" if isinstance(node.value, ast.Tuple) else f"_show({value})",
            )
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            waiting += ast.iter_child_nodes(node)


def _check(example: Example) -> str:
    options = example.all_options
    text = example.wanted
    if example.raises is not None:
        name = example.raises.partition(":")[0]
        text = f"{name}...\n" if options.pop("IGNORE_EXCEPTION_DETAIL", False) else example.raises
        text = text.rstrip("\n") + "\n"
    if not text:
        return ""
    flags = " | ".join(f"doctest.{name}" for name, on in sorted(options.items()) if on)
    last = "" if f"options={flags})" in _HEAD else f", {flags or '0'}"
    return f"_wanted({text!r}, {example.place!r}{last})\n"


def _indented(source: str) -> str:
    """Indent *source* by four spaces, but for lines that start inside a string."""
    inside: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.STRING:
            inside.update(range(token.start[0] + 1, token.end[0] + 1))
    return "".join(
        line if number in inside or not line.strip() else f"    {line}"
        for number, line in enumerate(source.splitlines(keepends=True), 1)
    )


def _rewritten(source: str, new: Mapping[ast.stmt, str]) -> str:
    """Put other text in the place of some statements of *source*."""
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    for node in sorted(new, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        end = node.end_lineno or node.lineno
        before = lines[node.lineno - 1][: node.col_offset]
        after = lines[end - 1][node.end_col_offset :]
        lines[node.lineno - 1 : end] = [before + new[node].encode() + after]
    return b"".join(lines).decode()


def _imports(source: str, modules: Mapping[str, str]) -> Iterator[tuple[ast.stmt, str]]:
    """Yield each import statement, and the same of the implementation's own modules."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, "; ".join(map(ast.unparse, _replaced(node, modules)))


def _replaced(
    node: ast.Import | ast.ImportFrom, modules: Mapping[str, str]
) -> Iterator[ast.Import | ast.ImportFrom]:
    if isinstance(node, ast.ImportFrom):
        yield ast.ImportFrom(_target(node.module or "", modules), node.names, node.level)
        return
    for alias in node.names:
        top = alias.name.partition(".")[0]
        target = ast.alias(_target(alias.name, modules), alias.asname)
        if top not in modules or alias.asname:
            yield ast.Import([target])
            continue
        if target.name != modules[top]:
            yield ast.Import([target])
        yield ast.Import([ast.alias(modules[top], top)])


def _target(name: str, modules: Mapping[str, str]) -> str:
    top, dot, rest = name.partition(".")
    return modules.get(top, top) + dot + rest
