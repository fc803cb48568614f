"""The commands `history` and `diff`."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing, nullcontext
from itertools import groupby

import click
from packaging.version import Version
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from signalbook.clauses import Clause, Specification
from signalbook.cli import options
from signalbook.history import (
    SERIES,
    Change,
    Environment,
    Outcome,
    Series,
    Unmeasured,
    changes,
    differences,
    environments_about,
    is_measured,
    measure,
    measurements,
    problems,
    read_history,
    shortened,
    update_history,
)
from signalbook.pages import read_specification

__all__ = ["diff_command", "history_command"]


@click.command("history")
@click.option("--clause", "patterns", metavar="GLOB", multiple=True, help="Only these clauses.")
@click.option("--stale", is_flag=True, help="Only those that are not measured as they are now.")
@click.option("--series", type=click.Choice(list(SERIES)), multiple=True, help="Only these.")
@click.option("--release", "versions", metavar="VERSION", multiple=True, help="Only these.")
@click.option("--check", is_flag=True, help="Measure nothing; check what was measured.")
@click.option("--jobs", type=click.IntRange(min=1), help="Releases at a time.")
def history_command(
    patterns: tuple[str, ...],
    stale: bool,
    series: tuple[str, ...],
    versions: tuple[str, ...],
    check: bool,
    jobs: int | None,
) -> None:
    """Run clauses on every release, in range or not, and keep the verdicts in history.json.

    A clause is kept if it ran on every release that it is about. With --series or --release only
    part is run, and nothing is kept.

    The exit status is 0 if every clause holds exactly where it says, 1 if one doesn't, and 2 if
    none was seen that doesn't, but a release could not be run.
    """
    if check and (patterns or stale or series or versions or jobs):
        raise click.UsageError("--check looks at the whole history; give it alone")
    specification = read_specification()
    console = Console()
    known = read_history()
    if check:
        _report([str(problem) for problem in problems(specification, known)], console)
    clauses = specification.select(patterns=patterns)
    if stale:
        clauses = tuple(clause for clause in clauses if not is_measured(clause, known))
    environments = _environments(clauses, series, versions)
    ids = [clause.id for clause in specification.clauses]
    is_whole = not (series or versions)
    if is_whole:
        # Measuring takes long; whether it can be written shows now.
        update_history({}, ids, gone=known.clauses.keys() - ids)
    outcomes = _follow(clauses, environments, jobs, console)
    missing = [outcome for outcome in outcomes if isinstance(outcome, Unmeasured)]
    _tell(missing, console)
    if is_whole:
        _keep(clauses, outcomes, ids, console)
    console.print(f"{len(clauses)} clauses on {len(outcomes) - len(missing)} releases.")
    _report(_differences(clauses, outcomes), console, is_complete=not missing)


def _environments(
    clauses: Sequence[Clause], names: Sequence[str], versions: Sequence[str]
) -> list[tuple[Series, Environment]]:
    for version in versions:
        if not any(version in SERIES[name].descriptions for name in names or SERIES):
            raise click.BadParameter(
                f"there is no release {version!r} in {', '.join(names or SERIES)}"
            )
    found = [
        (series, environment)
        for series, environment in environments_about(clauses)
        if (not names or series.name in names) and (not versions or environment.version in versions)
    ]
    if clauses and not found:
        raise click.UsageError("none of these clauses is about any of these releases")
    return found


def _follow(
    clauses: Sequence[Clause],
    environments: Sequence[tuple[Series, Environment]],
    jobs: int | None,
    console: Console,
) -> list[Outcome | Unmeasured]:
    """Measure; if that is stopped, say what was found so far."""
    bar = Progress(
        TextColumn("Releases"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[last]}", style="dim"),
        console=console,
        transient=True,
    )
    # Even one that is switched off would print an empty line, with rich before 15.
    shown = bar if console.is_terminal else nullcontext()
    outcomes = []
    try:
        with shown, closing(measure(clauses, environments, jobs=jobs)) as measured:
            task = bar.add_task("", total=len(environments), last="")
            for outcome in measured:
                last = f"{outcome.series.title} {outcome.environment.version}"
                bar.update(task, advance=1, last=last)
                outcomes.append(outcome)
    except BaseException:
        text = f"Stopped after {len(outcomes)} of {len(environments)} releases; nothing was kept."
        console.print(text, highlight=False)
        _print(_differences(clauses, outcomes), console)
        raise
    return outcomes


def _keep(
    clauses: Sequence[Clause],
    outcomes: Sequence[Outcome | Unmeasured],
    ids: Sequence[str],
    console: Console,
) -> None:
    done = [outcome for outcome in outcomes if isinstance(outcome, Outcome)]
    measured = measurements(clauses, done, date=datetime.date.today().isoformat())
    update_history(measured, ids)
    if left := [clause.id for clause in clauses if clause.id not in measured]:
        text = f"Not measured, since not on every release: {shortened(left)}."
        console.print(escape(text), soft_wrap=True, highlight=False)


def _differences(clauses: Sequence[Clause], outcomes: Iterable[Outcome | Unmeasured]) -> list[str]:
    return sorted(
        text
        for outcome in outcomes
        if isinstance(outcome, Outcome)
        for text in differences(clauses, outcome)
    )


def _tell(missing: Iterable[Unmeasured], console: Console) -> None:
    """Name the releases that were not run, those with the same reason together."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in sorted(missing, key=lambda one: Version(one.environment.version)):
        found.setdefault((one.series.title, one.reason), []).append(one.environment.version)
    for (title, reason), versions in found.items():
        text = escape(f"{title} {', '.join(versions)}: {reason}")
        console.print(f"[red]NOT RUN[/] {text}", soft_wrap=True, highlight=False)


def _report(found: Sequence[str], console: Console, is_complete: bool = True) -> None:
    _print(found, console)
    if found:
        console.print(f"{len(found)} differences between what is declared and what is measured.")
    elif is_complete:
        console.print("Every clause holds exactly where it says.")
    sys.exit(1 if found else 0 if is_complete else 2)


def _print(found: Sequence[str], console: Console) -> None:
    for text in found:
        console.print(f"[red]{escape(text)}[/]", soft_wrap=True, highlight=False)


@click.command("diff")
@options.specification
@click.argument("older")
@click.argument("newer")
def diff_command(specification: Specification, older: str, newer: str) -> None:
    """Show what changes from Flask OLDER to Flask NEWER, in clauses, as measured."""
    console = Console(highlight=False)
    found = changes(specification, read_history(), older, newer)
    for release, group in groupby(found, key=lambda change: change.release):
        console.print(f"\n[bold]Flask {release}[/]")
        for change in group:
            _print_change(change, console)
    console.print(f"\n{len(found)} clauses change from Flask {older} to Flask {newer}.")


def _print_change(change: Change, console: Console) -> None:
    word, style = ("now", "green") if change.holds_now else ("no longer", "red")
    clause = change.clause
    console.print(f"  [{style}]{word}[/] {clause.id}", soft_wrap=True)
    console.print(f"    {escape(clause.rule)}", soft_wrap=True)
