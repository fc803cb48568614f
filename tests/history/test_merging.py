"""What is measured on several machines and merged is what one machine would have measured."""

import json
import os

import pytest

from signalbook.history import HistoryError, Outcome, environments_by_name, write_part
from signalbook.verdicts import Result, Verdict

HOLDS = "Every clause holds exactly where it says.\n"
VERSIONS = ("1.0", "1.1", "1.2")
AGAIN = "; measure it again with 'signalbook history --environment NAME --output FILE'"


@pytest.fixture
def apart(command, tmp_path):
    """Measure in one environment after the other, and return the files by version."""

    def apart(*arguments, versions=VERSIONS):
        files = {version: tmp_path / f"{version}.json" for version in versions}
        for version, file in files.items():
            command(*arguments, "--environment", f"blinker=={version}", "--output", str(file))
        return files

    return apart


@pytest.fixture
def written(command, specification, releases, tmp_path):
    """Write the files that `apart` would, without running anything, for all clauses or some."""

    def written(*ids, versions=VERSIONS):
        clauses = [clause for clause in specification().checks if not ids or clause.id in ids]
        files = {version: tmp_path / f"{version}.json" for version in versions}
        for series, engine in releases():
            if engine.version in files:
                found = {clause.id: result(clause, engine.version) for clause in clauses}
                outcome = Outcome(series, engine, found)
                write_part(clauses, [outcome], files[engine.version], date="2026-11-21")
        return files

    return written


def result(clause, version):
    passed = clause.holds is None or clause.holds.contains({"blinker": version})
    verdict = Verdict.PASSED if passed else Verdict.FAILED
    return Result(clause=clause, implementation="engine", verdict=verdict)


@pytest.fixture
def merge(command):
    """Merge files; return exit status and output."""
    return lambda *files: command("--merge", *map(str, files))


def alter(file, change):
    data = json.loads(file.read_text())
    change(data)
    file.write_text(json.dumps(data))


def results(data):
    (entry,) = data["environments"].values()
    return entry["results"]


def says(*lines):
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize(
    "changed",
    [{}, {"1.1": f"name, early = 'engine', 'a \\x1b, a surrogate \\ud800, and {'more' * 50}'"}],
)
def test_merged_is_to_the_byte_what_one_run_writes(command, apart, merge, releases, file, changed):
    """The history doesn't tell how many machines measured it, nor in which order."""
    releases(changed)
    status, _ = command()
    at_once = file.read_bytes()
    file.unlink()
    files = apart()
    assert not file.exists()
    assert status == merge(*reversed(files.values()))[0] == (1 if changed else 0)
    assert at_once == file.read_bytes()


def test_several_environments_may_be_in_one_file(command, merge, tmp_path, file):
    """What one machine measures at a time may be any part of all."""
    chosen = ["--environment", "blinker==1.0", "--environment", "blinker==1.2"]
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    assert (0, f"3 clauses on 2 releases.\n{HOLDS}") == command(*chosen, "--output", str(first))
    command("--release", "1.1", "--output", str(second))
    assert (0, f"3 clauses on 3 releases.\n{HOLDS}") == merge(first, second)
    assert (0, HOLDS) == command("--check")


def test_merged_clauses_are_those_of_the_files(written, merge, file):
    """What is known of the others stays, to the line."""
    merge(*written().values())
    before = file.read_text()
    files = written("page.late")
    for part in files.values():
        alter(part, lambda data: data.update(date="2026-11-22"))
    assert (0, f"1 clauses on 3 releases.\n{HOLDS}") == merge(*files.values())
    head, _, last = before.rpartition("2026-11-21")
    assert f"{head}2026-11-22{last}" == file.read_text()


def test_merged_files_of_several_days_are_of_the_last(written, merge, file):
    """A clause is as old as the last of its runs, as in one run past midnight."""
    files = written()
    for version, date in zip(VERSIONS, ("2026-11-21", "2026-11-23", "2026-11-22"), strict=True):
        alter(files[version], lambda data, date=date: data.update(date=date))
    assert 0 == merge(*files.values())[0]
    assert {"2026-11-23"} == {
        entry["date"] for entry in json.loads(file.read_text())["clauses"].values()
    }


