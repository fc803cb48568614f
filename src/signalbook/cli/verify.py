"""The command `verify`."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from signalbook.clauses import Clause, Specification
from signalbook.cli import options
from signalbook.cli.asked import Asked, asked, quoted
from signalbook.cli.last_failed import NothingFailed, failed_before, keep_failed
from signalbook.cli.report_files import ReportFiles, report_files
from signalbook.cli.stopping import Stopped
from signalbook.harmless import harmless
from signalbook.history import read_features
from signalbook.implementations import Implementation, MissingInterpreter, NotProvisioned
from signalbook.reports import NotRun, Report, Run, Summary, follow, notes, output_console
from signalbook.runner import ImplementationError, Limits, Session
from signalbook.verdicts import Deviation, Result, apply_deviations, read_deviations, tolerated

__all__ = ["NothingRun", "verify_command"]


class NothingRun(LookupError):
    """No clause was chosen, so that nothing can be said."""


@click.command("verify")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@options.implementation
@options.chapter
@options.profile
@click.option("--clause", "patterns", metavar="GLOB", multiple=True, help="Only these clauses.")
@click.option("--timeout", default=Limits.timeout, show_default=True, help="Seconds a clause.")
@click.option("--memory", default=Limits.memory, show_default=True, help="MiB a clause.")
@click.option("--strict", is_flag=True, help="Fail on what differs from a MAY, too.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first failure.")
@click.option(
    "--max-failures", metavar="N", type=click.IntRange(min=1), help="Stop at so many failures."
)
@click.option("--failed", is_flag=True, help="Only what failed when it was last run.")
@click.option("--all", "everything", is_flag=True, help="Show every failure, not one of a cause.")
@click.option("--quiet", is_flag=True, help="Show counts and the verdict only.")
@click.option("--jobs", type=click.IntRange(min=1), help="Parallel workers.")
@report_files
@click.option(
    "--deviations",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Known deviations, with reasons.",
)
@options.specification
@click.pass_context
def verify_command(
    context: click.Context,
    /,
    names: tuple[str, ...],
    chapter: str | None,
    profile: str | None,
    patterns: tuple[str, ...],
    timeout: float,
    memory: int,
    strict: bool,
    fail_fast: bool,
    max_failures: int | None,
    failed: bool,
    everything: bool,
    quiet: bool,
    jobs: int | None,
    reports: ReportFiles,
    deviations: Path | None,
    specification: Specification,
    **described: Any,
) -> None:
    """Run clauses on implementations, side by side, and print the verdicts.

    NAME is 'reference', 'flask' (the one installed here) or 'flask==VERSION' (installed from
    known pins). Your own is named by modules: --flask MODULE, --blinker MODULE, or both.
    Without any, it is the reference.

    The exit status is 0 if everything that applies passed, 1 if something didn't, and 2 if
    something could not be run.
    """
    if everything and quiet:
        raise click.UsageError("--all and --quiet contradict each other; give one of them")
    limits = Limits(timeout, memory)
    wanted = asked(names, described)
    clauses = specification.select(chapter=chapter, patterns=patterns, profile=profile)
    if not clauses:
        raise NothingRun(
            "nothing was run: no clause is in everything that was chosen;"
            " leave out --chapter, --clause or --profile, or look at 'signalbook list'"
        )
    listed = read_deviations(deviations, specification) if deviations else {}
    features = read_features()
    console = output_console()
    enough = 1 if fail_fast else max_failures
    verification = _Verification(
        clauses, listed, limits, jobs, console, strict, enough, failed, quiet
    )
    stopped = verification.run(wanted)
    # Before anything is printed: whatever becomes of the terminal, the results are there.
    report = Report(
        runs=verification.runs,
        not_run=verification.not_run,
        stopped=bool(stopped),
        features=features.of,
        site=reports.site,
    )
    late = None
    try:
        problem = reports.write(report)
    except Stopped as signal:  # It came in the milliseconds that this takes.
        late = signal.again()
    if late:
        stopped, problem = late, reports.write(report)
    reports.print(report)
    shared = {"--deviations": deviations, "--spec": context.meta[options.SPECIFICATION]}
    summary = Summary(
        console=console,
        again=verification.again(wanted, [w for pair in shared.items() if pair[1] for w in pair]),
        whole=Counter(check.chapter for check in specification.checks),
        everything=everything,
        quiet=quiet,
    )
    summary.print(report)
    if problem:
        click.echo(f"Error: {problem}", err=True)
    if stopped:
        raise stopped
    sys.exit(2 if problem else verification.status)


@dataclass
class _Verification:
    """What comes of running clauses on implementations, as far as it has come."""

    clauses: Sequence[Clause]
    deviations: Mapping[str, Deviation]
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
                        self._run(one, *found)
        except Stopped as stopped:
            return stopped.again()
        return None

    def _open(self, one: Asked, stack: ExitStack) -> tuple[Session, Sequence[Clause]] | None:
        try:
            with self.console.status(Text(harmless(f"Preparing {one.name}"))):
                implementation = replace(one.make(), name=one.name)
                clauses = self.clauses
                if self.only_failed:
                    clauses = failed_before(implementation, clauses)
                return stack.enter_context(Session(implementation, self.limits)), clauses
        except (ImplementationError, MissingInterpreter, NotProvisioned, NothingFailed) as error:
            self.not_run.append(NotRun(one.name, str(error)))
            return None

    def _run(self, one: Asked, session: Session, clauses: Sequence[Clause]) -> None:
        results: list[Result] = []
        started = time.perf_counter()
        try:
            # Closed at once, since workers of its own run on as long as it is open.
            with closing(session.run_all(clauses, jobs=self.jobs)) as coming:
                final = _until(self.enough, map(self._final, coming))
                shown = follow(final, one.name, len(clauses), self.console, quiet=self.quiet)
                for result in shown:
                    results.append(result)
        except ImplementationError as error:
            self.not_run.append(NotRun(one.name, f"not to its end: {error}"))
        finally:
            order = {clause.id: place for place, clause in enumerate(clauses)}
            files = session.greeting.files
            about = notes(files, one.folders, session.releases, session.unclaimed)
            faults = sum(result.verdict.is_fault for result in results)
            run = Run(
                implementation=session.implementation,
                python=session.greeting.python,
                releases=session.releases,
                files=files,
                notes=[*about, *self._kept(session.implementation, clauses, results)],
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

    def _final(self, result: Result) -> Result:
        """Return *result* after what its implementer knows of, and what nobody is bound to."""
        listed = apply_deviations(result, self.deviations)
        return listed if self.strict else tolerated(listed)

    def again(self, wanted: Sequence[Asked], shared: Sequence[object]) -> Callable[[Result], str]:
        """Return what makes of a fault the command that repeats it.

        :param shared: What that command must say for every implementation.
        """
        words = {one.name: one.words for one in wanted}
        limits = [] if self.limits.timeout == Limits.timeout else ["--timeout", self.limits.timeout]
        if self.limits.memory != Limits.memory:
            limits += ["--memory", self.limits.memory]
        if self.strict:
            limits.append("--strict")

        def again(result: Result) -> str:
            own = words[result.implementation]
            chosen = ["--clause", result.clause.id]
            return quoted(["signalbook", "verify", *own, *shared, *limits, *chosen])

        return again

    @property
    def status(self) -> int:
        """The exit status that tells what came of it."""
        if self.not_run:
            return 2
        return int(any(result.verdict.is_fault for run in self.runs for result in run.results))


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
