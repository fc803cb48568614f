"""What the engine promises to those who use a signal from several threads at once."""

from __future__ import annotations

import contextlib
import sys
import threading

import pytest
from engine_state import Lock, state

from signalbook.reference.engine import ANY, NamedSignal, Namespace, Signal, base
from signalbook.reference.engine.connections import OrderedSet

PATIENCE = 10  # seconds that only a wrong engine takes


class Revealing:
    """A receiver that calls something when a send reads the connections."""

    def __init__(self, looked_up):
        self.looked_up = looked_up

    def __getattr__(self, name):
        self.looked_up()
        raise AttributeError(name)

    def __call__(self, sender):
        return "revealing"


def receiver(value):
    def receive(sender, **data):
        return value

    return receive


def started(function, *arguments):
    """Call *function* in a thread of its own, and return that thread."""
    thread = threading.Thread(target=function, args=arguments, daemon=True)
    thread.start()
    return thread


class Sender:
    """A small object, of which the next is likely to get the identity of one that died."""

    __slots__ = ("__weakref__",)


def replaced(signal, senders):
    """Let go of all senders, and return a new one with the identity of one of them.

    Nobody has looked yet at what there is to forget: another thread is about to.
    """
    held, replaced = threading.Event(), threading.Event()

    def hold():
        signal._lock.acquire()
        held.set()
        replaced.wait(PATIENCE)
        signal._lock.release()

    holding = started(hold)
    held.wait(PATIENCE)
    keys = {*map(id, senders)}
    senders.clear()
    others = [Sender() for _ in range(1000)]
    replaced.set()
    holding.join(PATIENCE)
    return next(one for one in others if id(one) in keys)


def test_threads_may_connect_send_and_disconnect_at_once():
    """Nothing is lost, raised or left behind when several threads use a signal."""
    signal, errors = Signal(), []
    constant = receiver("constant")
    signal.connect(constant)

    def work(number):
        try:
            for step in range(300):
                mine = receiver(number)
                signal.connect(mine, sender=number)
                got = [value for _, value in signal.send(number)]
                assert got == ["constant", number], got
                if step % 2:
                    signal.disconnect(mine)
                del mine
                assert [value for _, value in signal.send(number)] == ["constant"]
        except BaseException as error:
            errors.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    finally:
        sys.setswitchinterval(interval)

    assert errors == []
    assert state(signal) == [1, 1, 0, 0]


def test_disconnect_waits_for_what_another_thread_is_doing():
    """When a disconnect has returned, no send of its thread calls the receiver any more."""
    wanted, replies, threads = threading.Event(), [], []

    class Slow(OrderedSet):
        """Receivers of one sender, to which no second one is added before a thread wants that."""

        def add(self, item):
            if self:
                Lock(signal, wanted.set)
                threads.append(started(disconnect))
                wanted.wait(PATIENCE)
                threads[0].join(0.1)
            self.setdefault(item)

    class SlowSignal(Signal):
        set_class = Slow

    def disconnect():
        signal.disconnect(first)
        replies.extend(value for _, value in signal.send())

    signal = SlowSignal()
    signal.connect(first := receiver("first"))
    signal.send()
    signal.connect(second := receiver("second"))
    threads[0].join(PATIENCE)

    assert replies == ["second"]
    assert signal.send() == [(second, "second")]


@pytest.mark.parametrize("name", ["connect", "disconnect", "send"])
def test_change_that_is_put_off_is_done_before_the_lock_is_let_go(name):
    """No other thread comes between a call and what was done to the signal in its middle."""

    class Meddling(OrderedSet):
        def add(self, item):
            self.setdefault(item)
            meddle()

        def discard(self, item):
            self.pop(item, None)
            meddle()

    class MeddledSignal(Signal):
        set_class = Meddling

    def meddle():
        while victims:
            signal.disconnect(victims.pop())

    signal, victims, waiting, victim = MeddledSignal(), [], [], receiver("victim")
    signal.connect(one := Revealing(meddle))
    signal.connect(victim)
    victims.append(victim)
    Lock(signal, released=lambda: waiting.append(len(signal._changes)))
    if name == "connect":
        signal.connect(receiver("new"), weak=False)
    elif name == "disconnect":
        signal.disconnect(one)
    else:
        signal.send()

    # The change itself takes the lock twice, once to see whether anything is left to do.
    assert (victims, waiting) == ([], [1, 1, 0])


