"""What the comparison of vectors finds, and lets pass."""

import check
import pytest
from check import specification

OUT = "failed, out of range"
RANGES = {"1.0": "passed", "1.1": "passed", "1.2": OUT}


def vector(environments, failed=()):
    return {"environments": {"blinker": environments}, "failed": list(failed)}


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ([RANGES], []),
        # Two that share the releases between them, or both hold for them.
        ([{**RANGES, "1.1": OUT}, {**RANGES, "1.0": OUT}], []),
        ([RANGES, {**RANGES, "1.0": "not applicable"}], []),
        # A new axis.
        ([{**RANGES, "1.3": "passed"}], []),
        ([{**RANGES, "1.1": "failed"}], ["blinker 1.1: it passed, and now nothing does"]),
        ([{"1.0": "passed"}], ["blinker 1.1: it passed, and now nothing does"]),
        (
            [RANGES, {**RANGES, "1.0": "failed", "1.1": "failed"}],
            ["blinker 1.0, 1.1: it passed, and b doesn't"],
        ),
        ([RANGES, dict.fromkeys(RANGES, "passed")], ["blinker 1.2: it didn't pass, and b does"]),
    ],
)
def test_each_environment_must_agree(now, found):
    """Where a clause passed its checks pass, each that claims the release, and elsewhere none."""
    checks = dict(zip("ab", map(vector, now), strict=False))
    assert found == list(check.differences(vector(RANGES), checks, set()))


def test_each_wrong_implementation_must_be_noticed_by_one_check():
    """It is a loss if none fails it, but not if what lacks a feature passes."""
    was = vector({}, ["engine: one", "engine: two", "silence: silent", "features: data: is lost"])
    checks = {"a": vector({}, ["engine: one"]), "b": vector({}, ["engine: three"])}
    assert ["not noticed any more: engine: two", "not tried: silence: silent"] == list(
        check.differences(was, checks, {"engine: one", "engine: two", "engine: three"})
    )


def test_map_says_what_became_of_each_clause():
    """What it doesn't name is itself, patterns mean checks, and what is wrong is said."""
    checks = {one.id: one for one in specification().select(patterns=["namespaces.*"])}
    entries = {
        "old.moved": {"checks": ["namespaces.repr-details.*"], "why": "so"},
        "old.gone": {"dropped": "private"},
        "old.bad": {"checks": []},
        "old.both": {"checks": ["namespaces.repr"], "dropped": "private"},
    }
    ids = ["namespaces.repr", *entries, "old.lost"]
    fates, problems = check.read_map(ids, checks, entries)
    shown = [id for id in checks if id.startswith("namespaces.repr-details.")]

    assert {
        "namespaces.repr": check.Fate(("namespaces.repr",)),
        "old.moved": check.Fate(tuple(shown), "so"),
        "old.gone": check.Fate((), "private"),
    } == fates
    assert ["kept", "merged", "dropped"] == [fate.word(id) for id, fate in fates.items()]
    assert ["old.bad", "old.both", "old.lost"] == [text.partition(":")[0] for text in problems]
