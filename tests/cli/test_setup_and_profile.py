"""`signalbook verify` with a function for each application, and with a profile's clauses only."""

import json
import shlex

import pytest
from click.testing import CliRunner

from signalbook.cli import main

SETUP = """\
def nothing(app):
    pass

def refuse(app):
    app.handle_user_exception = raising

def fail(app):
    raise LookupError("no %s" % app.name)

def raising(error):
    raise error

seven = 7
"""


@pytest.fixture
def signalbook():
    """Run the command and return its result."""
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def own(write, tmp_path):
    """Return the words that make a function of the module *own* the set-up."""
    write({"own/own.py": SETUP})

    def words(function):
        return ["--setup", f"own:{function}", "--path", str(tmp_path / "own")]

    return words


def test_verify_with_a_setup_is_a_run_of_its_own(signalbook, own, tmp_path):
    """Flask with the set-up is told apart from Flask, and what it does otherwise is found."""
    file = tmp_path / "results.json"
    clause = ["--clause", "got-request-exception.http-exceptions.abort"]
    result = signalbook("verify", "flask", *own("refuse"), *clause, "--json", file)
    runs = json.loads(file.read_text())["runs"]

    assert [("flask", ["passed"]), ("flask with own:refuse", ["failed"])] == [
        (run["implementation"], [each["verdict"] for each in run["results"]]) for run in runs
    ]
    assert 1 == result.exit_code
    assert "NOTE" not in result.output


def test_verify_with_a_setup_says_how_to_repeat_it(signalbook, own):
    """The command that repeats a failure has the set-up."""
    clause = ["--clause", "plain.once"]
    result = signalbook("verify", *own("fail"), *clause)
    again = ["signalbook", "verify", *own("fail"), *clause]

    [line] = [line for line in result.output.splitlines() if line.startswith("  again: ")]
    words = shlex.split(line.removeprefix("  again: "))
    assert sorted(again) == sorted(words)
    assert "LookupError: no " in result.output


@pytest.mark.parametrize(
    ("function", "problem"),
    [
        ("absent", "AttributeError: module 'own' has no attribute 'absent'"),
        ("seven", "TypeError: 'int' object is not callable"),
    ],
)
def test_verify_setup_that_is_not_there_runs_nothing(signalbook, own, function, problem):
    """What can't be loaded is told, with status 2."""
    result = signalbook("verify", *own(function), "--clause", "plain.once")

    assert 2 == result.exit_code
    assert problem in result.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--setup", "own"], "--setup 'own' names no function"),
        (["--setup="], "--setup is empty; give it a value, or leave it out"),
        (["--setup", "own:nothing", "--blinker", "blinker"], "give --flask MODULE"),
        (["--profile", "sender"], "there is no profile 'sender'; the specification has 'resender'"),
    ],
)
def test_verify_setup_or_profile_that_means_nothing_is_one_message(signalbook, words, message):
    """What names no function, or no profile, is one line, and nothing is run."""
    result = signalbook("verify", *words)

    assert 2 == result.exit_code
    assert 1 == len(result.output.splitlines())
    assert message in result.output


def test_profile_and_patterns_both_narrow(signalbook):
    """Of a profile only what matches a pattern is listed, without what the profile leaves out."""
    result = signalbook("list", "--profile", "resender", "propagated-error.*")

    assert [
        "propagated-error.timeline",
        "propagated-error.timeline-without-appcontext-pushed",
        "propagated-error.timeline-without-application-context",
        "propagated-error.timeline-in-debug-mode-that-keeps-the-context",
        "propagated-error.timeline-in-debug-mode-without-tear-down",
        "propagated-error.timeline-of-a-base-exception",
        "propagated-error.timeline-of-a-base-exception-which-tear-down-misses",
        "propagated-error.exception",
    ] == [line.split()[0] for line in result.output.splitlines()[1:-1]]
