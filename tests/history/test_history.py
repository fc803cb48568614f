"""Clauses are measured on every release, and held to their ranges."""

import json

import pytest
from click.testing import CliRunner

from signalbook.cli import main
from signalbook.history import (
    History,
    HistoryError,
    changes,
    differences,
    digest,
    measure,
    merge,
    passing_in_words,
    problems,
    read_history,
    write_history,
)
from signalbook.implementations import UnknownRelease

SOURCES = {
    "1.0": "name, early = 'engine', True",
    "1.1": "name, early = 'engine', True",
    "1.2": "name, late = 'engine', True",
}


@pytest.fixture
def measured(releases, specification):
    """Measure the page, as it is or changed, and return specification and history."""

    def measured(old="", new="", sources=SOURCES):
        read = specification(old, new)
        outcomes = measure(read.clauses, releases(sources))
        return read, merge(History(), read.clauses, outcomes, date="2026-11-21")

    return measured


def rows(history):
    """Return the stretches of each clause as plain lists."""
    return {
        id: [[s.first, s.last, s.verdict.value, s.why] for s in measurement.lines["blinker"]]
        for id, measurement in history.clauses.items()
    }


def texts(specification, history):
    return [f"{problem.id}: {problem.text}" for problem in problems(specification, history)]


LATE_MISSING = "an example raised AttributeError: module 'blinker' has no"
EARLY_MISSING = f"{LATE_MISSING} attribute 'early'"
LATE_MISSING += " attribute 'late'"


def test_clauses_run_on_all_releases_in_range_or_not(measured):
    """Neighbouring releases on which a clause did the same are one stretch, with the reason."""
    _, history = measured()
    assert rows(history) == {
        "page.always": [["1.0", "1.2", "passed", ""]],
        "page.early": [
            ["1.0", "1.1", "passed", ""],
            ["1.2", "1.2", "failed", EARLY_MISSING],
        ],
        "page.late": [
            ["1.0", "1.1", "failed", LATE_MISSING],
            ["1.2", "1.2", "passed", ""],
        ],
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
            f" (failed: {EARLY_MISSING})",
        ),
        (
            ":needs: blinker",
            "page.early: holds for every release, but didn't pass on blinker 1.2"
            f" (failed: {EARLY_MISSING})",
        ),
    ],
)
def test_range_that_is_not_the_measured_one_is_a_problem(measured, holds, problem):
    """Passing outside the range is as wrong as failing inside it."""
    assert [problem] == texts(*measured(":holds: blinker<1.2", holds))


def test_difference_names_release_and_place(releases, specification):
    """A run says at which example which release did something else."""
    read = specification(":holds: blinker<1.2", ":holds: blinker<=1.2,!=1.0")
    found = [
        text
        for outcome in measure(read.clauses, releases(SOURCES))
        for text in differences(read.clauses, outcome)
    ]
    assert sorted(found) == [
        "spec/dispatch/page.md:14: page.early: passed on blinker 1.0, outside blinker<=1.2,!=1.0",
        f"spec/dispatch/page.md:22: page.early: failed on blinker 1.2: {EARLY_MISSING}",
    ]


def test_edited_examples_are_not_measured_since(measured, specification):
    """What was measured of other examples says nothing of these; prose doesn't matter."""
    _, history = measured()
    assert [] == texts(specification("It MUST have `early` at first.", "It MUST do."), history)
    assert texts(specification("blinker.early\n", "blinker.early is True\n"), history) == [
        "page.early: not measured since its examples changed, last on 2026-11-21;"
        " run 'signalbook history --stale'"
    ]


def test_clause_that_was_never_measured_is_a_problem(measured, specification):
    """A new clause has to be measured, and one that is gone has to go."""
    _, history = measured()
    renamed = specification("clause} page.always", "clause} page.ever")
    assert texts(renamed, history) == [
        "page.always: there is no such clause; run 'signalbook history'",
        "page.ever: not measured yet; run 'signalbook history --stale'",
    ]


