"""The commands `signalbook list`, `show` and `export`."""

import json
import os
import pty
import re
import subprocess
import sys

import jsonschema
import pytest
from click.testing import CliRunner

from signalbook.cli import main
from signalbook.exports import SCHEMA
from signalbook.history import Features, Needed, write_features
from signalbook.pages import read_specification

PAGE = """\
# Doors

:::{setup}
```pycon
>>> from blinker import Signal
>>> opened = Signal()
```
:::

## Nobody there

:::{clause} doors.empty
:holds: blinker>=1.4

A send to nobody MUST return `[]`.

```pycon
>>> opened.send(
...     "door"
... )
[]
>>> opened.send(1, 2)
Traceback (most recent call last):
    ...
TypeError: ...
```
:::

## A freedom

:::{clause} doors.loud

An engine MAY be loud.

```pycon
>>> opened.send("door")  # doctest: +NORMALIZE_WHITESPACE
[]
```
:::
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "dispatch").mkdir()
    (tmp_path / "dispatch" / "doors.md").write_text(PAGE)
    return tmp_path


@pytest.fixture
def signalbook(folder):
    """Run a command on the made-up page and return its result."""
    return lambda command, *words: CliRunner().invoke(
        main, [command, "--spec", str(folder), *words]
    )


def test_list_shows_a_line_for_each_clause(signalbook):
    """Each clause has a line with id, level, range and rule."""
    lines = signalbook("list").output.splitlines()

    assert [
        ["clause", "level", "holds", "rule"],
        [
            "doors.empty",
            "MUST",
            "blinker>=1.4",
            "A",
            "send",
            "to",
            "nobody",
            "MUST",
            "return",
            "`[]`.",
        ],
        ["doors.loud", "MAY", "every", "release", "An", "engine", "MAY", "be", "loud."],
        ["2", "clauses,", "2", "checks"],
    ] == [line.split() for line in lines]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--level", "MAY"], ["doors.loud"]),
        (["--chapter", "signals"], []),
        (["doors.e*"], ["doors.empty"]),
        (["doors.e*", "doors.loud"], ["doors.empty", "doors.loud"]),
    ],
)
def test_list_selects(signalbook, words, expected):
    """Chapter, level and id patterns narrow the list."""
    lines = signalbook("list", *words).output.splitlines()

    assert expected == [line.split()[0] for line in lines[1:-1]]


@pytest.mark.parametrize("columns", ["1", "20", "80"])
def test_list_cuts_nothing_on_a_narrow_terminal(folder, columns):
    """However narrow the terminal is, it gets every word, and breaks the lines itself."""
    terminal, its_end = pty.openpty()
    command = [sys.executable, "-m", "signalbook", "list", "--spec", str(folder)]
    environment = {**os.environ, "COLUMNS": columns, "TERM": "xterm"}
    subprocess.run(command, stdout=its_end, env=environment, check=True)
    shown = os.read(terminal, 10_000).decode()
    os.close(its_end)
    os.close(terminal)

    assert [
        "doors.empty MUST, blinker>=1.4",
        "    A send to nobody MUST return `[]`.",
        "doors.loud MAY, every release",
        "    An engine MAY be loud.",
        "2 clauses, 2 checks",
    ] == re.sub(r"\x1b\[\d*m", "", shown).splitlines()


@pytest.mark.parametrize("columns", ["1", "20"])
def test_list_gives_a_pipe_whole_lines(signalbook, monkeypatch, columns):
    """The width of the terminal says nothing about a pipe, and long rules stay on their lines."""
    monkeypatch.setenv("COLUMNS", columns)

    assert [
        "clause       level  holds          rule",
        "doors.empty  MUST   blinker>=1.4   A send to nobody MUST return `[]`.",
        "doors.loud   MAY    every release  An engine MAY be loud.",
        "2 clauses, 2 checks",
    ] == signalbook("list").output.splitlines()


def test_show_prints_the_clause_as_its_page_has_it(signalbook):
    """Rule, place, range, set-up and examples are shown, as at a prompt."""
    assert (
        """\
doors.empty (MUST)
spec/dispatch/doors.md:12, holds for blinker>=1.4, needs blinker

A send to nobody MUST return `[]`.

The page's set-up, which runs before it:

    >>> from blinker import Signal
    >>> opened = Signal()

Examples:

    >>> opened.send(
    ...     "door"
    ... )
    []
    >>> opened.send(1, 2)
    Traceback (most recent call last):
        ...
    TypeError: ...
"""
        == signalbook("show", "doors.empty").output
    )


@pytest.fixture
def measured(folder, tmp_path, monkeypatch):
    """Have features of the first clause measured, and of the second before it changed."""
    file = tmp_path / "features.json"
    monkeypatch.setattr("signalbook.history.features.features_file", lambda: file)
    first, second = read_specification(folder).checks
    needed = {first.id: Needed(first.digest, ["sender"]), second.id: Needed("0", ["any"])}
    write_features(Features("", needed))


def test_show_tells_the_features_that_are_known(signalbook, measured):
    """What was measured of the examples as they are is told below the rule."""
    shown = signalbook("show", "doors.empty").output.split("\n\n")
    assert ["A send to nobody MUST return `[]`.", "Needs: sender"] == shown[1:3]
    assert "Needs" not in signalbook("show", "doors.loud").output


def test_export_has_the_features_that_are_known(signalbook, measured):
    """What was measured of the examples as they are is a list, and what wasn't is null."""
    data = json.loads(signalbook("export").output)
    assert [["sender"], None] == [clause["features"] for clause in data["clauses"]]
    jsonschema.validate(data, json.loads(SCHEMA.read_text()))


