"""Running clauses on the implementations that a command line asks for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace

from rich.console import Console
from rich.text import Text

from signalbook.clauses import Clause, Specification
from signalbook.cli.asked import Asked, quoted
from signalbook.cli.last_failed import NothingFailed, failed_before, keep_failed
from signalbook.cli.stopping import Stopped
from signalbook.harmless import harmless
from signalbook.implementations import Implementation, MissingInterpreter, NotProvisioned
from signalbook.reports import NotRun, Run, follow, missing_features, notes, stale_features
from signalbook.runner import (
    ImplementationError,
    Limits,
    Needs,
    Preflight,
    Session,
    not_claimed,
    preflight,
)
from signalbook.verdicts import (
    Deviation,
    Result,
    apply_deviations,
    needless,
    tolerated,
    with_stale,
)

__all__ = ["Verification"]


@dataclass
class Verification:
    """What comes of running clauses on implementations, as far as it has come."""

    specification: Specification
    clauses: Sequence[Clause]
    needs: Needs
    deviations: Sequence[Deviation]
    limits: Limits
    jobs: int | None
    console: Console
    strict: bool
    enough: int | None
    only_failed: bool
    quiet: bool
    runs: list[Run] = field(default_factory=list)
    not_run: list[NotRun] = field(default_factory=list)

    def run(self, wanted: Sequence[Asked]) -> Stopped | None:
        """Load every implementation before any is run, so that a wrong name costs no time.

        :returns: What stopped it, if something did.
        """
        try:
            with ExitStack() as stack:
                opened = [(one, self._open(one, stack)) for one in wanted]
                for one, found in opened:
                    if found:
                        self._run(one, found)
        except Stopped as stopped:
            return stopped.again()
        return None

    def _open(self, one: Asked, stack: ExitStack) -> _Opened | None:
        try:
            with self.console.status(Text(harmless(f"Preparing {one.name}"))):
                implementation = replace(one.make(), name=one.name)
                clauses = self.clauses
                if self.only_failed:
                    clauses = failed_before(implementation, clauses)
                session = stack.enter_context(Session(implementation, self.limits))
                found = Preflight()
                if one.is_own:
                    found = preflight(session, self.specification, self.needs)
        except (ImplementationError, MissingInterpreter, NotProvisioned, NothingFailed) as error:
            self.not_run.append(NotRun(one.name, str(error)))
            return None
        if found.unfit:
            self.not_run.append(NotRun(one.name, found.unfit))
            return None
        return _Opened(session, clauses, found)

    def _run(self, one: Asked, opened: _Opened) -> None:
        session, clauses = opened.session, opened.clauses
        unclaimed = not_claimed(session, clauses, self.needs)
        claimed = [clause for clause in clauses if clause.id not in unclaimed]
        results = list(unclaimed.values())
        listed = self.deviations if one.is_own else ()
        started = time.perf_counter()
        try:
            # Closed at once, since workers of its own run on as long as it is open.
            with closing(session.run_all(claimed, jobs=self.jobs)) as coming:
                final = _until(self.enough, (self._final(result, listed) for result in coming))
                shown = follow(final, one.name, len(claimed), self.console, quiet=self.quiet)
                for result in shown:
                    results.append(result)
        except ImplementationError as error:
            self.not_run.append(NotRun(one.name, f"not to its end: {error}"))
        finally:
            results = with_stale(results, listed)
            order = {clause.id: place for place, clause in enumerate(clauses)}
            files = session.greeting.files
            about = notes(files, one.folders, session.releases, session.unclaimed)
            found, lacks = opened.found, session.implementation.lacks
            faults = sum(result.verdict.is_fault for result in results)
            run = Run(
                implementation=session.implementation,
                python=session.greeting.python,
                releases=session.releases,
                files=files,
                is_own=one.is_own,
                stale=[
                    *stale_features([name for name in found.present if name in lacks]),
                    *needless(results, listed),
                ],
                notes=[
                    *about,
                    *missing_features([name for name in found.missing if name not in lacks]),
                    *self._kept(session.implementation, clauses, results),
                ],
                seconds=time.perf_counter() - started,
                total=len(clauses),
                results=sorted(results, key=lambda result: order[result.clause.id]),
                enough=faults if faults == self.enough else None,
            )
            self.runs.append(run)
            if run.is_complete and run.is_empty:
                self.not_run.append(NotRun(one.name, _why_empty(run)))

    def _kept(
        self, own: Implementation, clauses: Sequence[Clause], results: Sequence[Result]
    ) -> Iterator[str]:
        """Keep what failed, and yield what is worth knowing of that."""
        try:
            file = keep_failed(own, results)
        except (OSError, RuntimeError) as error:
            yield f"what failed can't be kept ({error}); name a folder in SIGNALBOOK_CACHE"
            return
        if self.only_failed:
            number = f"{len(clauses):,} of {len(self.clauses):,}"
            yield f"only the {number} clauses that failed before were run, as kept in {file}"

    def _final(self, result: Result, deviations: Sequence[Deviation]) -> Result:
        """Return *result* after what its implementer knows of, and what nobody is bound to."""
        known = apply_deviations(result, deviations)
        return known if self.strict else tolerated(known)

    def again(self, wanted: Sequence[Asked], shared: Sequence[object]) -> Callable[[Result], str]:
        """Return what makes of a fault the command that repeats it.

        :param shared: What that command must say for every implementation.
        """
        words = {one.name: one.words for one in wanted}

        def again(result: Result) -> str:
            own = words[result.implementation]
            chosen = ["--clause", result.clause.id]
            return quoted(["signalbook", "verify", *own, *shared, *chosen])

        return again

    @property
    def status(self) -> int:
        """The exit status that tells what came of it."""
        if self.not_run:
            return 2
        return int(any(run.is_fault for run in self.runs))


@dataclass(frozen=True)
class _Opened:
    """An implementation that can be run.

    :param clauses: What is asked of it.
    """

    session: Session
    clauses: Sequence[Clause]
    found: Preflight


def _until(enough: int | None, results: Iterable[Result]) -> Iterator[Result]:
    """Yield *results*, up to the fault that is enough."""
    faults = 0
    for result in results:
        yield result
        faults += result.verdict.is_fault
        if faults == enough:
            return


def _why_empty(run: Run) -> str:
    reasons = list(dict.fromkeys(result.reason for result in run.results))
    more = f", and {len(reasons) - 1} other reasons" if len(reasons) > 1 else ""
    return f"nothing was run: no chosen clause applies to it; {reasons[0]}{more}"
