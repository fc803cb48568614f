"""The committed history is the measured truth of the committed clauses.

A clause that was never measured fails nothing: not every contributor has every interpreter.
It is named, and `signalbook history --check` fails, which a release needs.
With `SIGNALBOOK_RELEASES=all` every release is run again, else a sample.
"""

import os
import re

import pytest
from click.testing import CliRunner

from signalbook.cli import main
from signalbook.history import (
    SERIES,
    Kind,
    Outcome,
    differences,
    is_measured,
    left_by,
    measure,
    passing_in_words,
    problems,
    read_history,
)
from signalbook.implementations import MissingInterpreter, NotProvisioned, find_interpreter
from signalbook.pages import read_specification
from signalbook.runner import Isolation
from signalbook.verdicts import Verdict

# What differs most: engines and frameworks at their ends, on old and new Pythons. On the newest
# Flask, tests/runner/test_interpreters.py runs everything.
SAMPLE = [
    ("flask-with-others", "1.1.4/python==2.7"),
    ("flask-without-blinker", "0.6"),
    ("blinker", "1.0"),
    ("blinker", "1.9.0"),
]
EVERY_RELEASE = os.environ.get("SIGNALBOOK_RELEASES") == "all"
if EVERY_RELEASE:
    SAMPLE = [(name, version) for name, of in SERIES.items() for version in of.descriptions]


def found(kind):
    return [
        problem
        for problem in problems(read_specification(), read_history())
        if problem.kind is kind
    ]


def missing(series):
    """Return the interpreters that the series need and this machine hasn't."""
    versions = {one.release.python for each in series for one in each.environments()}
    lacking = []
    for version in sorted(versions, key=lambda version: tuple(map(int, version.split(".")))):
        try:
            find_interpreter(version)
        except MissingInterpreter:
            lacking.append(version)
    return lacking


def installed(series, version):
    """Return a release's environment, unless this machine can't have it."""
    environment = next(one for one in SERIES[series].environments() if one.version == version)
    try:
        environment.install()
    except (MissingInterpreter, NotProvisioned) as error:
        pytest.skip(f"{series} {version}: {error}")
    return environment


def test_history_is_true_to_the_ranges():
    """Every clause that was measured holds exactly where it says, and there are no others."""
    assert [] == [str(problem) for problem in found(Kind.WRONG)]


def test_history_is_of_the_clauses_and_pins_that_there_are():
    """What changed since it was measured has to be measured again, wherever that can be done."""
    stale = found(Kind.STALE)
    assert [] == [str(problem) for problem in stale if not missing(problem.series)]
    if stale:
        named = ", ".join(problem.id for problem in stale)
        lacking = ", ".join(missing([each for problem in stale for each in problem.series]))
        pytest.skip(f"to be measured again where there is CPython {lacking}: {named}")


def test_history_is_of_every_clause():
    """What was never measured is named."""
    if unmeasured := found(Kind.UNMEASURED):
        named = ", ".join(problem.id for problem in unmeasured)
        pytest.skip(f"not measured yet, and no release can be made: {named}")


def test_next_is_of_the_clauses_that_there_are():
    """What changed since it was measured on Flask's main branch is named, since few have that."""
    known = read_history().next
    if known and (left := left_by(known, read_specification().checks)):
        named = ", ".join(clause.id for clause in left)
        pytest.skip(f"to be measured again on {known.title}: {named}")


@pytest.mark.parametrize(
    ("series", "version", "isolation"),
    [(*one, Isolation.PAGE) for one in SAMPLE]
    + [(*one, Isolation.CLAUSE) for one in (SAMPLE if EVERY_RELEASE else SAMPLE[-1:])],
)
def test_release_does_what_the_history_says(series, version, isolation):
    """A release that is run again does what was measured, in range or not.

    It does so whether or not clauses share a process.
    """
    specification, history = read_specification(), read_history()
    environment = installed(series, version)
    (outcome,) = measure(specification.checks, [(SERIES[series], environment)], isolation=isolation)
    assert isinstance(outcome, Outcome), outcome.reason
    assert [] == list(differences(specification.checks, outcome))
    measured = [
        clause.id
        for clause in specification.checks
        if clause.id in outcome.results and is_measured(clause, history)
    ]
    then = {id: history.verdicts(id, series)[version].verdict for id in measured}
    now = {id: outcome.results[id].verdict for id in measured}
    assert [id for id in measured if then[id] is Verdict.PASSED] == [
        id for id in measured if now[id] is Verdict.PASSED
    ]


def test_real_environments_apart_are_what_one_run_measures(tmp_path, monkeypatch):
    """What each release of the engine did alone is merged to the bytes of one run of all."""
    if lacking := missing([SERIES["blinker"]]):
        pytest.skip(f"there is no CPython {', '.join(lacking)}")
    file = tmp_path / "history.json"
    monkeypatch.setattr("signalbook.history.file.history_file", lambda: file)

    def command(*arguments):
        done = CliRunner().invoke(main, ["history", *arguments])
        assert 0 == done.exit_code, done.output

    chosen = ("--clause", "connecting.p*")
    command(*chosen)
    at_once = file.read_text()
    file.unlink()
    parts = []
    for version in SERIES["blinker"].descriptions:
        parts.append(str(tmp_path / f"{version}.json"))
        command(*chosen, "--environment", f"blinker=={version}", "--output", parts[-1])
    command("--merge", *parts)
    days = [re.sub(r'"date": "[^"]+"', "", text) for text in (at_once, file.read_text())]
    assert days[0] == days[1]


def test_measured_ranges_have_edges_on_many_releases():
    """What changed within a patch release is found as such."""
    history = read_history()
    edges = {
        stretch.first
        for measurement in history.clauses.values()
        if "flask" in measurement.runs
        for stretch in measurement.runs["flask"].stretches
    }
    assert {"0.12.1", "2.0.2", "2.2.4", "3.1.2", "3.1.3"} <= edges
    assert "from 3.1.2" == passing_in_words(history, "request-tearing-down.stream-twice.read")
