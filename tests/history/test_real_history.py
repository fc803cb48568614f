"""The committed history is the measured truth of the committed clauses.

A clause that was never measured fails nothing: not every contributor has every interpreter.
It is named, and `signalbook history --check` fails, which a release needs.
With `SIGNALBOOK_RELEASES=all` every release is run again, else a sample.
"""

import os

import pytest

from signalbook.history import (
    LINES,
    Kind,
    Outcome,
    differences,
    is_measured,
    measure,
    passing_in_words,
    problems,
    read_history,
)
from signalbook.implementations import MissingInterpreter, NotProvisioned, find_interpreter
from signalbook.pages import read_specification
from signalbook.verdicts import Verdict

# What differs most: the first and the last of each engine and framework, on old and new Pythons.
SAMPLE = [
    ("flask", "0.12.5"),
    ("flask", "2.2.5"),
    ("flask", "3.1.3"),
    ("flask-without-blinker", "0.6"),
    ("blinker", "1.0"),
    ("blinker", "1.9.0"),
]
if os.environ.get("SIGNALBOOK_RELEASES") == "all":
    SAMPLE = [(name, version) for name, line in LINES.items() for version in line.environments]


def found(kind):
    return [
        problem
        for problem in problems(read_specification(), read_history())
        if problem.kind is kind
    ]


def missing(lines):
    """Return the interpreters that the lines need and this machine hasn't."""
    versions = {member.release.python for line in lines for member in line.members()}
    lacking = []
    for version in sorted(versions, key=lambda version: tuple(map(int, version.split(".")))):
        try:
            find_interpreter(version)
        except MissingInterpreter:
            lacking.append(version)
    return lacking


def test_history_is_true_to_the_ranges():
    """Every clause that was measured holds exactly where it says, and there are no others."""
    assert [] == [str(problem) for problem in found(Kind.WRONG)]


def test_history_is_of_the_clauses_and_pins_that_there_are():
    """What changed since it was measured has to be measured again, wherever that can be done."""
    stale = found(Kind.STALE)
    assert [] == [str(problem) for problem in stale if not missing(problem.lines)]
    if stale:
        named = ", ".join(problem.id for problem in stale)
        lacking = ", ".join(missing([line for problem in stale for line in problem.lines]))
        pytest.skip(f"to be measured again where there is CPython {lacking}: {named}")


def test_history_is_of_every_clause():
    """What was never measured is named."""
    if unmeasured := found(Kind.UNMEASURED):
        named = ", ".join(problem.id for problem in unmeasured)
        pytest.skip(f"not measured yet, and no release can be made: {named}")


@pytest.mark.parametrize(("line", "version"), SAMPLE)
def test_release_does_what_the_history_says(line, version):
    """A release that is run again does what was measured, in range or not."""
    specification, history = read_specification(), read_history()
    member = next(one for one in LINES[line].members() if one.version == version)
    try:
        member.install()
    except (MissingInterpreter, NotProvisioned) as error:
        pytest.skip(f"{line} {version}: {error}")
    (outcome,) = measure(specification.clauses, [(LINES[line], member)])
    assert isinstance(outcome, Outcome), outcome.reason
    assert [] == list(differences(specification.clauses, outcome))
    measured = [
        clause.id
        for clause in specification.clauses
        if clause.id in outcome.results and is_measured(clause, history)
    ]
    then = {id: history.verdicts(id, line)[version].verdict for id in measured}
    now = {id: outcome.results[id].verdict for id in measured}
    assert [id for id in measured if then[id] is Verdict.PASSED] == [
        id for id in measured if now[id] is Verdict.PASSED
    ]


def test_measured_ranges_have_edges_on_many_releases():
    """What changed within a patch release is found as such."""
    history = read_history()
    edges = {
        stretch.first
        for measurement in history.clauses.values()
        if "flask" in measurement.lines
        for stretch in measurement.lines["flask"].stretches
    }
    assert {"0.12.1", "2.0.2", "2.2.4", "3.1.2", "3.1.3"} <= edges
    assert "from 3.1.2" == passing_in_words(history, "request-tearing-down.stream-with-context")
