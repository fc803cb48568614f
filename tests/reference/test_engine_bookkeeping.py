"""What the engine promises beyond blinker: order, threads, destructors, and nothing left behind."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from types import MethodType

import pytest
from engine_state import state

from signalbook.reference.engine import ANY, Signal
from signalbook.reference.engine.connections import OrderedSet


class Thing:
    pass


def receiver(value):
    def receive(sender, **data):
        return value

    return receive


def test_receivers_are_called_in_order_of_connection():
    """Receivers of any sender come first, then the sender's own, each in order of connection."""
    signal = Signal()
    receivers = [receiver(number) for number in range(20)]
    for one in receivers[10:]:
        signal.connect(one, sender="door")
    for one in receivers[:10]:
        signal.connect(one)
    signal.connect(receivers[15])

    assert [value for _, value in signal.send("door")] == [
        *range(10),
        15,
        *(number for number in range(10, 20) if number != 15),
    ]


def test_senders_of_different_kinds_are_never_mixed_up():
    """The integer zero is not every sender, and an object's address is not the object."""
    signal, thing = Signal(), Thing()
    signal.connect(on_zero := receiver("zero"), sender=0)
    signal.connect(on_thing := receiver("thing"), sender=thing)

    assert signal.send(thing) == [(on_thing, "thing")]
    assert signal.send(0) == [(on_zero, "zero")]
    assert signal.send(id(thing)) == []
    assert signal.send(id(ANY)) == []


def test_receiver_reconnected_while_sending_waits_for_the_next_send():
    """A receiver that is disconnected during a send is not called, though it is connected anew."""
    signal = Signal()
    calls = []

    @signal.connect
    def first(sender):
        calls.append("first")
        signal.disconnect(second)
        signal.connect(second)

    @signal.connect
    def second(sender):
        calls.append("second")

    signal.send()

    assert calls == ["first"]


def test_nothing_is_kept_of_what_was_disconnected():
    """Disconnected receivers, their senders, and senders that only sent, are all let go."""
    signal = Signal()
    things = [Thing() for _ in range(3)]
    bound = weakref.ref(things[0])
    for thing in things:
        signal.connect(heard := receiver(1), sender=thing, weak=False)
        signal.send(thing)
        signal.disconnect(heard, sender=thing)
    del heard, thing, things
    gc.collect()

    assert state(signal) == [0, 0, 0, 0]
    assert bound() is None


def test_nothing_is_kept_of_what_died():
    """Receivers and senders that die take their connections with them."""
    signal = Signal()
    sender = Thing()
    kept, strong = receiver(1), receiver(2)
    signal.connect(kept, sender=sender)
    signal.connect(strong, sender=sender, weak=False)
    signal.connect(receiver(3), sender="door")
    signal.send(sender)
    gone = weakref.ref(strong)
    del sender, strong
    gc.collect()

    assert state(signal) == [0, 0, 0, 0]
    assert gone() is None


def test_nothing_is_left_of_a_thousand_of_each():
    """Receivers and senders that come and go leave no entry in any container of the signal."""
    signal = Signal()
    for number in range(1000):
        heard, sender = receiver(number), Thing()
        signal.connect(heard, sender=sender, weak=bool(number % 3))
        signal.connect(heard, sender=str(number))
        assert [value for _, value in signal.send(sender)] == [number]
        signal.send(Thing())
        if number % 2:
            signal.disconnect(heard)
        del heard, sender
    gc.collect()

    assert state(signal) == [0, 0, 0, 0]
    assert [key for key in signal._by_sender if key != id(ANY)] == []
    assert [key for key in signal._snapshots if key != id(ANY)] == []
    assert [reference() for reference in signal._running] == []


def test_signal_is_freed_without_the_collector():
    """A signal whose receivers and senders live on is freed with its last reference."""
    signal, heard, sender = Signal(), receiver(1), Thing()
    signal.connect(heard, sender=sender)
    signal.send(sender)
    gone = weakref.ref(signal)
    gc.disable()
    try:
        del signal
        assert gone() is None
    finally:
        gc.enable()


def test_destructor_may_use_the_signal():
    """What a destructor does with a signal in the middle of a change is done when it ends."""
    signal, kept, log = Signal(), receiver("kept"), []

    class Sender:
        __slots__ = ()

        def __del__(self):
            signal.disconnect(heard)
            signal.connect(kept, sender="door")
            log.append(signal.send("window"))

    heard = receiver("heard")
    signal.connect(heard, sender=Sender())
    signal.connect(heard, sender="door")
    # Nobody but the signal holds the sender, so that it dies inside of this call.
    signal.disconnect(heard)

    assert log == [[]]
    assert signal.send("door") == [(kept, "kept")]
    assert state(signal) == [1, 1, 1, 0]


def test_method_as_sender_dies_with_its_function():
    """Of a bound method that is a sender, nothing is kept when its function has died."""
    signal, thing = Signal(), Thing()
    method = MethodType(receiver(1), thing)
    signal.connect(receiver_too := receiver(2), sender=method)
    assert signal.send(method) == [(receiver_too, 2)]
    del method

    assert state(signal) == [0, 0, 0, 0]
    assert signal.send(MethodType(receiver(1), thing)) == []