def test_merging_forgets_clauses_that_are_gone(written, merge, page, file):
    """As one run does, it takes out what is no clause any more."""
    merge(*written().values())
    files = written("page.late")
    page("clause} page.always", "clause} page.ever")
    assert 0 == merge(*files.values())[0]
    assert ["page.early", "page.late"] == list(json.loads(file.read_text())["clauses"])


def test_merging_tells_what_does_not_hold(apart, merge, releases):
    """A difference that a machine saw is told again, and is the status."""
    releases({"1.2": "name, late = 'motor', True"})
    problem = "failed on blinker 1.2: an example printed something else: 'motor'"
    assert merge(*apart().values()) == (
        1,
        says(
            "3 clauses on 3 releases.",
            f"spec/dispatch/page.md:3: page.always: {problem}",
            "1 differences between what is declared and what is measured.",
        ),
    )


def test_merging_without_an_environment_keeps_nothing(written, merge, file):
    """What isn't known of one release must not look as if it were; the release is named."""
    merge(*written("page.always").values())
    before = file.read_text()
    assert merge(*written(versions=["1.0", "1.2"]).values()) == (
        2,
        says(
            "NOT RUN blinker 1.1: no file has it",
            "Not measured, since not on every release: page.always, page.early, page.late.",
            "3 clauses on 2 releases.",
        ),
    )
    assert before == file.read_text()


def test_merging_without_a_clause_somewhere_leaves_it_out(written, merge, file):
    """A clause that ran on some releases only is named, and what is whole is kept."""
    files = written(versions=["1.0", "1.2"])
    files |= written("page.always", "page.early", versions=["1.1"])
    assert merge(*files.values()) == (
        2,
        says(
            "Not measured, since not on every release: page.late.",
            "3 clauses on 3 releases.",
        ),
    )
    assert ["page.always", "page.early"] == list(json.loads(file.read_text())["clauses"])


def test_machine_without_an_interpreter_says_so_in_its_file(
    command, written, merge, releases, tmp_path
):
    """Why nothing was run is told when files are merged, unless another machine could."""
    releases(missing=["1.0", "1.1"])
    lacking = tmp_path / "lacking.json"
    assert 2 == command("--release", "1.0", "--release", "1.1", "--output", str(lacking))[0]
    able = written()
    assert merge(lacking, able["1.2"]) == (
        2,
        says(
            "NOT RUN blinker 1.0, 1.1: CPython 9.9 is not on this machine",
            "Not measured, since not on every release: page.always, page.early, page.late.",
            "3 clauses on 1 releases.",
        ),
    )
    for order in ([*able.values(), lacking], [lacking, *able.values()]):
        assert (0, f"3 clauses on 3 releases.\n{HOLDS}") == merge(*order)


def test_same_results_twice_are_merged(written, merge):
    """Whoever measures something again loses nothing by giving both files."""
    files = written()
    again = files["1.1"].with_stem("again")
    again.write_bytes(files["1.1"].read_bytes())
    assert 0 == merge(*files.values(), again)[0]


def test_other_results_of_the_same_are_refused(written, merge, file):
    """Of two truths neither is taken: both files are named, and the clause."""
    files = written()
    again = files["1.1"].with_stem("again")
    again.write_bytes(files["1.1"].read_bytes())
    alter(again, lambda data: results(data).update({"page.late": ["passed", ""]}))
    assert merge(*files.values(), again) == (
        2,
        f"Error: {again}: blinker==1.1: another result of 'page.late' than in {files['1.1']};"
        " find out why, and leave one of them out\n",
    )
    assert not file.exists()


def test_other_pins_than_now_are_refused(written, merge, releases, file):
    """What was measured with other pins proves nothing of today's."""
    files = written()
    releases(pins=["werkzeug==3.1.4"])
    assert merge(*files.values()) == (
        2,
        f"Error: {files['1.0']}: blinker==1.0 was 'CPython 3.11: blinker==1.0', and is"
        f" 'CPython 3.11: blinker==1.0 werkzeug==3.1.4' now{AGAIN}\n",
    )
    assert not file.exists()


