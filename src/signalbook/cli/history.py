"""The commands `history` and `diff`."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from signalbook.clauses import Clause, Specification
from signalbook.cli import options
from signalbook.history import (
    LINES,
    Change,
    Line,
    Member,
    Outcome,
    Unmeasured,
    changes,
    differences,
    measure,
    merge,
    problems,
    read_history,
    write_history,
)
from signalbook.pages import read_specification

__all__ = ["diff_command", "history_command"]


@click.command("history")
@click.option("--clause", "patterns", metavar="GLOB", multiple=True, help="Only these clauses.")
@click.option("--stale", is_flag=True, help="Only those that are not measured as they are now.")
@click.option("--line", "lines", type=click.Choice(list(LINES)), multiple=True, help="Only these.")
@click.option("--release", "versions", metavar="VERSION", multiple=True, help="Only these.")
@click.option("--check", is_flag=True, help="Measure nothing; check what was measured.")
@click.option("--jobs", type=click.IntRange(min=1), help="Releases at a time.")
def history_command(
    patterns: tuple[str, ...],
    stale: bool,
    lines: tuple[str, ...],
    versions: tuple[str, ...],
    check: bool,
    jobs: int | None,
) -> None:
    """Run clauses on every release, in range or not, and keep the verdicts in history.json.

    With --line or --release only part is run, and nothing is written.

    The exit status is 0 if every clause holds exactly where it says, 1 if one doesn't, and 2 if a
    release could not be run; then nothing is written either.
    """
    specification = read_specification()
    console = Console()
    if check:
        _report([str(problem) for problem in problems(specification, read_history())], console)
    clauses = specification.select(patterns=patterns)
    known = read_history()
    if stale:
        clauses = tuple(clause for clause in clauses if not known.is_current(clause))
    members = _members(lines, versions)
    outcomes = list(_follow(clauses, members, jobs, console))
    done = [outcome for outcome in outcomes if isinstance(outcome, Outcome)]
    found = sorted(text for outcome in done for text in differences(clauses, outcome))
    missing = [outcome for outcome in outcomes if isinstance(outcome, Unmeasured)]
    for outcome in missing:
        version = f"{outcome.line.title} {outcome.member.version}"
        console.print(f"[red]NOT RUN[/] {escape(version)}: {escape(outcome.reason)}")
    if missing:
        console.print("Nothing was written: history.json needs every release.")
    elif not (lines or versions):
        date = datetime.date.today().isoformat()
        history = merge(known, clauses, done, date=date)
        write_history(history, [clause.id for clause in specification.clauses])
    console.print(f"{len(clauses)} clauses on {len(done)} releases.")
    _report(found, console, status=2 if missing else 0)


def _members(lines: Sequence[str], versions: Sequence[str]) -> list[tuple[Line, Member]]:
    chosen = [LINES[name] for name in lines or LINES]
    found = [(line, member) for line in chosen for member in line.members()]
    for version in versions:
        if version not in {member.version for _, member in found}:
            raise click.BadParameter(f"there is no release {version!r} in {', '.join(LINES)}")
    return [one for one in found if not versions or one[1].version in versions]


def _follow(
    clauses: Sequence[Clause],
    members: Sequence[tuple[Line, Member]],
    jobs: int | None,
    console: Console,
) -> Iterator[Outcome | Unmeasured]:
    bar = Progress(
        TextColumn("Releases"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[last]}", style="dim"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task("", total=len(members), last="")
        for outcome in measure(clauses, members, jobs=jobs):
            last = f"{outcome.line.title} {outcome.member.version}"
            bar.update(task, advance=1, last=last)
            yield outcome


def _report(found: Sequence[str], console: Console, status: int = 0) -> None:
    for text in found:
        console.print(f"[red]{escape(text)}[/]", soft_wrap=True, highlight=False)
    if found:
        console.print(f"{len(found)} differences between what is declared and what is measured.")
    else:
        console.print("Every clause holds exactly where it says.")
    sys.exit(status or int(bool(found)))


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
            _print(change, console)
    console.print(f"\n{len(found)} clauses change from Flask {older} to Flask {newer}.")


def _print(change: Change, console: Console) -> None:
    word, style = ("now", "green") if change.holds_now else ("no longer", "red")
    clause = change.clause
    console.print(f"  [{style}]{word}[/] {clause.id}", soft_wrap=True)
    console.print(f"    {escape(clause.rule)}", soft_wrap=True)
