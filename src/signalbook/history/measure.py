"""Runs clauses on releases, in range or not."""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from signalbook.clauses import Clause
from signalbook.harmless import harmless
from signalbook.history.absent import with_absence
from signalbook.history.environments import Environment, Series
from signalbook.implementations import MissingInterpreter, NotProvisioned
from signalbook.runner import Helper, ImplementationError, Isolation, Limits, Session, in_parallel
from signalbook.verdicts import Result

__all__ = ["Outcome", "Unmeasured", "measure"]

_LIMITS = Limits(timeout=5.0)
_LONG = 120  # characters of a reason

# Whatever differs from one machine, or one run, to the next.
_PLACES = re.compile(
    r" \((?:/[^()]*|unknown location)\)"  # where a module is
    r"|(?<![\w.])/(?:root|home|tmp|opt|usr)/\S+"
    r"| \([\w-]+\.md:\d+>, line \d+\)"  # where an example is
)
_ADDRESSES = re.compile(r"0x[0-9a-fA-F]+")


@dataclass(frozen=True)
class Outcome:
    """What the clauses did on one release.

    :param results: A result for each clause that the series measures, by id, with the clause's
        range ignored.
    """

    series: Series
    environment: Environment
    results: Mapping[str, Result]

    def why(self, id: str) -> str:
        """Say in a few words why the clause *id* didn't pass; empty if it did."""
        result = self.results[id]
        text = result.reason
        if result.got:
            said = " / ".join(result.got.strip().splitlines())
            # The reason may end with the exception's name already.
            said = said.removeprefix(f"{text.rpartition(' ')[2]}: ")
            text = f"{text}: {_ADDRESSES.sub('0x...', _PLACES.sub('', said))}"
        text = harmless(text)
        return text if len(text) <= _LONG else f"{text[: _LONG - 4]} ..."


@dataclass(frozen=True)
class Unmeasured:
    """A release that nothing could be run on, and why."""

    series: Series
    environment: Environment
    reason: str


def measure(
    clauses: Sequence[Clause],
    environments: Sequence[tuple[Series, Environment]],
    *,
    jobs: int | None = None,
    isolation: Isolation = Isolation.PAGE,
) -> Generator[Outcome | Unmeasured, None, None]:
    """Run *clauses* in each of *environments*, several at a time, and yield outcomes as they come.

    Closing the iterator stops what still runs, and leaves nothing behind.

    :param jobs: How many at a time; by default one for each processor.
    :param isolation: Which clauses share a process; the outcomes are the same.
    """
    number = min(jobs or os.cpu_count() or 1, len(environments))
    measuring = [_Measuring(clauses, isolation) for _ in range(number)]
    helpers = [Helper(each.outcome, each.stop, nullcontext()) for each in measuring]
    yield from in_parallel(environments, helpers)


class _Measuring:
    """Measures one release after the other."""

    def __init__(self, clauses: Sequence[Clause], isolation: Isolation) -> None:
        self._clauses = clauses
        self._isolation = isolation
        self._session: Session | None = None
        self._is_stopped = False

    def stop(self) -> None:
        """Let nothing run any more, from whatever thread: what is measured now raises."""
        self._is_stopped = True
        if self._session:
            self._session.stop()

    def outcome(self, measured: tuple[Series, Environment]) -> Outcome | Unmeasured:
        """Run the clauses in an environment."""
        series, environment = measured
        clauses = [clause for clause in self._clauses if environment.is_about(clause)]
        try:
            self._session = Session(
                environment.install(), _LIMITS, heed_ranges=False, isolation=self._isolation
            )
            if self._is_stopped:  # Too early to stop the session as well.
                self._session.stop()
            with self._session as session:
                results = list(map(with_absence, session.run_in_order(clauses)))
        except (MissingInterpreter, NotProvisioned, ImplementationError) as error:
            return Unmeasured(series, environment, str(error))
        return Outcome(series, environment, {result.clause.id: result for result in results})
