"""The history's file holds all that was measured, and nothing else is taken for one."""

import json
import os
import threading
from pathlib import Path

import pytest

from signalbook.files import replacing
from signalbook.history import (
    History,
    HistoryError,
    Measurement,
    Run,
    Stretch,
    read_history,
    update_history,
)
from signalbook.verdicts import Verdict

REMEDY = "restore it from version control, or remove it and run 'signalbook history'"


WHY = "an example raised AttributeError: module 'blinker' has no attribute 'late'"


@pytest.fixture
def known(specification, releases):
    """Return the specification, and what is known of it."""
    read = specification()
    descriptions = {of.version: of.description for _, of in releases()}
    passed = [Stretch("1.0", "1.2", Verdict.PASSED)]
    failed = [
        Stretch("1.0", "1.1", Verdict.FAILED, WHY),
        Stretch("1.2", "1.2", Verdict.PASSED),
    ]
    return read, History(
        {
            clause.id: Measurement(
                "2026-11-21",
                clause.digest,
                {"blinker": Run(descriptions, failed if clause.id == "page.late" else passed)},
            )
            for clause in read.checks
        }
    )


@pytest.fixture
def written(known, file):
    """Write what is known, and return specification and history."""
    read, history = known
    update_history(history.clauses, ids(read), file)
    return read, history


def ids(specification):
    return [clause.id for clause in specification.checks]


def test_history_that_was_written_reads_the_same(written, file):
    """Nothing is lost in the file."""
    assert written[1] == read_history(file)
    assert {"format", "environments", "clauses"} == set(json.loads(file.read_text()))


def test_clause_is_a_few_lines_of_the_file(written, file):
    """A difference between two histories shows the clause, the series and the releases."""
    read, _ = written
    lines = file.read_text().splitlines()
    environments = next(n for n, line in enumerate(lines) if line.startswith('"blinker '))
    key = lines[environments].removesuffix(": {")
    assert lines[environments : environments + 5] == [
        f"{key}: {{",
        '"1.0": "CPython 3.11: blinker==1.0",',
        '"1.1": "CPython 3.11: blinker==1.1",',
        '"1.2": "CPython 3.11: blinker==1.2"',
        "}",
    ]
    start = next(n for n, line in enumerate(lines) if line.startswith('"page.late"'))
    late = read.clause("page.late").digest
    assert lines[start : start + 4] == [
        f'"page.late": {{"date": "2026-11-21", "digest": "{late}", "runs": {{',
        f"{key}: [",
        f'["1.0", "1.1", "failed", {json.dumps(WHY)}],',
        '["1.2", "1.2", "passed", ""]]}}',
    ]


def test_combinations_are_kept_by_their_names(known, file):
    """A release with another blinker or Python has its own line, in its own order."""
    read, _ = known
    names = [
        "1.0.4/blinker==1.4",
        "1.0.4/blinker==1.9.0",
        "1.0.4/blinker==1.9.0/python==3.9",
        "1.0.10/python==2.7",
    ]
    run = Run(dict.fromkeys(names, "CPython 3.9: flask==1"), [Stretch(*names[::3], Verdict.PASSED)])
    measured = {
        "page.late": Measurement("2026-11-22", read.clause("page.late").digest, {"blinker": run})
    }
    update_history(measured, ids(read), file)
    assert History(measured) == read_history(file)
    assert names == read_history(file).versions("blinker")


def test_update_keeps_what_others_measured(written, releases, file):
    """What was measured in the meantime, and with other pins, stays as it is in the file."""
    read, history = written
    repinned = releases(pins=["werkzeug==3.1.4"])
    descriptions = {of.version: of.description for _, of in repinned}
    passed = Run(descriptions, [Stretch("1.0", "1.2", Verdict.PASSED)])
    late = read.clause("page.late").digest
    measured = {"page.late": Measurement("2026-11-22", late, {"blinker": passed})}
    before = file.read_text().splitlines()
    update_history(measured, ids(read), file)
    assert History({**history.clauses, **measured}) == read_history(file)
    # Of the others not a line is touched.
    end = next(n for n, line in enumerate(before) if line.startswith('"page.late"'))
    start = before.index('"clauses": {')
    after = file.read_text()
    assert "\n".join(before[start:end]) in after
    assert ["page.always", "page.early", "page.late"] == list(json.loads(after)["clauses"])


def test_update_forgets_clauses_that_are_gone(written, file):
    """What is no clause any more has no history."""
    update_history({}, ["page.late"], file, gone=["page.early"])
    assert ["page.late", "page.always"] == list(json.loads(file.read_text())["clauses"])
    update_history({}, [], file, gone=["page.late", "page.always"])
    assert History() == read_history(file)


def test_updates_at_the_same_time_are_all_kept(known, file):
    """An update reads what it adds to when nobody else writes any more."""
    read, history = known

    def update(id):
        update_history({id: history.clauses[id]}, ids(read), file)

    threads = [threading.Thread(target=update, args=(id,)) for id in ids(read)]
    with replacing(file) as half:
        for thread in threads:
            thread.start()
        # All wait for this one, which has nothing yet.
        half.write('{"format": 2, "environments": {}, "clauses": {}}')
    for thread in threads:
        thread.join()
    assert history == read_history(file)


def test_no_file_is_an_empty_history(file):
    """Before the first measurement nothing is known."""
    assert History() == read_history(file)


