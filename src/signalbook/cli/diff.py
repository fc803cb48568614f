"""The command `diff`."""

from __future__ import annotations

from itertools import groupby

import click
from rich.console import Console
from rich.markup import escape

from signalbook.clauses import Specification
from signalbook.cli import options
from signalbook.history import Change, changes, read_history

__all__ = ["diff_command"]


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
