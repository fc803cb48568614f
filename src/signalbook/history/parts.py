"""What was measured on one machine, in a file of its own, until all such files are merged.

A file is taken whole or refused: what was measured on other pages, releases, interpreters or pins
than there are today proves nothing of these.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from signalbook.clauses import Clause, Specification
from signalbook.files import write_whole
from signalbook.harmless import harmless
from signalbook.history.environments import (
    Environment,
    Series,
    environments_about,
    environments_by_name,
)
from signalbook.history.measure import Outcome, Unmeasured
from signalbook.history.reading import HistoryError, checked_text, read_json
from signalbook.history.summaries import shortened
from signalbook.verdicts import Result, Verdict

__all__ = ["Merged", "merge_parts", "write_part"]

_FORMAT = "environments 1"
_WHAT = "what 'signalbook history --output' writes"
_REMEDY = "measure it again with 'signalbook history --environment NAME --output FILE'"


@dataclass(frozen=True)
class Merged:
    """What several files say together.

    :param clauses: The clauses that any of them is about, in reading order.
    :param outcomes: One for each environment that these clauses are measured in.
    :param date: The day on which the last of it was measured.
    """

    clauses: Sequence[Clause]
    outcomes: Sequence[Outcome | Unmeasured]
    date: str


@dataclass(frozen=True)
class _Entry:
    """What a file says of an environment.

    :param description: What it was then.
    :param results: Verdict and reason by clause; empty if nothing was run.
    :param reason: Why nothing was run, if so.
    """

    description: str
    results: Mapping[str, tuple[Verdict, str]]
    reason: str


_NOTHING = _Entry("", {}, "no file has it")


@dataclass(frozen=True)
class _Part:
    """What a file says.

    :param digests: The digest of each clause that it is about.
    :param entries: What it says of each environment, by name.
    """

    file: Path
    date: str
    digests: Mapping[str, str]
    entries: Mapping[str, _Entry]


def write_part(
    clauses: Iterable[Clause],
    outcomes: Sequence[Outcome | Unmeasured],
    file: Path,
    *,
    date: str,
) -> None:
    """Write what *outcomes* say of *clauses* to *file*, for {py:func}`merge_parts`.

    :param date: The day of the measurement.
    :raises HistoryError: If it can't be written; the file is then as it was before.
    """
    environments = [outcome.environment for outcome in outcomes]
    data = {
        "format": _FORMAT,
        "date": date,
        # Only what is about one of these environments: the others were not even tried.
        "digests": {
            clause.id: clause.digest
            for clause in clauses
            if any(environment.is_about(clause) for environment in environments)
        },
        "environments": {outcome.environment.name: _data(outcome) for outcome in outcomes},
    }
    try:
        write_whole(json.dumps(data, ensure_ascii=False, indent=1) + "\n", file)
    except OSError as error:
        raise HistoryError(f"{file}: can't be written ({error.strerror})") from error


def _data(outcome: Outcome | Unmeasured) -> dict[str, object]:
    description = {"description": outcome.environment.description}
    if isinstance(outcome, Unmeasured):
        return {**description, "not run": harmless(outcome.reason)}
    results = outcome.results.items()
    return {**description, "results": {id: [of.verdict, outcome.why(id)] for id, of in results}}


def merge_parts(files: Sequence[Path], specification: Specification) -> Merged:
    """Put together what *files* say, as if all of it had been measured here and now.

    :raises HistoryError: If one of them can't be read or doesn't fit: to the clauses of
        *specification*, to today's releases, or to another of the files.
    """
    parts = [_read(file) for file in files]
    clauses = {clause.id: clause for clause in specification.checks}
    for part in parts:
        if problem := _misfit(part, clauses):
            raise HistoryError(f"{part.file}: {problem}; {_REMEDY}")
    entries = _joined(parts)
    measured = {id for part in parts for id in part.digests}
    about = [clause for id, clause in clauses.items() if id in measured]
    outcomes = [
        _outcome(series, environment, entries.get(environment.name, _NOTHING), clauses)
        for series, environment in environments_about(about)
    ]
    return Merged(about, outcomes, max(part.date for part in parts))


def _read(file: Path) -> _Part:
    return read_json(file, partial(_part, file), what=_WHAT, remedy=_REMEDY)


def _part(file: Path, data: Any) -> _Part:
    if data["format"] != _FORMAT:
        raise ValueError(f"format {data['format']!r}, and this kit merges {_FORMAT!r}")
    datetime.date.fromisoformat(data["date"])
    digests = {checked_text(id): checked_text(of) for id, of in data["digests"].items()}
    entries = {checked_text(name): _entry(of) for name, of in data["environments"].items()}
    for name, entry in entries.items():
        if strangers := entry.results.keys() - digests.keys():
            raise ValueError(f"{name!r}: no digest of {shortened(sorted(strangers))}")
    return _Part(file, data["date"], digests, entries)


def _entry(data: Mapping[str, Any]) -> _Entry:
    description = checked_text(data["description"])
    if "not run" in data:
        return _Entry(description, {}, checked_text(data["not run"]))
    results = {
        id: (Verdict(verdict), checked_text(why)) for id, (verdict, why) in data["results"].items()
    }
    return _Entry(description, results, "")


def _misfit(part: _Part, clauses: Mapping[str, Clause]) -> str | None:
    """Say what in *part* isn't as it is now, if anything."""
    if gone := [id for id in part.digests if id not in clauses]:
        return f"there is no such clause now: {shortened(gone)}"
    if others := [id for id, then in part.digests.items() if clauses[id].digest != then]:
        return f"the examples were others than now: {shortened(others)}"
    now = environments_by_name()
    for name, entry in part.entries.items():
        if name not in now:
            return f"there is no environment {name!r} now"
        if entry.description != now[name].description:
            return f"{name} was {entry.description!r}, and is {now[name].description!r} now"
        if others := [id for id in entry.results if not now[name].is_about(clauses[id])]:
            return f"{name}: not measured there now: {shortened(others)}"
    return None


def _joined(parts: Iterable[_Part]) -> dict[str, _Entry]:
    """Return all that *parts* say of each environment.

    That nothing could be run on one machine says nothing against what came of it on another.
    """
    joined: dict[str, _Entry] = {}
    sources: dict[tuple[str, str], Path] = {}
    for part in parts:
        for name, entry in part.entries.items():
            before = joined.get(name, entry)
            for id, result in entry.results.items():
                if before.results.get(id, result) != result:
                    raise HistoryError(
                        f"{part.file}: {name}: another result of {id!r} than in"
                        f" {sources[name, id]}; find out why, and leave one of them out"
                    )
                sources[name, id] = part.file
            results = {**before.results, **entry.results}
            joined[name] = _Entry(entry.description, results, before.reason or entry.reason)
    return joined


def _outcome(
    series: Series, environment: Environment, entry: _Entry, clauses: Mapping[str, Clause]
) -> Outcome | Unmeasured:
    if not entry.results:
        return Unmeasured(series, environment, entry.reason)
    results = {
        id: Result(clause=clauses[id], implementation=environment.name, verdict=verdict, reason=why)
        for id, (verdict, why) in entry.results.items()
    }
    return Outcome(series, environment, results)
