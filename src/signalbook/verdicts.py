"""The results of a run: one verdict for each clause and implementation."""

from __future__ import annotations

import enum
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from signalbook.clauses import Clause, Example, Level, Specification, UnknownClause

__all__ = [
    "Deviation",
    "DeviationsError",
    "Disagreement",
    "Result",
    "Verdict",
    "apply_deviations",
    "count",
    "disagreements",
    "read_deviations",
]


class Verdict(enum.StrEnum):
    """What came of running a clause on an implementation."""

    PASSED = "passed"
    FAILED = "failed"
    CRASHED = "crashed"
    TIMED_OUT = "timed out"
    NOT_APPLICABLE = "not applicable"
    KNOWN_DEVIATION = "known deviation"
    STALE = "stale"

    @property
    def is_fault(self) -> bool:
        """Whether a run with this verdict in it fails."""
        return self not in {Verdict.PASSED, Verdict.NOT_APPLICABLE, Verdict.KNOWN_DEVIATION}


@dataclass(frozen=True, kw_only=True)
class Result:
    """One clause's verdict on one implementation.

    :param implementation: The implementation's name.
    :param reason: Why the verdict is what it is, in a sentence; empty if it passed.
    :param example: The example at which it failed, where there is one.
    :param wanted: What that example must print or raise.
    :param got: What it did print or raise.
    :param detail: More to read: a traceback, or the last lines on standard error.
    :param seconds: Wall time that the clause took, in seconds.
    :param example_seconds: How much of that the set-up and the examples themselves took.
    """

    clause: Clause
    implementation: str
    verdict: Verdict
    reason: str = ""
    example: Example | None = None
    wanted: str = ""
    got: str = ""
    detail: str = ""
    seconds: float = 0.0
    example_seconds: float = 0.0

    @property
    def place(self) -> str:
        """`file:line` of the failing example, or of the clause."""
        return self.example.place if self.example else self.clause.place


@dataclass(frozen=True)
class Disagreement:
    """A clause on which implementations differ: their results, in the order of the run."""

    clause: Clause
    results: Sequence[Result]


def count(results: Iterable[Result]) -> Mapping[Level, Mapping[Verdict, int]]:
    """Count *results* by level and verdict; what doesn't occur is zero."""
    counted = {level: Counter[Verdict]() for level in Level}
    for result in results:
        counted[result.clause.level][result.verdict] += 1
    return counted


def disagreements(results: Iterable[Result]) -> list[Disagreement]:
    """Return the clauses that apply to several implementations with different verdicts."""
    by_clause: dict[str, list[Result]] = {}
    for result in results:
        if result.verdict is not Verdict.NOT_APPLICABLE:
            by_clause.setdefault(result.clause.id, []).append(result)
    return [
        Disagreement(group[0].clause, group)
        for group in by_clause.values()
        if len({result.verdict in {Verdict.PASSED, Verdict.STALE} for result in group}) > 1
    ]


@dataclass(frozen=True)
class Deviation:
    """A failure that its implementer knows of, and why."""

    reason: str
    link: str


class DeviationsError(ValueError):
    """A list of known deviations that can't be used."""


def read_deviations(file: Path, specification: Specification) -> dict[str, Deviation]:
    """Read a TOML file with a table `[deviations."CLAUSE"]` for each: `reason` and `link`.

    :raises DeviationsError: If the file can't be read, an entry lacks its reason or link,
        or names no clause.
    """
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8"))["deviations"]
        found = {id: _deviation(entry) for id, entry in entries.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DeviationsError(
            f"{file}: not a list of deviations ({type(error).__name__}: {error}); each is a table"
            " [deviations.\"CLAUSE\"] with the texts 'reason' and 'link'"
        ) from error
    for id in found:
        try:
            specification.clause(id)
        except UnknownClause as error:
            raise DeviationsError(f"{file}: {error}") from None
    return found


def _deviation(entry: Mapping[str, object]) -> Deviation:
    reason, link = entry["reason"], entry["link"]
    if not (isinstance(reason, str) and reason and isinstance(link, str) and link):
        raise ValueError(f"no text: {reason!r} or {link!r}")
    return Deviation(reason, link)


def apply_deviations(result: Result, deviations: Mapping[str, Deviation]) -> Result:
    """Turn a listed clause's failure into a known deviation, and its pass into a stale one."""
    deviation = deviations.get(result.clause.id)
    if deviation is None or result.verdict is Verdict.NOT_APPLICABLE:
        return result
    if result.verdict is Verdict.PASSED:
        reason = f"listed as a deviation ({deviation.reason}), but it passes; remove the entry"
        return replace(result, verdict=Verdict.STALE, reason=reason)
    reason = f"{deviation.reason} ({deviation.link})"
    return replace(result, verdict=Verdict.KNOWN_DEVIATION, reason=reason)
