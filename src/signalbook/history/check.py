"""Holds what clauses declare against what was measured."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from signalbook.clauses import Clause, Specification, applies
from signalbook.history.environments import SERIES, Environment, Series, series_about
from signalbook.history.measure import Outcome
from signalbook.history.record import History, Measurement
from signalbook.history.summaries import shortened
from signalbook.verdicts import Verdict

__all__ = ["Kind", "Problem", "differences", "is_measured", "problems"]


_HISTORY = "history.json"
_AGAIN = "run 'signalbook history --stale'"


class Kind(enum.StrEnum):
    """How a clause and its measurement don't fit together."""

    UNMEASURED = "unmeasured"
    STALE = "stale"
    WRONG = "wrong"


@dataclass(frozen=True)
class Problem:
    """Something that is wrong between clauses and their measurements.

    :param kind: `UNMEASURED` if a clause never was, `STALE` if it was and something changed since,
        `WRONG` if what was measured isn't what is declared.
    :param place: `file:line` of the clause, or the history itself.
    :param id: The clause, or the series of releases.
    :param series: The series to be measured anew.
    """

    kind: Kind
    place: str
    id: str
    text: str
    series: Sequence[Series] = ()

    def __str__(self) -> str:
        return f"{self.place}: {self.id}: {self.text}"


def is_measured(clause: Clause, history: History) -> bool:
    """Tell whether *clause* was measured as it is, wherever it is due, with today's pins."""
    if not history.has_examples_of(clause):
        return False
    runs = history.clauses[clause.id].runs
    now = {series.name: series.descriptions for series in series_about(clause)}
    return now == {name: run.descriptions for name, run in runs.items()}


def problems(specification: Specification, history: History) -> Iterator[Problem]:
    """Yield whatever keeps *history* from being the measured truth of *specification*."""
    ids = {clause.id for clause in specification.checks}
    for id in history.clauses:
        if id not in ids:
            yield Problem(Kind.WRONG, _HISTORY, id, f"there is no such clause; {_AGAIN}")
    yield from _changed_series(specification, history)
    for clause in specification.checks:
        yield from _problems(clause, history)


def _changed_series(specification: Specification, history: History) -> Iterator[Problem]:
    """Yield a problem where the releases, their pins or interpreters were others than now."""
    changed: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for clause in specification.checks:
        measurement = history.clauses.get(clause.id)
        for name, run in measurement.runs.items() if measurement else ():
            then, now = run.descriptions, SERIES[name].descriptions
            if versions := tuple(v for v in {**then, **now} if then.get(v) != now.get(v)):
                changed.setdefault((name, versions), []).append(clause.id)
    for (name, versions), clauses in changed.items():
        series = SERIES[name]
        releases = f"{series.title} {shortened(versions)}"
        text = f"{releases}: not what these were measured on: {shortened(clauses)}; {_AGAIN}"
        yield Problem(Kind.STALE, _HISTORY, name, text, [series])


def _problems(clause: Clause, history: History) -> Iterator[Problem]:
    def problem(kind: Kind, text: str) -> Problem:
        return Problem(kind, clause.place, clause.id, text, () if kind is Kind.WRONG else about)

    about = series_about(clause)
    measurement = history.clauses.get(clause.id)
    if measurement is None:
        yield problem(Kind.UNMEASURED, f"not measured yet; {_AGAIN}")
    elif not history.has_examples_of(clause):
        text = f"not measured since its examples changed, last on {measurement.date}; {_AGAIN}"
        yield problem(Kind.STALE, text)
    elif measurement.runs.keys() != {series.name for series in about}:
        titles = " and ".join(series.title for series in about)
        yield problem(Kind.STALE, f"not measured since it is about {titles}; {_AGAIN}")
    elif is_measured(clause, history):
        for series in about:
            if series.is_declared:
                for text in _differences(clause, series, measurement):
                    yield problem(Kind.WRONG, text)


def _differences(clause: Clause, series: Series, measurement: Measurement) -> Iterator[str]:
    verdicts = measurement.runs[series.name].verdicts
    declared = f"holds for {clause.holds}" if clause.holds else "holds for every release"
    passing, failing = [], []
    for environment in series.environments():
        stretch = verdicts[environment.version]
        if _is_wrong(clause, environment, stretch.verdict):
            if stretch.verdict is Verdict.PASSED:
                passing.append(environment.version)
            else:
                failing.append(f"{environment.version} ({stretch.verdict}: {stretch.why})")
    if passing:
        yield f"{declared}, but passed on {series.title} {', '.join(passing)}"
    if failing:
        yield f"{declared}, but didn't pass on {series.title} {', '.join(failing)}"


def differences(clauses: Sequence[Clause], outcome: Outcome) -> Iterator[str]:
    """Yield a text for each of *clauses* that did not do on a release what its range says."""
    if not outcome.series.is_declared:
        return
    for clause in clauses:
        if clause.id not in outcome.results:
            continue
        result = outcome.results[clause.id]
        release = f"{outcome.series.title} {outcome.environment.version}"
        if _is_wrong(clause, outcome.environment, result.verdict):
            if result.verdict is Verdict.PASSED:
                yield f"{clause.place}: {clause.id}: passed on {release}, outside {clause.holds}"
            else:
                why = outcome.why(clause.id)
                yield f"{result.place}: {clause.id}: {result.verdict} on {release}: {why}"


def _is_wrong(clause: Clause, environment: Environment, verdict: Verdict) -> bool:
    """Tell whether a release did what the clause's range doesn't say.

    Where the examples can't be run at all, as those with `await` on CPython 2.7, nothing is wrong.
    """
    if verdict is Verdict.NOT_APPLICABLE:
        return False
    return applies(clause, environment.axes) is not (verdict is Verdict.PASSED)
