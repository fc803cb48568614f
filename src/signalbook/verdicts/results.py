"""What came of running a clause on an implementation, and how often each thing came of it."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from signalbook.clauses import Clause, Example, Level

__all__ = ["Result", "Verdict", "count", "tolerated"]


class Verdict(enum.StrEnum):
    """What came of running a clause on an implementation.

    `ABSENT` is told in the history only, apart from what failed since it does something else.
    """

    PASSED = "passed"
    FAILED = "failed"
    ABSENT = "absent"
    CRASHED = "crashed"
    TIMED_OUT = "timed out"
    NOT_APPLICABLE = "not applicable"
    NOT_CLAIMED = "not claimed"
    DIFFERS = "differs"
    KNOWN_DEVIATION = "known deviation"
    STALE = "stale"

    @property
    def is_fault(self) -> bool:
        """Whether a run with this verdict in it fails."""
        return self in _FAULTS

    @property
    def is_run(self) -> bool:
        """Whether the clause was run: it is about the implementation, and claimed of it."""
        return self not in {Verdict.NOT_APPLICABLE, Verdict.NOT_CLAIMED}


_FAULTS = (
    Verdict.CRASHED,
    Verdict.TIMED_OUT,
    Verdict.FAILED,
    Verdict.ABSENT,
    Verdict.STALE,
)
# A rule that is kept where it applies is kept.
_WORST_FIRST = (
    *_FAULTS,
    Verdict.DIFFERS,
    Verdict.KNOWN_DEVIATION,
    Verdict.PASSED,
    Verdict.NOT_CLAIMED,
    Verdict.NOT_APPLICABLE,
)


@dataclass(frozen=True, kw_only=True)
class Result:
    """One clause's verdict on one implementation.

    :param implementation: The implementation's name.
    :param reason: Why the verdict is what it is, in a sentence; empty if it passed.
    :param lacked: The features for lack of which it isn't claimed, by name.
    :param example: The example at which it failed, where there is one.
    :param wanted: What that example must print or raise.
    :param got: What it did print or raise.
    :param raised: What it raised, as `TypeName: message` and without what it printed before.
    :param detail: More to read: a traceback, or the last lines on standard error.
    :param seconds: Wall time that the clause took, in seconds.
    :param example_seconds: How much of that the set-up and the examples themselves took.
    """

    clause: Clause
    implementation: str
    verdict: Verdict
    reason: str = ""
    lacked: Sequence[str] = ()
    example: Example | None = None
    wanted: str = ""
    got: str = ""
    raised: str = ""
    detail: str = ""
    seconds: float = 0.0
    example_seconds: float = 0.0

    @property
    def place(self) -> str:
        """`file:line` of the failing example, or of the clause."""
        return self.example.place if self.example else self.clause.place


def tolerated(result: Result) -> Result:
    """Return *result*, as one that differs if what it failed is a MAY: nobody is bound to that."""
    if result.clause.level is Level.MAY and result.verdict is Verdict.FAILED:
        return replace(result, verdict=Verdict.DIFFERS)
    return result


def count(results: Iterable[Result]) -> Mapping[Level, Mapping[Verdict, int]]:
    """Count clauses by level and verdict; what doesn't occur is zero.

    The verdict on a clause with rows is the worst of theirs.
    """
    wholes: dict[tuple[Level, str, str], Verdict] = {}
    for result in results:
        whole = result.clause.level, result.implementation, result.clause.whole_id
        found = wholes.get(whole, result.verdict), result.verdict
        wholes[whole] = min(found, key=_WORST_FIRST.index)
    counted = {level: Counter[Verdict]() for level in Level}
    for (level, _, _), verdict in wholes.items():
        counted[level][verdict] += 1
    return counted
