"""Receivers and senders may die, and destructors run, before any single step of the engine.

The garbage collector decides when; here each bytecode of the engine is tried in turn.
"""

from __future__ import annotations

import gc
import itertools
import sys
from functools import partial

import pytest
from engine_state import Lock, state

from signalbook.reference.engine import ANY, Signal, base, calls, connections, links

FILES = {module.__file__ for module in (base, calls, connections, links)}

CONNECTED = {
    "kept": [ANY],
    "any": [ANY],
    "any too": [ANY],
    "brief": [ANY],
    "one": ["sender"],
    "one too": ["sender"],
    "both": ["sender", "mortal"],
    "mortal": ["mortal"],
}


class Sender:
    pass


class Cast:
    """A signal, receivers and senders that nobody else holds, and the connections expected."""

    def __init__(self):
        self.signal = Signal()
        self.log = []
        self.receivers = {name: self.receiver(name) for name in [*CONNECTED, "new", "newer"]}
        self.senders = {"sender": Sender(), "mortal": Sender(), ANY: ANY}
        self.pairs = set()
        for name, senders in CONNECTED.items():
            for sender in senders:
                self.connect(name, sender)

    def receiver(self, name):
        def receive(sender):
            self.log.append(name)
            return name

        return receive

    def connect(self, name, sender=ANY):
        self.pairs.add((name, sender))
        self.signal.connect(self.receivers[name], self.senders[sender])

    def disconnect(self, name, sender=ANY):
        self.pairs -= {one for one in self.pairs if one[0] == name and sender in (ANY, one[1])}
        self.signal.disconnect(self.receivers[name], self.senders[sender])

    def kill(self, name):
        """Let go of a receiver or a sender."""
        self.pairs = {one for one in self.pairs if name not in one}
        self.receivers.pop(name, None)
        self.senders.pop(name, None)

    def called(self, name):
        """Return who is called by a send from the sender of that name, or from a new one."""
        return [reply for _, reply in self.signal.send(self.senders.get(name) or Sender())]

    def expected(self, name):
        return sorted({one for one, sender in self.pairs if sender in (ANY, name)})


OPERATIONS = {
    "connect": lambda cast: cast.connect("new"),
    "connect to a sender": lambda cast: cast.connect("new", "sender"),
    "connect to a new sender": lambda cast: cast.signal.connect(cast.receivers["any"], Sender()),
    "connect again": lambda cast: cast.connect("any", "sender"),
    "disconnect": lambda cast: cast.disconnect("any too"),
    "disconnect from a sender": lambda cast: cast.disconnect("both", "sender"),
    "receiver dies": lambda cast: cast.kill("one too"),
    "sender dies": lambda cast: cast.kill("sender"),
    "send": lambda cast: cast.called("sender"),
    "send from a stranger": lambda cast: cast.called("stranger"),
    "receivers_for": lambda cast: [*cast.signal.receivers_for(cast.senders["sender"])],
    "has_receivers_for": lambda cast: cast.signal.has_receivers_for(cast.senders["sender"]),
}


def some_die(cast):
    for name in ("brief", "one", "mortal"):
        cast.kill(name)
    # A new sender is likely to get the address of the one that died.
    called = cast.called("stranger")
    assert called.count("kept") == 1
    assert {"one", "one too", "both", "mortal"}.isdisjoint(called)


def destructor_runs(cast):
    cast.disconnect("one")
    cast.connect("newer")
    cast.connect("newer", "mortal")
    assert cast.called("sender").count("kept") == 1


def disconnects(cast):
    cast.disconnect("one")
    cast.log.append("disconnected")


