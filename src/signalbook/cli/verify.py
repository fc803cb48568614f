"""The command `verify`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click

from signalbook.clauses import Specification
from signalbook.cli import options
from signalbook.cli.asked import asked
from signalbook.cli.report_files import ReportFiles, report_files
from signalbook.cli.stopping import Stopped
from signalbook.cli.verification import Verification
from signalbook.history import read_features
from signalbook.reports import Report, Summary, grouped, output_console
from signalbook.runner import Limits
from signalbook.settings import Settings, add_deviations, find_settings, read_settings
from signalbook.verdicts import EXCUSABLE
from signalbook.words import numbered

__all__ = ["NothingRun", "verify_command"]


class NothingRun(LookupError):
    """No clause was chosen, so that nothing can be said."""


@click.command("verify")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@options.implementation
@options.chapter
@options.profile
@click.option("--clause", "patterns", metavar="GLOB", multiple=True, help="Only these clauses.")
@click.option("--timeout", type=float, help=f"Seconds a clause; {Limits.timeout:g} by default.")
@click.option("--memory", type=int, help=f"MiB a clause; {Limits.memory} by default.")
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
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Settings, in place of the nearest signalbook.toml.",
)
@click.option("--write-deviations", is_flag=True, help="Add what fails now to the settings.")
@options.specification
@click.pass_context
def verify_command(
    context: click.Context,
    /,
    names: tuple[str, ...],
    chapter: str | None,
    profile: str | None,
    patterns: tuple[str, ...],
    timeout: float | None,
    memory: int | None,
    strict: bool,
    fail_fast: bool,
    max_failures: int | None,
    failed: bool,
    everything: bool,
    quiet: bool,
    jobs: int | None,
    reports: ReportFiles,
    config: Path | None,
    write_deviations: bool,
    specification: Specification,
    **described: Any,
) -> None:
    """Run clauses on implementations, side by side, and print the verdicts.

    NAME is 'reference', 'flask' (the one installed here) or 'flask==VERSION' (installed from
    known pins). Your own is named by modules: --flask MODULE, --blinker MODULE, or both; or it
    is described in a signalbook.toml. Without any of these, it is the reference.

    The exit status is 0 if everything that applies passed, 1 if something didn't, and 2 if
    something could not be run.
    """
    if everything and quiet:
        raise click.UsageError("--all and --quiet contradict each other; give one of them")
    file = config or find_settings()
    settings = read_settings(file, specification) if file else Settings(file=Path())
    wanted = asked(names, described, settings)
    if write_deviations and not file:
        raise click.UsageError(
            "there are no settings to add deviations to; write them with 'signalbook init'"
        )
    if write_deviations and [one.words for one in wanted] != [[]]:
        raise click.UsageError(
            "--write-deviations is about what the settings describe; leave out what names others"
        )
    clauses = specification.select(chapter=chapter, patterns=patterns, profile=profile)
    if not clauses:
        raise NothingRun(
            "nothing was run: no clause is in everything that was chosen;"
            " leave out --chapter, --clause or --profile, or look at 'signalbook list'"
        )
    features = read_features()
    console = output_console()
    verification = Verification(
        specification=specification,
        clauses=clauses,
        needs=features.of,
        deviations=settings.deviations,
        limits=settings.limits(timeout, memory),
        jobs=jobs,
        console=console,
        strict=strict or settings.strict,
        enough=1 if fail_fast else max_failures,
        only_failed=failed,
        quiet=quiet,
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
    given = {
        "--timeout": timeout,
        "--memory": memory,
        "--config": config,
        "--spec": context.meta[options.SPECIFICATION],
    }
    shared = [word for pair in given.items() if pair[1] is not None for word in pair]
    summary = Summary(
        console=console,
        again=verification.again(wanted, [*shared, *(["--strict"] if strict else [])]),
        whole=Counter(check.chapter for check in specification.checks),
        everything=everything,
        quiet=quiet,
    )
    summary.print(report)
    if file and write_deviations and not stopped:
        _add_deviations(file, report)
    if problem:
        click.echo(f"Error: {problem}", err=True)
    if stopped:
        raise stopped
    sys.exit(2 if problem else verification.status)


def _add_deviations(file: Path, report: Report) -> None:
    """Add what failed on the implementation that *file* describes."""
    own = [run for run in report.runs if run.is_own]
    groups = [group for run in own for group in grouped(run.results, report.features)]
    excusable = [
        (group.cause, found)
        for group in groups
        if (found := [result for result in group.results if result.verdict in EXCUSABLE])
    ]
    number = add_deviations(file, excusable)
    click.echo(
        f"{file} has {numbered(number, 'new deviation')}; write a reason for each,"
        " since nothing is run as long as one is empty"
        if number
        else f"nothing is added to {file}: nothing failed that can be listed, or nothing was run"
    )
