"""The measured history of the clauses: what came of each, on what, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from signalbook.clauses import Clause
from signalbook.history.environments import place_of, series_about
from signalbook.history.measure import Outcome
from signalbook.verdicts import Verdict

__all__ = [
    "History",
    "Measurement",
    "Next",
    "NextVerdict",
    "Run",
    "Stretch",
    "measurements",
]


@dataclass(frozen=True)
class Stretch:
    """Neighbouring releases of a series on which a clause did the same.

    :param first: The oldest of them.
    :param last: The newest of them.
    :param why: Why it didn't pass, in a few words; empty if it did.
    """

    first: str
    last: str
    verdict: Verdict
    why: str = ""


@dataclass(frozen=True)
class Run:
    """What a clause did on every release of a series.

    :param descriptions: What it ran on, by version, oldest first: interpreter and pins.
    :param stretches: What it did, oldest first, without a gap.
    :raises ValueError: If the stretches are not of these releases.
    """

    descriptions: Mapping[str, str]
    stretches: Sequence[Stretch]

    def __post_init__(self) -> None:
        _ = self.verdicts  # which sees whether they fit

    @cached_property
    def verdicts(self) -> Mapping[str, Stretch]:
        """The stretch that each version is in."""
        found: dict[str, Stretch] = {}
        left = list(self.descriptions)
        for stretch in self.stretches:
            if left[:1] != [stretch.first] or stretch.last not in left:
                raise ValueError(f"{stretch.first} to {stretch.last} is no stretch of its releases")
            end = left.index(stretch.last) + 1
            found.update(dict.fromkeys(left[:end], stretch))
            del left[:end]
        if left:
            raise ValueError(f"nothing is known of {', '.join(left)}")
        return found


@dataclass(frozen=True)
class Measurement:
    """What a clause did on every release.

    :param date: The day of the measurement, such as `2026-11-21`.
    :param digest: The digest of the examples that were run.
    :param runs: What it did on each series that it was measured on.
    """

    date: str
    digest: str
    runs: Mapping[str, Run]


@dataclass(frozen=True)
class NextVerdict:
    """What a clause did on Flask's main branch.

    :param date: The day of the measurement.
    :param digest: The digest of the examples that were run.
    :param why: Why it didn't pass, in a few words; empty if it did.
    """

    date: str
    digest: str
    verdict: Verdict
    why: str


@dataclass(frozen=True)
class Next:
    """What clauses did on Flask's main branch, which is no release, and which no range claims.

    :param commit: The commit at which it was measured.
    :param date: The commit's day.
    :param description: Interpreter and pins, as those of releases.
    :param clauses: By id; only those of which anything is known.
    """

    commit: str
    date: str
    description: str
    clauses: Mapping[str, NextVerdict]

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        return f"Flask's main branch of {self.date}, commit {self.commit[:8]}"

    def of(self, clause: Clause) -> NextVerdict | None:
        """Return what came of *clause* as it is, if it was measured so."""
        found = self.clauses.get(clause.id)
        return found if found and found.digest == clause.digest else None

    def is_on_the_same(self, other: Next) -> bool:
        """Tell whether *other* was measured at the same commit, with the same beside it."""
        return replace(self, clauses={}) == replace(other, clauses={})


@dataclass(frozen=True)
class History:
    """The measurements of all clauses, by id.

    :param next: What they did on Flask's main branch, if that was measured.
    """

    clauses: Mapping[str, Measurement] = field(default_factory=dict)
    next: Next | None = None

    def has_examples_of(self, clause: Clause) -> bool:
        """Tell whether the examples of *clause* are the ones that were measured."""
        measurement = self.clauses.get(clause.id)
        return measurement is not None and measurement.digest == clause.digest

    def verdicts(self, id: str, series: str) -> Mapping[str, Stretch]:
        """Return the stretch that each measured version of *series* is in, for the clause *id*."""
        measurement = self.clauses.get(id)
        run = measurement and measurement.runs.get(series)
        return run.verdicts if run else {}

    def coming(self, clause: Clause) -> NextVerdict | None:
        """Return what came of *clause*, as it is, on Flask's main branch, if that was measured."""
        return self.next.of(clause) if self.next else None

    def versions(self, series: str) -> list[str]:
        """Return the versions of *series* that any clause was measured on, oldest first."""
        return self._versions.get(series, [])

    @cached_property
    def _versions(self) -> dict[str, list[str]]:
        found: dict[str, set[str]] = {}
        for measurement in self.clauses.values():
            for series, run in measurement.runs.items():
                found.setdefault(series, set()).update(run.descriptions)
        return {series: sorted(versions, key=place_of) for series, versions in found.items()}


def measurements(
    clauses: Iterable[Clause], outcomes: Iterable[Outcome], *, date: str
) -> dict[str, Measurement]:
    """Return, by id, what *outcomes* say of those of *clauses* that ran wherever they are due.

    A clause that didn't run on one of its releases is left out: part must never look whole.

    :param date: The day of the measurement.
    """
    done = {(o.series.name, o.environment.version, id): o for o in outcomes for id in o.results}
    found = {}
    for clause in clauses:
        due = {
            series.name: [(series.name, version, clause.id) for version in series.descriptions]
            for series in series_about(clause)
        }
        if all(place in done for places in due.values() for place in places):
            runs = {
                name: _run(clause.id, [done[place] for place in places])
                for name, places in due.items()
            }
            found[clause.id] = Measurement(date, clause.digest, runs)
    return found


def _run(id: str, outcomes: Sequence[Outcome]) -> Run:
    descriptions = {o.environment.version: o.environment.description for o in outcomes}
    cells = [(o.environment.version, (o.results[id].verdict, o.why(id))) for o in outcomes]
    stretches = []
    for (verdict, why), group in groupby(cells, key=lambda cell: cell[1]):
        versions = [version for version, _ in group]
        stretches.append(Stretch(versions[0], versions[-1], verdict, why))
    return Run(descriptions, stretches)