def test_send_that_nobody_hears_takes_no_lock():
    """Once it was seen that no receiver is for a sender, nobody has to be waited for."""
    signal, wanted = Signal(), []
    signal.connect(heard := receiver(1), sender="door")
    signal.send("window")
    Lock(signal, lambda: wanted.append("the lock"))

    assert signal.send("window") == []
    assert not signal.has_receivers_for("window")
    assert wanted == []
    assert signal.send("door") == [(heard, 1)]
    assert wanted == ["the lock"]


def test_new_sender_is_not_taken_for_one_that_is_still_to_be_forgotten():
    """Receivers of a sender that died are not called for the next of the same identity."""
    signal, senders, heard = Signal(), [Sender() for _ in range(50)], receiver(1)
    for sender in senders:
        signal.connect(heard, sender)
    del sender

    assert signal.send(replaced(signal, senders)) == []
    assert state(signal) == [0, 0, 0, 0]
    assert [*signal._snapshots] == [id(ANY)]


def test_connection_to_a_new_sender_is_not_forgotten_with_the_last_of_its_identity():
    """What is to be forgotten of a sender that died comes before all connections to the next."""
    signal, senders, heard = Signal(), [Sender() for _ in range(50)], receiver(1)
    for sender in senders:
        signal.connect(heard, sender)
    del sender
    sender = replaced(signal, senders)
    signal.connect(heard, sender)

    assert signal.send(sender) == [(heard, 1)]


def test_send_bears_that_its_sender_loses_the_last_receiver_meanwhile():
    """What another thread disconnects while a send is about to read is not called, nor missed."""
    signal, sender = Signal(), Sender()
    signal.connect(kept := receiver("kept"))
    signal.connect(last := receiver("last"), sender)
    losing = [last]

    def lose():
        while losing:
            started(signal.disconnect, losing.pop(), sender).join(PATIENCE)

    Lock(signal, lose)

    assert signal.send(sender) == [(kept, "kept")]
    assert state(signal) == [1, 1, 1, 0]


def test_sends_of_two_threads_both_learn_of_a_disconnect():
    """Threads that read the connections at once both skip what is disconnected meanwhile."""
    signal, calls = Signal(), []
    wanted, called = threading.Event(), threading.Event()

    def looked_up():
        if not threads:
            Lock(signal, wanted.set)
            threads.append(started(signal.send, "second"))
            wanted.wait(PATIENCE)

    def first(sender):
        if sender == "first":
            called.wait(PATIENCE)
            signal.disconnect(last)

    def last(sender):
        calls.append(sender)
        called.set()

    threads = []
    signal.connect(first)
    signal.connect(Revealing(looked_up), weak=False)
    signal.connect(last)
    signal.send("first")
    threads[0].join(PATIENCE)

    assert calls == ["second"]


def test_receiver_that_dies_while_another_thread_changes_something_is_forgotten():
    """Whoever has the lock of a signal sees to what died meanwhile, even in the last moment."""
    signal, mortal = Signal(), [receiver("mortal")]
    signal.connect(mortal[0])
    Lock(signal, released=lambda: started(mortal.clear).join(PATIENCE))
    signal.connect(kept := receiver("kept"))

    assert state(signal) == [1, 1, 0, 0]
    assert signal.send() == [(kept, "kept")]


def test_nothing_that_others_wait_for_is_held_while_a_signal_is_made(monkeypatch):
    """What happens while a signal makes its meta signal may wait for another thread that connects.

    Garbage may be collected then, and a destructor may want a lock which that thread has.
    """

    class Slow(Signal):
        def __init__(self, doc=None):
            super().__init__(doc)
            connecting = threading.Thread(target=Signal().connect, args=(receiver(1), ANY, False))
            connecting.start()
            connecting.join(PATIENCE)
            waiting.append(connecting.is_alive())

    waiting = []
    monkeypatch.setattr(base, "Signal", Slow)
    signal = NamedSignal("saved")
    made = [signal.receiver_connected, signal.receiver_disconnected]

    assert waiting == [False, False]
    assert made == [signal.receiver_connected, signal.receiver_disconnected]


def test_namespace_gives_all_threads_the_same_signal(monkeypatch):
    """Threads that all find a name missing, and all make its signal, get one and the same."""
    everybody = threading.Barrier(8)

    class Slow(NamedSignal):
        def __init__(self, name, doc=None):
            super().__init__(name, doc)
            # Nobody goes on before each thread has made a signal; an engine that lets only one
            # thread make it breaks the barrier, which is as well.
            with contextlib.suppress(threading.BrokenBarrierError):
                everybody.wait(5)

    namespace, found = Namespace(), []
    monkeypatch.setattr(base, "NamedSignal", Slow)
    threads = [
        threading.Thread(target=lambda: found.append(namespace.signal("saved"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert [one is namespace["saved"] for one in found] == [True] * 8
