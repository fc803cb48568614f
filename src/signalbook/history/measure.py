"""Runs clauses on releases, in range or not."""

from __future__ import annotations

import os
import queue
import re
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from signalbook.clauses import Clause
from signalbook.harmless import harmless
from signalbook.history.environments import Environment, Series
from signalbook.implementations import MissingInterpreter, NotProvisioned
from signalbook.runner import ImplementationError, Limits, Session
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
) -> Generator[Outcome | Unmeasured, None, None]:
    """Run *clauses* in each of *environments*, several at a time, and yield outcomes as they come.

    Closing the iterator stops what still runs, and leaves nothing behind.

    :param jobs: How many at a time; by default one for each processor.
    """
    waiting: queue.SimpleQueue[tuple[Series, Environment]] = queue.SimpleQueue()
    for environment in environments:
        waiting.put(environment)
    done: queue.SimpleQueue[Outcome | Unmeasured | BaseException] = queue.SimpleQueue()
    running = _Running()

    def work() -> None:
        try:
            while True:
                done.put(running.outcome(clauses, *waiting.get_nowait()))
        except (queue.Empty, _Stopped):
            pass
        except BaseException as error:
            done.put(error)

    number = min(jobs or os.cpu_count() or 1, len(environments))
    threads = [threading.Thread(target=work, daemon=True) for _ in range(number)]
    for thread in threads:
        thread.start()
    try:
        for _ in environments:
            outcome = done.get()
            if isinstance(outcome, BaseException):
                raise outcome
            yield outcome
    finally:
        running.stop()
        for thread in threads:
            thread.join()


class _Stopped(Exception):
    """Nobody waits for the outcome any more."""


class _Running:
    """What runs now, and whether it still shall."""

    def __init__(self) -> None:
        self._sessions: list[Session] = []
        self._is_stopped = False

    def stop(self) -> None:
        """Let nothing run any more, from whatever thread."""
        self._is_stopped = True
        for session in list(self._sessions):
            session.stop()

    def outcome(
        self, clauses: Sequence[Clause], series: Series, environment: Environment
    ) -> Outcome | Unmeasured:
        """Run *clauses* in *environment*.

        :raises _Stopped: If it was stopped before the last of them.
        """
        results = {}
        try:
            with self._session(environment) as session:
                for clause in clauses:
                    if self._is_stopped:
                        raise _Stopped
                    if environment.is_about(clause):
                        results[clause.id] = session.run(clause)
        except (MissingInterpreter, NotProvisioned, ImplementationError) as error:
            return Unmeasured(series, environment, str(error))
        return Outcome(series, environment, results)

    @contextmanager
    def _session(self, environment: Environment) -> Iterator[Session]:
        if self._is_stopped:
            raise _Stopped
        session = Session(environment.install(), _LIMITS, heed_ranges=False)
        self._sessions.append(session)
        try:
            with session:
                yield session
        finally:
            self._sessions.remove(session)
