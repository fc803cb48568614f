"""Clauses are measured on every release, and held to their ranges."""

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from signalbook.history import (
    SERIES,
    Environment,
    History,
    Measurement,
    Run,
    Stretch,
    differences,
    environments_about,
    environments_by_name,
    is_measured,
    measure,
    measurements,
    passing_in_words,
    problems,
    shortened,
)
from signalbook.implementations import Release
from signalbook.pages import read_specification
from signalbook.runner import Limits
from signalbook.verdicts import Verdict


def rows(history):
    """Return the stretches of each clause as plain lists."""
    return {
        id: [[s.first, s.last, s.verdict.value, s.why] for s in of.runs["blinker"].stretches]
        for id, of in history.clauses.items()
    }


def texts(specification, history):
    return [f"{problem.id}: {problem.text}" for problem in problems(specification, history)]


LATE_MISSING = "an example raised AttributeError: module 'blinker' has no"
EARLY_MISSING = f"{LATE_MISSING} attribute 'early'"
LATE_MISSING += " attribute 'late'"
AGAIN = "run 'signalbook history --stale'"


def test_clauses_run_on_all_releases_in_range_or_not(measured):
    """Neighbouring releases on which a clause did the same are one stretch, with the reason."""
    _, history = measured()
    assert rows(history) == {
        "page.always": [["1.0", "1.2", "passed", ""]],
        "page.early": [
            ["1.0", "1.1", "passed", ""],
            ["1.2", "1.2", "absent", EARLY_MISSING],
        ],
        "page.late": [
            ["1.0", "1.1", "absent", LATE_MISSING],
            ["1.2", "1.2", "passed", ""],
        ],
    }


def test_verdicts_are_kept_with_what_they_were_measured_on(measured):
    """Interpreter and pins of each release stand beside what came of the clause there."""
    _, history = measured()
    assert history.clauses["page.early"].runs["blinker"].descriptions == {
        "1.0": "CPython 3.11: blinker==1.0",
        "1.1": "CPython 3.11: blinker==1.1",
        "1.2": "CPython 3.11: blinker==1.2",
    }


def test_declared_ranges_that_are_the_measured_ones_are_no_problem(measured):
    """A clause may hold exactly where it passed."""
    assert [] == texts(*measured())


@pytest.mark.parametrize(
    ("holds", "problem"),
    [
        (
            ":holds: blinker<1.1",
            "page.early: holds for blinker<1.1, but passed on blinker 1.1",
        ),
        (
            ":holds: blinker<1.3",
            "page.early: holds for blinker<1.3, but didn't pass on blinker 1.2"
            f" (absent: {EARLY_MISSING})",
        ),
        (
            ":holds: blinker<1.2 & python<3",
            "page.early: holds for blinker<1.2 & python<3, but passed on blinker 1.0, 1.1",
        ),
        (
            ":needs: blinker",
            "page.early: holds for every release, but didn't pass on blinker 1.2"
            f" (absent: {EARLY_MISSING})",
        ),
    ],
)
def test_range_that_is_not_the_measured_one_is_a_problem(measured, holds, problem):
    """Passing outside the range is as wrong as failing inside it."""
    specification, history = measured(":holds: blinker<1.2", holds)
    assert [problem] == texts(specification, history)
    assert ["wrong"] == [found.kind for found in problems(specification, history)]


def test_difference_names_release_and_place(releases, specification):
    """A run says at which example which release did something else."""
    read = specification(":holds: blinker<1.2", ":holds: blinker<=1.2,!=1.0")
    found = [
        text
        for outcome in measure(read.checks, releases())
        for text in differences(read.checks, outcome)
    ]
    assert sorted(found) == [
        "spec/dispatch/page.md:14: page.early: passed on blinker 1.0, outside blinker<=1.2,!=1.0",
        f"spec/dispatch/page.md:22: page.early: absent on blinker 1.2: {EARLY_MISSING}",
    ]


def test_edited_examples_are_not_measured_since(measured, specification):
    """What was measured of other examples says nothing of these; prose doesn't matter."""
    _, history = measured()
    assert [] == texts(specification("It MUST have `early` at first.", "It MUST do."), history)
    edited = specification("blinker.early\n", "blinker.early is True\n")
    assert texts(edited, history) == [
        f"page.early: not measured since its examples changed, last on 2026-11-21; {AGAIN}"
    ]
    assert ["stale"] == [problem.kind for problem in problems(edited, history)]


def test_clause_that_was_never_measured_is_a_problem(measured, specification):
    """A new clause has to be measured, and one that is gone has to go."""
    _, history = measured()
    renamed = specification("clause} page.always", "clause} page.ever")
    assert texts(renamed, history) == [
        f"page.always: there is no such clause; {AGAIN}",
        f"page.ever: not measured yet; {AGAIN}",
    ]
    assert ["wrong", "unmeasured"] == [problem.kind for problem in problems(renamed, history)]


