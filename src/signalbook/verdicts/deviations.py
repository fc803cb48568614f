"""Faults that an implementer knows of: what they do to verdicts, and when they are stale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from signalbook.verdicts.results import Result, Verdict

__all__ = ["EXCUSABLE", "Deviation", "apply_deviations", "needless", "with_stale"]

EXCUSABLE = (Verdict.FAILED, Verdict.CRASHED, Verdict.TIMED_OUT)
"""What a deviation may be."""


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """A fault that its implementer knows of, and why.

    :param checks: The ids of the checks that each id or pattern of it is about.
    :param link: Where more is said of it; may be empty.
    :param verdict: What comes of the clauses; anything else is not excused.
    :param expires: The last day on which it excuses anything.
    :param place: `file:line` of its entry.
    """

    checks: Mapping[str, frozenset[str]]
    reason: str
    link: str = ""
    verdict: Verdict = Verdict.FAILED
    expires: date | None = None
    place: str = ""

    @property
    def why(self) -> str:
        """Its reason, with the link if there is one."""
        return f"{self.reason} ({self.link})" if self.link else self.reason

    def covers(self, result: Result) -> bool:
        """Tell whether it is about the clause of *result*."""
        return any(result.clause.id in ids for ids in self.checks.values())

    @property
    def outdated(self) -> str:
        """Say that it is out of date; empty if it isn't."""
        if self.expires and self.expires < date.today():
            return f"the deviation listed in {self.place} is out of date since {self.expires}"
        return ""

    def refusal(self, result: Result) -> str:
        """Say why it doesn't excuse a fault that it covers; empty if it does."""
        if self.outdated:
            return self.outdated
        if result.verdict is not self.verdict:
            return f"the deviation listed in {self.place} excuses only '{self.verdict}'"
        return ""


def apply_deviations(result: Result, deviations: Iterable[Deviation]) -> Result:
    """Turn a fault that is listed into a known deviation."""
    if not result.verdict.is_fault:
        return result
    reasons = [result.reason]
    for deviation in deviations:
        if deviation.covers(result):
            refusal = deviation.refusal(result)
            if not refusal:
                return replace(result, verdict=Verdict.KNOWN_DEVIATION, reason=deviation.why)
            reasons.append(refusal)
    return replace(result, reason="; ".join(filter(None, reasons)))


def with_stale(results: Sequence[Result], deviations: Iterable[Deviation]) -> list[Result]:
    """Return *results*, as stale where they passed and are listed without need.

    An id or a pattern is needed if one of its clauses doesn't pass.

    :param results: All that came of a run.
    """
    stale: dict[str, str] = {}
    by_id = {result.clause.id: result for result in results}
    for deviation, pattern, found in _listed(by_id, deviations):
        run = [result for result in found if result.verdict.is_run]
        if run and all(result.verdict is Verdict.PASSED for result in run):
            reason = (
                f"{pattern!r} is listed as a deviation in {deviation.place} ({deviation.reason}),"
                " but it passes; take it out"
            )
            stale.update((result.clause.id, reason) for result in run)
    return [
        replace(result, verdict=Verdict.STALE, reason=stale[result.clause.id])
        if result.clause.id in stale
        else result
        for result in results
    ]


def needless(results: Iterable[Result], deviations: Sequence[Deviation]) -> Iterator[str]:
    """Yield a sentence for what excuses nothing.

    That is each deviation that is out of date, and each id or pattern none of whose clauses was
    run, though all could be.

    :param results: All that came of a run.
    """
    yield from (deviation.outdated for deviation in deviations if deviation.outdated)
    by_id = {result.clause.id: result for result in results}
    for deviation, pattern, found in _listed(by_id, deviations):
        if not any(result.verdict.is_run for result in found):
            yield (
                f"{pattern!r} is listed as a deviation in {deviation.place},"
                f" and doesn't apply ({found[0].reason}); take it out"
            )


def _listed(
    by_id: Mapping[str, Result], deviations: Iterable[Deviation]
) -> Iterator[tuple[Deviation, str, list[Result]]]:
    """Yield each id or pattern of a deviation with its results, if all of them are there."""
    for deviation in deviations:
        for pattern, ids in deviation.checks.items():
            if ids <= by_id.keys():
                yield deviation, pattern, [by_id[id] for id in sorted(ids)]
