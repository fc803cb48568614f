"""What an implementation says that it lacks, and what a preflight finds out."""

import json

import pytest

# An engine that tells nobody apart and returns nothing.
BROADCAST = """
from blinker import *

class Signal(Signal):
    def connect(self, receiver, sender=ANY, weak=True):
        if sender is not ANY:
            raise NotImplementedError("broadcast only")
        return super().connect(receiver, weak=weak)

    def send(self, *given, **data):
        super().send(*given, **data)
"""


@pytest.fixture
def engine(write, tmp_path):
    """Return the options that name it, for one rule of each of five features and of none."""
    write({"broadcast.py": BROADCAST})
    own = ("--blinker", "broadcast", "--path", tmp_path, "--claims", "blinker==1.9.0")
    ids = ("connecting.senders", "sending.result", "lifetime.weak", "connecting.once.twice")
    return (*own, *(word for id in ids for word in ("--clause", id)))


def test_verify_says_what_an_implementation_seems_to_lack(signalbook, engine):
    """Features of which nothing is there are named, with the words that say so."""
    result = signalbook("verify", *engine)

    assert [
        "NOTE it seems to lack sender filtering and results of `send`;"
        " if that is meant, say so: --lacks sender --lacks results"
    ] == [line for line in result.output.splitlines() if line.startswith("NOTE")]
    assert 1 == result.exit_code


def test_verify_does_not_claim_what_an_implementation_lacks(signalbook, engine, tmp_path):
    """What needs it is not run and fails nobody; it is counted by feature, and in the verdict."""
    file = tmp_path / "results.json"
    result = signalbook(
        "verify", *engine, "--lacks", "sender", "--lacks", "results", "--json", file
    )

    run = json.loads(file.read_text())["runs"][0]
    needed = {
        name: [each["verdict"] for each in run["results"] if name in (each["features"] or ())]
        for name in ("sender", "results")
    }
    assert {"not claimed"} == {verdict for verdicts in needed.values() for verdict in verdicts}
    assert (["results", "sender"], []) == (run["lacks"], run["stale"])
    numbers = [len(needed["sender"]), len(needed["results"])]
    assert (
        f"broadcast, not claimed: {numbers[0]} clauses need sender filtering and"
        f" {numbers[1]} clauses need results of `send`"
    ) in result.output
    assert [] == [line for line in result.output.splitlines() if line.startswith("NOTE")]
    assert 0 == result.exit_code


def test_verify_fails_for_a_feature_that_is_there_after_all(signalbook, engine):
    """Who says too much of what they lack would hide what they break later."""
    lacking = ("--lacks", "sender", "--lacks", "results", "--lacks", "weak")
    result = signalbook("verify", *engine, *lacking)

    assert (
        "STALE on broadcast: it is said to lack weak references to receivers, which are there;"
        " take back --lacks weak" in result.output
    )
    assert 1 == result.exit_code


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "connect = send = print",
            "'other' has no `Signal`, `ANY` and `Namespace`: it doesn't stand in for blinker;"
            " name a module that has what is imported from blinker",
        ),
        (
            "class Signal:\n    def connect(self, receiver): pass",
            "'other' doesn't stand in for blinker: not even `connecting.each-send.one` passes"
            " (AttributeError: 'Signal' object has no attribute 'send');"
            " see 'signalbook show connecting.each-send.one'",
        ),
    ],
)
def test_verify_runs_nothing_on_what_is_no_engine_at_all(signalbook, write, tmp_path, source, said):
    """A library of another kind is told once, and not with every clause."""
    write({"other.py": source})
    result = signalbook("verify", "--blinker", "other", "--path", tmp_path)

    assert f"\nNOT RUN other\n  {said}\n" == result.output
    assert 2 == result.exit_code
