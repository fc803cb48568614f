"""Runs clauses on one implementation: one at a time, or many in parallel workers."""

from __future__ import annotations

import ast
import inspect
import os
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from functools import cache
from types import TracebackType
from typing import Self

from signalbook.clauses import Clause, why_not
from signalbook.implementations import Implementation, is_version, newest_release
from signalbook.runner.isolation import Isolation, groups
from signalbook.runner.judge import judge
from signalbook.runner.limits import Limits
from signalbook.runner.messages import Answer, Greeting, ended_well
from signalbook.runner.pool import Helper, in_parallel
from signalbook.runner.process import ImplementationError, WorkerProcess
from signalbook.verdicts import Result, Verdict

__all__ = ["Session"]

_DEFAULT_LIMITS = Limits()


class Session:
    """An implementation, loaded and ready for clauses, which it survives whatever they do.

    A context manager; the implementation is loaded on entering.

    :param heed_ranges: Whether a clause must hold for the implementation's releases to apply.
    :param isolation: Which clauses share a process when all are run.
    :raises ImplementationError: On entering, if it can't be loaded.
    """

    def __init__(
        self,
        implementation: Implementation,
        limits: Limits = _DEFAULT_LIMITS,
        *,
        heed_ranges: bool = True,
        isolation: Isolation = Isolation.CLAUSE,
    ) -> None:
        self.implementation = implementation
        self.limits = limits
        self.heed_ranges = heed_ranges
        self.isolation = isolation
        self._process: WorkerProcess | None = None
        self._closed = False
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        try:
            self.greeting = self._load().greeting
            self.releases = _releases(self.implementation, self.greeting)
            python = ".".join(self.greeting.python.split(".")[:2])
            self._versions = {**self.releases, "python": python}
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def unclaimed(self) -> list[str]:
        """The subjects that are taken for the newest release, since nothing says which one."""
        known = {*self.implementation.claims, *self.greeting.versions}
        return [subject for subject in self.releases if subject not in known]

    def stop(self) -> None:
        """Kill the worker, from whatever thread: a clause that is running has crashed then."""
        with self._lock:
            self._closed = True
        if self._process:
            self._process.close()

    def _alive(self) -> WorkerProcess:
        process = self._process
        return process if process and process.alive else self._load()

    def _load(self) -> WorkerProcess:
        with self._lock:
            if self._closed:
                raise RuntimeError("the session is closed; open another")
            self._process = WorkerProcess(self.implementation, self.limits)
        self._process.load()
        return self._process

    def run(self, clause: Clause) -> Result:
        """Return the verdict on *clause*, a check, which has a process of its own."""
        if reason := self.why_not(clause):
            return self.result(clause, Verdict.NOT_APPLICABLE, reason)
        started = time.perf_counter()
        try:
            answers = self._alive().ask([clause]) or self._load().ask([clause]) or [Answer()]
        except ImplementationError as error:
            return self.result(clause, Verdict.CRASHED, str(error))
        result = judge(clause, self.implementation.name, answers[0])
        return replace(result, seconds=time.perf_counter() - started)

    def run_in_order(self, clauses: Sequence[Clause]) -> Iterator[Result]:
        """Run *clauses* one after the other, and yield the result of each once it is known."""
        for group in groups(clauses, self.isolation):
            yield from self._run_group(group)

    def run_all(
        self, clauses: Sequence[Clause], *, jobs: int | None = None
    ) -> Generator[Result, None, None]:
        """Run *clauses* in parallel and yield results as they come.

        :param jobs: How many workers; by default one for each processor.
        """
        # Starting another worker takes as long as several clauses.
        others = min(jobs or os.cpu_count() or 1, len(clauses) // 8) - 1
        sessions = [self._another() for _ in range(others)]
        helpers = [self._helper(nullcontext()), *(each._helper(each) for each in sessions)]
        with closing(in_parallel(groups(clauses, self.isolation), helpers)) as found:
            for results in found:
                yield from results

    def _another(self) -> Session:
        return Session(
            self.implementation,
            self.limits,
            heed_ranges=self.heed_ranges,
            isolation=self.isolation,
        )

    def _helper(
        self, opened: AbstractContextManager[object]
    ) -> Helper[Sequence[Clause], list[Result]]:
        return Helper(lambda group: list(self._run_group(group)), self.stop, opened)

    def _run_group(self, clauses: Sequence[Clause]) -> Iterator[Result]:
        """Yield the verdicts on clauses that share a process, as far as that can be."""
        waiting = []
        for clause in clauses:
            if len(clauses) == 1 or self.why_not(clause):
                yield self.run(clause)
            else:
                waiting.append(clause)
        while waiting:
            together = self._run_together(waiting)
            if together is None:
                yield from map(self.run, waiting)
                return
            for result in together:
                yield result if self._is_as_declared(result) else self.run(result.clause)
            # At the next one, if there is one, the process ended.
            yield from map(self.run, waiting[len(together) :][:1])
            waiting = waiting[len(together) + 1 :]

    def _run_together(self, clauses: Sequence[Clause]) -> list[Result] | None:
        """Return the verdicts on those of *clauses* that ended well in a process of all of them.

        `None` means that each must be run alone.
        """
        started = time.perf_counter()
        try:
            answers = ended_well(self._alive().ask(clauses) or [])
        except ImplementationError:
            return None  # Each clause says so for itself.
        if answers is None:
            return None
        seconds = (time.perf_counter() - started) / (len(answers) or 1)
        name = self.implementation.name
        judged = (
            judge(clause, name, answer) for clause, answer in zip(clauses, answers, strict=False)
        )
        return [replace(result, seconds=seconds) for result in judged]

    def _is_as_declared(self, result: Result) -> bool:
        """Tell whether a clause did on these releases what its range says."""
        in_range = why_not(result.clause, self._versions) is None
        return result.verdict is (Verdict.PASSED if in_range else Verdict.FAILED)

    def result(self, clause: Clause, verdict: Verdict, reason: str) -> Result:
        """Return a verdict on *clause* that needs no run."""
        name = self.implementation.name
        return Result(clause=clause, implementation=name, verdict=verdict, reason=reason)

    def why_not(self, clause: Clause) -> str | None:
        """Say in a sentence why *clause* can't be about the implementation; `None` if it can."""
        reason = why_not(clause, self._versions, heed_range=self.heed_ranges)
        steps = (*clause.setup, *clause.examples)
        if reason or self.greeting.has_await or not any(_awaits(step.source) for step in steps):
            return reason
        return f"CPython {self.greeting.python} can't await outside a function"


def _releases(implementation: Implementation, greeting: Greeting) -> dict[str, str]:
    """Return the release that each subject of the implementation stands for."""
    newest = newest_release().stands_for
    releases = {}
    for subject in sorted(implementation.subjects, reverse=True):
        version = implementation.claims.get(subject)
        if version is None and subject in greeting.versions:
            version = greeting.versions[subject]
            if version is None:
                raise ImplementationError(
                    f"{implementation.name}: which release of {subject} it is can't be told;"
                    f" say it with --claims {subject}==VERSION"
                )
            if not is_version(version):
                raise ImplementationError(
                    f"{implementation.name}: it says that it is {subject} {version}, which is no"
                    f" version; say which release it is with --claims {subject}==VERSION"
                )
        releases[subject] = version or newest[subject]
    return releases


@cache
def _awaits(source: str) -> bool:
    code = compile(source, "<example>", "single", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    return bool(code.co_flags & inspect.CO_COROUTINE)
