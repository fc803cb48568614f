"""The terminal's report."""

import io
import re

import pytest
from rich.console import Console
from rich.text import Text

from signalbook.implementations import Implementation
from signalbook.pages import read_specification
from signalbook.reports import Report, Run, Summary, follow
from signalbook.verdicts import Result, Verdict


def test_follow_shows_a_bar_on_a_terminal():
    """On a terminal every result comes through, and the bar names the one that came last."""
    clauses = read_specification().clauses[:3]
    results = [
        Result(clause=clause, implementation="mine", verdict=Verdict.PASSED) for clause in clauses
    ]
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=120)

    assert results == list(follow(iter(results), "mine", len(results), console))
    shown = Text.from_ansi(screen.getvalue()).plain
    assert re.search(rf"mine ━+ 3/3 [\d:]+ {re.escape(clauses[-1].id)}", shown)


CLAUSES = read_specification().clauses[:3]
VERDICTS = (Verdict.PASSED, Verdict.FAILED, Verdict.NOT_APPLICABLE)
TABLE = """\
implementation           level  passed  failed  not applicable
a-framework-with-a-name  MUST        1       1               1
another-with-a[red]name  MUST        1       1               1
"""
LINES = """\
a-framework-with-a-name MUST: 1 passed, 1 failed, 1 not applicable
another-with-a[red]name MUST: 1 passed, 1 failed, 1 not applicable
"""


def summary(names, width, total=3, **terminal):
    """Return what is printed of runs of three of *total* clauses, without colours."""
    runs = [
        Run(
            implementation=Implementation(name=name),
            python="3.11.7",
            releases={"flask": "3.1.3"},
            files={},
            seconds=1.0,
            total=total,
            results=[
                Result(clause=clause, implementation=name, verdict=verdict, reason="reasons")
                for clause, verdict in zip(CLAUSES, VERDICTS, strict=True)
            ],
        )
        for name in names
    ]
    screen = io.StringIO()
    console = Console(file=screen, width=width, **terminal)
    Summary(
        console=console,
        again=lambda result: "signalbook verify",
        whole={"dispatch": 1000, "signals": 1000, "lifecycle": 1000, "fallback": 1000},
    ).print(Report(runs=runs, features=lambda clause: None))
    return re.sub(r"\x1b\[[\d;]*m", "", screen.getvalue())


@pytest.mark.parametrize("width", [1, 20, 61])
@pytest.mark.parametrize("terminal", [{"force_terminal": True}, {"force_terminal": False}])
def test_summary_cuts_nothing_where_a_table_has_no_room(width, terminal):
    """On a narrow terminal there are lines with all that the table would say."""
    shown = summary(["a-framework-with-a-name", "another-with-a[red]name"], width, **terminal)

    assert f"\n{LINES}" in shown


def test_summary_is_a_table_where_it_has_room():
    """A table that fits is shown, and a name is shown as it is."""
    shown = summary(["a-framework-with-a-name", "another-with-a[red]name"], 62)

    assert f"\n{TABLE}" in shown


@pytest.mark.parametrize(
    ("total", "agree", "stopped"),
    [
        (3, ["red and blue agree on every clause that applies to them."], []),
        (
            4,
            [],
            [
                "STOPPED red: 3 of 4 clauses were run, and no more",
                "STOPPED blue: 3 of 4 clauses were run, and no more",
            ],
        ),
    ],
)
def test_summary_says_that_all_agree_only_if_all_was_run(total, agree, stopped):
    """Of a run that was stopped it is said how far it came, and not that there is agreement."""
    lines = summary(["red", "blue"], 80, total).splitlines()

    assert agree == [line for line in lines if "agree" in line]
    assert stopped == [line for line in lines if line.startswith("STOPPED")]


@pytest.mark.parametrize("terminal", [{"force_terminal": True}, {"force_terminal": False}])
def test_follow_names_twenty_faults_and_says_that_there_are_more(terminal):
    """The first twenty faults have a line each while they come, and the others one together."""
    clauses = read_specification().checks[:25]
    results = [Result(clause=one, implementation="a", verdict=Verdict.FAILED) for one in clauses]
    screen = io.StringIO()
    console = Console(file=screen, width=500, **terminal)

    assert results == list(follow(iter(results), "a", 25, console))
    shown = Text.from_ansi(screen.getvalue()).plain
    assert [
        *(f"failed {clause.id} on a" for clause in clauses[:20]),
        "more than 20 on a; the causes are told at the end",
    ] == re.findall(r"failed \S+ on a|more than .* end", shown)


def test_follow_quietly_names_no_fault():
    """Who wants it quiet gets every result, and no line."""
    results = [Result(clause=CLAUSES[0], implementation="a", verdict=Verdict.FAILED)] * 25
    screen = io.StringIO()

    assert results == list(follow(iter(results), "a", 25, Console(file=screen), quiet=True))
    assert "" == screen.getvalue()


def test_follow_survives_the_narrowest_terminal():
    """A bar that has no room for anything still lets every result through."""
    results = [
        Result(clause=clause, implementation="mine", verdict=Verdict.FAILED) for clause in CLAUSES
    ]
    console = Console(file=io.StringIO(), force_terminal=True, width=1)

    assert results == list(follow(iter(results), "mine", len(results), console))