def test_history_of_other_releases_is_a_problem(specification):
    """When a release comes along, everything has to be measured on it."""
    assert texts(specification(), History())[0] == (
        "flask: the releases of Flask are other ones now; run 'signalbook history'"
    )


def test_measuring_some_clauses_keeps_the_others(measured, releases, specification):
    """A second measurement takes the place of the first for its clauses only."""
    read, history = measured()
    late = read.select(patterns=["page.late"])
    sources = {**SOURCES, "1.1": "name, early, late = 'engine', True, True"}
    again = merge(history, late, measure(late, releases(sources)), date="2026-11-22")
    assert {id: m.date for id, m in again.clauses.items()} == {
        "page.always": "2026-11-21",
        "page.early": "2026-11-21",
        "page.late": "2026-11-22",
    }
    assert rows(again)["page.late"] == [
        ["1.0", "1.0", "failed", LATE_MISSING],
        ["1.1", "1.2", "passed", ""],
    ]
    assert rows(again)["page.early"] == rows(history)["page.early"]


def test_release_that_cannot_be_run_is_named(releases, specification):
    """A missing interpreter costs its release only, and is no failure of a clause."""
    read = specification()
    outcomes = measure(read.clauses, releases(SOURCES, missing=["1.1"]), jobs=2)
    found = {o.member.version: getattr(o, "reason", "measured") for o in outcomes}
    assert found == {
        "1.0": "measured",
        "1.1": "CPython 9.9 is not on this machine",
        "1.2": "measured",
    }


def test_history_that_was_written_reads_the_same(measured, tmp_path):
    """Nothing is lost in the file."""
    read, history = measured()
    file = tmp_path / "history.json"
    write_history(history, [clause.id for clause in read.clauses], file)
    assert history == read_history(file)
    assert {"format", "environments", "clauses"} == set(json.loads(file.read_text()))


def test_clause_is_a_few_lines_of_the_file(measured, tmp_path):
    """A difference between two histories shows the clause, the line and the releases."""
    read, history = measured()
    file = tmp_path / "history.json"
    write_history(history, [clause.id for clause in read.clauses], file)
    lines = file.read_text().splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith('"page.late"'))
    late = digest(read.clause("page.late"))
    assert lines[start : start + 4] == [
        f'"page.late": {{"date": "2026-11-21", "digest": "{late}", "lines": {{',
        '"blinker": [',
        f'["1.0", "1.1", "failed", {json.dumps(LATE_MISSING)}],',
        '["1.2", "1.2", "passed", ""]]}}',
    ]


def test_no_file_is_an_empty_history(tmp_path):
    """Before the first measurement nothing is known."""
    assert History() == read_history(tmp_path / "history.json")


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"format": 2}',
        '{"format": 1}',
        '{"format": 1, "environments": {}, "clauses": {"a.b": {}}}',
        '{"format": 1, "environments": {}, "clauses": {"a.b": '
        '{"date": "", "digest": "", "lines": {"flask": [["1.0", "1.0", "perfect", ""]]}}}}',
    ],
)
def test_file_that_is_no_history_is_one_error(tmp_path, text):
    """A corrupt file is named, with what to do, and stays as it is."""
    file = tmp_path / "history.json"
    file.write_text(text)
    with pytest.raises(HistoryError) as caught:
        read_history(file)
    assert str(caught.value).startswith(f"{file}: ")
    assert str(caught.value).endswith(
        "restore it from version control, or make it anew with 'signalbook history'"
    )
    assert text == file.read_text()


def test_write_that_fails_leaves_the_old_file(measured, tmp_path, monkeypatch):
    """The file is replaced whole or not at all."""
    read, history = measured()
    file = tmp_path / "history.json"
    file.write_text("old")

    def fail(*paths):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(HistoryError, match="No space left on device"):
        write_history(history, [clause.id for clause in read.clauses], file)
    assert "old" == file.read_text()
    assert not list(tmp_path.glob(".history.json-*"))


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
    _, history = measured(sources={"1.0": "name = 'engine'", "1.1": "", "1.2": "name = 'engine'"})
    assert "1.0 only, and again from 1.2" == passing_in_words(history, "page.always", "blinker")


