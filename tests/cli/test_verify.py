"""The command `signalbook verify`."""

import json
import re
import shlex

import jsonschema
import pytest
from click.testing import CliRunner

from signalbook.cli import main
from signalbook.reports import SCHEMA

# blinker, but for a signal that passes no keyword arguments on.
FORGETFUL = """
from blinker import *

class Signal(Signal):
    def send(self, sender=None, **forgotten):
        return super().send(sender)
"""
FAILURE = """\
failed connecting.keyword-arguments on forgetful
implementation  level  passed  failed
forgetful       MUST        1       1
forgetful: forgetful, as blinker 1.9.0, on CPython PYTHON; SECONDS s (SECONDS s in the examples, \
summed over the workers)

FAILED connecting.keyword-arguments (MUST) on forgetful
  `send` MUST pass its keyword arguments on to each receiver unchanged.
  spec/dispatch/connecting.md:LINE: an example printed something else
    >>> calls == [{"people": ["ada"], "wide": True}]
  wanted:
    True
  got:
    False
  again: signalbook verify --blinker forgetful --path FOLDER --clause connecting.keyword-arguments
"""


@pytest.fixture
def signalbook():
    """Run the command and return its result."""
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def forgetful(tmp_path):
    """Return the options that name a faulty engine."""
    (tmp_path / "forgetful.py").write_text(FORGETFUL)
    return "--blinker", "forgetful", "--path", tmp_path


def normalised(output, tmp_path):
    output = output.replace(str(tmp_path), "FOLDER")
    output = re.sub(r"\d+\.\d s", "SECONDS s", output)
    output = re.sub(r"CPython [\d.]+", "CPython PYTHON", output)
    return re.sub(r"md:\d+", "md:LINE", output)


def test_verify_names_everything_about_a_failure(signalbook, forgetful, tmp_path):
    """A failure says rule, place, wanted, got, and the command that repeats it; the status is 1."""
    result = signalbook(
        "verify",
        *forgetful,
        *("--clause", "connecting.keyword-arguments"),
        *("--clause", "connecting.twice"),
    )

    assert FAILURE == normalised(result.output, tmp_path)
    assert 1 == result.exit_code


def test_verify_again_repeats_just_the_failure(signalbook, forgetful):
    """The printed command runs the failed clause, and nothing else, with the same failure."""
    first = signalbook("verify", *forgetful, "--timeout", "9", "--clause", "connecting.k*")
    program, *words = shlex.split(re.search(r"again: (.*)", first.output)[1])
    second = signalbook(*words)

    assert "signalbook" == program
    assert "--timeout" in words
    assert first.output.splitlines()[3:5] == second.output.splitlines()[3:5]
    assert "forgetful       MUST        0       1" in second.output


def test_verify_passes_with_status_zero(signalbook):
    """When everything that applies passed, the status is 0, and no clause is named."""
    result = signalbook("verify", "reference", "--clause", "connecting.twice")

    assert 0 == result.exit_code
    assert "connecting.twice" not in result.output


def test_verify_side_by_side_points_out_disagreement(signalbook, forgetful):
    """A clause that one keeps and another does not is named with both verdicts."""
    patterns = ("--clause", "connecting.keyword-arguments", "--clause", "connecting.twice")
    result = signalbook("verify", "reference", *forgetful, *patterns)

    lines = [line for line in result.output.splitlines() if "agree" in line]
    assert [
        "They disagree on connecting.keyword-arguments: reference passed, forgetful failed"
    ] == lines


def test_verify_side_by_side_says_that_they_agree(signalbook):
    """Two implementations without disagreement are said to agree."""
    result = signalbook("verify", "reference", "flask", "--clause", "connecting.twice")

    assert result.output.endswith(
        "reference and flask agree on every clause that applies to them.\n"
    )


def test_verify_writes_results_that_fit_their_schema(signalbook, forgetful, tmp_path):
    """`--json` writes every result of every run, and the disagreements, as the schema says."""
    file = tmp_path / "results.json"
    signalbook("verify", "reference", *forgetful, "--clause", "connecting.k*", "--json", file)

    data = json.loads(file.read_text())
    jsonschema.validate(data, json.loads(SCHEMA.read_text()))
    assert ["connecting.keyword-arguments"] == data["disagreements"]
    assert [("reference", "passed"), ("forgetful", "failed")] == [
        (run["implementation"], result["verdict"])
        for run in data["runs"]
        for result in run["results"]
    ]


def test_verify_keeps_a_results_file_that_it_cannot_replace(signalbook, tmp_path):
    """If results can't be written, the message names the file, and nothing is half-written."""
    file = tmp_path / "nowhere" / "results.json"
    result = signalbook("verify", "--clause", "connecting.twice", "--json", file)

    assert f"Error: Could not open file '{file}': No such file or directory" in result.output
    assert 1 == result.exit_code
    assert [] == list(tmp_path.iterdir())


def test_verify_engine_alone_leaves_other_chapters_out(signalbook, forgetful):
    """An engine without a framework isn't asked about the framework."""
    result = signalbook("verify", *forgetful, "--chapter", "signals")

    assert re.search(r"forgetful +MUST +0 +0 +\d+\n", result.output)
    assert 0 == result.exit_code


def test_verify_known_deviation_passes_and_is_counted(signalbook, forgetful, tmp_path):
    """A listed failure doesn't fail the run; a listed pass does, as stale."""
    file = tmp_path / "deviations.toml"
    file.write_text(
        '[deviations]\n"connecting.keyword-arguments" = { reason = "by design", link = "docs" }\n'
    )
    failing = ("--clause", "connecting.keyword-arguments", "--deviations", file)

    assert 0 == signalbook("verify", *forgetful, *failing).exit_code
    stale = signalbook("verify", "reference", *failing)
    assert "listed as a deviation (by design), but it passes; remove the entry" in stale.output
    assert 1 == stale.exit_code


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nothing"], "'nothing' is no implementation that the kit knows"),
        (["--flask", "no_such_module"], "No module named 'no_such_module'"),
        (["--python", "/no/such/python"], "the interpreter '/no/such/python' can't be started"),
        (["--python", "2.1"], "CPython 2.1 is not on this machine"),
        (["flask==0.1"], "there is no Flask '0.1' with signals"),
        (["--claims", "quart==1"], "the claim 'quart==1' can't be read"),
        (["--blinker", "x", "--without-blinker"], "contradict each other"),
        (["--clause", "conecting.weak"], "did you mean 'connecting.weak'"),
        (["--clause", "nothing.*"], "no clause's id matches 'nothing.*'"),
    ],
)
def test_verify_unusable_input_is_one_message(signalbook, words, message):
    """What can't be used is said in one message, without a traceback, with exit status 2."""
    result = signalbook("verify", *words)

    assert message in " ".join(result.output.split())
    assert "Traceback" not in result.output
    assert 2 == result.exit_code


def test_verify_runs_the_others_when_one_cannot_be_run(signalbook):
    """An implementation that can't be run is named as not run; the others are run; status 2."""
    result = signalbook(
        "verify", "reference", "--flask", "no_such_module", "--clause", "connecting.twice"
    )

    assert re.search(r"reference +MUST +1 +0\n", result.output)
    assert "NOT RUN no_such_module" in result.output
    assert 2 == result.exit_code
