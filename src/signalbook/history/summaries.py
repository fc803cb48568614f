"""What was measured, in a few words."""

from __future__ import annotations

from collections.abc import Sequence

from signalbook.history.record import History
from signalbook.verdicts import Verdict

__all__ = ["passing", "passing_in_words", "shortened"]


def passing(history: History, id: str, series: str = "flask") -> list[tuple[str, str]]:
    """Return the first and the last release of each stretch on which the clause *id* passed."""
    stretches = dict.fromkeys(history.verdicts(id, series).values())
    return [(s.first, s.last) for s in stretches if s.verdict is Verdict.PASSED]


def passing_in_words(history: History, id: str, series: str = "flask") -> str:
    """Say where the clause *id* passed: `0.6 to 0.12.5, and again from 1.1.0`."""
    versions = list(history.verdicts(id, series))
    stretches = passing(history, id, series)
    if not stretches:
        return "no release"
    if stretches == [(versions[0], versions[-1])]:
        return f"every release, {versions[0]} to {versions[-1]}"
    return ", and again ".join(_stretch(first, last, versions) for first, last in stretches)


def _stretch(first: str, last: str, versions: Sequence[str]) -> str:
    if last == versions[-1]:
        return f"from {first}"
    return f"{first} only" if first == last else f"{first} to {last}"


def shortened(names: Sequence[str], most: int = 10) -> str:
    """Return *names* in a row, or the first of them and how many more there are."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
