"""Results as Markdown, for the summary of a CI job."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from signalbook.reports.content import Report, steady
from signalbook.reports.runs import Run
from signalbook.verdicts import Result

__all__ = ["as_markdown"]

_SIGNS = re.compile(r"([\\`*_{}\[\]<>|#~&@])")


def as_markdown(report: Report) -> str:
    """Return *report* as Markdown: the verdicts counted, then what failed, by clause."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield "## Signalbook"
    yield ""
    yield from _table(report)
    for problem in report.problems:
        yield f"**{_escaped(problem)}**"
        yield ""
    for run in report.runs:
        yield from _faults(run, report)


def _table(report: Report) -> Iterator[str]:
    verdicts = report.verdicts
    yield f"| implementation | level | {' | '.join(verdicts)} |"
    yield f"| --- | --- |{' ---: |' * len(verdicts)}"
    for name, level, numbers in report.counts:
        cells = " | ".join(str(numbers[verdict]) for verdict in verdicts)
        yield f"| {_escaped(name)} | {level} | {cells} |"
    yield ""


def _faults(run: Run, report: Report) -> Iterator[str]:
    faults = [result for result in run.results if result.verdict.is_fault]
    if not faults:
        return
    yield f"### Failures of {_escaped(run.implementation.name)}"
    yield ""
    for id, group in groupby(faults, lambda result: result.clause.whole_id):
        yield from _clause(id, list(group), report)
    yield ""


def _clause(id: str, results: Sequence[Result], report: Report) -> Iterator[str]:
    first = results[0].clause
    link = report.link(replace(first, id=id))
    name = f"[`{id}`]({link})" if link else f"`{id}`"
    yield f"- {name} ({first.level}): {first.rule}"
    for result in results:
        row = result.clause.id.removeprefix(id).removeprefix(".")
        told = f"{result.verdict}: {_escaped(result.reason)} ({_escaped(result.place)})"
        yield f"  - {f'`{row}` ' if row else ''}{told}"


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\1", " ".join(steady(text).split()))
