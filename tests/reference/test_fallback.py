"""Without the engine: signals that can be sent, and that say why they can't be heard."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from signalbook.reference import engine, signals
from signalbook.reference.fallback import Namespace

REFUSED = [
    "connect",
    "connect_via",
    "connected_to",
    "disconnect",
    "has_receivers_for",
    "muted",
    "receivers_for",
    "send_async",
]

REFUSED_ATTRIBUTES = [
    "is_muted",
    "receiver_connected",
    "receiver_disconnected",
    "receivers",
    "set_class",
]

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
        "Signalling is unavailable, so nothing can be done with the signal 'request-started' but"
        " send it: the signal engine, signalbook.reference.engine, can't be imported.\n"
    )


def test_fallback_send_does_nothing():
    """Sending returns `None`, whatever is sent."""
    signal = Namespace().signal("saved")

    assert [signal.send(), signal.send(1), signal.send(1, user="ada")] == [None, None, None]


def test_fallback_signal_keeps_name_and_doc():
    """A signal is known by its name and doc without the engine, too."""
    signal = Namespace().signal("saved", "After saving.")

    assert (signal.name, signal.__doc__) == ("saved", "After saving.")


def test_fallback_refuses_all_that_a_signal_offers():
    """No public name of the engine's signals is missing, or works."""
    offered = {name for name in dir(engine.NamedSignal("saved")) if not name.startswith("_")}

    assert {*REFUSED, *REFUSED_ATTRIBUTES} == offered - {"ANY", "name", "send"}


@pytest.mark.parametrize("name", REFUSED)
def test_fallback_methods_say_why(name):
    """A method that needs the engine raises, whatever it is given."""
    signal = Namespace().signal("saved")

    for arguments in ((), (print,), (print, "sender")):
        with pytest.raises(RuntimeError, match="Signalling is unavailable"):
            getattr(signal, name)(*arguments)


@pytest.mark.parametrize("name", REFUSED_ATTRIBUTES)
def test_fallback_attributes_say_why(name):
    """An attribute that needs the engine raises when it is looked up."""
    with pytest.raises(RuntimeError, match="Signalling is unavailable"):
        getattr(Namespace().signal("saved"), name)
