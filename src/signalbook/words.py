"""Numbers and lists as they stand in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["listed", "numbered"]


def listed(names: Sequence[str]) -> str:
    """Return *names*, of which there is one at least, with commas and an "and"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def numbered(number: int, noun: str) -> str:
    """Return *number* and *noun*, which is in the plural unless it is one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
