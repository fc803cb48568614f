"""The verdict in words."""

import pytest

from signalbook.implementations import Implementation
from signalbook.pages import read_specification
from signalbook.reports import Run
from signalbook.reports.conformance import conformance
from signalbook.verdicts import Result, Verdict

SPECIFICATION = read_specification()
DISPATCH = SPECIFICATION.select(chapter="dispatch")
LIFECYCLE = SPECIFICATION.select(chapter="lifecycle")


def rules(clauses, number):
    """Return the first checks of *clauses* that are of *number* rules, two of the first rule."""
    ids = list(dict.fromkeys(clause.whole_id for clause in clauses))[:number]
    checks = [[clause for clause in clauses if clause.whole_id == id] for id in ids]
    assert len(checks[0]) > 1
    return [*checks[0][:2], *(each[0] for each in checks[1:])]


def words(verdicts, whole=True):
    """Return what is said of five checks of four rules in each chapter, with these verdicts."""
    results = [
        Result(clause=clause, implementation="mine", verdict=verdict)
        for clauses, own in zip((DISPATCH, LIFECYCLE), verdicts, strict=False)
        for clause, verdict in zip(rules(clauses, 4), own, strict=True)
    ]
    run = Run(
        implementation=Implementation(name="mine"),
        python="3.11.7",
        releases={},
        files={},
        seconds=1.0,
        total=len(results),
        results=results,
    )
    number = 5 if whole else 100
    return conformance(run, dict.fromkeys(("dispatch", "signals", "lifecycle", "fallback"), number))


P, F, K = Verdict.PASSED, Verdict.FAILED, Verdict.KNOWN_DEVIATION
ALL, NONE = [P] * 5, [Verdict.NOT_APPLICABLE] * 5


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ([ALL], "mine conforms to dispatch"),
        ([ALL, ALL], "mine conforms to dispatch and lifecycle"),
        ([ALL, NONE], "mine conforms to dispatch"),
        ([NONE, NONE], ""),
        ([[F, F, P, P, P]], "mine conforms to dispatch, except for 1 rule"),
        ([[F, P, F, P, P]], "mine conforms to dispatch, except for 2 rules"),
        (
            [[K, P, F, P, P], ALL],
            "mine conforms to lifecycle; to dispatch, except for 2 rules (1 of them known)",
        ),
        (
            [[F, P, F, F, P], ALL],
            "mine conforms to lifecycle; does not conform to dispatch: it breaks 3 of 4 rules",
        ),
        ([[Verdict.DIFFERS, P, P, P, Verdict.STALE]], "mine conforms to dispatch"),
        (
            [[Verdict.CRASHED, P, P, P, Verdict.TIMED_OUT]],
            "mine conforms to dispatch, except for 2 rules",
        ),
    ],
)
def test_verdict_names_chapters_and_counts_rules(verdicts, said):
    """Two rows of a rule are one rule; a chapter that doesn't apply isn't named."""
    assert said == words(verdicts)


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (ALL, "mine keeps the 4 rules of dispatch that were run"),
        (
            [F, P, K, P, P],
            "mine keeps 2 of the 4 rules of dispatch that were run (1 of the others known)",
        ),
        ([F, P, P, P, P], "mine keeps 3 of the 4 rules of dispatch that were run"),
    ],
)
def test_verdict_on_part_of_a_chapter_claims_no_conformance(verdicts, said):
    """Who ran some of a chapter's clauses isn't told that the chapter is kept."""
    assert said == words([verdicts], whole=False)
