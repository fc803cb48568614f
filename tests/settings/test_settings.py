"""What a signalbook.toml says, what is wrong with it, and what is written into it."""

from datetime import date

import pytest

from signalbook.pages import read_specification
from signalbook.settings import (
    Settings,
    SettingsError,
    add_deviations,
    find_settings,
    read_settings,
    write_settings,
)
from signalbook.verdicts import Deviation, Result, Verdict

SPECIFICATION = read_specification()
WHOLE = """\
# Mine.
blinker = "mine"
path = ["src"]
release = "flask==3.1.3"
lacks = "async"
timeout = 2.5
memory = 512
strict = true

[[deviations]]
clauses = "connecting.once.twice"
reason = "by design"

[[deviations]]
clauses = ["senders.any", "muted.*"]
reason = "later"
link = "https://mine.example/1"
verdict = "timed out"
expires = 2027-01-31
"""


def checks(pattern):
    return frozenset(check.id for check in SPECIFICATION.select(patterns=[pattern]))


def test_settings_are_read(write, tmp_path):
    """Everything that can be said is understood; folders are relative to the file."""
    text = WHOLE.replace("muted.*", "threads.*")
    write({"signalbook.toml": text})
    file = tmp_path / "signalbook.toml"

    assert read_settings(file, SPECIFICATION) == Settings(
        file=file,
        implementation={
            "blinker": "mine",
            "release": "flask==3.1.3",
            "path": [str(tmp_path / "src")],
            "lacks": ["async"],
        },
        timeout=2.5,
        memory=512,
        strict=True,
        deviations=[
            Deviation(
                checks={"connecting.once.twice": checks("connecting.once.twice")},
                reason="by design",
                place="signalbook.toml:10",
            ),
            Deviation(
                checks={name: checks(name) for name in ("senders.any", "threads.*")},
                reason="later",
                link="https://mine.example/1",
                verdict=Verdict.TIMED_OUT,
                expires=date(2027, 1, 31),
                place="signalbook.toml:14",
            ),
        ],
    )


def test_settings_may_be_in_a_project_file(write, tmp_path):
    """There they are below tool.signalbook, and the rest of the file is of no concern."""
    write(
        {
            "pyproject.toml": """\
            [project]
            name = "mine"
            [tool.signalbook]
            flask = "mine"
            [[tool.signalbook.deviations]]
            clauses = "plain.timeline"
            reason = "x"
            [tool.other]
            flask = 5
            """
        }
    )
    settings = read_settings(tmp_path / "pyproject.toml", SPECIFICATION)

    assert {"flask": "mine"} == settings.implementation
    assert ["pyproject.toml:5"] == [one.place for one in settings.deviations]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (["signalbook.toml"], "signalbook.toml"),
        (["pyproject.toml"], "pyproject.toml"),
        (["pyproject.toml", "signalbook.toml"], "signalbook.toml"),
        (["a/signalbook.toml", "signalbook.toml"], "a/signalbook.toml"),
        (["a/pyproject.toml", "signalbook.toml"], "a/pyproject.toml"),
        (["a/b/c/signalbook.toml"], None),
    ],
)
def test_settings_are_those_nearest_upwards(write, tmp_path, files, found):
    """Those of the folder or of the next above it; a file of their own goes before a project's."""
    (tmp_path / "a/b").mkdir(parents=True)
    write({file: "[tool.signalbook]" if "pyproject" in file else "" for file in files})

    assert find_settings(tmp_path / "a/b") == (found and tmp_path / found)


@pytest.mark.parametrize("text", ["[tool.other]", "[tool", "tool = 5"])
def test_project_file_without_the_table_is_passed_over(write, tmp_path, text):
    """A project's file that is about something else, or is broken, is others' business."""
    write({"signalbook.toml": "", "a/pyproject.toml": text})

    assert find_settings(tmp_path / "a") == tmp_path / "signalbook.toml"


