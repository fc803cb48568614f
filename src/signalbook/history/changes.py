"""What changes from one release of Flask to another, rule by rule."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from signalbook.clauses import Clause, Specification
from signalbook.history.record import History, NextVerdict, Stretch
from signalbook.implementations import UnknownRelease
from signalbook.verdicts import Verdict

__all__ = [
    "NEXT",
    "Change",
    "Comparison",
    "Part",
    "Tag",
    "compare",
    "outcomes",
    "release_in_words",
    "runs_without_blinker",
]

NEXT = "next"
"""What Flask's main branch is called among the releases."""

_WITHOUT_BLINKER = "flask-without-blinker"
_PASSED = ""
_WITHOUT_NAME = re.compile(
    r"an example raised AttributeError: '(?:Flask|Blueprint)' object has no attribute '(\w+)'"
)

# By check, why it didn't pass on each of two releases; nothing if nobody knows.
_Came = Mapping[str, tuple[str | None, str | None]]


class Tag(enum.StrEnum):
    """How a rule changes."""

    REMOVED = "removed"
    CHANGED = "changed"
    ADDED = "added"
    MORE = "in more cases"
    GONE = "gone"


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
    :param instead: What examples did on the newer release if nothing begins to be true.
    :param held: Whether the rule, in other cases, is true of both releases.
    :param releases: Those with which it changed last, of all its cases, in order.
    """

    clause: Clause
    before: tuple[Part, ...]
    after: tuple[Part, ...]
    instead: tuple[str, ...]
    held: bool
    releases: tuple[str, ...]

    @property
    def tag(self) -> Tag:
        """How it changes."""
        if not self.after:
            return Tag.GONE if self.gone_with else Tag.REMOVED
        if self.before:
            return Tag.CHANGED
        is_own = [part.entry for part in self.after] == [self.clause]
        return Tag.MORE if self.held and is_own else Tag.ADDED

    @property
    def gone_with(self) -> tuple[str, ...]:
        """The names of Flask's without which nobody can ask any more; none if it does otherwise."""
        found = [_WITHOUT_NAME.fullmatch(reason) for reason in self.instead]
        names = [match[1] for match in found if match]
        return tuple(dict.fromkeys(names)) if len(names) == len(found) else ()


@dataclass(frozen=True)
class Comparison:
    """What changes from one release to another.

    :param changes: In reading order; a check whose verdicts differ is in one of them.
    :param unknown: The checks that were not measured on both, as they are.
    :param between: The releases on the way, both ends included.
    :param ends_without_blinker: Whether the older one runs without blinker, and the newer doesn't.
    """

    changes: tuple[Change, ...]
    unknown: tuple[Clause, ...]
    between: tuple[str, ...]
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
    came = {
        check.id: (_came(history, check, older), _came(history, check, newer))
        for check in specification.checks
    }
    between = _between(versions, older, newer)
    return Comparison(
        tuple(
            replace(change, releases=_releases(history, change, between, came))
            for clause in specification.clauses
            for change in _changes(clause, came)
        ),
        tuple(
            check
            for check in specification.checks
            if "flask" in check.needs and None in came[check.id]
        ),
        tuple(between),
        runs_without_blinker(history, older) and not runs_without_blinker(history, newer),
    )


def _between(versions: Sequence[str], older: str, newer: str) -> Sequence[str]:
    """Return the releases on the way, both ends included; backwards if need be."""
    start, end = versions.index(older), versions.index(newer)
    return versions[start : end + 1] if start <= end else versions[end : start + 1][::-1]


def _releases(
    history: History, change: Change, between: Sequence[str], came: _Came
) -> tuple[str, ...]:
    """Return with which of *between* each check of *change* last became what it is at their end."""
    found = set()
    for part in (*change.before, *change.after):
        for check in part.checks:
            first, last = came[check.id]
            on_the_way = [_on_release(history, check, version) for version in between[1:-1]]
            passed = [why == _PASSED for why in (first, *on_the_way, last)]
            found.add(max(i for i in range(1, len(passed)) if passed[i] != passed[i - 1]))
    return tuple(between[place] for place in sorted(found))


def release_in_words(history: History, version: str) -> str:
    """Return what a release is called: `Flask 3.1.3`, or what its main branch was."""
    return history.next.title if version == NEXT and history.next else f"Flask {version}"


def outcomes(history: History, check: Clause) -> list[str | None]:
    """Say of each measured release, oldest first, why *check* didn't pass there.

    :returns: The empty string where it passed, and `None` where it wasn't measured as it is.
    """
    return [_came(history, check, version) for version in history.versions("flask")]


def runs_without_blinker(history: History, version: str) -> bool:
    """Tell whether a release can be imported without blinker."""
    return version in history.versions(_WITHOUT_BLINKER)


def _came(history: History, check: Clause, version: str) -> str | None:
    if version == NEXT and "blinker" not in check.lacks:
        return _why(history.coming(check))
    return _on_release(history, check, version) if history.has_examples_of(check) else None


def _on_release(history: History, check: Clause, version: str) -> str | None:
    if "blinker" not in check.lacks:
        return _why(history.verdicts(check.id, "flask").get(version))
    if runs_without_blinker(history, version):
        return _why(history.verdicts(check.id, _WITHOUT_BLINKER).get(version))
    return "it can't be imported without blinker"


def _why(of: Stretch | NextVerdict | None) -> str | None:
    if of is None:
        return None
    return _PASSED if of.verdict is Verdict.PASSED else of.why or of.verdict


def _changes(clause: Clause, came: _Came) -> Iterator[Change]:
    """Yield what changes of a clause; what ceases of a rule is no reason for what begins of it."""

    def ends(check: Clause) -> bool:
        before, after = came[check.id]
        return before == _PASSED and bool(after)

    def begins(check: Clause) -> bool:
        before, after = came[check.id]
        return bool(before) and after == _PASSED

    ceasing, beginning = _parts(clause, ends), _parts(clause, begins)
    held = any(came[check.id] == (_PASSED, _PASSED) for check in clause.rows or (clause,))
    if [part.entry for part in ceasing] == [part.entry for part in beginning]:
        halves: list[tuple[tuple[Part, ...], tuple[Part, ...]]] = [(ceasing, ()), ((), beginning)]
    else:
        halves = [(ceasing, beginning)]
    for before, after in halves:
        ended = () if after else (check for part in before for check in part.checks)
        instead = dict.fromkeys(why for check in ended if (why := came[check.id][1]))
        if before or after:
            yield Change(clause, before, after, tuple(instead), held, ())


def _parts(clause: Clause, is_in: Callable[[Clause], bool]) -> tuple[Part, ...]:
    found = ((entry, tuple(filter(is_in, entry.rows or (entry,)))) for entry in clause.entries)
    return tuple(Part(entry, checks) for entry, checks in found if checks)
