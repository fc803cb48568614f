"""Faults by what causes them."""

from dataclasses import replace

import pytest

from signalbook.pages import read_specification
from signalbook.reports.causes import grouped
from signalbook.verdicts import Result, Verdict

CLAUSES = read_specification().select(chapter="dispatch")
RULES_ABOUT_FLASK = read_specification().select(chapter="lifecycle")


def faults(*described):
    """Return results of as many clauses: failed with what they raised, or as they are told."""
    return [
        replace(
            Result(
                clause=CLAUSES[number],
                implementation="mine",
                verdict=Verdict.FAILED,
                reason="an example printed something else",
            ),
            **({"raised": told} if isinstance(told, str) else told),
        )
        for number, told in enumerate(described)
    ]


def causes(results, needs=None):
    """Return each group's cause and how many faults it has."""
    needs = needs or {}
    return [
        (group.cause, len(group.results))
        for group in grouped(results, lambda clause: needs.get(clause.id))
    ]


@pytest.mark.parametrize(
    ("raised", "cause"),
    [
        (["ValueError: <A at 0x7f12>", "ValueError: <A at 0xBEEF>"], "ValueError: <A>"),
        (["ValueError: <Task 1>", "ValueError: <Task 23>"], "ValueError: <Task N>"),
        (["E: 'x' has no 'a'", "E: 'x' has no 'b'"], "E: 'x' has no 'a' or 'b'"),
        (["KeyError: 'a'", 'KeyError: "b"', "KeyError: 'c'"], "KeyError: 'a', \"b\" or 1 other"),
        ([f"KeyError: {'a' * 50!r}", "KeyError: 'b'"], "KeyError: '...'"),
        (["E: it can't be, isn't it", "E: it can't be, isn't it"], "E: it can't be, isn't it"),
        (["E: first\nsecond 1", "E: first\nsecond 2"], "E: first"),
    ],
)
def test_cause_leaves_out_what_differs_by_chance(raised, cause):
    """Addresses, numbers in reprs, what differs between quotes, and further lines don't count."""
    assert [(cause, len(raised))] == causes(faults(*raised))


@pytest.mark.parametrize(
    "raised",
    [
        ("KeyError: 1", "KeyError: 2"),
        ("KeyError: 'a'", "LookupError: 'a'"),
        ("E: can't", "E: isn't"),
    ],
)
def test_cause_keeps_apart_what_is_something_else(raised):
    """Another type, another number or other words are another cause."""
    assert [(text, 1) for text in raised] == causes(faults(*raised))


def test_causes_are_sorted_by_frequency_and_verdicts_have_their_own():
    """The most frequent comes first; what crashed or took too long is apart from what failed."""
    crashed = {"verdict": Verdict.CRASHED, "reason": "the process was killed by SIGSEGV"}
    late = {"verdict": Verdict.TIMED_OUT, "reason": "it did not end in time"}
    results = faults("E", {}, {}, crashed, late, late, late, {"verdict": Verdict.PASSED})

    assert [
        ("timed out: it did not end in time", 3),
        ("an example printed something else", 2),
        ("E", 1),
        ("crashed: the process was killed by SIGSEGV", 1),
    ] == causes(results)


def needing(*features):
    """Return what says of the first clauses that they need *features*."""
    needs = {clause.id: needed for clause, needed in zip(CLAUSES, features, strict=False)}
    return lambda clause: needs.get(clause.id)


PASSED = {"verdict": Verdict.PASSED}


def test_wrong_outputs_are_kept_apart_by_the_feature_that_is_lacking():
    """What needs a feature that nothing passed with is a group; an exception is one cause."""
    needs = needing(
        ["any", "meta"],
        ["any", "meta"],
        ["any"],
        ["any"],
        ["any", "meta"],
        ["any"],
        ["any"],
        ["any"],
    )
    groups = grouped(faults({}, {}, {}, "E", "E", PASSED, PASSED, PASSED), needs)

    assert [("an example printed something else", 2, {"meta": 0}), ("E", 2, {})] == [
        (group.cause, len(group.results), group.features) for group in groups[:2]
    ]
    assert [{}] == [group.features for group in groups[2:]]


@pytest.mark.parametrize(
    ("results", "features"),
    [
        ([(["any"], "E")] * 4 + [(["any"], PASSED)] + [([], PASSED)] * 2, {"any": 1}),
        ([(["any"], "E")] * 4 + [(["any"], PASSED)] * 2 + [([], PASSED)] * 2, {}),
        ([(["any"], "E")] * 4 + [(None, "E")] + [([], PASSED)] * 2, {"any": 0}),
        ([(["any"], "E")] * 4 + [([], "E")] + [([], PASSED)] * 2, {}),
        ([(["any"], "E")] * 4, {}),
        ([(["any"], "E")] * 4 + [([], "F")] * 2 + [([], PASSED)] * 2, {}),
    ],
    ids=["one passed", "two passed", "one unknown", "one without", "nothing passed", "most fail"],
)
def test_feature_is_named_if_all_need_it_and_hardly_anything_passed_with_it(results, features):
    """Four in five of what needs it fail, and most of the others pass; what isn't known is left."""
    needs = needing(*(needed for needed, _ in results))
    group = grouped(faults(*(told for _, told in results)), needs)[0]

    assert features == group.features
    assert sum(needed is None for needed, _ in results) == group.unknown


@pytest.mark.parametrize(
    ("needs", "feature", "features"),
    [
        ({"flask", "blinker"}, "any", {}),
        ({"blinker"}, "any", {"any": 0}),
        ({"flask", "blinker"}, "hooks", {}),
        ({"flask"}, "hooks", {"hooks": 0}),
        ({"flask"}, "any", {}),
    ],
)
def test_feature_is_named_only_if_a_rule_about_nothing_else_fails(needs, feature, features):
    """That rules about framework and engine fail says nothing of either."""
    failed, passed = RULES_ABOUT_FLASK[:2]
    failed = replace(failed, own_needs=frozenset(needs))
    results = [replace(one, clause=failed) for one in faults("E", PASSED)]
    (group,) = grouped(
        [results[0], replace(results[1], clause=passed)],
        lambda clause: [feature] if clause is failed else [],
    )

    assert features == group.features
