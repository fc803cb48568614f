"""The command `diff`."""

from __future__ import annotations

import click
from rich.console import Console
from rich.markup import escape

from signalbook.clauses import Specification
from signalbook.cli import options
from signalbook.history import Line, Tag, compare, read_history, release_in_words, tell

__all__ = ["diff_command"]

_STYLES = {Tag.REMOVED: "red", Tag.CHANGED: "yellow", Tag.ADDED: "green"}


@click.command("diff")
@options.specification
@click.argument("older")
@click.argument("newer")
def diff_command(specification: Specification, older: str, newer: str) -> None:
    """Show what changes from Flask OLDER to Flask NEWER, as measured.

    NEWER can be `next`, which is Flask's main branch.
    """
    console = Console(highlight=False)
    history = read_history()
    comparison = compare(specification, history, older, newer)
    told = tell(specification, comparison)
    titled = [(page.title, lines) for page, lines in told.sections]
    for title, lines in (*titled, *told.lists):
        console.print(f"\n[bold]{escape(title)}[/]", soft_wrap=True)
        for line in lines:
            _print_line(line, console)
    names = [release_in_words(history, version) for version in (older, newer)]
    console.print(f"\n{told.count} changes from {names[0]} to {names[1]}.", soft_wrap=True)
    if comparison.unknown:
        left = len(comparison.unknown)
        console.print(f"Left out, since not measured on both as they are: {left} cases.")


def _print_line(line: Line, console: Console) -> None:
    tag = f"[{_STYLES.get(line.tag, 'default')}]{line.tag}[/]"
    when = f" in {line.when}" if line.when else ""
    console.print(f"  {tag}{when}, {line.level}: {escape(line.text)}", soft_wrap=True)
    proofs = [
        f"{part.entry.id} ({part.cases})" if part.cases else part.entry.id for part in line.parts
    ]
    console.print(f"    {escape('; '.join(proofs))}", soft_wrap=True)
