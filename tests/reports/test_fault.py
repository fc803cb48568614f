"""A fault in words."""

import pytest

from signalbook.pages import read_specification
from signalbook.reports import fault
from signalbook.reports.differences import differences
from signalbook.reports.faults import raised_at
from signalbook.verdicts import Result, Verdict

CLAUSE = read_specification().clauses[0]
TRACEBACK = """\
  File "<spec/dispatch/connecting.md:1>", line 1, in <module>
    signal.connect(receiver)
  File "/srv/engine/links.py", line 30, in connect
    weakref.ref(receiver)
  File "/srv/others/helper.py", line 7, in ref
    raise TypeError
"""


def failed(**told):
    return Result(clause=CLAUSE, implementation="mine", verdict=Verdict.FAILED, **told)


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"engine": "/srv/engine/__init__.py"}, "/srv/engine/links.py:30, in connect"),
        ({"engine": "/srv/engine/__init__.pyc"}, "/srv/engine/links.py:30, in connect"),
        ({"links": "/srv/engine/links.pyc"}, "/srv/engine/links.py:30, in connect"),
        ({"engine": "/srv/engine.py"}, None),
        ({"engine": "/srv/eng/__init__.py"}, None),
        ({}, None),
        (
            {"engine": "/srv/engine/__init__.py", "others": "/srv/others/__init__.py"},
            "/srv/others/helper.py:7, in ref",
        ),
    ],
)
def test_place_is_the_innermost_frame_in_the_implementation(files, place):
    """Frames of the examples, and of modules that are nobody's, are passed over."""
    assert place == raised_at(failed(detail=TRACEBACK), files)


def test_short_fault_has_the_place_in_place_of_the_traceback():
    """Where the place is known a short fault goes without the traceback, and a long one has it."""
    files = {"engine": "/srv/engine/__init__.py"}
    short = fault(failed(detail=TRACEBACK), files, short=True)
    long = fault(failed(detail=TRACEBACK), files)

    assert ["raised at /srv/engine/links.py:30, in connect"] == short.splitlines()[2:]
    assert indented(TRACEBACK) == long.splitlines()[3:]
    assert indented(TRACEBACK) == fault(failed(detail=TRACEBACK), short=True).splitlines()[2:]


def indented(text):
    return [f"| {line}" for line in text.splitlines()]


def test_short_fault_says_how_much_is_not_shown():
    """The first eight lines of an output are shown, and the others are counted."""
    got = "".join(f"line {number}\n" for number in range(20))
    lines = fault(failed(got=got), short=True).splitlines()

    assert ["got:", *(f"  line {n}" for n in range(8)), "  ... 12 more lines ..."] == lines[4:]
    assert "  line 19" in fault(failed(got=got)).splitlines()


@pytest.mark.parametrize(
    ("wanted", "got", "lines"),
    [
        ("1\n2\n3\n", "1\n2\n4\n", []),
        ("", "1\n2\n3\n4\n", []),
        ("1\n2\n3\n4\n", "1\n2\n4\n", [" 1", " 2", "-3", " 4"]),
        ("['a', 'b', 'c', 'd']\n", "['a', 'c', 'd']\n", [" a", "-b", " c", " d"]),
        ("['a', 'b']\n", "['a', 'c']\n", []),
        ("[]\n", "['- hook a', '+ hook b']\n", ["- hook a", "+ hook b"]),
        ("[1, 2, 3, 4]\n", "[1, 2, 3]\n", []),
        (
            "".join(f"{n}\n" for n in range(20)),
            "".join(f"{n}\n" for n in range(20) if n not in (3, 15)),
            [" 1", " 2", "-3", " 4", " 5", " ...", " 13", " 14", "-15", " 16", " 17"],
        ),
    ],
)
def test_long_outputs_and_lists_of_lines_are_compared(wanted, got, lines):
    """More than three lines are told as a diff, an item of a list as a line; others as they are."""
    assert lines == differences(wanted, got)


def test_fault_shows_a_diff_instead_of_two_blocks():
    """What was wanted and what was got of a timeline is told line by line."""
    lines = fault(failed(wanted="[]\n", got="['- hook a', '+ hook b']\n")).splitlines()

    assert ["wanted (-) and got (+):", "  - hook a", "  + hook b"] == lines[2:]
