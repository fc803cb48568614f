"""What a run shows of an implementation, in a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from signalbook.clauses import CHAPTERS, FEATURES
from signalbook.reports.runs import Run
from signalbook.verdicts import Result, Verdict, count
from signalbook.words import listed, numbered

__all__ = ["conformance", "not_claimed"]


@dataclass(frozen=True)
class _Chapter:
    """What came of a chapter's rules, of those that apply.

    :param is_whole: Whether all clauses of the chapter were run.
    :param without: The features for lack of which clauses aren't claimed.
    """

    name: str
    is_whole: bool
    rules: int
    broken: int
    known: int
    without: Sequence[str]

    @property
    def but(self) -> str:
        """What narrows that it conforms, in words that follow its name."""
        lacked = f", without {listed(self.without)}" if self.without else ""
        known = f" ({self.known} of them known)" if self.known else ""
        broken = f", except for {numbered(self.broken, 'rule')}{known}" if self.broken else ""
        return lacked + broken


def conformance(run: Run, whole: Mapping[str, int]) -> str:
    """Say to which chapters the implementation conforms, and except for how many rules.

    :param whole: How many clauses each chapter has. Of a chapter that was not run whole it is
        only said how many of its rules are kept.
    """
    chapters = [chapter for chapter in _chapters(run.results, whole) if chapter.rules]
    return f"{run.implementation.name} {'; '.join(_phrases(chapters))}" if chapters else ""


def not_claimed(run: Run) -> str:
    """Say for lack of which features how many clauses are not claimed."""
    lacked = Counter(name for result in run.results for name in result.lacked)
    numbers = [
        f"{numbered(lacked[name], 'clause')} {'needs' if lacked[name] == 1 else 'need'}"
        f" {feature.words}"
        for name, feature in FEATURES.items()
        if lacked[name]
    ]
    return f"{run.implementation.name}, not claimed: {listed(numbers)}" if numbers else ""


def _chapters(results: Iterable[Result], whole: Mapping[str, int]) -> Iterator[_Chapter]:
    for name in CHAPTERS:
        own = [result for result in results if result.clause.chapter == name]
        lacked = {name for result in own for name in result.lacked}
        levels = count(own).values()
        numbers = {verdict: sum(level[verdict] for level in levels) for verdict in Verdict}
        known = numbers[Verdict.KNOWN_DEVIATION]
        # What is stale is kept, though its implementer says otherwise.
        faults = [verdict for verdict in Verdict if verdict.is_fault and verdict != Verdict.STALE]
        yield _Chapter(
            name,
            len(own) == whole[name],
            sum(number for verdict, number in numbers.items() if verdict.is_run),
            known + sum(numbers[verdict] for verdict in faults),
            known,
            [feature.words for feature in FEATURES.values() if feature.name in lacked],
        )


def _phrases(chapters: Sequence[_Chapter]) -> Iterator[str]:
    whole = [chapter for chapter in chapters if chapter.is_whole]
    conforming: dict[str, list[str]] = {}
    for chapter in sorted(whole, key=lambda chapter: bool(chapter.but)):
        # Who breaks most of the rules doesn't conform with exceptions.
        if chapter.broken <= chapter.rules / 2:
            conforming.setdefault(chapter.but, []).append(chapter.name)
    to = [f"to {listed(names)}{but}" for but, names in conforming.items()]
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
