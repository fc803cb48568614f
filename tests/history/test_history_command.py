"""`signalbook history` measures what is asked for, and keeps what is whole."""

import json

import pytest

from signalbook.history import measure

HOLDS = "Every clause holds exactly where it says.\n"


def dates(file):
    return {id: entry["date"] for id, entry in json.loads(file.read_text())["clauses"].items()}


def test_command_measures_all_and_writes(command, file):
    """Everything is run once, and the file is there."""
    assert (0, f"3 clauses on 3 releases.\n{HOLDS}") == command()
    assert ["page.always", "page.early", "page.late"] == list(dates(file))
    assert (0, HOLDS) == command("--check")


def test_command_measures_what_is_stale(command, page):
    """Only a clause that was never measured, or that changed, is run again."""
    command()
    assert (0, f"0 clauses on 0 releases.\n{HOLDS}") == command("--stale")
    page("blinker.late\n", "blinker.late is True\n")
    assert 1 == command("--check")[0]
    assert (0, f"1 clauses on 3 releases.\n{HOLDS}") == command("--stale")
    assert (0, HOLDS) == command("--check")


def test_command_measures_what_was_pinned_otherwise(command, releases, file):
    """Other pins are red until everything was measured with them."""
    command()
    releases(pins=["werkzeug==3.1.4"])
    status, output = command("--check")
    assert (1, "history.json: blinker: blinker 1.0, 1.1, 1.2: not what these were") == (
        status,
        output.partition(" measured on: page.always, page.early, page.late;")[0],
    )
    assert (0, f"1 clauses on 3 releases.\n{HOLDS}") == command("--clause", "page.late")
    status, output = command("--check")
    assert (1, True) == (status, " measured on: page.always, page.early;" in output)
    assert (0, f"2 clauses on 3 releases.\n{HOLDS}") == command("--stale")
    assert (0, HOLDS) == command("--check")
    assert 1 == len(json.loads(file.read_text())["environments"])


def test_command_for_one_clause_touches_its_entry_only(command, file):
    """What is measured of one clause is one entry, and no other line differs."""
    command("--clause", "page.[ae]*")
    before = file.read_text()
    assert (0, f"1 clauses on 3 releases.\n{HOLDS}") == command("--clause", "page.late")
    after = file.read_text()
    assert ["page.always", "page.early", "page.late"] == list(dates(file))
    start, end = before.removesuffix("\n}\n}\n"), "\n}\n}\n"
    assert (start, end) == (after[: len(start)], after[-len(end) :])


def test_command_keeps_what_another_run_wrote_meanwhile(command, file, monkeypatch):
    """Of two runs at once both results are there."""

    def slowly(*arguments, **options):
        monkeypatch.setattr("signalbook.cli.history.measure", measure)
        assert 0 == command("--clause", "page.always")[0]
        yield from measure(*arguments, **options)

    monkeypatch.setattr("signalbook.cli.history.measure", slowly)
    assert 0 == command("--clause", "page.late")[0]
    assert ["page.always", "page.late"] == list(dates(file))


def test_command_keeps_a_clause_that_was_begun_meanwhile(command, page, file, monkeypatch):
    """Who writes and measures a clause while all others are measured doesn't lose it."""

    def slowly(*arguments, **options):
        monkeypatch.setattr("signalbook.cli.history.measure", measure)
        page("clause} page.always", "clause} page.ever")
        assert 0 == command("--clause", "page.ever")[0]
        yield from measure(*arguments, **options)

    monkeypatch.setattr("signalbook.cli.history.measure", slowly)
    assert 0 == command("--clause", "page.late")[0]
    assert ["page.late", "page.ever"] == list(dates(file))


def test_command_writes_nothing_of_a_clause_that_did_not_run_everywhere(command, releases, file):
    """What isn't known of one release must not look as if it were; what is known is reported."""
    command("--clause", "page.early")
    before = file.read_text()
    releases(missing=["1.0", "1.1"])
    status, output = command()
    assert 2 == status
    assert output.splitlines() == [
        "NOT RUN blinker 1.0, 1.1: CPython 9.9 is not on this machine",
        "Not measured, since not on every release: page.always, page.early, page.late.",
        "3 clauses on 1 releases.",
    ]
    assert before == file.read_text()
    releases({"1.2": "name = 'motor'"}, missing=["1.0", "1.1"])
    status, output = command()
    assert (1, True) == (status, "page.always: failed on blinker 1.2" in output)
    assert before == file.read_text()


