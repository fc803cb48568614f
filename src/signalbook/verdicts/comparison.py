"""Where implementations that ran the same clauses differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from signalbook.clauses import Clause
from signalbook.verdicts.results import Result, Verdict

__all__ = ["Disagreement", "compared", "disagreements"]


@dataclass(frozen=True)
class Disagreement:
    """A clause on which implementations differ: their results, in the order of the run."""

    clause: Clause
    results: Sequence[Result]


def compared(results: Iterable[Result]) -> list[str]:
    """Return the implementations that share a clause which applies to them with another."""
    names = ([result.implementation for result in group] for group in _by_clause(results).values())
    shared = [group for group in names if len(group) > 1]
    return list(dict.fromkeys(name for group in shared for name in group))


def disagreements(results: Iterable[Result]) -> list[Disagreement]:
    """Return the clauses that apply to several implementations with different verdicts."""
    return [
        Disagreement(group[0].clause, group)
        for group in _by_clause(results).values()
        # What is stale has passed; that its implementer didn't expect it is no disagreement.
        if len({result.verdict in {Verdict.PASSED, Verdict.STALE} for result in group}) > 1
    ]


def _by_clause(results: Iterable[Result]) -> dict[str, list[Result]]:
    """Return the results of each clause where it applies, by id."""
    found: dict[str, list[Result]] = {}
    for result in results:
        if result.verdict.is_run:
            found.setdefault(result.clause.id, []).append(result)
    return found
