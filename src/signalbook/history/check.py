"""Holds what clauses declare against what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from signalbook.clauses import Clause, Specification
from signalbook.history.lines import LINES, Line, Member
from signalbook.history.measure import Outcome
from signalbook.history.record import History, Measurement
from signalbook.verdicts import Verdict

__all__ = ["Problem", "differences", "problems"]


_AGAIN = "run 'signalbook history --stale'"


@dataclass(frozen=True)
class Problem:
    """Something that is wrong between a clause and its measurement.

    :param place: `file:line` of the clause, or the history itself.
    """

    id: str
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.id}: {self.text}"


def problems(specification: Specification, history: History) -> Iterator[Problem]:
    """Yield whatever keeps *history* from being the measured truth of *specification*."""
    ids = {clause.id for clause in specification.clauses}
    for id in history.clauses:
        if id not in ids:
            yield Problem(id, "history.json", "there is no such clause; run 'signalbook history'")
    for line in LINES.values():
        known = list(history.environments.get(line.name, ()))
        if known != [member.version for member in line.members()]:
            text = f"the releases of {line.title} are other ones now; run 'signalbook history'"
            yield Problem(line.name, "history.json", text)
            return
    for clause in specification.clauses:
        yield from (Problem(clause.id, clause.place, text) for text in _texts(clause, history))


def _texts(clause: Clause, history: History) -> Iterator[str]:
    measurement = history.clauses.get(clause.id)
    if measurement is None:
        yield f"not measured yet; {_AGAIN}"
    elif not history.is_current(clause):
        yield f"not measured since its examples changed, last on {measurement.date}; {_AGAIN}"
    else:
        for line in LINES.values():
            if line.is_declared:
                yield from _differences(clause, line, history, measurement)


def _differences(
    clause: Clause, line: Line, history: History, measurement: Measurement
) -> Iterator[str]:
    if line.name not in measurement.lines:
        return
    verdicts = history.verdicts(clause.id, line.name)
    declared = f"holds for {clause.holds}" if clause.holds else "holds for every release"
    passing, failing = [], []
    for member in line.members():
        stretch = verdicts[member.version]
        if _is_wrong(clause, member, stretch.verdict):
            if stretch.verdict is Verdict.PASSED:
                passing.append(member.version)
            else:
                failing.append(f"{member.version} ({stretch.verdict}: {stretch.why})")
    if passing:
        yield f"{declared}, but passed on {line.title} {', '.join(passing)}"
    if failing:
        yield f"{declared}, but didn't pass on {line.title} {', '.join(failing)}"


def differences(clauses: Sequence[Clause], outcome: Outcome) -> Iterator[str]:
    """Yield a text for each of *clauses* that did not do on a release what its range says."""
    if not outcome.line.is_declared:
        return
    for clause in clauses:
        if clause.id not in outcome.results:
            continue
        result = outcome.results[clause.id]
        release = f"{outcome.line.title} {outcome.member.version}"
        if _is_wrong(clause, outcome.member, result.verdict):
            if result.verdict is Verdict.PASSED:
                yield f"{clause.place}: {clause.id}: passed on {release}, outside {clause.holds}"
            else:
                why = outcome.why(clause.id)
                yield f"{result.place}: {clause.id}: {result.verdict} on {release}: {why}"


def _is_wrong(clause: Clause, member: Member, verdict: Verdict) -> bool:
    """Tell whether a release did what the clause's range doesn't say.

    Where the examples can't be run at all, as those with `await` on CPython 2.7, nothing is wrong.
    """
    if verdict is Verdict.NOT_APPLICABLE:
        return False
    in_range = clause.holds is None or clause.holds.contains(member.releases)
    return in_range is not (verdict is Verdict.PASSED)