AFTER = """\
# Windows

:::{setup}
:after: dispatch/doors

```pycon
>>> shut = True
```
:::

:::{clause} windows.shut
:needs: flask, blinker

A window MUST be shut.

```pycon
>>> shut
True
```
:::
"""


def test_show_tells_an_earlier_setup(signalbook, folder):
    """A set-up that comes from another page is shown first, under that page's name."""
    (folder / "dispatch" / "windows.md").write_text(AFTER)
    assert (
        """\
windows.shut (MUST)
spec/dispatch/windows.md:11, holds for every release, needs flask and blinker

A window MUST be shut.

The set-up of spec/dispatch/doors.md, which runs before it:

    >>> from blinker import Signal
    >>> opened = Signal()

The page's set-up, which runs before it:

    >>> shut = True

Examples:

    >>> shut
    True
"""
        == signalbook("show", "windows.shut").output
    )


def test_export_has_an_earlier_setup(signalbook, folder):
    """The export names the other page, and has its set-up with its places."""
    (folder / "dispatch" / "windows.md").write_text(AFTER)
    data = json.loads(signalbook("export", "windows.shut").output)
    [page], [clause] = data["pages"], data["clauses"]

    assert "spec/dispatch/doors.md" == page["after"]
    assert [("doors", 5), ("doors", 6), ("windows", 7)] == [
        (example["file"].split("/")[2].removesuffix(".md"), example["line"])
        for example in page["setup"]
    ]
    assert ["blinker", "flask"] == clause["needs"]


def test_show_unknown_clause_names_a_near_one(signalbook):
    """An id that isn't there is an error that names the nearest."""
    result = signalbook("show", "doors.emty")

    assert "Error: there is no clause 'doors.emty'; did you mean 'doors.empty'?\n" == result.output
    assert 2 == result.exit_code


def test_export_has_every_field(signalbook):
    """The export holds pages and clauses, whole."""
    data = json.loads(signalbook("export", "doors.loud").output)
    del data["signalbook"]

    assert {
        "format": 1,
        "pages": [
            {
                "subject": "doors",
                "title": "Doors",
                "chapter": "dispatch",
                "file": "spec/dispatch/doors.md",
                "after": None,
                "setup": [
                    {
                        "source": "from blinker import Signal\n",
                        "wanted": "",
                        "raises": None,
                        "options": {},
                        "file": "spec/dispatch/doors.md",
                        "line": 5,
                    },
                    {
                        "source": "opened = Signal()\n",
                        "wanted": "",
                        "raises": None,
                        "options": {},
                        "file": "spec/dispatch/doors.md",
                        "line": 6,
                    },
                ],
            }
        ],
        "clauses": [
            {
                "id": "doors.loud",
                "rule": "An engine MAY be loud.",
                "level": "MAY",
                "holds": None,
                "source": None,
                "except": [],
                "row_of": None,
                "cells": {},
                "earlier_of": None,
                "replaces": [],
                "needs": ["blinker"],
                "features": None,
                "chapter": "dispatch",
                "subject": "doors",
                "title": "A freedom",
                "file": "spec/dispatch/doors.md",
                "line": 31,
                "permalink": "spec/dispatch/doors.html#doors.loud",
                "examples": [
                    {
                        "source": 'opened.send("door")  # doctest: +NORMALIZE_WHITESPACE\n',
                        "wanted": "[]\n",
                        "raises": None,
                        "options": {"NORMALIZE_WHITESPACE": True},
                        "file": "spec/dispatch/doors.md",
                        "line": 36,
                    }
                ],
            }
        ],
    } == data


def test_export_fits_its_schema():
    """The whole specification's export is valid, and has all of its clauses, in order."""
    data = json.loads(CliRunner().invoke(main, ["export"]).output)

    jsonschema.validate(data, json.loads(SCHEMA.read_text()))
    assert [clause.id for clause in read_specification().checks] == [
        clause["id"] for clause in data["clauses"]
    ]


@pytest.mark.parametrize("field", ["level", "features", "examples", "permalink"])
def test_export_schema_refuses_what_lacks_a_field(signalbook, field):
    """The schema isn't satisfied by a clause without one of its fields."""
    data = json.loads(signalbook("export").output)
    del data["clauses"][0][field]

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, json.loads(SCHEMA.read_text()))


def test_export_replaces_a_file_whole(signalbook, tmp_path):
    """`--output` writes the same data, over a file that is there."""
    file = tmp_path / "spec.json"
    file.write_text("old")
    signalbook("export", "--output", str(file))

    assert json.loads(signalbook("export").output) == json.loads(file.read_text())
    assert ["dispatch", "spec.json"] == sorted(path.name for path in tmp_path.iterdir())


def test_commands_name_a_faulty_page(signalbook, folder):
    """A page that can't be read is one message with file and line, and exit status 2."""
    (folder / "dispatch" / "doors.md").write_text(PAGE.replace("doors.loud", "Doors.loud"))
    result = signalbook("list")

    assert (
        "Error: spec/dispatch/doors.md:31: the id 'Doors.loud' is malformed;"
        " write 'doors.behaviour-in-words', in lower case\n"
    ) == result.output
    assert 2 == result.exit_code
