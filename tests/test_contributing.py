"""What the contributor's page says works from a fresh clone, command by command."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^ *\$ (.*)$", TEXT, re.MULTILINE)
SET_UP, (NEW, VERIFY, COPY, VERIFY_COPY, PAGE) = COMMANDS[:4], COMMANDS[4:9]
# What somebody writes in place of the template's sentence and example.
RULE = "A receiver that is connected three times MUST be called once for each send."
EXAMPLE = """\
>>> def on_opened(sender):
...     calls.append(sender)
>>> for _ in range(3):
...     _ = opened.connect(on_opened)
>>> _ = opened.send("door")
>>> calls
['door']
"""
# In the contributor's environment, which has all that the session would install into its own.
PAGE_HERE = PAGE.replace("nox ", "nox --no-venv --no-install ", 1)
TEMPLATE = '>>> print("what an implementation does")\nwhat the rule demands\n'


@pytest.fixture(scope="module")
def clone(copy_of_the_tree):
    """Return a clone of the tree as it is, set up as the contributor's page says."""
    folder = copy_of_the_tree()
    for command in SET_UP:
        done = run(command, folder)
        assert 0 == done.returncode, f"{command}: {done.stdout}{done.stderr}"
    return folder


def run(command, folder):
    """Run a command as in a shell in which the environment of *folder* is active."""
    programs = [str(folder / ".venv" / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]
    # Most of what is installed is never imported.
    environment = {**os.environ, "PATH": os.pathsep.join(programs), "PIP_NO_COMPILE": "1"}
    environment.pop("VIRTUAL_ENV", None)
    return subprocess.run(
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True
    )


def test_contributor_gets_an_editable_signalbook(clone):
    """The command of the environment is the tree's own, whatever is edited there."""
    version = clone / "src" / "signalbook" / "__init__.py"
    done = run("python -c 'import signalbook; print(signalbook.__file__)'", clone)

    assert (f"{version}\n", "") == (done.stdout, done.stderr)


def test_checks_before_a_commit_run_in_the_contributors_environment(clone):
    """Each check that pre-commit runs is there, and finds nothing."""
    done = run("git init --quiet && git add --all && pre-commit run --all-files", clone)
    results = re.findall(r"^(.*?)\.+(\w+)$", done.stdout, re.MULTILINE)

    assert [
        ("ruff check", "Passed"),
        ("ruff format", "Passed"),
        ("codespell", "Passed"),
        ("mypy", "Passed"),
        ("the specification's pages can be read", "Passed"),
    ] == results, done.stdout + done.stderr


def test_contributor_adds_a_clause_as_the_page_says(clone):
    """A clause is begun, fails, is written, passes, fails where it's broken; it is measured."""
    page = clone / "spec" / "dispatch" / "connecting.md"
    verdicts = [run(NEW, clone).returncode, run(VERIFY, clone).returncode]
    text = page.read_text().replace("Who MUST do what, in one sentence.", RULE)
    page.write_text(text.replace(TEMPLATE, EXAMPLE))
    verdicts += [run(VERIFY, clone).returncode, run(COPY, clone).returncode]
    engine = clone / "build" / "wrong" / "signalbook" / "reference" / "engine" / "base.py"
    engine.write_text(f"{engine.read_text()}\nSignal.connect = lambda *_, **__: None\n")
    broken = run(VERIFY_COPY, clone)
    shown = run(PAGE_HERE, clone)
    html = (clone / "build" / "page" / "spec" / "dispatch" / "connecting.html").read_text()
    measured = "connecting.thrice" in (clone / "spec" / "history.json").read_text()
    features = json.loads((clone / "spec" / "features.json").read_text())["clauses"]

    assert [0, 1, 0, 0] == verdicts
    assert (1, True) == (broken.returncode, "connecting.thrice" in broken.stdout), broken.stderr
    assert (0, True) == (shown.returncode, RULE in html), shown.stdout + shown.stderr
    assert ["connect", "send"] == features["connecting.thrice"]["features"]
    # Where an interpreter is missing, nothing is kept.
    assert measured is ("NOT RUN" not in shown.stdout), shown.stdout


@pytest.mark.parametrize(
    ("pages", "problem"),
    [
        ("", "name one page: nox -s page -- request-started"),
        ("connecting sending", "name one page: nox -s page -- request-started"),
        (
            "spec/signals/conecting.md",
            "'spec/signals/conecting.md' must name one page below spec/;"
            " it names none; 'ls spec/*' shows them",
        ),
        (
            "index",
            "'index' must name one page below spec/; it names spec/dispatch/index.md,"
            " spec/index.md, spec/lifecycle/index.md, spec/signals/index.md",
        ),
    ],
)
def test_page_that_is_none_is_an_error(clone, pages, problem):
    """What names no page, or several, is told so before anything is done."""
    done = run(PAGE_HERE.replace("connecting", pages), clone)
    told = f"nox > Running session page\nnox > Session page aborted: {problem}.\n"

    assert (1, told) == (done.returncode, done.stderr), done.stdout