def test_command_forgets_clauses_that_are_gone_on_any_machine(command, page, releases, file):
    """Taking out what is no clause any more needs no interpreter."""
    command()
    page("clause} page.always", "clause} page.ever")
    releases(missing=["1.0", "1.1", "1.2"])
    assert 2 == command("--stale")[0]
    assert ["page.early", "page.late"] == list(dates(file))


@pytest.mark.parametrize("arguments", [["--release", "1.1"], ["--series", "blinker"]])
def test_command_for_some_releases_writes_nothing(command, file, arguments):
    """A part of the releases is for looking."""
    number = 1 if "1.1" in arguments else 3
    assert (0, f"3 clauses on {number} releases.\n{HOLDS}") == command(*arguments)
    assert not file.exists()


def test_command_for_releases_that_no_clause_is_about_fails(command, page, file, monkeypatch):
    """Nothing that was run proves nothing."""
    monkeypatch.setattr("signalbook.cli.history.environments_about", lambda clauses: [])
    status, output = command("--clause", "page.late")
    assert 2 == status
    assert "none of these clauses is about any of these releases" in output
    assert not file.exists()


def test_command_for_a_release_that_is_unknown_fails(command):
    """A release that there isn't is named."""
    status, output = command("--release", "9.9")
    assert 2 == status
    assert "there is no release '9.9'" in output


def test_command_fails_where_a_clause_does_not_hold(command, releases):
    """A release that does something else is named, and the status is 1."""
    releases({"1.2": "name = 'motor'"})
    status, output = command()
    assert 1 == status
    assert (
        "page.always: failed on blinker 1.2: an example printed something else: 'motor'" in output
    )
    assert "page.late: absent on blinker 1.2" in output
    assert "2 differences between what is declared and what is measured." in output


def test_check_without_a_measurement_fails(command):
    """Nothing measured is no proof, and each clause is named."""
    status, output = command("--check")
    assert 1 == status
    named = [line.split(": ")[1] for line in output.splitlines() if "not measured yet" in line]
    assert ["page.always", "page.early", "page.late"] == named


@pytest.mark.parametrize(
    "more", [["--clause", "page.late"], ["--stale"], ["--series", "blinker"], ["--jobs", "2"]]
)
def test_check_of_a_part_is_refused(command, more):
    """What would be ignored is told, before it looks like an answer."""
    status, output = command("--check", *more)
    assert (2, True) == (status, "--check looks at the whole history; give it alone" in output)


@pytest.mark.parametrize("arguments", [[], ["--check"], ["--stale"]])
def test_damaged_file_is_one_message_before_anything_is_run(command, file, arguments):
    """The message names the file and what to do; nothing is measured for nothing."""
    file.write_text('{"format": 1}')
    status, output = command(*arguments)
    assert 2 == status
    assert output.splitlines() == [
        f"Error: {file}: not a history (ValueError: format 1, and this kit reads 2); restore it"
        " from version control, or remove it and run 'signalbook history'"
    ]
    assert '{"format": 1}' == file.read_text()


def test_file_that_cannot_be_written_is_told_before_anything_is_run(command, file, monkeypatch):
    """Minutes of measuring are not lost for want of a place."""

    def fail(*arguments, **options):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("os.replace", fail)
    monkeypatch.setattr("signalbook.cli.history.measure", fail)
    expected = f"Error: {file}: can't be written (Read-only file system)\n"
    assert (2, expected) == command()
    # What is only looked at needs no place.
    monkeypatch.setattr("signalbook.cli.history.measure", measure)
    assert 0 == command("--release", "1.1")[0]


def test_command_that_is_stopped_tells_what_it_found_and_keeps_nothing(
    command, releases, file, monkeypatch
):
    """What ran is not lost for who looks, and doesn't look whole in the file."""
    releases({"1.0": "name, early = 'motor', True"})

    def stopped(*arguments, **options):
        for number, outcome in enumerate(measure(*arguments, jobs=1)):
            if number == 2:
                raise KeyboardInterrupt
            yield outcome

    monkeypatch.setattr("signalbook.cli.history.measure", stopped)
    _, output = command()
    assert output.splitlines()[:2] == [
        "Stopped after 2 of 3 releases; nothing was kept.",
        "spec/dispatch/page.md:9: page.always: failed on blinker 1.0: an example printed something"
        " else: 'motor'",
    ]
    assert {} == dates(file)