def before_step(number, act, do):
    """Call *do*, and *act* before the *number*th bytecode of the engine that this runs.

    :returns: Whether so many were run.
    """
    steps, acted = itertools.count(), []

    def trace(frame, event, argument):
        if frame.f_code.co_filename not in FILES:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode" and next(steps) == number:
            acted.append(act())
        return trace

    before = sys.gettrace()
    # CPython 3.12 looks for opcodes only if they were asked for by then.
    sys._getframe().f_trace_opcodes = True
    sys.settrace(trace)
    try:
        do()
    finally:
        sys.settrace(before)
    return bool(acted)


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
@pytest.mark.parametrize("act", [some_die, destructor_runs])
@pytest.mark.parametrize("name", OPERATIONS)
def test_engine_bears_what_happens_before_any_step(name, act, warm):
    """Nothing is raised, no connection is lost, and none is left, wherever garbage is collected."""
    for number in itertools.count():
        cast = Cast()
        if warm:
            cast.called("sender"), cast.called("mortal")
        acted = before_step(number, partial(act, cast), partial(OPERATIONS[name], cast))
        senders = "sender", "mortal", "stranger"

        assert [cast.expected(one) for one in senders] == [
            sorted(cast.called(one)) for one in senders
        ], f"before step {number}"

        cast.receivers.clear()
        cast.senders.clear()
        assert state(cast.signal) == [0, 0, 0, 0], f"before step {number}"
        if not acted:
            break
    assert number > 2


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
def test_receiver_disconnected_by_a_destructor_is_not_called(warm):
    """A disconnect before a send's first call keeps the receiver from being called, at any step."""
    for number in itertools.count():
        cast = Cast()
        if warm:
            cast.called("sender")

        acted = before_step(number, partial(disconnects, cast), partial(cast.called, "sender"))
        if not acted:
            break
        if cast.log[0] == "disconnected":
            called = ["kept", "any", "any too", "brief", "one too", "both"]
            assert cast.log == ["disconnected", *called], f"before step {number}"
    assert number > 2


@pytest.mark.parametrize("name", ["connect", "disconnect", "sender dies", "send"])
def test_change_of_a_destructor_is_done_when_the_lock_is_let_go(name):
    """No other thread gets the lock with a change left to do, at whatever step it came."""
    for number in itertools.count():
        cast, held, left = Cast(), [], []

        def released(cast=cast, held=held, left=left):
            held.pop()
            if not held:
                left.append(len(cast.signal._changes))

        Lock(cast.signal, partial(held.append, "the lock"), released)
        acted = before_step(number, partial(disconnects, cast), partial(OPERATIONS[name], cast))

        assert set(left) == {0}, f"before step {number}"
        if not acted:
            break
    assert number > 2


def test_send_bears_the_death_of_a_receiver_that_it_reads():
    """Receivers that die while a send finds out whom to call are not called, nor in the way."""
    signal, brief, log = Signal(), [], []

    class Revealing:
        """A receiver whose attributes are looked up when a send reads the connections."""

        def __getattr__(self, name):
            brief.clear()
            raise AttributeError(name)

        def __call__(self, sender):
            log.append("kept")

    brief += [lambda sender: log.append("brief") for _ in range(20)]
    signal.connect(revealing := Revealing())
    for one in brief:
        signal.connect(one)
    del one

    assert signal.send() == [(revealing, None)]
    assert (log, brief) == (["kept"], [])
    assert state(signal) == [1, 1, 0, 0]


def test_only_receiver_disconnected_while_a_send_reads_it_is_not_called():
    """A disconnect that is put off, since a send is reading, is done before the send calls."""
    signal = Signal()

    class Leaving:
        """A receiver whose attributes are looked up when a send reads the connections."""

        def __getattr__(self, name):
            signal.disconnect(self)
            raise AttributeError(name)

        def __call__(self, sender):
            raise AssertionError("called")

    signal.connect(Leaving(), weak=False)

    assert signal.send() == []
    assert state(signal) == [0, 0, 0, 0]


@pytest.mark.parametrize("allocations", range(-4, 8))
def test_senders_may_die_while_what_was_read_for_them_is_dropped(allocations):
    """A receiver of any sender can be connected, though the collector takes senders meanwhile."""

    def receive(sender):
        return "any"

    def receive_too(sender):
        return "one"

    signal, thresholds = Signal(), gc.get_threshold()
    gc.collect()
    gc.disable()
    try:
        signal.connect(receive)
        senders = [Sender() for _ in range(40)]
        for sender in senders:
            sender.itself = sender
            signal.connect(receive_too, sender)
        for sender in senders:
            signal.send(sender)
        del sender, senders
        # Garbage is collected after the next few allocations.
        gc.set_threshold(max(1, gc.get_count()[0] + allocations), 1, 1)
        gc.enable()
        signal.connect(receive)
    finally:
        gc.set_threshold(*thresholds)
        gc.enable()
    gc.collect()

    assert signal.send() == [(receive, "any")]
    assert state(signal) == [1, 1, 0, 0]