TEXTS = {
    "empty": lambda text: "",
    "half": lambda text: text[: len(text) // 2],
    "no object": lambda text: "[]",
    "null": lambda text: "null",
    "a number": lambda text: "2",
    "deeply nested": lambda text: "[" * 100_000,
    "long number": lambda text: text.replace("2", "2" * 5000, 1),
    "unknown series": lambda text: text.replace('"blinker ', '"django '),
    "other pins below the verdicts": lambda text: text.replace("blinker==1.1", "blinker==1.3"),
    "release without a version": lambda text: text.replace('"1.1":', '"banana":'),
    "combination without a version": lambda text: text.replace('"1.1":', '"1.1/python==":'),
    "environment that is a number": lambda text: text.replace('"CPython 3.11: blinker==1.1"', "3"),
}
DATA = {
    "no format": lambda data: data.pop("format"),
    "earlier format": lambda data: data.update(format=1),
    "no environments": lambda data: data.pop("environments"),
    "environments in a list": lambda data: data.update(environments=[]),
    "no clauses": lambda data: data.pop("clauses"),
    "clauses in a list": lambda data: data.update(clauses=[]),
    "clause in a list": lambda data: data["clauses"].update({"page.late": []}),
    "clause without date": lambda data: late(data).pop("date"),
    "date that is none": lambda data: late(data).update(date="yesterday"),
    "date that is a number": lambda data: late(data).update(date=20261121),
    "digest that is a number": lambda data: late(data).update(digest=1),
    "runs in a list": lambda data: late(data).update(runs=[[]]),
    "run that is a text": lambda data: run(data, "passed"),
    "run on nothing": lambda data: late(data).update(runs={"blinker 00000000": []}),
    "stretch of three": lambda data: run(data, [["1.0", "1.2", "passed"]]),
    "stretch of numbers": lambda data: run(data, [[1.0, 1.2, "passed", ""]]),
    "reason that is none": lambda data: run(data, [["1.0", "1.2", "passed", None]]),
    "reason in a list": lambda data: run(data, [["1.0", "1.2", "failed", ["why"]]]),
    "reason that is no text": lambda data: run(data, [["1.0", "1.2", "failed", "\ud800"]]),
    "unknown verdict": lambda data: run(data, [["1.0", "1.2", "perfect", ""]]),
    "verdict in a list": lambda data: run(data, [["1.0", "1.2", ["passed"], ""]]),
    "unlisted first release": lambda data: run(data, [["0.9", "1.2", "passed", ""]]),
    "unlisted last release": lambda data: run(data, [["1.0", "9.9", "passed", ""]]),
    "backwards": lambda data: run(data, [["1.2", "1.0", "passed", ""]]),
    "first release left out": lambda data: run(data, [["1.1", "1.2", "passed", ""]]),
    "last release left out": lambda data: run(data, [["1.0", "1.1", "passed", ""]]),
    "no stretches": lambda data: run(data, []),
    "out of order": lambda data: run(
        data, [["1.1", "1.2", "passed", ""], ["1.0", "1.0", "passed", ""]]
    ),
    "overlap": lambda data: run(data, [["1.0", "1.1", "passed", ""], ["1.1", "1.2", "failed", ""]]),
}


def late(data):
    return data["clauses"]["page.late"]


def run(data, rows):
    late(data)["runs"] = dict.fromkeys(late(data)["runs"], rows)


@pytest.mark.parametrize("damage", [*TEXTS, *DATA])
def test_file_that_is_no_history_is_one_error(written, file, damage):
    """A damaged file is named, with what to do, and stays as it is, even when it is updated."""
    text = file.read_text()
    if damage in DATA:
        data = json.loads(text)
        DATA[damage](data)
        damaged = json.dumps(data)
    else:
        damaged = TEXTS[damage](text)
    file.write_text(damaged)
    for use in (lambda: read_history(file), lambda: update_history({}, [], file)):
        with pytest.raises(HistoryError) as caught:
            use()
        assert str(caught.value).startswith(f"{file}: ")
        assert str(caught.value).endswith(REMEDY)
        str(caught.value).encode()
    assert damaged == file.read_text()


def test_file_that_cannot_be_read_is_one_error(file):
    """What isn't UTF-8 is no history."""
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(HistoryError, match=r"history\.json: can't be read \('utf-8' codec"):
        read_history(file)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_history_that_is_no_file_is_one_error(file, make):
    """Neither a folder nor a pipe is a history, and nobody waits for either."""
    make(file)
    with pytest.raises(HistoryError, match=r"history\.json: not a file; restore it from"):
        read_history(file)


def test_stretches_that_do_not_fit_are_no_run():
    """A run says of each of its releases what the clause did there, once."""
    descriptions = {"1.0": "CPython 3.11: a==1", "1.1": "CPython 3.11: a==2"}
    with pytest.raises(ValueError, match=r"nothing is known of 1\.1"):
        Run(descriptions, [Stretch("1.0", "1.0", Verdict.PASSED)])


def test_write_that_fails_leaves_the_old_file(written, file, monkeypatch):
    """The file is replaced whole or not at all."""
    old = file.read_text()

    def fail(*paths):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    before = sorted(path.name for path in file.parent.iterdir())
    with pytest.raises(HistoryError, match=r"history\.json: can't be written \(No space left"):
        update_history({}, [], file)
    assert old == file.read_text()
    assert before == sorted(path.name for path in file.parent.iterdir())
