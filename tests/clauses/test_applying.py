"""Whether a clause applies goes by what an implementation has, and the releases it stands for."""

import pytest

from signalbook.clauses import Clause, Example, Level, VersionRange, applies, why_not

NEW = {"flask": "3.1.3", "blinker": "1.9.0", "python": "3.12"}
OLD = {"flask": "0.6", "python": "2.7"}


def clause(chapter, holds=None, needs=None):
    place = {"file": f"spec/{chapter}/shop.md", "line": 3}
    example = Example(source="1\n", wanted="1\n", raises=None, options={}, **place)
    return Clause(
        id="shop.opens",
        rule="It MUST open.",
        level=Level.MUST,
        holds=holds and VersionRange.parse(holds),
        chapter=chapter,
        title="Shop",
        setup=(),
        examples=(example,),
        own_needs=needs and frozenset(needs),
        **place,
    )


@pytest.mark.parametrize(
    ("chapter", "needs", "releases", "reason"),
    [
        ("dispatch", None, {"blinker": "1.9.0"}, None),
        ("dispatch", None, OLD, "it has nothing in place of blinker"),
        ("dispatch", {"flask"}, OLD, None),
        ("signals", None, NEW, None),
        ("signals", None, {}, "it has nothing in place of blinker and flask"),
        ("lifecycle", None, {"blinker": "1.9.0"}, "it has nothing in place of flask"),
        ("fallback", None, OLD, None),
        ("fallback", None, NEW, "it has something in place of blinker"),
        ("fallback", {"flask"}, NEW, None),
    ],
)
def test_clause_applies_to_what_has_its_subjects(chapter, needs, releases, reason):
    """What is needed is there and what must be lacking isn't; a clause's own needs go first."""
    for heed_range in (True, False):
        found = clause(chapter, needs=needs)
        assert reason == why_not(found, releases, heed_range=heed_range)
        assert (reason is None) is applies(found, releases, heed_range=heed_range)


@pytest.mark.parametrize(
    ("holds", "releases", "reason"),
    [
        ("flask>=1.1", NEW, None),
        ("flask<1.1 | blinker>=1.8", NEW, None),
        (
            "flask<1.1",
            NEW,
            "the clause holds for flask<1.1, and this is flask 3.1.3, blinker 1.9.0",
        ),
        ("blinker>=1.8", OLD, "the clause holds for blinker>=1.8, and this is flask 0.6"),
        ("flask>=3 & python>=3.12", NEW, None),
        (
            "flask>=3 & python<3.12",
            NEW,
            "the clause holds for flask>=3 & python<3.12,"
            " and this is flask 3.1.3, blinker 1.9.0, python 3.12",
        ),
        ("python<3", OLD, None),
    ],
)
def test_clause_applies_in_its_range_unless_ranges_are_not_heeded(holds, releases, reason):
    """A clause out of range doesn't apply, but where nobody heeds the range."""
    found = clause("lifecycle", holds)
    assert reason == why_not(found, releases)
    assert why_not(found, releases, heed_range=False) is None
    assert [reason is None, True] == [
        applies(found, releases),
        applies(found, releases, heed_range=False),
    ]


@pytest.mark.parametrize(
    ("chapter", "version", "reason"),
    [
        ("fallback", "3.1.3", None),
        ("fallback", "2.2.5", None),
        ("fallback", "0.6", "the clause holds for flask>=2,<2.3, and this is flask 0.6"),
        ("lifecycle", "3.1.3", "the clause holds for flask>=2,<2.3, and this is flask 3.1.3"),
    ],
)
def test_clause_of_what_lacks_an_engine_takes_later_releases_for_the_last(chapter, version, reason):
    """What lacks an engine and is later than the last Flask that can is taken for that one."""
    assert reason == why_not(clause(chapter, "flask>=2,<2.3"), {"flask": version})


def test_clause_with_needs_of_its_own_takes_releases_as_they_are():
    """It lacks nothing, whatever its chapter does."""
    found = clause("fallback", "flask>=2,<2.3", {"flask"})
    text = "the clause holds for flask>=2,<2.3, and this is flask 3.1.3, blinker 1.9.0"
    assert text == why_not(found, NEW)