def test_other_pins_make_what_was_measured_stale(measured, releases):
    """What was measured with another Werkzeug says nothing of this one."""
    read, history = measured()
    releases(pins=["werkzeug==3.1.4"])
    assert [f"{problem}" for problem in problems(read, history)] == [
        "history.json: blinker: blinker 1.0, 1.1, 1.2: not what these were measured on:"
        f" page.always, page.early, page.late; {AGAIN}"
    ]
    (problem,) = problems(read, history)
    assert ("stale", ["blinker"]) == (problem.kind, [series.name for series in problem.series])
    assert [False] * 3 == [is_measured(clause, history) for clause in read.checks]


def test_release_that_came_along_makes_what_was_measured_stale(measured, releases):
    """When there is a new release, everything has to be measured on it."""
    read, history = measured()
    releases({"1.3": "name, late = 'engine', True"})
    assert texts(read, history) == [
        "blinker: blinker 1.3: not what these were measured on: page.always, page.early,"
        f" page.late; {AGAIN}"
    ]


ENGINE_NEEDED = """\
# Plain

:::{clause} plain.one
:needs: flask, blinker

There MUST be one.

```pycon
>>> 1
1
```
:::
"""


def test_clause_that_is_due_elsewhere_too_is_stale(write, tmp_path):
    """What became due without an engine was not measured without one."""
    write({"spec/lifecycle/plain.md": ENGINE_NEEDED})
    read = read_specification(tmp_path / "spec")
    (clause,) = read.checks
    runs = {
        series.name: Run(
            series.descriptions,
            [Stretch(*(list(series.descriptions)[end] for end in (0, -1)), Verdict.PASSED)],
        )
        for series in map(SERIES.get, ("flask", "flask-with-others", "flask-with-blinker"))
    }
    history = History({clause.id: Measurement("2026-11-21", clause.digest, runs)})
    assert [] == texts(read, history)
    write({"spec/lifecycle/plain.md": ENGINE_NEEDED.replace(":needs: flask, blinker\n", "")})
    assert texts(read_specification(tmp_path / "spec"), history) == [
        "plain.one: not measured since it is about Flask and Flask with others and Flask without"
        f" blinker and the newest Flask with each blinker; {AGAIN}"
    ]


def test_measuring_some_clauses_says_nothing_of_others(measured, releases):
    """A second measurement is of its own clauses only, and has its own pins."""
    read, history = measured()
    late = read.select(patterns=["page.late"])
    environments = releases(
        {"1.1": "name, early, late = 'engine', True, True"}, pins=["werkzeug==3.1.4"]
    )
    again = History(
        {**history.clauses, **measurements(late, measure(late, environments), date="2026-11-22")}
    )
    assert {id: m.date for id, m in again.clauses.items()} == {
        "page.always": "2026-11-21",
        "page.early": "2026-11-21",
        "page.late": "2026-11-22",
    }
    assert rows(again)["page.late"] == [
        ["1.0", "1.0", "absent", LATE_MISSING],
        ["1.1", "1.2", "passed", ""],
    ]
    assert rows(again)["page.early"] == rows(history)["page.early"]
    pinned = {
        id: of.runs["blinker"].descriptions["1.0"].partition(": ")[2]
        for id, of in again.clauses.items()
    }
    assert pinned == {
        "page.always": "blinker==1.0",
        "page.early": "blinker==1.0",
        "page.late": "blinker==1.0 werkzeug==3.1.4",
    }


def test_release_that_cannot_be_run_is_named(releases, specification):
    """A missing interpreter costs its release only, and is no failure of a clause."""
    read = specification()
    outcomes = list(measure(read.checks, releases(missing=["1.1"]), jobs=2))
    found = {o.environment.version: getattr(o, "reason", "measured") for o in outcomes}
    assert found == {
        "1.0": "measured",
        "1.1": "CPython 9.9 is not on this machine",
        "1.2": "measured",
    }


def test_environment_knows_what_ranges_go_by():
    """Without its engine it has none, whatever is pinned, and always an interpreter."""
    names = environments_by_name()
    assert {"flask": "0.6", "blinker": "1.4", "python": "2.7"} == names["flask==0.6"].axes
    assert {"flask": "0.6", "python": "2.7"} == names["flask==0.6/without-blinker"].axes
    assert {"blinker": "1.4", "python": "3.8"} == names["blinker==1.4"].axes


def test_only_releases_that_a_clause_is_about_are_run():
    """What an engine alone does is measured on engines, and nothing else is started for it."""
    read = read_specification()
    engine = read.select(patterns=["lifetime.weak"])
    without = read.select(patterns=["fallback.hooks"])

    def about(clauses):
        return {series.name for series, _ in environments_about(clauses)}

    assert {"blinker"} == about(engine)
    assert {"flask-without-blinker"} == about(without)
    assert {"blinker", "flask-without-blinker"} == about([*engine, *without])
    assert [] == environments_about([])


