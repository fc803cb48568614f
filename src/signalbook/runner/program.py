"""The worker's program: its parts, joined into one file for whatever interpreter runs it.

Nothing of the kit is installed there, so that no part could import another.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from signalbook.runner import worker

__all__ = ["PARTS", "program"]

PARTS = (
    "own",
    "names",
    "applications",
    "output",
    "errors",
    "console",
    "leftovers",
    "jobs",
    "guard",
    "answers",
    "loading",
    "main",
)
"""The worker's modules, each after those that it uses."""


@cache
def program() -> str:
    """Return the text of the program, which begins with what the worker is."""
    folder = Path(worker.__file__).parent
    parts = [_joinable((folder / f"{name}.py").read_text(encoding="utf-8")) for name in PARTS]
    return "\n\n".join([f'"""{worker.__doc__}"""\n', *parts])


def _joinable(text: str) -> str:
    """Return a part without what it has for being read alone: docstring, imports of others."""
    lines: list[str | None] = list(text.splitlines(keepends=True))
    first, *others = ast.parse(text).body
    for statement in [first, *filter(_is_of_a_part, others)]:
        for number in range(statement.lineno - 1, statement.end_lineno or statement.lineno):
            lines[number] = None
    return "".join(line for line in lines if line is not None).strip("\n") + "\n"


def _is_of_a_part(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.ImportFrom):
        return False
    return (statement.module or "").startswith(f"{worker.__name__}.")