def test_changes_go_from_one_release_to_another(measured):
    """What is true of one release only, with the release of the change, MUST first."""
    read, history = measured()
    flask = History(
        {"flask": history.environments["blinker"]},
        {
            id: type(m)(m.date, m.digest, {"flask": m.lines["blinker"]})
            for id, m in history.clauses.items()
        },
    )

    def found(older, newer):
        return [(c.clause.id, c.release, c.holds_now) for c in changes(read, flask, older, newer)]

    assert [("page.early", "1.2", False), ("page.late", "1.2", True)] == found("1.0", "1.2")
    assert [("page.early", "1.1", True), ("page.late", "1.1", False)] == found("1.2", "1.0")
    assert [] == found("1.0", "1.1")
    with pytest.raises(UnknownRelease, match=r"Flask '2\.0' was not measured; .* 1\.0, 1\.1, 1\.2"):
        changes(read, flask, "1.0", "2.0")


@pytest.fixture
def command(specification, releases, tmp_path, monkeypatch):
    """Run `signalbook history` on the page and the releases; return exit status and output."""
    read = specification()
    releases(SOURCES)
    monkeypatch.setattr("signalbook.cli.history.read_specification", lambda: read)
    for module in ("record", "words"):
        monkeypatch.setattr(
            f"signalbook.history.{module}.history_file",
            lambda: tmp_path / "history.json",
            raising=False,
        )

    def command(*arguments):
        result = CliRunner().invoke(main, ["history", *arguments])
        return result.exit_code, result.output

    return command


def test_command_measures_all_and_writes(command, tmp_path):
    """Everything is run once, and the file is there."""
    assert (0, "3 clauses on 3 releases.\nEvery clause holds exactly where it says.\n") == command()
    assert "page.late" in (tmp_path / "history.json").read_text()
    assert (0, "Every clause holds exactly where it says.\n") == command("--check")


def test_command_measures_what_is_stale(command, specification, monkeypatch, tmp_path):
    """Only a clause that was never measured, or that changed, is run again."""
    command()
    assert (0, "0 clauses on 3 releases.\nEvery clause holds exactly where it says.\n") == command(
        "--stale"
    )
    edited = specification("blinker.late\n", "blinker.late is True\n")
    monkeypatch.setattr("signalbook.cli.history.read_specification", lambda: edited)
    assert 1 == command("--check")[0]
    assert (0, "1 clauses on 3 releases.\nEvery clause holds exactly where it says.\n") == command(
        "--stale"
    )
    assert 0 == command("--check")[0]


def test_command_writes_nothing_if_a_release_cannot_be_run(command, releases, tmp_path):
    """What isn't known of one release must not look as if it were."""
    releases(SOURCES, missing=["1.1"])
    status, output = command()
    assert 2 == status
    assert "NOT RUN blinker 1.1: CPython 9.9 is not on this machine" in output
    assert not (tmp_path / "history.json").exists()


def test_command_for_one_release_writes_nothing(command, tmp_path):
    """A part of the releases is for looking."""
    assert (0, "3 clauses on 1 releases.\nEvery clause holds exactly where it says.\n") == command(
        "--release", "1.1"
    )
    assert not (tmp_path / "history.json").exists()


def test_command_fails_where_a_clause_does_not_hold(command, releases):
    """A release that does something else is named, and the status is 1."""
    releases({**SOURCES, "1.2": "name = 'motor'"})
    status, output = command()
    assert 1 == status
    assert (
        "page.always: failed on blinker 1.2: an example printed something else: 'motor'" in output
    )
    assert "page.late: failed on blinker 1.2" in output
    assert "2 differences between what is declared and what is measured." in output


def test_check_without_a_measurement_fails(command):
    """Nothing measured is no proof."""
    status, output = command("--check")
    assert 1 == status
    assert "the releases of blinker are other ones now; run 'signalbook history'" in output
