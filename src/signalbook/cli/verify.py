"""The command `verify`."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
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
from signalbook.cli.report_files import ReportFiles, report_files
from signalbook.cli.stopping import Stopped
from signalbook.harmless import harmless
from signalbook.history import read_features
from signalbook.implementations import MissingInterpreter, NotProvisioned
from signalbook.reports import NotRun, Report, Run, follow, notes, output_console, print_summary
from signalbook.runner import ImplementationError, Limits, Session
from signalbook.verdicts import Deviation, Result, apply_deviations, read_deviations, tolerated

__all__ = ["NothingRun", "verify_command"]


class NothingRun(LookupError):
    """No clause was chosen, so that nothing can be said."""


@click.command("verify")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@options.implementation
@options.chapter
@click.option("--clause", "patterns", metavar="GLOB", multiple=True, help="Only these clauses.")
@click.option("--timeout", default=Limits.timeout, show_default=True, help="Seconds a clause.")
@click.option("--memory", default=Limits.memory, show_default=True, help="MiB a clause.")
@click.option("--strict", is_flag=True, help="Fail on what differs from a MAY, too.")
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
    patterns: tuple[str, ...],
    timeout: float,
    memory: int,
    strict: bool,
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
    limits = Limits(timeout, memory)
    wanted = asked(names, described)
    clauses = specification.select(chapter=chapter, patterns=patterns)
    if not clauses:
        raise NothingRun(
            "nothing was run: no clause is in everything that was chosen;"
            " leave out --chapter or --clause, or look at 'signalbook list'"
        )
    listed = read_deviations(deviations, specification) if deviations else {}
    features = read_features()
    console = output_console()
    verification = _Verification(clauses, listed, limits, jobs, console, strict)
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
    verification.print(wanted, [word for pair in shared.items() if pair[1] for word in pair])
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
    runs: list[Run] = field(default_factory=list)
    not_run: list[NotRun] = field(default_factory=list)

    def run(self, wanted: Sequence[Asked]) -> Stopped | None:
        """Load every implementation before any is run, so that a wrong name costs no time.

        :returns: What stopped it, if something did.
        """
        try:
            with ExitStack() as stack:
                opened = [(one, self._open(one, stack)) for one in wanted]
                for one, session in opened:
                    if session:
                        self._run(one, session)
        except Stopped as stopped:
            return stopped.again()
        return None

    def _open(self, one: Asked, stack: ExitStack) -> Session | None:
        try:
            with self.console.status(Text(harmless(f"Preparing {one.name}"))):
                implementation = replace(one.make(), name=one.name)
                return stack.enter_context(Session(implementation, self.limits))
        except (ImplementationError, MissingInterpreter, NotProvisioned) as error:
            self.not_run.append(NotRun(one.name, str(error)))
            return None

    def _run(self, one: Asked, session: Session) -> None:
        results: list[Result] = []
        started = time.perf_counter()
        try:
            # Closed at once, since workers of its own run on as long as it is open.
            with closing(session.run_all(self.clauses, jobs=self.jobs)) as coming:
                final = map(self._final, coming)
                for result in follow(final, one.name, len(self.clauses), self.console):
                    results.append(result)
        except ImplementationError as error:
            self.not_run.append(NotRun(one.name, f"not to its end: {error}"))
        finally:
            order = {clause.id: place for place, clause in enumerate(self.clauses)}
            files = session.greeting.files
            run = Run(
                implementation=session.implementation,
                python=session.greeting.python,
                releases=session.releases,
                files=files,
                notes=list(notes(files, one.folders, session.releases, session.unclaimed)),
                seconds=time.perf_counter() - started,
                total=len(self.clauses),
                results=sorted(results, key=lambda result: order[result.clause.id]),
            )
            self.runs.append(run)
            if run.is_complete and run.is_empty:
                self.not_run.append(NotRun(one.name, _why_empty(run)))

    def _final(self, result: Result) -> Result:
        """Return *result* after what its implementer knows of, and what nobody is bound to."""
        listed = apply_deviations(result, self.deviations)
        return listed if self.strict else tolerated(listed)

    def print(self, wanted: Sequence[Asked], shared: Sequence[object]) -> None:
        """Print the summary.

        :param shared: What a command that repeats a fault must say for every implementation.
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

        print_summary(self.runs, self.not_run, self.console, again)

    @property
    def status(self) -> int:
        """The exit status that tells what came of it."""
        if self.not_run:
            return 2
        return int(any(result.verdict.is_fault for run in self.runs for result in run.results))


def _why_empty(run: Run) -> str:
    reasons = list(dict.fromkeys(result.reason for result in run.results))
    more = f", and {len(reasons) - 1} other reasons" if len(reasons) > 1 else ""
    return f"nothing was run: no chosen clause applies to it; {reasons[0]}{more}"