def test_other_examples_than_now_are_refused(written, merge, page, file):
    """What another example did proves nothing of today's."""
    files = written()
    page("blinker.late\n", "blinker.late is True\n")
    assert merge(*files.values()) == (
        2,
        f"Error: {files['1.0']}: the examples were others than now: page.late{AGAIN}\n",
    )
    assert not file.exists()


def test_clauses_that_there_are_no_more_are_refused(written, merge, page, file):
    """A clause that was renamed since is named."""
    files = written()
    page("clause} page.always", "clause} page.ever")
    assert merge(*files.values()) == (
        2,
        f"Error: {files['1.0']}: there is no such clause now: page.always{AGAIN}\n",
    )
    assert not file.exists()


def test_environment_that_is_unknown_is_refused(written, merge, file):
    """An environment that there isn't, or not any more, is named."""
    files = written()
    entry = "environments"
    alter(files["1.1"], lambda data: data[entry].update({"blinker==9": data[entry].popitem()[1]}))
    assert merge(*files.values()) == (
        2,
        f"Error: {files['1.1']}: there is no environment 'blinker==9' now{AGAIN}\n",
    )
    assert not file.exists()


def test_results_where_a_clause_is_not_measured_now_are_refused(written, merge, page, file):
    """A clause that is about something else than it was has to be measured anew."""
    files = written()
    page(":holds: blinker>=1.2", ":needs: flask, blinker\n:holds: blinker>=1.2")
    assert merge(*files.values()) == (
        2,
        f"Error: {files['1.0']}: blinker==1.0: not measured there now: page.late{AGAIN}\n",
    )
    assert not file.exists()


