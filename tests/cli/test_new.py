"""The command `signalbook new`."""

import pytest
from click.testing import CliRunner

from signalbook.cli import main
from signalbook.implementations import FLASK
from signalbook.pages import read_specification
from signalbook.runner import Session

CLAUSE = """\
:::{clause} doors.open

A door MUST open.

```pycon
>>> 1
1
```
:::
"""
GONE = "\n## Gone\n\n" + CLAUSE.replace("doors.open", "doors.ajar")
BEFORE = "\n## Before blinker 1.6\n\n" + CLAUSE.replace("doors.open", "doors.shut")
HISTORY = "\n## History\n\n:::{subject-history}\n:::\n"
CONTENTS = "# Dispatch\n\n```{toctree}\n:titlesonly:\n\ndoors\n```\n\nAnd so on.\n"
PAGES = {
    "index.md": "# All\n",
    "fallback.md": "# Fallback\n",
    "dispatch/index.md": CONTENTS,
    "dispatch/doors.md": "# Doors\n\n## Before blinker 2 comes\n\n" + CLAUSE,
}
NEW = """\
## Locked twice

:::{clause} doors.locked-twice

Who MUST do what, in one sentence.

```pycon
>>> print("what an implementation does")
what the rule demands
```
:::
"""


@pytest.fixture
def new(write, tmp_path):
    """Run the command on some pages, and return its result and what they are then."""
    folder = tmp_path / "pages"

    def new(*words, pages=PAGES):
        write(pages, folder)
        result = CliRunner().invoke(main, ["new", "--spec", str(folder), *words])
        files = {
            path.relative_to(folder).as_posix(): path.read_text()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        return result, {name: text for name, text in files.items() if PAGES.get(name) != text}

    return new


@pytest.mark.parametrize("last", ["", GONE, BEFORE, HISTORY, BEFORE + GONE + HISTORY])
def test_new_clause_stands_at_the_end_of_its_page(new, last):
    """A clause is begun behind all others, but before the sections on what is gone or was."""
    page = PAGES["dispatch/doors.md"]
    result, changed = new("doors.locked-twice", pages={**PAGES, "dispatch/doors.md": page + last})

    assert {"dispatch/doors.md": f"{page}\n{NEW}{last}"} == changed
    assert 0 == result.exit_code


def test_new_clause_says_what_to_do_next(new, tmp_path):
    """The command tells what it wrote, where, and how to run it."""
    result, _ = new("doors.locked-twice")

    assert [
        f"wrote {tmp_path}/pages/dispatch/doors.md",
        "spec/dispatch/doors.md:17 fails until it is written; then:",
        f"  signalbook verify reference flask --clause doors.locked-twice --spec {tmp_path}/pages",
    ] == result.output.splitlines()


@pytest.mark.parametrize(
    ("chapter", "setup"),
    [
        ("dispatch", ">>> from blinker import Signal\n>>> signal = Signal()"),
        ("signals", ">>> from flask import Flask\n>>> app = Flask(__name__)"),
        ("lifecycle", ">>> from flask import Flask\n>>> app = Flask(__name__)"),
    ],
)
def test_new_page_has_title_set_up_and_a_place_in_its_chapter(new, chapter, setup):
    """A clause of a new subject gets a page, which the chapter's contents name."""
    result, changed = new("front-windows.locked-twice", "--chapter", chapter)
    page = (
        "# Front windows\n\nWhat the page is about, in a sentence or two.\n\n"
        f":::{{setup}}\n```pycon\n{setup}\n```\n:::\n\n" + NEW.replace("doors.", "front-windows.")
    )
    contents = {"dispatch/index.md": CONTENTS.replace("doors\n", "doors\nfront-windows\n")}

    assert {
        f"{chapter}/front-windows.md": page,
        **(contents if chapter == "dispatch" else {}),
    } == changed
    assert 0 == result.exit_code


def test_new_clause_fails_until_it_is_written(new, tmp_path):
    """No implementation keeps what nobody has written yet, in any chapter."""
    for chapter in ("dispatch", "signals", "lifecycle"):
        new(f"{chapter}-page.opens", "--chapter", chapter)
    with Session(FLASK) as session:
        results = [session.run(c) for c in read_specification(tmp_path / "pages").checks]

    assert [
        ("dispatch-page.opens", "failed", "what an implementation does\n"),
        ("doors.open", "passed", ""),
        ("lifecycle-page.opens", "failed", "what an implementation does\n"),
        ("signals-page.opens", "failed", "what an implementation does\n"),
    ] == sorted((r.clause.id, r.verdict.value, r.got) for r in results)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (
            ["doors.open"],
            "the id 'doors.open' is taken by spec/dispatch/doors.md:5; choose another",
        ),
        (
            ["Doors.open"],
            "the id 'Doors.open' is malformed; write 'subject.behaviour-in-words', in lower case",
        ),
        (
            ["doors"],
            "the id 'doors' is malformed; write 'subject.behaviour-in-words', in lower case",
        ),
        (
            ["../doors.open"],
            "the id '../doors.open' is malformed;"
            " write 'subject.behaviour-in-words', in lower case",
        ),
        (
            ["door.open"],
            "there is no page 'door'; did you mean 'doors'?"
            " For a new page, name its chapter with --chapter",
        ),
        (
            ["windows.open"],
            "there is no page 'windows'; for a new page, name its chapter with --chapter",
        ),
        (
            ["doors.shut", "--chapter", "signals"],
            "the page 'doors' is in the chapter 'dispatch'; leave --chapter out",
        ),
        (
            ["index.open", "--chapter", "dispatch"],
            "an index has no clauses; start the id with a page's subject",
        ),
        (
            ["windows.open", "--chapter", "fallback"],
            "the chapter 'fallback' is the one page spec/fallback.md;"
            " start the id with 'fallback.'",
        ),
        (
            ["windows.open", "--chapter", "dispatches"],
            "Invalid value for '--chapter': 'dispatches' is not one of"
            " 'dispatch', 'signals', 'lifecycle', 'fallback'.",
        ),
    ],
)
def test_new_clause_that_cannot_be_is_one_message(new, words, error):
    """An id that is taken, malformed or homeless is refused, and nothing is written."""
    result, changed = new(*words)

    assert (2, f"Error: {error}", {}) == (
        result.exit_code,
        result.output.splitlines()[-1],
        changed,
    )


def test_new_page_that_cannot_be_named_is_not_written(new, monkeypatch, tmp_path):
    """If the chapter's contents can't be written, the page isn't there either."""

    def write_whole(text, file):
        if file.name == "index.md":
            raise OSError(28, "No space left on device")
        file.write_text(text)

    monkeypatch.setattr("signalbook.cli.new.write_whole", write_whole)
    result, changed = new("windows.open", "--chapter", "dispatch")

    assert (
        2,
        f"Error: {tmp_path}/pages/dispatch/index.md can't be written:"
        " No space left on device; nothing was changed\n",
        {},
    ) == (result.exit_code, result.output, changed)


def test_new_clause_is_not_written_into_an_installed_copy(monkeypatch, tmp_path):
    """What pip installed isn't the place to write a specification."""
    monkeypatch.setattr("signalbook.cli.new._PACKAGE", tmp_path)
    monkeypatch.setattr("signalbook.cli.new.specification_folder", lambda: tmp_path / "spec")
    result = CliRunner().invoke(main, ["new", "doors.shut"])

    assert (
        2,
        f"Error: the pages in {tmp_path}/spec belong to an installed copy;"
        " work in a checkout, or name a folder with --spec\n",
    ) == (result.exit_code, result.output)
