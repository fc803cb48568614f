"""Sees to it that a clause's examples import only what the clause needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from signalbook.clauses import SUBJECTS, Clause, Example
from signalbook.pages.errors import PageError

__all__ = ["unneeded_imports"]

_NAMES = re.compile(rf"\b(?:{'|'.join(SUBJECTS)})\b")


def unneeded_imports(clause: Clause) -> Iterator[PageError]:
    """Yield an error for each example of *clause* that imports a subject it doesn't need."""
    for example in (*clause.setup, *clause.examples):
        for name in sorted(_imported(example.source) - clause.needs):
            yield _error(clause, example, name)


def _error(clause: Clause, example: Example, name: str) -> PageError:
    is_own = example in clause.examples
    whose = "the example imports" if is_own else f"the set-up, at {example.place}, imports"
    needs = ", ".join(each for each in SUBJECTS if each in {*clause.needs, name})
    return PageError(
        clause.file,
        example.line if is_own else clause.line,
        f"{whose} {name!r}, which the clause {clause.id!r} does not need",
        f"do without it, or write ':needs: {needs}'",
    )


@cache
def _imported(source: str) -> frozenset[str]:
    """Return the subjects that are imported, but for those that a `try` only asks for."""
    if not _NAMES.search(source):
        return frozenset()
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    waiting: list[ast.AST] = [compile(source, "<example>", "single", flags)]
    modules: list[str] = []
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.append(node.module)
        elif isinstance(node, ast.Try) and node.handlers:
            waiting += [*node.handlers, *node.finalbody]
        else:
            waiting += ast.iter_child_nodes(node)
    return frozenset(SUBJECTS) & {module.partition(".")[0] for module in modules}
