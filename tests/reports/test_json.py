"""Results as JSON."""

import json
import re

import jsonschema
import pytest

from signalbook.reports import SCHEMA, as_json


def without_times(text):
    return re.sub(r'"seconds": [\d.]+', "", text)


def test_json_fits_its_schema(report):
    """Whatever the verdicts are, the schema describes what is written."""
    jsonschema.validate(json.loads(as_json(report())), json.loads(SCHEMA.read_text()))


def test_json_tells_all_that_a_check_is_about(report):
    """A check has its rule, permalink, range as written, level and features beside its verdict."""
    fields = ("clause", "row_of", "rule", "permalink", "holds", "level", "features", "verdict")
    (run,) = json.loads(as_json(report()))["runs"]

    assert [
        [
            "shop.opens.window",
            "shop.opens",
            "A shop MUST `ring` & <open>.",
            "spec/signals/shop.html#shop.opens.window",
            None,
            "MUST",
            ["connect", "sender"],
            "failed",
        ],
        [
            "shop.closes",
            None,
            "A shop MUST `ring` & <open>.",
            "spec/signals/shop.html#shop.closes",
            "flask>=0.9 & python<3 | flask>=1.1",
            "MUST",
            [],
            "crashed",
        ],
        [
            "shop.sells",
            None,
            "A shop MAY `ring` & <open>.",
            "spec/signals/shop.html#shop.sells",
            None,
            "MAY",
            None,
            "differs",
        ],
    ] == [[result[field] for field in fields] for result in run["results"][1:4]]
    assert run["platform"]


def test_json_of_equal_runs_differs_in_times_only(report):
    """Another place in memory changes nothing; another time changes only fields of times."""
    first, second = as_json(report("0x7f01", 1.0)), as_json(report("0xBEEF02", 2.0))

    assert first != second
    assert without_times(first) == without_times(second)
    assert "<Bell object at 0x...>" in first


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\u202e", "\udce9"])
def test_json_can_be_shown(report, hostile):
    """What an implementation prints can't do harm where the file is shown, and can be encoded."""
    written = as_json(report(hostile=hostile)).encode().decode()

    assert hostile not in written and "\\u001b" not in written


def test_json_is_complete_unless_it_was_stopped(report):
    """A command that was stopped says so."""
    assert [True, False] == [
        json.loads(as_json(report(stopped=stopped)))["complete"] for stopped in (False, True)
    ]
