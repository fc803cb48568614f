"""Results: what is a fault, what is counted, where implementations differ, known deviations."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from signalbook.clauses import Clause, Example, Level
from signalbook.verdicts import (
    Deviation,
    Disagreement,
    Result,
    Verdict,
    apply_deviations,
    count,
    disagreements,
    needless,
    with_stale,
)

EXAMPLE = Example(
    source="1\n", wanted="1\n", raises=None, options={}, file="spec/signals/shop.md", line=9
)


def clause(id, level=Level.MUST):
    return Clause(
        id=id,
        rule=f"It {level}.",
        level=level,
        holds=None,
        chapter="signals",
        title="Shop",
        setup=(),
        examples=(EXAMPLE,),
        file="spec/signals/shop.md",
        line=3,
    )


OPENS, CLOSES, MAY_SELL = (
    clause("shop.opens"),
    clause("shop.closes"),
    clause("shop.sells", Level.MAY),
)


def result(clause, verdict, implementation="web", **more):
    return Result(clause=clause, implementation=implementation, verdict=Verdict(verdict), **more)


def test_verdict_that_is_a_fault_fails_a_run():
    """A run fails for what failed, crashed, hung, or was listed without need."""
    assert {
        "passed": False,
        "failed": True,
        "absent": True,
        "crashed": True,
        "timed out": True,
        "not applicable": False,
        "not claimed": False,
        "differs": False,
        "known deviation": False,
        "stale": True,
    } == {verdict.value: verdict.is_fault for verdict in Verdict}


def test_place_is_that_of_the_example_or_of_the_clause():
    """A result points to the failing example, or to the clause if there is none."""
    assert ["spec/signals/shop.md:9", "spec/signals/shop.md:3"] == [
        result(OPENS, "failed", example=EXAMPLE).place,
        result(OPENS, "crashed").place,
    ]


def test_count_is_by_level_and_verdict():
    """Results are counted by level, then by verdict, and what doesn't occur is zero."""
    counted = count(
        [
            result(OPENS, "passed"),
            result(CLOSES, "failed"),
            result(OPENS, "passed", "other"),
            result(MAY_SELL, "crashed"),
        ]
    )
    assert [
        [Level.MUST, 2, 1, 0],
        [Level.SHOULD, 0, 0, 0],
        [Level.MAY, 0, 0, 1],
    ] == [
        [level, by[Verdict.PASSED], by[Verdict.FAILED], by[Verdict.CRASHED]]
        for level, by in counted.items()
    ]


@pytest.mark.parametrize(
    ("verdicts", "differ"),
    [
        (["passed", "passed"], False),
        (["passed", "failed"], True),
        (["failed", "crashed"], False),
        (["failed", "timed out", "known deviation"], False),
        (["passed", "not applicable"], False),
        (["failed", "not applicable"], False),
        (["passed", "known deviation"], True),
        (["passed", "stale"], False),
        (["stale", "failed"], True),
        (["passed", "not applicable", "crashed"], True),
        (["failed"], False),
        ([], False),
    ],
)
def test_disagreement_is_between_keeping_and_not(verdicts, differ):
    """Implementations disagree on a clause that one of them keeps and another doesn't."""
    results = [result(OPENS, verdict, str(number)) for number, verdict in enumerate(verdicts)]
    applicable = [result for result in results if result.verdict is not Verdict.NOT_APPLICABLE]
    assert ([Disagreement(OPENS, applicable)] if differ else []) == disagreements(results)


def test_disagreements_are_grouped_by_clause():
    """Results of several clauses, in any order, are grouped by clause in the order of the run."""
    results = [
        result(CLOSES, "passed", "a"),
        result(OPENS, "passed", "a"),
        result(MAY_SELL, "passed", "a"),
        result(OPENS, "failed", "b"),
        result(CLOSES, "crashed", "b"),
        result(MAY_SELL, "passed", "b"),
    ]
    assert [
        Disagreement(CLOSES, [results[0], results[4]]),
        Disagreement(OPENS, [results[1], results[3]]),
    ] == disagreements(results)


def known(*patterns, **given):
    """Return a deviation of clauses, or of all of the shop's for a pattern."""
    ids = frozenset(("shop.opens", "shop.closes", "shop.sells"))
    checks = {one: ids if "*" in one else frozenset([one]) for one in patterns}
    about = {"reason": "closed on Mondays", "place": "signalbook.toml:3"}
    return Deviation(checks=checks, **{**about, **given})