@pytest.mark.parametrize("module", ["signalbook.reference.engine", "blinker"])
def test_interpreter_exits_in_silence(module):
    """What is still connected when the interpreter ends writes nothing on the error stream."""
    source = f"""
from {module} import ANY, Namespace, Signal, signal

class Thing:
    def hear(self, sender, **data):
        return data
    @classmethod
    def hear_all(cls, sender, **data):
        return data
    def __del__(self):
        saved.disconnect(self.hear)
        saved.send(self)

def weak(who, **data):
    pass

def strong(who, **data):
    pass

saved, opened = signal("saved"), Signal()
opened.receiver_connected.connect(weak)
opened.receiver_disconnected.connect(lambda who, **data: None, weak=False)
things = [Thing() for _ in range(100)]
for sender in [ANY, None, "door", 7, object(), Thing, weak, things[0].hear, *things]:
    for one in saved, opened:
        one.connect(weak, sender=sender)
        one.connect(strong, sender=sender, weak=False)
        one.connect(Thing.hear_all, sender=sender)
        one.connect(lambda sender, **data: None, sender=sender, weak=False)
        one.send(sender, wide=True)
for thing in things:
    opened.connect(thing.hear, sender=thing)
    saved.connect(thing.hear, weak=False)
    thing.signal = Namespace().signal("own")
    thing.signal.connect(thing.hear, weak=False)
block = opened.connected_to(strong)
block.__enter__()
things.append(things)
print("the end")
"""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", source], capture_output=True, text=True
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "the end\n", "")


def test_connection_that_fails_leaves_no_trace_of_its_sender():
    """A sender to which connecting failed can be connected to again, and be let go."""

    class Failing(OrderedSet):
        def add(self, item):
            if failures:
                raise failures.pop()
            self.setdefault(item)

    class FailingSignal(Signal):
        set_class = Failing

    signal, thing, failures = FailingSignal(), Thing(), [MemoryError()]
    heard = receiver(1)
    with pytest.raises(MemoryError):
        signal.connect(heard, sender=thing)
    assert state(signal) == [0, 0, 0, 0]

    signal.connect(heard, sender=thing)
    assert signal.send(thing) == [(heard, 1)]
    signal.disconnect(heard, sender=thing)
    del thing
    assert state(signal) == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("make", "kept"),
    [(Thing, 1), (lambda: MethodType(print, object()), 0), (lambda: "door", 0), (object, 0)],
)
def test_sender_to_which_nobody_listens_any_more_is_known_only_if_it_tells_when_it_dies(make, kept):
    """So a signal is as small as before once the senders are gone, if not earlier."""
    signal, sender, heard = Signal(), make(), receiver(1)
    signal.connect(heard, sender=sender)
    signal.disconnect(heard)
    assert state(signal) == [0, 0, kept, 0]
    assert not signal.has_receivers_for(sender)
    assert signal.send(sender) == []

    del sender
    assert state(signal) == [0, 0, 0, 0]


class Incomparable:
    """A receiver that can be neither compared nor hashed."""

    __hash__ = None

    def __eq__(self, other):
        raise AssertionError("compared")

    def __call__(self, sender):
        return "called"


def test_receivers_are_never_compared():
    """A receiver that can be neither compared nor hashed is called beside a coroutine function."""

    async def wait(sender):
        raise AssertionError("awaited")

    signal, receiver_too = Signal(), Incomparable()
    signal.connect(wait)
    signal.connect(receiver_too)

    replies = signal.send(_async_wrapper=lambda function: lambda sender: "wrapped")

    assert [value for _, value in replies] == ["wrapped", "called"]


def test_receivers_are_not_compared_when_a_send_learns_of_a_disconnect():
    """One of several receivers that can't be compared is disconnected while a send calls them."""
    signal, others = Signal(), [Incomparable() for _ in range(3)]

    def first(sender):
        signal.disconnect(others[1])

    signal.connect(first)
    for one in others:
        signal.connect(one)

    assert [id(one) for one, _ in signal.send()] == [id(first), id(others[0]), id(others[2])]


def test_receiver_that_becomes_weak_while_sending_and_is_dropped_is_not_called():
    """The last connection decides about the sends that are running, too, as with blinker."""
    signal, calls, later = Signal(), [], []

    def first(sender):
        signal.connect(later[0], sender="door")
        later.clear()

    signal.connect(first, weak=False)
    later.append(lambda sender: calls.append(sender))
    signal.connect(later[0], weak=False)
    signal.send("door")

    assert [] == calls


def test_strong_method_that_is_connected_again_while_sending_is_called():
    """Each look-up of a method makes another object, and the one that was there first may go."""
    signal, calls = Signal(), []

    class Shop:
        def hear(self, sender):
            calls.append(sender)

    shop = Shop()
    signal.connect(lambda sender: signal.connect(shop.hear, weak=False), weak=False)
    signal.connect(shop.hear, weak=False)
    signal.send("door")

    assert ["door"] == calls
