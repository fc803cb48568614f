"""What is said at the end of a run: faults by cause, counts, and the verdict in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent

from rich.console import Console
from rich.table import Table
from rich.text import Text

from signalbook.reports.causes import Group, grouped
from signalbook.reports.conformance import conformance, not_claimed
from signalbook.reports.content import Report
from signalbook.reports.faults import fault
from signalbook.reports.runs import Run
from signalbook.reports.terminal import print_text
from signalbook.verdicts import Disagreement, Result, Verdict, compared, disagreements
from signalbook.words import numbered

__all__ = ["Summary"]

_STYLES = {
    Verdict.PASSED: "green",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.NOT_CLAIMED: "dim",
    Verdict.DIFFERS: "yellow",
    Verdict.KNOWN_DEVIATION: "yellow",
}
_IN_FULL = 10  # causes
_LINES = 20  # of the same kind, before the others are counted
_WIDE = 10_000  # columns, so that a table's own width can be measured


@dataclass(frozen=True, kw_only=True)
class Summary:
    """How runs are told.

    :param again: Returns the command that repeats a result's clause on its implementation.
    :param whole: How many clauses each chapter has.
    :param everything: Whether every fault is shown in full, and not one of each cause.
    :param quiet: Whether counts and verdict are enough.
    """

    console: Console
    again: Callable[[Result], str]
    whole: Mapping[str, int]
    everything: bool = False
    quiet: bool = False

    def print(self, report: Report) -> None:
        """Print what came of it; the counts and the verdict in words are last."""
        runs = report.runs
        if not self.quiet:
            for run in runs:
                self._print_run(run, grouped(run.results, report.features))
            if len(runs) > 1:
                self._print_agreement(runs)
        self._print_counts(report)
        for one in report.not_run:
            self._print(f"\nNOT RUN {one.name}\n  {one.reason}", "bold red")
        for run in runs:
            if not run.is_complete:
                self._print(f"\nSTOPPED {_progress(run)}", "bold red")
            if claims := not_claimed(run):
                self._print(f"\n{claims}")
            for sentence in run.stale:
                self._print(f"\nSTALE on {run.implementation.name}: {sentence}", "bold red")
        self._print_verdicts(runs)

    def _print(self, text: str, style: str = "") -> None:
        print_text(self.console, text, style)

    def _print_run(self, run: Run, groups: Sequence[Group]) -> None:
        self._print(_subject(run), "dim")
        for note in run.notes:
            self._print(f"NOTE {note}", "yellow")
        in_full = len(groups) if self.everything else _IN_FULL
        for group in groups[:in_full]:
            self._print_group(run, group)
        if groups[in_full:]:
            self._print("")
            self._print_list(map(_heading, groups[in_full:]))
        if groups:
            self._print("")

    def _print_group(self, run: Run, group: Group) -> None:
        alone = len(group.results) == 1
        if not alone:
            self._print(f"\n{_heading(group)}", "bold red")
        for result in group.results if self.everything else group.results[:1]:
            if alone or result is not group.results[0]:
                self._print("")
            clause = result.clause
            verdict = str(result.verdict).upper()
            self._print(
                f"{verdict} {clause.id} ({clause.level}) on {result.implementation}", "bold red"
            )
            self._print(indent(fault(result, run.files, short=not self.everything), "  "))
            if alone and group.features:
                self._print(f"  {_needed(group)}")
            self._print(f"  again: {self.again(result)}")

    def _print_agreement(self, runs: Sequence[Run]) -> None:
        results = [result for run in runs for result in run.results]
        differing = disagreements(results)
        names = compared(results)
        if not names:
            self._print("No clause applies to more than one of them.\n", "yellow")
        elif not differing and all(run.is_complete for run in runs):
            everybody = " and ".join(names)
            self._print(f"{everybody} agree on every clause that applies to them.\n", "green")
        elif differing:
            self._print_list(map(_disagreement, differing))
            self._print("")

    def _print_list(self, lines: Iterable[str]) -> None:
        """Print *lines*, but not more than twenty unless everything is asked for."""
        lines = list(lines)
        shown = len(lines) if self.everything else _LINES
        for line in lines[:shown]:
            self._print(line, "bold")
        if len(lines) > shown:
            self._print(f"... and {len(lines) - shown:,} more, which --all shows", "bold")

    def _print_counts(self, report: Report) -> None:
        shown, rows = report.verdicts, list(report.counts)
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
        wide = self.console.options.update(width=_WIDE)
        width = self.console.measure(table, options=wide).maximum
        if rows and width <= self.console.width:
            self.console.print(table)
            return
        for name, level, numbers in rows:  # A narrow terminal would cut a table.
            words = ", ".join(f"{numbers[verdict]} {verdict}" for verdict in shown)
            self._print(f"{name} {level}: {words}")

    def _print_verdicts(self, runs: Sequence[Run]) -> None:
        said = [(run, words) for run in runs if (words := conformance(run, self.whole))]
        if said:
            self._print("")
        for run, words in said:
            self._print(words, "bold red" if run.is_fault else "bold green")


def _heading(group: Group) -> str:
    number, first = numbered(len(group.results), "clause"), group.results[0].clause.id
    heading = f"{number}: `{group.cause}`, first in `{first}`"
    return f"{heading}; {_needed(group)}" if group.features else heading


def _needed(group: Group) -> str:
    """Say which features the clauses of *group* need."""
    number = len(group.results)
    them = f"{number - group.unknown} of them need" if group.unknown else "all of them need"
    features = [
        f"`{name}` (so {'does' if passed == 1 else 'do'} {passed} that passed)"
        if passed
        else f"`{name}`"
        for name, passed in group.features.items()
    ]
    return f"{them if number > 1 else 'it needs'} {' and '.join(features)}"


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


def _progress(run: Run) -> str:
    name, done = run.implementation.name, len(run.results)
    if run.enough:
        after = numbered(run.enough, "failure")
        return f"{name} after {after}: {done:,} of {run.total:,} clauses were run"
    return f"{name}: {done:,} of {run.total:,} clauses were run, and no more"


def _disagreement(disagreement: Disagreement) -> str:
    verdicts = ", ".join(f"{r.implementation} {r.verdict}" for r in disagreement.results)
    return f"They disagree on {disagreement.clause.id}: {verdicts}"
