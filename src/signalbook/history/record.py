"""The measured history of the clauses, and its file `spec/history.json`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from signalbook.clauses import Clause, Example
from signalbook.files import write_whole
from signalbook.history.lines import LINES
from signalbook.history.measure import Outcome
from signalbook.pages import specification_folder
from signalbook.verdicts import Verdict

__all__ = [
    "History",
    "HistoryError",
    "Measurement",
    "Stretch",
    "digest",
    "history_file",
    "merge",
    "read_history",
    "write_history",
]

_FORMAT = 1


class HistoryError(ValueError):
    """A history that can't be read or written."""


@dataclass(frozen=True)
class Stretch:
    """Neighbouring releases of a line on which a clause did the same.

    :param first: The oldest of them.
    :param last: The newest of them.
    :param why: Why it didn't pass, in a few words; empty if it did.
    """

    first: str
    last: str
    verdict: Verdict
    why: str = ""


@dataclass(frozen=True)
class Measurement:
    """What a clause did on every release.

    :param date: The day of the measurement, such as `2026-11-21`.
    :param digest: The digest of the examples that were run.
    :param lines: For each line that the clause applies to, its stretches, oldest first.
    """

    date: str
    digest: str
    lines: Mapping[str, Sequence[Stretch]]


@dataclass(frozen=True)
class History:
    """The measurements of all clauses.

    :param environments: For each line and version: interpreter and pins, in a sentence.
    :param clauses: A measurement for each clause, by id.
    """

    environments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    clauses: Mapping[str, Measurement] = field(default_factory=dict)

    def is_current(self, clause: Clause) -> bool:
        """Tell whether the examples of *clause* are the ones that were measured."""
        measurement = self.clauses.get(clause.id)
        return measurement is not None and measurement.digest == digest(clause)

    def verdicts(self, id: str, line: str) -> dict[str, Stretch]:
        """Return the stretch that each version of *line* is in, for the clause *id*."""
        measurement = self.clauses.get(id)
        stretches = list(measurement.lines.get(line, ())) if measurement else []
        found: dict[str, Stretch] = {}
        for version in self.environments.get(line, ()):
            if stretches and (found or stretches[0].first == version):
                found[version] = stretches[0]
                if stretches[0].last == version:
                    del stretches[0]
        return found


def digest(clause: Clause) -> str:
    """Return what identifies the examples that *clause* runs, as 16 hexadecimal digits."""
    steps = [[_step(step) for step in part] for part in (clause.setup, clause.examples)]
    data = json.dumps(steps, sort_keys=True).encode()
    return hashlib.sha256(data).hexdigest()[:16]


def _step(example: Example) -> list[object]:
    return [example.source, example.wanted, example.raises, dict(example.options)]


def merge(
    history: History, clauses: Iterable[Clause], outcomes: Iterable[Outcome], *, date: str
) -> History:
    """Return *history* with what *outcomes* of all lines say of *clauses* in place of the old.

    :param date: The day of the measurement.
    """
    outcomes = list(outcomes)
    environments: dict[str, dict[str, str]] = {name: {} for name in LINES}
    by_version = {(outcome.line.name, outcome.member.version): outcome for outcome in outcomes}
    for name, line in LINES.items():
        for member in line.members():
            outcome = by_version[name, member.version]
            pins = " ".join(member.release.pins)
            environments[name][member.version] = f"CPython {outcome.python}: {pins}"
    measured = dict(history.clauses)
    for clause in clauses:
        lines = {
            name: _stretches(clause.id, [by_version[name, version] for version in versions])
            for name, versions in environments.items()
            if next(LINES[name].members()).is_about(clause)
        }
        measured[clause.id] = Measurement(date, digest(clause), lines)
    return History(environments, measured)


def _stretches(id: str, outcomes: Sequence[Outcome]) -> list[Stretch]:
    """Return the stretches of a clause on a line."""
    cells = [(o.member.version, (o.results[id].verdict, o.why(id))) for o in outcomes]
    stretches = []
    for (verdict, why), group in groupby(cells, key=lambda cell: cell[1]):
        versions = [version for version, _ in group]
        stretches.append(Stretch(versions[0], versions[-1], verdict, why))
    return stretches


def history_file() -> Path:
    """Return the specification's own file."""
    return specification_folder() / "history.json"


def read_history(file: Path | None = None) -> History:
    """Read a history; it is empty if there is no file.

    :param file: By default the specification's own.
    :raises HistoryError: If it is no history, or one of another format.
    """
    file = file or history_file()
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return History()
    except (OSError, ValueError) as error:
        raise HistoryError(f"{file}: can't be read ({error}); {_REMEDY}") from error
    try:
        if data["format"] != _FORMAT:
            raise ValueError(f"format {data['format']!r}, and this kit reads {_FORMAT}")
        clauses = {id: _measurement(entry) for id, entry in data["clauses"].items()}
        return History({line: dict(of) for line, of in data["environments"].items()}, clauses)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        problem = f"{type(error).__name__}: {error}"
        raise HistoryError(f"{file}: not a history ({problem}); {_REMEDY}") from error


_REMEDY = "restore it from version control, or make it anew with 'signalbook history'"


def _measurement(entry: Mapping[str, Any]) -> Measurement:
    lines = {
        name: [Stretch(first, last, Verdict(verdict), why) for first, last, verdict, why in rows]
        for name, rows in entry["lines"].items()
    }
    return Measurement(str(entry["date"]), str(entry["digest"]), lines)


def write_history(history: History, order: Sequence[str], file: Path | None = None) -> None:
    """Write *history*, whole or not at all.

    :param order: The ids of the clauses in reading order; others are left out.
    :raises HistoryError: If it can't be written; the file is then as it was before.
    """
    file = file or history_file()
    try:
        write_whole(_text(history, order), file)
    except OSError as error:
        raise HistoryError(f"{file}: can't be written ({error.strerror})") from error


def _text(history: History, order: Sequence[str]) -> str:
    """Return the file's text: a line for each release, and for each stretch of each clause."""
    environments = [
        f"{_json(line)}: {{\n"
        + ",\n".join(f"{_json(version)}: {_json(text)}" for version, text in of.items())
        + "\n}"
        for line, of in history.environments.items()
    ]
    clauses = [
        f"{_json(id)}: {_clause_text(history.clauses[id])}" for id in order if id in history.clauses
    ]
    return (
        f'{{\n"format": {_FORMAT},\n"environments": {{\n'
        + ",\n".join(environments)
        + '\n},\n"clauses": {\n'
        + ",\n".join(clauses)
        + "\n}\n}\n"
    )


def _clause_text(measurement: Measurement) -> str:
    lines = [
        f"{_json(name)}: [\n"
        + ",\n".join(_json([s.first, s.last, s.verdict, s.why]) for s in stretches)
        + "]"
        for name, stretches in measurement.lines.items()
    ]
    head = f'"date": {_json(measurement.date)}, "digest": {_json(measurement.digest)}'
    return f'{{{head}, "lines": {{\n' + ",\n".join(lines) + "}}"


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False)
