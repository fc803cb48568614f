"""Runs clauses on releases, in range or not."""

from __future__ import annotations

import os
import queue
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from signalbook.clauses import Clause
from signalbook.history.lines import Line, Member
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

    :param python: The version of the interpreter.
    :param results: A result for each clause that the line measures, by id, with the clause's range
        ignored.
    """

    line: Line
    member: Member
    python: str
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
        return text if len(text) <= _LONG else f"{text[: _LONG - 4]} ..."


@dataclass(frozen=True)
class Unmeasured:
    """A release that nothing could be run on, and why."""

    line: Line
    member: Member
    reason: str


def measure(
    clauses: Sequence[Clause],
    members: Sequence[tuple[Line, Member]],
    *,
    jobs: int | None = None,
) -> Iterator[Outcome | Unmeasured]:
    """Run *clauses* on each of *members*, several at a time, and yield outcomes as they come.

    :param jobs: How many at a time; by default one for each processor.
    """
    bare = [replace(clause, holds=None) for clause in clauses]
    waiting: queue.SimpleQueue[tuple[Line, Member]] = queue.SimpleQueue()
    for member in members:
        waiting.put(member)
    done: queue.SimpleQueue[Outcome | Unmeasured | BaseException] = queue.SimpleQueue()

    def work() -> None:
        try:
            while True:
                done.put(_outcome(bare, *waiting.get_nowait()))
        except queue.Empty:
            pass
        except BaseException as error:
            done.put(error)

    number = min(jobs or os.cpu_count() or 1, len(members))
    for _ in range(number):
        threading.Thread(target=work, daemon=True).start()
    for _ in members:
        outcome = done.get()
        if isinstance(outcome, BaseException):
            raise outcome
        yield outcome


def _outcome(clauses: Sequence[Clause], line: Line, member: Member) -> Outcome | Unmeasured:
    try:
        with Session(member.install(), _LIMITS) as session:
            results = {
                clause.id: session.run(clause) for clause in clauses if member.is_about(clause)
            }
            return Outcome(line, member, session.greeting.python, results)
    except (MissingInterpreter, NotProvisioned, ImplementationError) as error:
        return Unmeasured(line, member, str(error))
