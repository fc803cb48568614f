"""What changes from one release of Flask to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from signalbook.clauses import Clause, Level, Specification
from signalbook.history.record import History
from signalbook.implementations import UnknownRelease
from signalbook.verdicts import Verdict

__all__ = ["Change", "changes"]


@dataclass(frozen=True)
class Change:
    """A clause that is true of one of two releases, and not of the other.

    :param release: The release between them with which it last began or ceased to be true.
    :param holds_now: Whether it is true of the newer one.
    """

    clause: Clause
    release: str
    holds_now: bool


def changes(specification: Specification, history: History, older: str, newer: str) -> list[Change]:
    """Return what changes from Flask *older* to *newer*, as measured.

    It is sorted by the release of the change, oldest first, then by level, MUST first.
    Clauses whose examples changed since, or that were not measured on all releases between, are
    left out.

    :raises UnknownRelease: If one of them was not measured.
    """
    versions = history.versions("flask")
    for version in (older, newer):
        if version not in versions:
            known = ", ".join(versions) or "none yet"
            raise UnknownRelease(f"Flask {version!r} was not measured; measured are {known}")
    between = _between(versions, older, newer)
    found = list(_changes(specification, history, between))
    levels = list(Level)
    found.sort(key=lambda c: (between.index(c.release), levels.index(c.clause.level)))
    return found


def _between(versions: list[str], older: str, newer: str) -> list[str]:
    """Return the releases on the way, both ends included; backwards if need be."""
    start, end = versions.index(older), versions.index(newer)
    return versions[start : end + 1] if start <= end else versions[end : start + 1][::-1]


def _changes(
    specification: Specification, history: History, between: list[str]
) -> Iterator[Change]:
    for clause in specification.checks:
        stretches = history.verdicts(clause.id, "flask")
        if not stretches.keys() >= set(between) or not history.has_examples_of(clause):
            continue
        passed = [stretches[version].verdict is Verdict.PASSED for version in between]
        if passed[0] != passed[-1]:
            last = max(i for i in range(1, len(between)) if passed[i] != passed[i - 1])
            yield Change(clause, between[last], passed[-1])
