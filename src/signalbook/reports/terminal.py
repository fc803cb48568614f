"""Results on a terminal, and as plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from signalbook.harmless import harmless
from signalbook.verdicts import Result

__all__ = ["follow", "output_console", "print_text"]

_LINES = 20  # for faults
_WIDE = 10_000  # columns, where there is no terminal: a table in a file is as wide as it is


def output_console() -> Console:
    """Return the console that writes to standard output, which may be no terminal."""
    return Console(width=None if sys.stdout.isatty() else _WIDE)


def follow(
    results: Iterable[Result], name: str, total: int, console: Console, *, quiet: bool = False
) -> Iterator[Result]:
    """Yield *results* as they come, and show how far they are.

    On a terminal that is a bar; there and elsewhere the first twenty faults have a line each.

    :param name: The implementation's name.
    :param total: How many results there will be.
    :param quiet: Whether faults have no lines.
    """
    if not quiet:
        results = _fault_lines(results, name, console)
    if not console.is_terminal:
        yield from results
        return
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[clause]}", style="dim"),
        console=console,
        transient=True,
    )
    with bar:
        task = bar.add_task(harmless(name), total=total, clause="")
        for result in results:
            bar.update(task, advance=1, clause=result.clause.id)
            yield result


def _fault_lines(results: Iterable[Result], name: str, console: Console) -> Iterator[Result]:
    faults = 0
    for result in results:
        faults += result.verdict.is_fault
        if result.verdict.is_fault and faults <= _LINES:
            print_text(console, f"{result.verdict} {result.clause.id} on {name}", "red")
        elif result.verdict.is_fault and faults == _LINES + 1:
            print_text(
                console, f"more than {_LINES} on {name}; the causes are told at the end", "red"
            )
        yield result


def print_text(console: Console, text: str, style: str = "") -> None:
    """Print *text* as it is: what looks like markup or an emoji's name is what somebody wrote."""
    console.print(Text(harmless(text), style), soft_wrap=True)