DAMAGE = {
    "no format": lambda data: data.pop("format"),
    "a later format": lambda data: data.update(format="environments 2"),
    "no date": lambda data: data.pop("date"),
    "date that is none": lambda data: data.update(date="yesterday"),
    "date that is a number": lambda data: data.update(date=20261121),
    "no digests": lambda data: data.pop("digests"),
    "digest that is a number": lambda data: data["digests"].update({"page.late": 1}),
    "digest left out": lambda data: data["digests"].pop("page.late"),
    "no environments": lambda data: data.pop("environments"),
    "environments in a list": lambda data: data.update(environments=[]),
    "environment in a list": lambda data: data.update(environments={"blinker==1.0": []}),
    "no description": lambda data: data["environments"]["blinker==1.0"].pop("description"),
    "no results": lambda data: data["environments"]["blinker==1.0"].pop("results"),
    "results in a list": lambda data: data["environments"]["blinker==1.0"].update(results=[]),
    "reason for nothing that is a number": lambda data: data["environments"]["blinker==1.0"].update(
        {"not run": 1}
    ),
    "unknown verdict": lambda data: results(data).update({"page.late": ["perfect", ""]}),
    "verdict in a list": lambda data: results(data).update({"page.late": [["passed"], ""]}),
    "verdict alone": lambda data: results(data).update({"page.late": ["passed"]}),
    "reason that is a number": lambda data: results(data).update({"page.late": ["failed", 1]}),
    "reason that is no text": lambda data: results(data).update(
        {"page.late": ["failed", "\ud800"]}
    ),
}
FOREIGN = {
    "empty": lambda text: "",
    "half": lambda text: text[: len(text) // 2],
    "a list": lambda text: "[]",
    "null": lambda text: "null",
    "deeply nested": lambda text: "[" * 100_000,
    "a history": lambda text: '{"format": 2, "environments": {}, "clauses": {}}',
}


@pytest.mark.parametrize("damage", [*DAMAGE, *FOREIGN])
def test_file_that_is_none_of_these_is_one_error(written, merge, file, damage):
    """A file that can't be read is named, with what to do, and nothing of any is kept."""
    files = written()
    merge(*files.values())
    before = file.read_text()
    if damage in DAMAGE:
        alter(files["1.0"], DAMAGE[damage])
    else:
        files["1.0"].write_text(FOREIGN[damage](files["1.0"].read_text()))
    status, output = merge(*files.values())
    assert (2, 1) == (status, output.count("\n"))
    assert output.startswith(f"Error: {files['1.0']}: ")
    assert output.endswith(f"{AGAIN}\n")
    assert before == file.read_text()


def test_pipe_is_refused(merge, tmp_path):
    """Nobody waits for a pipe to be written."""
    os.mkfifo(tmp_path / "pipe")
    assert merge(tmp_path / "pipe") == (2, f"Error: {tmp_path / 'pipe'}: not a file{AGAIN}\n")


def test_reasons_of_a_foreign_file_are_harmless(written, merge):
    """A file from elsewhere can't paint on the terminal."""
    files = written()
    painted = {"not run": "\x1b[2Jall passed", "description": "CPython 3.11: blinker==1.0"}
    alter(files["1.0"], lambda data: data.update(environments={"blinker==1.0": painted}))
    assert "NOT RUN blinker 1.0: \\x1b[2Jall passed" == merge(*files.values())[1].splitlines()[0]


def test_merging_into_a_history_that_is_damaged_is_one_error(written, merge, file):
    """What is there is not written over."""
    files = written()
    file.write_text("{")
    status, output = merge(*files.values())
    assert (2, True) == (status, output.startswith(f"Error: {file}: can't be read"))
    assert "{" == file.read_text()


def test_output_that_cannot_be_written_is_told_before_anything_is_run(
    command, tmp_path, monkeypatch
):
    """Minutes of measuring are not lost for want of a place."""
    monkeypatch.setattr("signalbook.cli.history.measure", None)
    status, output = command("--output", str(tmp_path / "no" / "file.json"))
    assert (2, True) == (status, "can't be written (No such file or directory)" in output)


def test_output_that_fails_leaves_what_was_there(written, releases, tmp_path, monkeypatch):
    """A file is replaced whole or not at all."""
    (file,) = written(versions=["1.0"]).values()
    before = file.read_bytes()

    def fail(*paths):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(HistoryError, match=r"1\.0\.json: can't be written \(No space left"):
        written(versions=["1.0"])
    assert before == file.read_bytes()


def test_environments_are_listed_for_a_matrix(command):
    """Each is named, with the interpreter that it needs, as JSON in one line."""
    expected = [{"environment": f"blinker=={version}", "python": "3.11"} for version in VERSIONS]
    status, output = command("--environments")
    assert (0, expected, 1) == (status, json.loads(output), output.count("\n"))
    status, output = command("--environments", "--clause", "page.late", "--release", "1.1")
    assert (0, expected[1:2]) == (status, json.loads(output))


def test_names_of_environments_say_what_is_installed():
    """No two have the same name, and each is what `signalbook verify` calls it, if it does."""
    names = environments_by_name()
    assert {
        ("flask==0.6", "flask==0.6 blinker==1.4 jinja2==2.6 werkzeug==0.8.3"),
        ("flask==0.6/without-blinker", "flask==0.6 blinker==1.4 jinja2==2.6 werkzeug==0.8.3"),
        ("blinker==1.9.0", "blinker==1.9.0"),
    } <= {(name, " ".join(of.release.pins)) for name, of in names.items()}
    assert "blinker==1.6.2" in names["flask==3.1.3/blinker==1.6.2"].release.pins


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--environment", "blinker==9.9"], "there is no environment 'blinker==9.9'"),
        (["--merge"], "--merge puts files together; give it files, and nothing else"),
        (["FILE"], "--merge puts files together; give it files, and nothing else"),
        (["--merge", "--stale", "FILE"], "--merge puts files together; give it files, and"),
        (["--merge", "--output", "FILE", "FILE"], "--merge puts files together; give it files"),
        (["--check", "--merge", "FILE"], "--check looks at the whole history; give it alone"),
        (["--environments", "--output", "FILE"], "--environments measures nothing; leave out"),
        (["--environments", "--jobs", "1"], "--environments measures nothing; leave out --jobs"),
    ],
)
def test_what_would_be_ignored_is_refused(command, tmp_path, arguments, problem):
    """An option that means nothing beside another is told, before it looks like an answer."""
    (tmp_path / "there.json").touch()
    given = [str(tmp_path / "there.json") if word == "FILE" else word for word in arguments]
    status, output = command(*given)
    assert (2, True) == (status, problem in output), output
