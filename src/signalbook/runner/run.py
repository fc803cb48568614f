"""Runs clauses on one implementation: one at a time, or many in parallel workers."""

from __future__ import annotations

import ast
import inspect
import os
import queue
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from types import TracebackType
from typing import Self

from signalbook.clauses import Clause, why_not
from signalbook.implementations import Implementation, is_version, newest_release
from signalbook.runner.judge import judge
from signalbook.runner.limits import Limits
from signalbook.runner.messages import Answer, Greeting
from signalbook.runner.process import ImplementationError, WorkerProcess
from signalbook.verdicts import Result, Verdict

__all__ = ["Session"]

_DEFAULT_LIMITS = Limits()


class Session:
    """An implementation, loaded and ready for clauses, which it survives whatever they do.

    A context manager; the implementation is loaded on entering.

    :param heed_ranges: Whether a clause must hold for the implementation's releases to apply.
    :raises ImplementationError: On entering, if it can't be loaded.
    """

    def __init__(
        self,
        implementation: Implementation,
        limits: Limits = _DEFAULT_LIMITS,
        *,
        heed_ranges: bool = True,
    ) -> None:
        self.implementation = implementation
        self.limits = limits
        self.heed_ranges = heed_ranges
        self._process: WorkerProcess | None = None
        self._closed = False
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        try:
            self.greeting = self._load().greeting
            self.releases = _releases(self.implementation, self.greeting)
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

    def _load(self) -> WorkerProcess:
        with self._lock:
            if self._closed:
                raise RuntimeError("the session is closed; open another")
            self._process = WorkerProcess(self.implementation, self.limits)
        self._process.load()
        return self._process

    def run(self, clause: Clause) -> Result:
        """Return the verdict on *clause*."""
        if reason := self._why_not(clause):
            return self._result(clause, Verdict.NOT_APPLICABLE, reason)
        started = time.perf_counter()
        process = self._process
        try:
            if not (process and process.alive):
                process = self._load()
            answers = process.ask([clause]) or self._load().ask([clause]) or [Answer()]
        except ImplementationError as error:
            return self._result(clause, Verdict.CRASHED, str(error))
        result = judge(clause, self.implementation.name, answers[0])
        return replace(result, seconds=time.perf_counter() - started)

    def run_all(
        self, clauses: Sequence[Clause], *, jobs: int | None = None
    ) -> Generator[Result, None, None]:
        """Run *clauses* in parallel and yield results as they come.

        :param jobs: How many workers; by default one for each processor.
        """
        waiting: queue.SimpleQueue[Clause] = queue.SimpleQueue()
        for clause in clauses:
            waiting.put(clause)
        done: queue.SimpleQueue[Result | BaseException] = queue.SimpleQueue()
        # Starting another worker takes as long as several clauses.
        helpers = min(jobs or os.cpu_count() or 1, len(clauses) // 8) - 1
        others = [
            Session(self.implementation, self.limits, heed_ranges=self.heed_ranges)
            for _ in range(helpers)
        ]
        threads = [
            threading.Thread(target=_work, args=(session, waiting, done), daemon=True)
            for session in (nullcontext(self), *others)
        ]
        try:
            for thread in threads:
                thread.start()
            for _ in clauses:
                result = done.get()
                if isinstance(result, BaseException):
                    raise result
                yield result
        except BaseException:
            with ExitStack() as steps:  # Whatever is raised meanwhile, all are stopped.
                for session in (self, *others):
                    steps.callback(session.stop)
                steps.callback(_drain, waiting)
            raise
        finally:
            for thread in threads:
                if thread.ident:
                    thread.join()

    def _result(self, clause: Clause, verdict: Verdict, reason: str) -> Result:
        name = self.implementation.name
        return Result(clause=clause, implementation=name, verdict=verdict, reason=reason)

    def _why_not(self, clause: Clause) -> str | None:
        reason = why_not(clause, self.releases, heed_range=self.heed_ranges)
        steps = (*clause.setup, *clause.examples)
        if reason or self.greeting.has_await or not any(_awaits(step.source) for step in steps):
            return reason
        return f"CPython {self.greeting.python} can't await outside a function"


def _work(
    opened: AbstractContextManager[Session],
    waiting: queue.SimpleQueue[Clause],
    done: queue.SimpleQueue[Result | BaseException],
) -> None:
    try:
        with opened as session:
            while True:
                done.put(session.run(waiting.get_nowait()))
    except queue.Empty:
        pass
    except BaseException as error:
        done.put(error)


def _drain(waiting: queue.SimpleQueue[Clause]) -> None:
    try:
        while True:
            waiting.get_nowait()
    except queue.Empty:
        pass


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


def _awaits(source: str) -> bool:
    code = compile(source, "<example>", "single", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    return bool(code.co_flags & inspect.CO_COROUTINE)
