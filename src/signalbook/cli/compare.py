"""The command `compare`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from signalbook.harmless import harmless
from signalbook.reports import Change, ChangedClause, Recorded, ResultsError, changes, read_results

__all__ = ["compare_command"]

_STYLES = {Change.WORSE: "red", Change.BETTER: "green", Change.NEW: "cyan", Change.GONE: "yellow"}


@click.command("compare")
@click.argument("old", type=click.Path(path_type=Path), metavar="OLD.json")
@click.argument("new", type=click.Path(path_type=Path), metavar="NEW.json")
@click.option(
    "--run",
    "names",
    metavar="NAME",
    multiple=True,
    help="Only this implementation; twice, the first is of OLD and the second of NEW.",
)
def compare_command(old: Path, new: Path, names: tuple[str, ...]) -> None:
    """Show what changed between two results of 'verify --json', in clauses.

    Runs of the same name are compared, or the only run of each file.

    The exit status is 1 if a clause got worse, 0 if none did, and 2 if a file can't be used.
    """
    console = Console(highlight=False)
    runs = []
    for file in (old, new):
        complete, found = read_results(file)
        runs.append(found)
        if not complete:
            click.echo(
                f"NOTE {harmless(str(file))} is of a run that was stopped;"
                " what it didn't come to is new or gone here",
                err=True,
            )
    pairs = _pairs(old, new, runs[0], runs[1], names)
    worse = False
    for number, (before, after) in enumerate(pairs):
        if number:
            console.print()
        worse |= _print_comparison(before, after, console)
    sys.exit(int(worse))


def _pairs(
    old: Path,
    new: Path,
    before: Mapping[str, Recorded],
    after: Mapping[str, Recorded],
    names: Sequence[str],
) -> list[tuple[Recorded, Recorded]]:
    """Return the runs that are compared with each other."""
    if len(names) > 2:
        raise click.UsageError("--run is given more than twice, and there are two files")
    if names:
        return [(_named(old, before, names[0]), _named(new, after, names[-1]))]
    if len(before) == len(after) == 1:
        return list(zip(before.values(), after.values(), strict=True))
    shared = [name for name in before if name in after]
    if not shared:
        raise ResultsError(
            f"no run of {old} ({', '.join(before)}) has the name of one of {new}"
            f" ({', '.join(after)}); choose two with --run NAME --run NAME"
        )
    for file, runs in ((old, before), (new, after)):
        for name in runs.keys() - set(shared):
            click.echo(harmless(f"NOTE {name} is in {file} only, and is left out"), err=True)
    return [(before[name], after[name]) for name in shared]


def _named(file: Path, runs: Mapping[str, Recorded], name: str) -> Recorded:
    if name not in runs:
        raise ResultsError(f"{file} has no run {name!r}; it has {', '.join(runs)}")
    return runs[name]


def _print_comparison(old: Recorded, new: Recorded, console: Console) -> bool:
    """Print what changed, and tell whether something got worse."""
    found = changes(old, new)
    for change, clauses in groupby(found, lambda each: each.change):
        _print(console, f"{change.capitalize()}\n", f"bold {_STYLES[change]}")
        for clause in clauses:
            _print_clause(clause, console)
        console.print()
    _print(console, f"From {old.name} ({old.subject})\n  to {new.name} ({new.subject})", "dim")
    numbers = [
        f"{len({each.id for each in found if each.change is change})} {change}" for change in Change
    ]
    same = len({each.whole_id for each in new.checks.values()} - {each.id for each in found})
    _print(console, f"Clauses: {', '.join(numbers)}, {same} as before.", "bold")
    return any(each.change is Change.WORSE for each in found)


def _print_clause(clause: ChangedClause, console: Console) -> None:
    rows = f" ({', '.join(clause.rows)})" if clause.rows else ""
    verdicts = [f"{clause.old} before"] if clause.old else []
    verdicts += [f"{clause.new} now"] if clause.new else []
    _print(console, f"  {clause.id}{rows}: {clause.level}, {', '.join(verdicts)}")
    _print(console, f"    {clause.rule}")
    if clause.reason:
        _print(console, f"    now: {clause.reason}")


def _print(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style), soft_wrap=True)
