"""What was wanted and what was got, as lines that are in one of them only."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Sequence

__all__ = ["differences"]

_LONG = 3  # lines; what is no longer is seen at once
_CONTEXT = 2  # lines


def differences(wanted: str, got: str) -> list[str]:
    """Return the lines of a diff from *wanted* to *got*; none if both are short, or one is empty.

    The lines of a list of strings, such as a timeline, are its items.
    """
    before, after = _lines(wanted), _lines(got)
    if not before and _is_diff(after):  # The recorder has compared timelines itself.
        return after
    if not (before and after) or max(len(before), len(after)) <= _LONG:
        return []
    _, _, *lines = difflib.unified_diff(before, after, n=_CONTEXT, lineterm="")
    return [" ..." if line.startswith("@@") else line for line in lines][1:]


def _lines(text: str) -> list[str]:
    try:
        value = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text.splitlines()
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return [line for item in value for line in item.splitlines() or [""]]
    return text.splitlines()


def _is_diff(lines: Sequence[str]) -> bool:
    return bool(lines) and all(line.startswith(("- ", "+ ")) for line in lines)
