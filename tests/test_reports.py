"""The terminal's report."""

import io
import re

from rich.console import Console
from rich.text import Text

from signalbook.pages import read_specification
from signalbook.reports import follow
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
