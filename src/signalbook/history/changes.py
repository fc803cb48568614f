"""What changes from one release of Flask to another, rule by rule."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from signalbook.clauses import Clause, Specification
from signalbook.history.record import History
from signalbook.implementations import UnknownRelease
from signalbook.verdicts import Verdict

__all__ = ["NEXT", "Change", "Comparison", "Part", "Tag", "compare"]

NEXT = "next"
"""What Flask's main branch is called among the releases."""

_WITHOUT_BLINKER = "flask-without-blinker"


class Tag(enum.StrEnum):
    """How a rule changes."""

    REMOVED = "removed"
    CHANGED = "changed"
    ADDED = "added"


@dataclass(frozen=True)
class Part:
    """What begins or ceases to be true of a rule, or of what was true before it.

    :param entry: The clause or the earlier entry, which has the sentence.
    :param checks: Those of its rows, or itself if it has none.
    """

    entry: Clause
    checks: tuple[Clause, ...]

    @property
    def cases(self) -> str:
        """The rows in words, as `get, post` or `all but head`; empty if it is every one."""
        named = [check.id for check in self.checks]
        others = [row.id for row in self.entry.rows if row.id not in named]
        if not others:
            return ""
        ids, word = (others, "all but ") if len(others) < len(named) else (named, "")
        return word + ", ".join(id.rpartition(".")[2] for id in ids)


@dataclass(frozen=True)
class Change:
    """A rule that changes.

    :param clause: The rule as it stands on its page.
    :param before: What ceases to be true: of the rule, or of what was true before it.
    :param after: What begins to be true.
    :param held: Whether the rule is true of both releases in other cases.
    """

    clause: Clause
    before: tuple[Part, ...]
    after: tuple[Part, ...]
    held: bool

    @property
    def tag(self) -> Tag:
        """How it changes."""
        if not self.after:
            return Tag.REMOVED
        return Tag.CHANGED if self.before else Tag.ADDED


@dataclass(frozen=True)
class Comparison:
    """What changes from one release to another.

    :param changes: In reading order; a check whose verdicts differ is in one of them.
    :param unknown: The checks that were not measured on both, as they are.
    :param ends_without_blinker: Whether the older one runs without blinker, and the newer doesn't.
    """

    changes: tuple[Change, ...]
    unknown: tuple[Clause, ...]
    ends_without_blinker: bool


def compare(specification: Specification, history: History, older: str, newer: str) -> Comparison:
    """Return what changes from Flask *older* to *newer*, as measured.

    What needs that blinker is missing is not true of a release that can't be imported without it.

    :param older: A measured release, or `next`, which is Flask's main branch.
    :param newer: The same.
    :raises UnknownRelease: If one of them was not measured.
    """
    versions = [*history.versions("flask"), *([NEXT] if history.next else [])]
    for version in (older, newer):
        if version not in versions:
            known = ", ".join(versions) or "none yet"
            raise UnknownRelease(f"Flask {version!r} was not measured; measured are {known}")
    verdicts = {
        check.id: (_passed(history, check, older), _passed(history, check, newer))
        for check in specification.checks
    }
    optional = history.versions(_WITHOUT_BLINKER)
    return Comparison(
        tuple(each for clause in specification.clauses for each in _changes(clause, verdicts)),
        tuple(
            check
            for check in specification.checks
            if "flask" in check.needs and None in verdicts[check.id]
        ),
        older in optional and newer not in optional,
    )


def _passed(history: History, check: Clause, version: str) -> bool | None:
    """Tell whether *check* passed on a release; `None` if it wasn't measured there as it is."""
    if version == NEXT and "blinker" not in check.lacks:
        coming = history.coming(check)
        return coming.verdict is Verdict.PASSED if coming else None
    if not history.has_examples_of(check):
        return None
    if "blinker" not in check.lacks:
        stretch = history.verdicts(check.id, "flask").get(version)
    elif version in history.versions(_WITHOUT_BLINKER):
        stretch = history.verdicts(check.id, _WITHOUT_BLINKER).get(version)
    else:
        return False
    return stretch.verdict is Verdict.PASSED if stretch else None


_Verdicts = dict[str, tuple[bool | None, bool | None]]


def _changes(clause: Clause, verdicts: _Verdicts) -> Iterator[Change]:
    """Yield what changes of a clause; what ceases of a rule is no reason for what begins of it."""
    ends = _parts(clause, lambda check: verdicts[check.id] == (True, False))
    begins = _parts(clause, lambda check: verdicts[check.id] == (False, True))
    held = any(verdicts[check.id] == (True, True) for check in clause.rows or (clause,))
    if [part.entry for part in ends] == [part.entry for part in begins]:
        halves: list[tuple[tuple[Part, ...], tuple[Part, ...]]] = [(ends, ()), ((), begins)]
    else:
        halves = [(ends, begins)]
    for before, after in halves:
        if before or after:
            yield Change(clause, before, after, held)


def _parts(clause: Clause, is_in: Callable[[Clause], bool]) -> tuple[Part, ...]:
    found = ((entry, tuple(filter(is_in, entry.rows or (entry,)))) for entry in clause.entries)
    return tuple(Part(entry, checks) for entry, checks in found if checks)
