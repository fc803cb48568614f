"""Results as JSON."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from signalbook.harmless import harmless
from signalbook.reports.content import Report, steady
from signalbook.reports.runs import Run
from signalbook.verdicts import Result, disagreements

__all__ = ["FORMAT", "SCHEMA", "as_json"]

FORMAT = 2
"""The number of the form that `as_json` writes."""
SCHEMA = Path(__file__).parents[1] / "schemas" / "results.schema.json"
"""The JSON Schema of what `as_json` returns."""


def as_json(report: Report) -> str:
    """Return *report* as JSON, in which nothing but times differs between two equal runs."""
    data = {
        "format": FORMAT,
        "signalbook": version("signalbook"),
        "complete": report.is_complete,
        "runs": [_run(run, report) for run in report.runs],
        "not_run": [
            {"implementation": harmless(one.name), "reason": steady(one.reason)}
            for one in report.not_run
        ],
        "disagreements": [each.clause.id for each in disagreements(report.results)],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _run(run: Run, report: Report) -> dict[str, Any]:
    own = run.implementation
    return {
        "implementation": harmless(own.name),
        "flask": own.flask and harmless(own.flask),
        "blinker": own.blinker and harmless(own.blinker),
        "python": run.python,
        "platform": platform.platform(),
        "releases": dict(run.releases),
        "files": {harmless(name): harmless(file) for name, file in run.files.items()},
        "lacks": sorted(own.lacks),
        "stale": list(run.stale),
        "seconds": round(run.seconds, 3),
        "results": [_result(result, report) for result in run.results],
    }


def _result(result: Result, report: Report) -> dict[str, Any]:
    clause = result.clause
    features = report.features(clause)
    return {
        "clause": clause.id,
        "row_of": clause.row_of,
        "rule": clause.rule,
        "permalink": clause.permalink,
        "holds": clause.holds and clause.holds.text,
        "level": clause.level,
        "features": None if features is None else list(features),
        "verdict": result.verdict,
        "reason": steady(result.reason),
        "place": harmless(result.place),
        "source": result.example and result.example.source,
        "wanted": steady(result.wanted),
        "got": steady(result.got),
        "detail": steady(result.detail),
        "seconds": round(result.seconds, 4),
    }
