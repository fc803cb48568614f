"""What changed between two runs, in clauses."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from signalbook.clauses import Level
from signalbook.reports.reading import Recorded, RecordedCheck
from signalbook.verdicts import Verdict

__all__ = ["Change", "ChangedClause", "changes"]


class Change(enum.StrEnum):
    """What became of a clause; what applies to one of two runs only is new or gone."""

    WORSE = "worse"
    BETTER = "better"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, kw_only=True)
class ChangedClause:
    """A clause, or those of its rows, that changed in the same way.

    :param rows: Their names; empty if all of it changed.
    :param old: The verdict before; `None` if it is new.
    :param new: The verdict after; `None` if it is gone.
    :param reason: Why the verdict after is what it is, for the first row; empty if it passed.
    """

    change: Change
    id: str
    rows: tuple[str, ...]
    rule: str
    level: Level
    old: Verdict | None
    new: Verdict | None
    reason: str


_Pair = tuple[RecordedCheck | None, RecordedCheck | None]
_PASSING = (Verdict.PASSED, Verdict.STALE)
_VIOLENT = (Verdict.CRASHED, Verdict.TIMED_OUT)


def changes(old: Recorded, new: Recorded) -> list[ChangedClause]:
    """Return what changed from *old* to *new*: worse, better, new, gone; each in reading order."""
    pairs: list[_Pair] = [(old.checks.get(id), check) for id, check in new.checks.items()]
    pairs += [(check, None) for id, check in old.checks.items() if id not in new.checks]
    found = list(_changed(pairs))
    order = list(Change)
    return sorted(found, key=lambda each: order.index(each.change))


def _changed(pairs: Iterable[_Pair]) -> Iterator[ChangedClause]:
    rows: dict[str, set[str]] = {}
    groups: dict[tuple[str, Change, Verdict | None, Verdict | None], list[RecordedCheck]] = {}
    for before, after in pairs:
        check = after or before
        assert check
        rows.setdefault(check.whole_id, set()).add(check.row)
        old, new = (each.verdict if each else None for each in (before, after))
        if change := _change(old, new):
            groups.setdefault((check.whole_id, change, old, new), []).append(check)
    for (id, change, old, new), checks in groups.items():
        names = tuple(check.row for check in checks)
        yield ChangedClause(
            change=change,
            id=id,
            rows=() if set(names) == rows[id] else names,
            rule=checks[0].rule,
            level=checks[0].level,
            old=old,
            new=new,
            reason=checks[0].reason if new else "",
        )


def _change(old: Verdict | None, new: Verdict | None) -> Change | None:
    if old is None:
        return Change.NEW
    if new is None:
        return Change.GONE
    before, after = _grade(old), _grade(new)
    # A known deviation may be a failure or a crash, so it is no better and no worse than either.
    if before == after or (Verdict.KNOWN_DEVIATION in (old, new) and min(before, after) > 0):
        return None
    return Change.WORSE if after > before else Change.BETTER


def _grade(verdict: Verdict) -> int:
    """Return how bad *verdict* is; what was listed as a deviation without need has passed."""
    return 0 if verdict in _PASSING else 2 if verdict in _VIOLENT else 1
