"""The file of the history, `spec/history.json`: read whole or refused, written whole or not."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from signalbook.files import replacing
from signalbook.history.environments import SERIES, place_of
from signalbook.history.reading import MALFORMED, HistoryError, checked_text, read_json
from signalbook.history.record import History, Measurement, Next, NextVerdict, Run, Stretch
from signalbook.pages import specification_folder
from signalbook.verdicts import Verdict

__all__ = ["HISTORY_SCHEMA", "history_file", "read_history", "update_history"]

HISTORY_SCHEMA = Path(__file__).parents[1] / "schemas" / "history.schema.json"
"""The JSON Schema of the file."""

_FORMAT = 2
_REMEDY = "restore it from version control, or remove it and run 'signalbook history'"


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
        return read_json(file, _history, what="a history", remedy=_REMEDY)
    except FileNotFoundError:
        return History()


def _history(data: Mapping[str, Any]) -> History:
    if data["format"] != _FORMAT:
        raise ValueError(f"format {data['format']!r}, and this kit reads {_FORMAT}")
    sets = {name: _descriptions(name, of) for name, of in data["environments"].items()}
    clauses = {}
    for id, entry in data["clauses"].items():
        try:
            clauses[checked_text(id)] = _measurement(entry, sets)
        except MALFORMED as error:
            raise ValueError(f"{id!r}: {type(error).__name__}: {error}") from error
    return History(clauses, _next(data["next"]) if "next" in data else None)


def _descriptions(name: str, of: Mapping[str, Any]) -> dict[str, str]:
    found = {checked_text(version): checked_text(text) for version, text in of.items()}
    for version in found:
        place_of(version)
    if _series(name) not in SERIES:
        raise ValueError(f"{name!r} is of no series; the series are {', '.join(SERIES)}")
    if name != _name(_series(name), found):
        raise ValueError(f"{name!r} was edited, so nothing was measured on it")
    return found


def _measurement(entry: Mapping[str, Any], sets: Mapping[str, Mapping[str, str]]) -> Measurement:
    datetime.date.fromisoformat(entry["date"])
    runs = {
        name: Run(sets[name], [_stretch(*row) for row in rows])
        for name, rows in entry["runs"].items()
    }
    by_series = {_series(name): run for name, run in runs.items()}
    if len(by_series) < len(runs):
        raise ValueError(f"two runs on one series: {', '.join(runs)}")
    return Measurement(entry["date"], checked_text(entry["digest"]), by_series)


def _stretch(first: Any, last: Any, verdict: Any, why: Any) -> Stretch:
    return Stretch(checked_text(first), checked_text(last), Verdict(verdict), checked_text(why))


def _next(data: Mapping[str, Any]) -> Next:
    datetime.date.fromisoformat(data["date"])
    return Next(
        checked_text(data["commit"]),
        data["date"],
        checked_text(data["description"]),
        {checked_text(id): _next_verdict(*of) for id, of in data["clauses"].items()},
    )


def _next_verdict(date: Any, digest: Any, verdict: Any, why: Any) -> NextVerdict:
    datetime.date.fromisoformat(date)
    return NextVerdict(date, checked_text(digest), Verdict(verdict), checked_text(why))


def update_history(
    measured: Mapping[str, Measurement],
    order: Sequence[str],
    file: Path | None = None,
    *,
    gone: Collection[str] = (),
    next: Next | None = None,
) -> None:
    """Put what was *measured* in place of what the file says of these clauses.

    What others measured in the meantime stays.

    :param measured: Measurements by the clauses' ids.
    :param order: The ids of all clauses in reading order; those that began meanwhile come last.
    :param gone: The ids of clauses to be left out.
    :param next: What was measured on Flask's main branch, if it was; what is known of other clauses
        stays if they were measured on the same.
    :raises HistoryError: If it can't be read or written; the file is then as it was before.
    """
    file = file or history_file()
    try:
        with replacing(file) as half:
            known = read_history(file)
            clauses = {**known.clauses, **measured}
            newest = _joined(known.next, next)
            ids = [
                id
                for id in dict.fromkeys([*order, *clauses, *(newest.clauses if newest else ())])
                if id not in gone
            ]
            half.write(_text({id: clauses[id] for id in ids if id in clauses}, newest, ids))
    except OSError as error:
        raise HistoryError(f"{file}: can't be written ({error.strerror})") from error


def _joined(known: Next | None, next: Next | None) -> Next | None:
    if not (known and next and known.is_on_the_same(next)):
        return next or known
    return replace(next, clauses={**known.clauses, **next.clauses})


def _text(clauses: Mapping[str, Measurement], next: Next | None, ids: Sequence[str]) -> str:
    """Return the file's text: a line for each release, and for each stretch of each clause."""
    descriptions = {
        _name(series, run.descriptions): run.descriptions
        for measurement in clauses.values()
        for series, run in measurement.runs.items()
    }
    sets = [
        f"{_json(name)}: {{\n"
        + ",\n".join(f"{_json(version)}: {_json(text)}" for version, text in of.items())
        + "\n}"
        for name, of in sorted(descriptions.items())
    ]
    entries = [f"{_json(id)}: {_clause_text(of)}" for id, of in clauses.items()]
    return (
        f'{{\n"format": {_FORMAT},\n"environments": {{\n'
        + ",\n".join(sets)
        + '\n},\n"clauses": {\n'
        + ",\n".join(entries)
        + "\n}"
        + (f',\n"next": {_next_text(next, ids)}' if next else "")
        + "\n}\n"
    )


def _next_text(next: Next, ids: Sequence[str]) -> str:
    head = ", ".join(
        f"{_json(name)}: {_json(getattr(next, name))}" for name in ("commit", "date", "description")
    )
    entries = [
        f"{_json(id)}: {_json([of.date, of.digest, of.verdict, of.why])}"
        for id in ids
        if (of := next.clauses.get(id))
    ]
    return f'{{{head}, "clauses": {{\n' + ",\n".join(entries) + "}}"


def _clause_text(measurement: Measurement) -> str:
    runs = [
        f"{_json(_name(series, run.descriptions))}: [\n"
        + ",\n".join(_json([s.first, s.last, s.verdict, s.why]) for s in run.stretches)
        + "]"
        for series, run in measurement.runs.items()
    ]
    head = f'"date": {_json(measurement.date)}, "digest": {_json(measurement.digest)}'
    return f'{{{head}, "runs": {{\n' + ",\n".join(runs) + "}}"


def _name(series: str, descriptions: Mapping[str, str]) -> str:
    """Return what the file calls a set of environments: its series, and a digest of it."""
    return f"{series} {hashlib.sha256(_json(descriptions).encode()).hexdigest()[:8]}"


def _series(name: str) -> str:
    return name.partition(" ")[0]


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False)