MONDAYS = "closed on Mondays (https://shop.example/1)"
ONLY = "as before; the deviation listed in signalbook.toml:3 excuses only"


@pytest.mark.parametrize(
    ("before", "listed", "after", "reason"),
    [
        ("failed", "failed", "known deviation", MONDAYS),
        ("crashed", "failed", "crashed", f"{ONLY} 'failed'"),
        ("timed out", "failed", "timed out", f"{ONLY} 'failed'"),
        ("crashed", "crashed", "known deviation", MONDAYS),
        ("failed", "crashed", "failed", f"{ONLY} 'crashed'"),
        ("passed", "failed", "passed", "as before"),
        ("not applicable", "failed", "not applicable", "as before"),
        ("not claimed", "failed", "not claimed", "as before"),
    ],
)
def test_deviation_excuses_the_verdict_that_it_names(before, listed, after, reason):
    """A listed clause may do what is listed, and nothing else; the rest of its result stays."""
    deviation = known("shop.opens", link="https://shop.example/1", verdict=Verdict(listed))
    found = result(OPENS, before, reason="as before", got="got", seconds=1.5, example=EXAMPLE)
    other = result(CLOSES, before, reason="as before")

    assert replace(found, verdict=Verdict(after), reason=reason) == apply_deviations(
        found, [deviation]
    )
    assert other == apply_deviations(other, [deviation])


@pytest.mark.parametrize(
    ("days", "verdict"), [(0, "known deviation"), (1, "known deviation"), (-1, "failed")]
)
def test_deviation_that_is_out_of_date_excuses_nothing(days, verdict):
    """Its last day still counts."""
    last = date.today() + timedelta(days=days)
    found = apply_deviations(result(OPENS, "failed"), [known("shop.opens", expires=last)])

    assert verdict == found.verdict
    if verdict == "failed":
        said = f"the deviation listed in signalbook.toml:3 is out of date since {last}"
        assert said == found.reason


def test_second_deviation_may_excuse_what_the_first_does_not():
    """Two entries about a clause say that it may do either."""
    both = [known("shop.*"), known("shop.opens", verdict=Verdict.CRASHED, reason="fire")]

    assert ["closed on Mondays", "fire"] == [
        apply_deviations(result(OPENS, verdict), both).reason for verdict in ("failed", "crashed")
    ]


@pytest.mark.parametrize(
    ("patterns", "verdicts", "after"),
    [
        (["shop.opens"], ["passed", "failed", "passed"], ["stale", "failed", "passed"]),
        (["shop.*"], ["passed", "known deviation", "passed"], "as before"),
        (["shop.*"], ["passed", "failed", "passed"], "as before"),
        (["shop.*"], ["passed", "passed", "not applicable"], ["stale", "stale", "not applicable"]),
        (
            ["shop.opens", "shop.closes"],
            ["passed", "known deviation", "passed"],
            ["stale", "known deviation", "passed"],
        ),
        (["shop.opens"], ["not applicable", "passed", "passed"], "as before"),
        (["shop.*"], ["passed", "passed"], "as before"),
    ],
)
def test_deviation_is_stale_where_everything_that_it_names_passes(patterns, verdicts, after):
    """An id or a pattern is needed if one of its clauses doesn't pass; of some it isn't known."""
    clauses = (OPENS, CLOSES, MAY_SELL)
    results = [result(*each) for each in zip(clauses, verdicts, strict=False)]
    found = with_stale(results, [known(*patterns)])

    assert (verdicts if after == "as before" else after) == [one.verdict.value for one in found]
    assert {one.reason for one in found if one.verdict is Verdict.STALE} <= {
        f"{pattern!r} is listed as a deviation in signalbook.toml:3 (closed on Mondays),"
        " but it passes; take it out"
        for pattern in patterns
    }


def test_deviation_about_what_does_not_apply_is_needless():
    """What is never run needs no excuse."""
    results = [
        result(OPENS, "not applicable", reason="too old"),
        result(CLOSES, "failed"),
        result(MAY_SELL, "not claimed", reason="it needs doors"),
    ]

    assert [
        "'shop.opens' is listed as a deviation in signalbook.toml:3, and doesn't apply (too old);"
        " take it out"
    ] == list(needless(results, [known("shop.opens", "shop.closes", "shop.*")]))
