"""Without the engine: signals that can be sent, and that say why they can't be heard."""

from __future__ import annotations

import subprocess
import sys
import textwrap

from signalbook.implementations import known
from signalbook.pages import read_specification
from signalbook.reference import engine, signals
from signalbook.runner import Session
from signalbook.verdicts import Verdict

BLOCKED = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name == "signalbook.reference.engine":
            raise ImportError(name)
sys.meta_path.insert(0, Blocker())
"""


def run(source):
    """Run *source* in an interpreter of its own, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", source], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_engine_is_taken_when_it_can_be_imported():
    """The core signals come from the engine, if there is one."""
    assert signals.Namespace is engine.Namespace
    assert type(signals.request_started) is engine.NamedSignal


def test_fallback_is_taken_when_the_engine_cannot_be_imported():
    """An application without the engine answers requests, and its signals can't be connected."""
    source = """
    from signalbook.reference import Flask, fallback, request_started, signals
    app = Flask("shop")
    app.route("/")(lambda: "welcome")
    print(signals.Namespace is fallback.Namespace, app.test_client().get("/").data)
    try:
        request_started.connect(print)
    except RuntimeError as error:
        print(error)
    """

    assert run(BLOCKED + textwrap.dedent(source)) == (
        "True b'welcome'\n"
        "Signalling support is unavailable because the blinker library is not installed.\n"
    )


def test_fallback_keeps_every_clause_that_needs_no_engine():
    """Without the engine holds what needs none: the fallback, hooks, and where signals are."""
    with Session(known("reference/without-blinker")) as session:
        results = [session.run(clause) for clause in read_specification().checks]
    assert [] == [(r.clause.id, r.reason) for r in results if r.verdict.is_fault]
    passed = {result.clause.chapter for result in results if result.verdict is Verdict.PASSED}
    assert {"fallback", "lifecycle", "signals"} == passed