def are_gone(pids):
    """Tell whether processes are dead; one that was killed may need a moment."""
    end = time.monotonic() + 10
    while any(is_alive(pid) for pid in pids):
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def is_alive(pid):
    """Tell whether a process runs; one that nobody has waited for yet doesn't."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(file):
    """Return what is in *file* as soon as there is something."""
    end = time.monotonic() + 30
    while not (file.exists() and file.read_text()):
        assert time.monotonic() < end, f"{file} was never written"
        time.sleep(0.01)
    return file.read_text()


@pytest.fixture
def hanging(releases, specification, tmp_path, monkeypatch):
    """Make a release whose second clause hangs; return clauses, where they run, a file of pids."""
    # The package's name for the module is that of the function in it.
    module = sys.modules["signalbook.history.measure"]
    monkeypatch.setattr(module, "_LIMITS", Limits(timeout=600))
    pids = tmp_path / "pids"
    source = (
        "import os, time\n"
        "name, late = 'engine', True\n"
        "def __getattr__(name):\n"
        f"    with open({str(pids)!r}, 'w') as file:\n"
        "        print(os.getppid(), os.getpid(), file=file)\n"
        "    time.sleep(600)\n"
    )
    return specification().checks, releases({"1.1": source}), pids


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="needs /proc")
def test_measuring_that_is_given_up_leaves_nothing(hanging):
    """Who stops asking stops the workers, too, and waits until they are gone."""
    clauses, environments, pids = hanging
    before = threading.enumerate()
    run = measure(clauses, environments[:2], jobs=2)
    assert "1.0" == next(run).environment.version
    running = wait_for(pids).split()
    run.close()
    assert are_gone(running)
    for thread in set(threading.enumerate()).difference(before):
        thread.join(10)
        assert not thread.is_alive()


def test_measuring_that_is_given_up_while_it_installs_runs_nothing(
    releases, specification, tmp_path, monkeypatch
):
    """There is no worker to stop yet; what is installed then gets none."""
    module = sys.modules["signalbook.history.measure"]
    loaded, installing, stopped = tmp_path / "loaded", threading.Event(), threading.Event()
    first, second = releases({"1.1": f"open({str(loaded)!r}, 'w').close()"})[:2]

    class Slow(Environment):
        def install(self):
            installing.set()
            assert stopped.wait(10)
            return second[1].install()

    class Measuring(module._Measuring):
        def stop(self):
            super().stop()
            stopped.set()

    monkeypatch.setattr(module, "_Measuring", Measuring)
    slow = Slow("blinker==1.1", "1.1", second[1].release)
    run = measure(specification().checks, [first, (second[0], slow)], jobs=2)
    assert "1.0" == next(run).environment.version
    assert installing.wait(10)
    run.close()
    assert not loaded.exists()


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="needs /proc")
def test_measuring_that_fails_leaves_nothing(hanging):
    """An error of one thread is everybody's, and stops the others."""
    clauses, environments, pids = hanging

    class Broken(Environment):
        def install(self):
            wait_for(pids)
            raise ZeroDivisionError

    release = Release("blinker", "1.9", "3.11", ())
    series, broken = environments[1][0], Broken("blinker==1.9", "1.9", release)
    with pytest.raises(ZeroDivisionError):
        list(measure(clauses, [environments[1], (series, broken)], jobs=2))
    assert are_gone(wait_for(pids).split())


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("page.always", "every release, 1.0 to 1.2"),
        ("page.early", "1.0 to 1.1"),
        ("page.late", "from 1.2"),
        ("page.nowhere", "no release"),
    ],
)
def test_measured_range_is_told_in_words(measured, id, words):
    """The words name the first and the last release of each stretch."""
    _, history = measured()
    assert words == passing_in_words(history, id, "blinker")


def test_range_with_a_gap_says_again(measured):
    """A clause that passed, failed and passed has two stretches."""
    _, history = measured(changed={"1.1": ""})
    assert "1.0 only, and again from 1.2" == passing_in_words(history, "page.always", "blinker")


def test_reason_holds_nothing_but_what_can_be_printed(measured):
    """What a release printed can neither be unwritable nor play with a terminal."""
    shown = r"caf\xe9\x1b[2J\x9b\ud800\u202e"
    source = f"class Name:\n    def __repr__(self): return '{shown}'\nname = Name()"
    _, history = measured(changed={"1.2": source})
    stretch = history.clauses["page.always"].runs["blinker"].stretches[-1]
    expected = r"an example printed something else: café\x1b[2J\x9b\ud800\u202e"
    assert (expected, "1.2") == (stretch.why, stretch.first)


def test_many_names_are_shortened():
    """A message stays one that is read."""
    assert "a, b, c" == shortened(["a", "b", "c"], most=3)
    assert "a, b, c and 2 more" == shortened(["a", "b", "c", "d", "e"], most=3)
