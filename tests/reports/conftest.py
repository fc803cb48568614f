"""A small run, of which reports are made."""

import pytest

from signalbook.clauses import Clause, Example, Level, VersionRange
from signalbook.implementations import Implementation
from signalbook.reports import NotRun, Report, Run
from signalbook.verdicts import Result, Verdict

FILE = "spec/signals/shop.md"
EXAMPLE = Example(source="ring()\n", wanted="1\n", raises=None, options={}, file=FILE, line=9)


def clause(id, row_of=None, level=Level.MUST, holds=None):
    return Clause(
        id=id,
        rule=f"A shop {level} `ring` & <open>.",
        level=level,
        holds=holds and VersionRange.parse(holds),
        chapter="signals",
        title="Shop",
        setup=(),
        examples=(EXAMPLE,),
        file=FILE,
        line=3,
        row_of=row_of,
    )


CLAUSES = (
    clause("shop.opens.door", "shop.opens"),
    clause("shop.opens.window", "shop.opens"),
    clause("shop.closes", holds="flask>=0.9 & python<3 | flask>=1.1"),
    clause("shop.sells", level=Level.MAY),
    clause("shop.buys", level=Level.SHOULD),
    clause("shop.lends"),
    clause("shop.rents"),
    clause("shop.gives"),
)
VERDICTS = (
    Verdict.PASSED,
    Verdict.FAILED,
    Verdict.CRASHED,
    Verdict.DIFFERS,
    Verdict.KNOWN_DEVIATION,
    Verdict.NOT_APPLICABLE,
    Verdict.TIMED_OUT,
    Verdict.STALE,
)


@pytest.fixture
def report():
    """Make a report of a run with every verdict, and of what couldn't be run."""

    def report(address="0x7f01", seconds=1.0, hostile="", **changes):
        results = [
            Result(
                clause=clause,
                implementation="mine|v*1",
                verdict=verdict,
                reason="" if verdict is Verdict.PASSED else f"<b> at {address}{hostile}",
                example=EXAMPLE if verdict is Verdict.FAILED else None,
                wanted="1\n" if verdict is Verdict.FAILED else "",
                got=f"<Bell object at {address}>{hostile}\n" if verdict is Verdict.FAILED else "",
                detail=f"trace of <Bell at {address}>" if verdict is Verdict.CRASHED else "",
                seconds=seconds,
            )
            for clause, verdict in zip(CLAUSES, VERDICTS, strict=True)
        ]
        run = Run(
            implementation=Implementation(name="mine|v*1"),
            python="3.11.7",
            releases={"flask": "3.1.3"},
            files={"flask": "/flask.py"},
            seconds=seconds,
            total=len(results),
            results=results,
        )
        features = {"shop.opens.window": ["connect", "sender"], "shop.closes": []}
        return Report(
            **{
                "runs": [run],
                "not_run": [NotRun("gone", f"<Loader at {address}> fails")],
                "features": lambda clause: features.get(clause.id),
                **changes,
            }
        )

    return report
