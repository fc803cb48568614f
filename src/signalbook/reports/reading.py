"""Reads results that `as_json` wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from signalbook.clauses import Level
from signalbook.harmless import harmless
from signalbook.reports.json import FORMAT
from signalbook.verdicts import Verdict

__all__ = ["Recorded", "RecordedCheck", "ResultsError", "read_results"]


class ResultsError(ValueError):
    """A file of results that can't be read or used."""


@dataclass(frozen=True, kw_only=True)
class RecordedCheck:
    """What a file says of one check.

    :param whole_id: The id of what has the rule: for a row its clause's, else its own.
    :param row: What a row's own name is in its clause; empty if it is none.
    """

    id: str
    whole_id: str
    row: str
    rule: str
    level: Level
    verdict: Verdict
    reason: str


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What a file says of one run.

    :param name: The implementation's name.
    :param subject: What ran it, in words.
    :param checks: The checks that apply to it, by id, in reading order.
    """

    name: str
    subject: str
    checks: Mapping[str, RecordedCheck]


def read_results(file: Path) -> tuple[bool, dict[str, Recorded]]:
    """Return whether *file* is of a command that ran to its end, and its runs by name.

    :raises ResultsError: If it can't be read, isn't of this kit's format, or has no run.
    """
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ResultsError(f"{file} can't be read: {error.strerror}; name another") from error
    except (ValueError, RecursionError) as error:
        raise ResultsError(
            f"{file} is no JSON ({error}); write it with 'signalbook verify --json'"
        ) from error
    _check_format(file, data)
    try:
        runs = {run.name: run for run in map(_run, data["runs"])}
        complete = bool(data["complete"])
        left = [f"{one['implementation']}: {one['reason']}" for one in data["not_run"]]
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise ResultsError(
            f"{file} is damaged ({type(error).__name__}: {error});"
            " write it again with 'signalbook verify --json'"
        ) from error
    if not runs:
        raise ResultsError(harmless(f"{file} has no run in it; {'; '.join(left)}"))
    return complete, runs


def _check_format(file: Path, data: Any) -> None:
    found = data.get("format") if isinstance(data, dict) and "runs" in data else None
    if not isinstance(found, int):
        raise ResultsError(f"{file} isn't what 'signalbook verify --json' writes; name another")
    if found != FORMAT:
        age, remedy = (
            ("an older", "write it again with 'signalbook verify --json'")
            if found < FORMAT
            else ("a newer", "compare with that one")
        )
        raise ResultsError(
            f"{file} is of {age} Signalbook (format {found}, and this one reads {FORMAT}); {remedy}"
        )


def _run(data: Mapping[str, Any]) -> Recorded:
    releases = [f"{subject} {version}" for subject, version in data["releases"].items()]
    subject = ", ".join([*releases, f"CPython {data['python']}", data["platform"]])
    checks = [_check(each) for each in data["results"]]
    return Recorded(
        name=harmless(data["implementation"]),
        subject=harmless(subject),
        checks={each.id: each for each in checks if each.verdict.is_run},
    )


def _check(data: Mapping[str, Any]) -> RecordedCheck:
    id, whole = harmless(data["clause"]), harmless(data["row_of"] or data["clause"])
    return RecordedCheck(
        id=id,
        whole_id=whole,
        row=id.removeprefix(whole).removeprefix("."),
        rule=harmless(data["rule"]),
        level=Level(data["level"]),
        verdict=Verdict(data["verdict"]),
        reason=harmless(data["reason"]),
    )
