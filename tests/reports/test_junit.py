"""Results as JUnit's XML."""

from xml.etree import ElementTree as ET

import pytest

from signalbook.reports import as_junit

SITE = "https://book.example/v1/"


def cases(report):
    return ET.fromstring(as_junit(report)).findall("testsuite[1]/testcase")


def test_junit_has_a_case_for_each_check(report):
    """Each check is a case of its implementation's suite, with what its verdict is for JUnit."""
    assert [
        ("shop.opens.door", None),
        ("shop.opens.window", "failure"),
        ("shop.closes", "error"),
        ("shop.sells", "skipped"),
        ("shop.buys", "skipped"),
        ("shop.lends", "skipped"),
        ("shop.rents", "error"),
        ("shop.gives", "failure"),
    ] == [
        (case.get("name"), next((child.tag for child in case if child.tag != "properties"), None))
        for case in cases(report())
    ]


def test_junit_counts_what_it_has(report):
    """A suite's numbers are those of its cases; what couldn't be run is a suite with an error."""
    suites = ET.fromstring(as_junit(report())).findall("testsuite")
    names = ("name", "tests", "failures", "errors", "skipped")

    assert [
        ["mine|v*1", "8", "2", "2", "3"],
        ["gone", "1", None, "1", None],
    ] == [[suite.get(name) for name in names] for suite in suites]


@pytest.mark.parametrize(("site", "root"), [(SITE, SITE), (None, "")])
def test_junit_case_has_id_level_and_page(report, site, root):
    """A case's properties name its id, level and page: an address if the site's is known."""
    properties = [
        {each.get("name"): each.get("value") for each in case.find("properties")}
        for case in cases(report(site=site))
    ]

    assert {
        "id": "shop.sells",
        "level": "MAY",
        "page": f"{root}spec/signals/shop.html#shop.sells",
    } == properties[3]


def test_junit_failure_says_what_the_terminal_does(report):
    """A failure has rule, place, wanted, got and a link, but no address in memory."""
    failure = cases(report(site=SITE))[1].find("failure")

    assert ("failed", "<b> at 0x...") == (failure.get("type"), failure.get("message"))
    for part in (
        "A shop MUST `ring` & <open>.",
        "spec/signals/shop.md:9",
        "<Bell object at 0x...>",
        f"{SITE}spec/signals/shop.html#shop.opens.window",
    ):
        assert part in failure.text


@pytest.mark.parametrize("hostile", ["\x00", "\x1b[2J", "\ufffe", "\uffff", "]]>", "\ud800"])
def test_junit_is_xml_whatever_was_printed(report, hostile):
    """Characters that XML can't have are written out."""
    assert 8 == len(cases(report(hostile=hostile)))
