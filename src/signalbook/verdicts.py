"""The results of a run: one verdict for each clause and implementation."""

from __future__ import annotations

import enum
import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from signalbook.clauses import Clause, Example, Level, Specification, UnknownClause
from signalbook.harmless import harmless

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
    """A fault that its implementer knows of, and why.

    :param verdict: What comes of the clause; anything else is not excused.
    """

    reason: str
    link: str
    verdict: Verdict = Verdict.FAILED


class DeviationsError(ValueError):
    """A list of known deviations that can't be used."""


_EXCUSABLE = (Verdict.FAILED, Verdict.CRASHED, Verdict.TIMED_OUT)
_FORM = "each deviation is a table [deviations.\"CLAUSE\"] with the texts 'reason' and 'link'"


def read_deviations(file: Path, specification: Specification) -> dict[str, Deviation]:
    """Read a TOML file with a table `[deviations."CLAUSE"]` for each: `reason` and `link`.

    A `verdict` beside them is what comes of the clause if that isn't `failed`.

    :raises DeviationsError: If the file can't be read, or anything in it is wrong; the message
        names everything that is.
    """
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DeviationsError(
            f"{file}: it can't be read ({type(error).__name__}: {error}); {_FORM}"
        ) from error
    entries = data.pop("deviations", None)
    problems = [f"{name!r} means nothing here; remove it" for name in data]
    if isinstance(entries, dict):
        problems += [p for id, entry in entries.items() for p in _problems(id, entry)]
        problems += _strangers(entries, specification)
    else:
        problems.append("there is no table 'deviations'; write one, if only an empty one")
    if problems:
        raise DeviationsError("\n".join(f"{file}: {text}" for text in (*problems, _FORM)))
    return {id: _deviation(**entry) for id, entry in entries.items()}


def _problems(id: str, entry: object) -> Iterator[str]:
    """Yield what is wrong with the entry of the clause *id*."""
    where = f"[deviations.{json.dumps(id)}]"
    if not isinstance(entry, dict):
        yield f"{where} is no table; make it one"
        return
    for name in ("reason", "link"):
        if name not in entry:
            yield f"{where} lacks {name!r}; write it"
        elif not (isinstance(entry[name], str) and entry[name].strip()):
            yield f"{where} has {entry[name]!r} as its {name!r}; write a text"
    for name in sorted(entry.keys() - {"reason", "link", "verdict"}):
        yield f"{where} has a key {name!r}, which means nothing; remove it"
    if entry.get("verdict", Verdict.FAILED) not in _EXCUSABLE:
        known = ", ".join(repr(str(verdict)) for verdict in _EXCUSABLE)
        yield f"{where} has {entry['verdict']!r} as its 'verdict'; write one of {known}"


def _strangers(ids: Iterable[str], specification: Specification) -> Iterator[str]:
    for id in ids:
        try:
            specification.clause(id)
        except UnknownClause as error:
            yield str(error)


def _deviation(reason: str, link: str, verdict: str = Verdict.FAILED) -> Deviation:
    return Deviation(harmless(reason), harmless(link), Verdict(verdict))


def apply_deviations(result: Result, deviations: Mapping[str, Deviation]) -> Result:
    """Turn a listed clause's fault into a known deviation, and its pass into a stale one."""
    deviation = deviations.get(result.clause.id)
    if deviation is None or result.verdict is Verdict.NOT_APPLICABLE:
        return result
    if result.verdict is Verdict.PASSED:
        reason = f"listed as a deviation ({deviation.reason}), but it passes; remove the entry"
        return replace(result, verdict=Verdict.STALE, reason=reason)
    if result.verdict is not deviation.verdict:
        reason = f"{result.reason}; the listed deviation excuses only '{deviation.verdict}'"
        return replace(result, reason=reason)
    reason = f"{deviation.reason} ({deviation.link})"
    return replace(result, verdict=Verdict.KNOWN_DEVIATION, reason=reason)
