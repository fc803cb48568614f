"""Results as JSON data."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from signalbook.harmless import harmless
from signalbook.reports.runs import NotRun, Run
from signalbook.verdicts import Result, disagreements

__all__ = ["SCHEMA", "report"]

SCHEMA = Path(__file__).parents[1] / "schemas" / "results.schema.json"
"""The JSON Schema of what `report` returns."""


def report(
    runs: Sequence[Run], not_run: Sequence[NotRun] = (), *, stopped: bool = False
) -> dict[str, Any]:
    """Return *runs*, and what could not be run, as plain JSON data.

    :param stopped: Whether the command was stopped before all was run.
    """
    differing = disagreements(result for run in runs for result in run.results)
    return {
        "format": 1,
        "signalbook": version("signalbook"),
        "complete": not stopped and all(run.is_complete for run in runs),
        "runs": [_run(run) for run in runs],
        "not_run": [
            {"implementation": harmless(one.name), "reason": harmless(one.reason)}
            for one in not_run
        ],
        "disagreements": [disagreement.clause.id for disagreement in differing],
    }


def _run(run: Run) -> dict[str, Any]:
    own = run.implementation
    return {
        "implementation": harmless(own.name),
        "flask": own.flask and harmless(own.flask),
        "blinker": own.blinker and harmless(own.blinker),
        "python": run.python,
        "releases": dict(run.releases),
        "files": {harmless(name): harmless(file) for name, file in run.files.items()},
        "seconds": round(run.seconds, 3),
        "results": [_result(result) for result in run.results],
    }


def _result(result: Result) -> dict[str, Any]:
    return {
        "clause": result.clause.id,
        "row_of": result.clause.row_of,
        "level": result.clause.level,
        "verdict": result.verdict,
        "reason": harmless(result.reason),
        "place": harmless(result.place),
        "source": result.example and result.example.source,
        "wanted": result.wanted,
        "got": result.got,
        "detail": result.detail,
        "seconds": round(result.seconds, 4),
    }