ENTRY = "[[deviations]]\nclauses = 'connecting.once'\nreason = 'x'\n"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("blinkr = 'x'", ["1: 'blinkr' means nothing here; did you mean 'blinker'?"]),
        (
            "\nblinker = 5\nstrict = 'yes'\nclaims = [5]",
            [
                "2: 'blinker' is 5; write a text",
                "3: 'strict' is 'yes'; write true or false",
                "4: 'claims' is [5]; write a list of texts",
            ],
        ),
        (
            "timeout = true\nmemory = 0.5",
            [
                "1: 'timeout' is True; write a number",
                "2: 'memory' is 0.5; write a whole number of MiB",
            ],
        ),
        ("lacks = ['senders']", ["1: there is no feature 'senders'; did you mean 'sender'?"]),
        (
            "deviations = 5",
            ["1: 'deviations' is no list of tables; write a table [[deviations]] for each"],
        ),
        (
            ENTRY + "verdikt = 'crashed'",
            ["4: 'verdikt' means nothing here; did you mean 'verdict'?"],
        ),
        (
            ENTRY + "verdict = 'passed'",
            ["4: 'verdict' is 'passed'; write one of 'failed', 'crashed', 'timed out'"],
        ),
        (
            ENTRY + "expires = '2027'",
            ["4: 'expires' is '2027'; write a date, such as 2027-01-31"],
        ),
        (
            "[[deviations]]\nlink = 'x'",
            [
                "1: the deviation lacks 'clauses'; write it",
                "1: the deviation lacks 'reason'; write it",
            ],
        ),
        (
            ENTRY + ENTRY.replace("'x'", "' '"),
            ["6: the reason is empty; write why it deviates"],
        ),
        (
            ENTRY.replace("once'", "onse'") + ENTRY.replace("connecting.once", "x.*"),
            [
                "2: there is no clause 'connecting.onse'; did you mean 'connecting.once'?",
                "5: no clause's id matches 'x.*'; 'signalbook list' shows all ids",
            ],
        ),
    ],
)
def test_everything_that_is_wrong_is_said_at_once(write, tmp_path, text, problems):
    """With file, line, and what to write instead."""
    write({"signalbook.toml": text})
    file = tmp_path / "signalbook.toml"
    with pytest.raises(SettingsError) as caught:
        read_settings(file, SPECIFICATION)

    assert [f"{file}:{problem}" for problem in problems] == str(caught.value).split("\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file or directory"),
        (b"\xff", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
        (b"[x", "Expected ']' at the end of a table declaration (at end of document)"),
    ],
)
def test_settings_that_cannot_be_read_are_an_error(tmp_path, content, said):
    """A file that is no TOML, or isn't there, is an error that says so."""
    file = tmp_path / "signalbook.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        read_settings(file, SPECIFICATION)

    assert f"{file} can't be read: {said}" == str(caught.value)


def failed(id, verdict=Verdict.FAILED):
    return Result(clause=SPECIFICATION.clause(id), implementation="mine", verdict=verdict)


ADDED = """\

[[deviations]]
# no end
clauses = [
    "sending.result.method",
    "senders.any.by-name",
]
reason = ""

[[deviations]]
# no end
clauses = [
    "senders.any.of-the-class",
]
verdict = "crashed"
reason = ""
"""


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("signalbook.toml", "# Mine.\nblinker = 'x' # It.\n", ADDED),
        (
            "pyproject.toml",
            "[project]\nname = 'x' # It.\n\n[tool.signalbook]\nblinker = 'x'\n",
            ADDED.replace("[[", "[[tool.signalbook."),
        ),
    ],
)
def test_deviations_are_added_and_the_rest_stays(write, tmp_path, name, before, after):
    """With comments and order, one entry for each cause and verdict, and its reason left open."""
    write({name: before})
    group = [
        failed("sending.result.method"),
        failed("senders.any.by-name"),
        failed("senders.any.of-the-class", Verdict.CRASHED),
    ]

    assert 2 == add_deviations(tmp_path / name, [("no end", group)])
    assert before + after == (tmp_path / name).read_text()


def test_deviations_are_added_after_those_that_are_there(write, tmp_path):
    """Nothing that somebody wrote is lost."""
    write({"signalbook.toml": WHOLE})
    file = tmp_path / "signalbook.toml"
    add_deviations(file, [("no end", [failed("sending.result.method")])])

    assert file.read_text().startswith(WHOLE)
    assert 3 == file.read_text().count("[[deviations]]")


def test_deviations_in_a_line_are_refused(write, tmp_path):
    """An inline list has no room for comments; the file stays as it is."""
    write({"signalbook.toml": "deviations = []\n"})
    file = tmp_path / "signalbook.toml"
    with pytest.raises(SettingsError, match=r"write \[\[deviations\]\] for each$"):
        add_deviations(file, [("no end", [failed("sending.result.method")])])

    assert "deviations = []\n" == file.read_text()


def test_first_settings_can_be_read_and_are_never_written_over(tmp_path):
    """What was given to begin with is what is read, and a file that is there stays."""
    file = tmp_path / "signalbook.toml"
    write_settings(file, {"blinker": "mine", "path": ("src",), "lacks": (), "inject_engine": True})
    before = file.read_text()
    settings = read_settings(file, SPECIFICATION)

    assert {
        "blinker": "mine",
        "path": [str(tmp_path / "src")],
        "lacks": [],
        "inject_engine": True,
    } == settings.implementation
    with pytest.raises(FileExistsError):
        write_settings(file, {"blinker": "other"})
    assert before == file.read_text()
