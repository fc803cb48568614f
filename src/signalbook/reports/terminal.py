"""Results on a terminal, and as plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from textwrap import indent

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from signalbook.clauses import Level
from signalbook.reports.model import NotRun, Run
from signalbook.reports.text import fault
from signalbook.verdicts import Disagreement, Result, Verdict, count, disagreements

__all__ = ["follow", "print_summary"]

_STYLES = {
    Verdict.PASSED: "green",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.KNOWN_DEVIATION: "yellow",
}


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
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[clause]}", style="dim"),
        console=console,
        transient=True,
    )
    with bar:
        task = bar.add_task(name, total=total, clause="")
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
    if runs:
        console.print(_counts(runs))
    for run in runs:
        _print(console, _timing(run), "dim")
    results = [result for run in runs for result in run.results]
    for result in results:
        if result.verdict.is_fault:
            _print_fault(console, result, again(result))
    for one in not_run:
        _print(console, f"\nNOT RUN {one.name}\n  {one.reason}", "bold red")
    if len(runs) > 1:
        _print_agreement(console, results, [run.implementation.name for run in runs])


def _print(console: Console, text: str, style: str = "") -> None:
    console.print(escape(text), style=style, highlight=False, soft_wrap=True)


def _counts(runs: Sequence[Run]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("implementation")
    table.add_column("level")
    found = {result.verdict for run in runs for result in run.results}
    shown = [v for v in Verdict if v in found or v in {Verdict.PASSED, Verdict.FAILED}]
    for verdict in shown:
        table.add_column(verdict, justify="right")
    for run in runs:
        counted = count(run.results)
        name = run.implementation.name
        for level in (level for level in Level if counted[level]):
            table.add_row(name, level, *(_number(counted[level][v], v) for v in shown))
            name = ""
    return table


def _number(number: int, verdict: Verdict) -> str:
    style = _STYLES.get(verdict, "red") if number else "dim"
    return f"[{style}]{number}[/]"


def _timing(run: Run) -> str:
    own = run.implementation
    standing = " with ".join(name for name in (own.flask, own.blinker) if name)
    releases = ", ".join(f"{subject} {version}" for subject, version in run.releases.items())
    examples = sum(result.example_seconds for result in run.results)
    return (
        f"{own.name}: {standing}, as {releases}, on CPython {run.python};"
        f" {run.seconds:.1f} s ({examples:.1f} s in the examples, summed over the workers)"
    )


def _print_fault(console: Console, result: Result, again: str) -> None:
    clause = result.clause
    verdict = str(result.verdict).upper()
    console.print()
    heading = f"{verdict} {clause.id} ({clause.level}) on {result.implementation}"
    _print(console, heading, "bold red")
    _print(console, indent(fault(result), "  "))
    _print(console, f"  again: {again}")


def _print_agreement(console: Console, results: Sequence[Result], names: Sequence[str]) -> None:
    differing = disagreements(results)
    console.print()
    everybody = " and ".join(names)
    if not differing:
        _print(console, f"{everybody} agree on every clause that applies to them.", "green")
    for disagreement in differing:
        _print(console, _disagreement(disagreement), "bold")


def _disagreement(disagreement: Disagreement) -> str:
    verdicts = ", ".join(f"{r.implementation} {r.verdict}" for r in disagreement.results)
    return f"They disagree on {disagreement.clause.id}: {verdicts}"
