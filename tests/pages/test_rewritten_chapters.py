"""What the pages of the chapters that say each rule once have in common."""

import pytest

from signalbook.clauses import Level, applies
from signalbook.pages import read_specification

CHAPTERS = ("dispatch", "signals", "lifecycle", "fallback")
CLAUSES = [clause for clause in read_specification().clauses if clause.chapter in CHAPTERS]
NEWEST = {"flask": "3.1.3", "blinker": "1.9.0", "python": "3.13"}


def test_every_must_names_who_promises_it():
    """What binds is promised by somebody, and the clause says by whom."""
    assert [] == [c.id for c in CLAUSES if c.level is Level.MUST and not c.source]


def test_what_only_holds_today_promises_nothing():
    """A MAY is what a release does; if somebody promised it, it would be a MUST."""
    assert [] == [c.id for c in CLAUSES if c.level is Level.MAY and c.source]


def test_what_is_gone_stands_at_the_end():
    """A reader comes to what is true today first: what isn't, and has no successor, is 'Gone'."""
    assert [] == [
        clause.id
        for clause in CLAUSES
        if clause.chapter != "fallback"
        and (clause.title == "Gone") is any(applies(check, NEWEST) for check in clause.checks)
    ]


def test_earlier_entry_is_not_true_today():
    """What is told in the past tense is past."""
    entries = [entry for c in CLAUSES if c.chapter != "fallback" for entry in c.earlier]
    assert [] == [e.id for e in entries for check in e.checks if applies(check, NEWEST)]


def test_rule_proves_itself_by_its_examples():
    """No rule says only that something is as the example shows."""
    entries = [entry for clause in CLAUSES for entry in clause.entries]
    assert [] == [e.id for e in entries if "example shows" in e.rule]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_range_of_a_rule_and_of_its_past_do_not_meet(chapter):
    """No release has both a rule and what was true before it, but for rows that it left alone."""
    both = []
    for clause in CLAUSES:
        for entry in clause.earlier if clause.chapter == chapter else ():
            # An entry that names no rows of many may be about something beside them.
            replaced = [row for row in clause.rows if row.id in entry.replaces]
            for row in replaced if clause.rows else (clause,):
                both += [
                    (entry.id, row.id, minor)
                    for minor in range(10)
                    for releases in [{"blinker": f"1.{minor}"}, {"flask": f"0.{minor + 6}"}]
                    if row.holds
                    and entry.holds
                    and row.holds.contains(releases)
                    and entry.holds.contains(releases)
                ]
    assert [] == both
