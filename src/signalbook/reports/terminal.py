"""Results on a terminal, and as plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from textwrap import indent

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from signalbook.clauses import Level
from signalbook.harmless import harmless
from signalbook.reports.faults import fault
from signalbook.reports.runs import NotRun, Run
from signalbook.verdicts import Disagreement, Result, Verdict, compared, count, disagreements

__all__ = ["follow", "output_console", "print_summary"]

_STYLES = {
    Verdict.PASSED: "green",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.DIFFERS: "yellow",
    Verdict.KNOWN_DEVIATION: "yellow",
}
_WIDE = 10_000  # columns, where there is no terminal: a table in a file is as wide as it is


def output_console() -> Console:
    """Return the console that writes to standard output, which may be no terminal."""
    return Console(width=None if sys.stdout.isatty() else _WIDE)


def follow(results: Iterable[Result], name: str, total: int, console: Console) -> Iterator[Result]:
    """Yield *results* as they come, and show how far they are.

    On a terminal that is a bar; elsewhere it is a line for each fault.

    :param name: The implementation's name.
    :param total: How many results there will be.
    """
    if not console.is_terminal:
        yield from _fault_lines(results, name, console)
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
        for result in _fault_lines(results, name, bar.console):
            bar.update(task, advance=1, clause=result.clause.id)
            yield result


def _fault_lines(results: Iterable[Result], name: str, console: Console) -> Iterator[Result]:
    for result in results:
        if result.verdict.is_fault:
            _print(console, f"{result.verdict} {result.clause.id} on {name}", "red")
        yield result


def print_summary(
    runs: Sequence[Run],
    not_run: Sequence[NotRun],
    console: Console,
    again: Callable[[Result], str],
) -> None:
    """Print counts by verdict and level, where implementations differ, and every fault.

    :param again: Returns the command that repeats a result's clause on its implementation.
    """
    _print_counts(console, runs)
    for run in runs:
        _print(console, _subject(run), "dim")
        for note in run.notes:
            _print(console, f"NOTE {note}", "yellow")
    results = [result for run in runs for result in run.results]
    for result in results:
        if result.verdict.is_fault:
            _print_fault(console, result, again(result))
    for one in not_run:
        _print(console, f"\nNOT RUN {one.name}\n  {one.reason}", "bold red")
    for run in runs:
        if not run.is_complete:
            _print(console, f"\nSTOPPED {_progress(run)}", "bold red")
    if len(runs) > 1:
        _print_agreement(console, runs)


def _print(console: Console, text: str, style: str = "") -> None:
    # As it is: what looks like rich's markup or an emoji's name is what somebody wrote.
    console.print(Text(harmless(text), style), soft_wrap=True)


def _print_counts(console: Console, runs: Sequence[Run]) -> None:
    found = {result.verdict for run in runs for result in run.results}
    shown = [v for v in Verdict if v in found or v in {Verdict.PASSED, Verdict.FAILED}]
    rows = [
        (harmless(run.implementation.name), level, counted[level])
        for run in runs
        for counted in [count(run.results)]
        for level in Level
        if counted[level]
    ]
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("implementation")
    table.add_column("level")
    for verdict in shown:
        table.add_column(verdict, justify="right")
    last = ""
    for name, level, numbers in rows:
        first = Text("" if name == last else name)
        table.add_row(first, level, *(_number(numbers[verdict], verdict) for verdict in shown))
        last = name
    wide = console.options.update(width=_WIDE)
    if rows and console.measure(table, options=wide).maximum <= console.width:
        console.print(table)
        return
    for name, level, numbers in rows:  # A narrow terminal would cut a table.
        words = ", ".join(f"{numbers[verdict]} {verdict}" for verdict in shown)
        _print(console, f"{name} {level}: {words}")


def _number(number: int, verdict: Verdict) -> str:
    style = _STYLES.get(verdict, "red") if number else "dim"
    return f"[{style}]{number}[/]"


def _subject(run: Run) -> str:
    own = run.implementation
    standing = " with ".join(name for name in (own.flask, own.blinker) if name)
    releases = ", ".join(f"{subject} {version}" for subject, version in run.releases.items())
    examples = sum(result.example_seconds for result in run.results)
    timing = (
        f"{own.name}: {standing}, as {releases}, on CPython {run.python};"
        f" {run.seconds:.1f} s ({examples:.1f} s in the examples, summed over the workers)"
    )
    places = run.files.items() if own.path else ()
    return "\n".join([timing, *(f"  {name} is {file}" for name, file in places)])


def _print_fault(console: Console, result: Result, again: str) -> None:
    clause = result.clause
    verdict = str(result.verdict).upper()
    console.print()
    heading = f"{verdict} {clause.id} ({clause.level}) on {result.implementation}"
    _print(console, heading, "bold red")
    _print(console, indent(fault(result), "  "))
    _print(console, f"  again: {again}")


def _progress(run: Run) -> str:
    name = run.implementation.name
    return f"{name}: {len(run.results)} of {run.total} clauses were run, and no more"


def _print_agreement(console: Console, runs: Sequence[Run]) -> None:
    results = [result for run in runs for result in run.results]
    differing = disagreements(results)
    names = compared(results)
    console.print()
    if not names:
        _print(console, "No clause applies to more than one of them.", "yellow")
    elif not differing and all(run.is_complete for run in runs):
        everybody = " and ".join(names)
        _print(console, f"{everybody} agree on every clause that applies to them.", "green")
    for disagreement in differing:
        _print(console, _disagreement(disagreement), "bold")


def _disagreement(disagreement: Disagreement) -> str:
    verdicts = ", ".join(f"{r.implementation} {r.verdict}" for r in disagreement.results)
    return f"They disagree on {disagreement.clause.id}: {verdicts}"
