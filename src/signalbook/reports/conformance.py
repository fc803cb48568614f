"""What a run shows of an implementation, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from signalbook.clauses import CHAPTERS
from signalbook.reports.runs import Run
from signalbook.verdicts import Result, Verdict, count

__all__ = ["conformance", "numbered"]


@dataclass(frozen=True)
class _Chapter:
    """What came of a chapter's rules, of those that apply.

    :param is_whole: Whether all clauses of the chapter were run.
    """

    name: str
    is_whole: bool
    rules: int
    broken: int
    known: int

    @property
    def but(self) -> str:
        known = f" ({self.known} of them known)" if self.known else ""
        return f"except for {numbered(self.broken, 'rule')}{known}"


def conformance(run: Run, whole: Mapping[str, int]) -> str:
    """Say to which chapters the implementation conforms, and except for how many rules.

    :param whole: How many clauses each chapter has. Of a chapter that was not run whole it is
        only said how many of its rules are kept.
    """
    chapters = [chapter for chapter in _chapters(run.results, whole) if chapter.rules]
    return f"{run.implementation.name} {'; '.join(_phrases(chapters))}" if chapters else ""


def _chapters(results: Iterable[Result], whole: Mapping[str, int]) -> Iterator[_Chapter]:
    for name in CHAPTERS:
        own = [result for result in results if result.clause.chapter == name]
        levels = count(own).values()
        numbers = {verdict: sum(level[verdict] for level in levels) for verdict in Verdict}
        known = numbers[Verdict.KNOWN_DEVIATION]
        # What is stale is kept, though its implementer says otherwise.
        faults = [verdict for verdict in Verdict if verdict.is_fault and verdict != Verdict.STALE]
        yield _Chapter(
            name,
            len(own) == whole[name],
            sum(numbers.values()) - numbers[Verdict.NOT_APPLICABLE],
            known + sum(numbers[verdict] for verdict in faults),
            known,
        )


def _phrases(chapters: Sequence[_Chapter]) -> Iterator[str]:
    whole = [chapter for chapter in chapters if chapter.is_whole]
    kept = [chapter.name for chapter in whole if not chapter.broken]
    to = [f"to {_listed(kept)}"] if kept else []
    # Who breaks most of the rules doesn't conform with exceptions.
    to += [f"to {c.name}, {c.but}" for c in whole if 0 < c.broken <= c.rules / 2]
    if to:
        yield f"conforms {'; '.join(to)}"
    for chapter in whole:
        if chapter.broken > chapter.rules / 2:
            of = numbered(chapter.rules, "rule")
            yield f"does not conform to {chapter.name}: it breaks {chapter.broken} of {of}"
    for chapter in chapters:
        if not chapter.is_whole:
            some = f"{chapter.rules - chapter.broken} of " if chapter.broken else ""
            were = "was" if chapter.rules == 1 else "were"
            known = f" ({chapter.known} of the others known)" if chapter.known else ""
            of = numbered(chapter.rules, "rule")
            yield f"keeps {some}the {of} of {chapter.name} that {were} run{known}"


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def numbered(number: int, noun: str) -> str:
    """Return *number* and *noun*, which is in the plural unless it is one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
