"""The engine and blinker, side by side: small programs that give the same result with both."""

from __future__ import annotations

import asyncio
import functools
import gc
import pickle

import blinker
import pytest

from signalbook.reference import engine as reference

PROGRAMS = []


def program(function):
    """Run *function* with both engines, and compare what it returns."""
    PROGRAMS.append(function)
    return function


class Sender:
    pass


class Counter:
    def __init__(self):
        self.calls = []

    def count(self, sender, **data):
        self.calls.append(data)
        return len(self.calls)


def receiver(value):
    def receive(sender, **data):
        return value

    return receive


def values(replies):
    return sorted(value for _, value in replies)


def outcome(function, *arguments, **keywords):
    """Return what *function* returns, or the type and text of what it raises."""
    try:
        return function(*arguments, **keywords)
    except Exception as error:
        return type(error).__name__, str(error)


@program
def public_names(engine):
    signal_names = [name for name in dir(engine.Signal) if not name.startswith("_")]
    return sorted(engine.__all__), signal_names


@program
def two_senders(engine):
    signal = engine.Signal()
    return [
        outcome(signal.send, 1, 2),
        outcome(lambda: asyncio.run(signal.send_async(1, 2))),
        outcome(signal.connect),
        outcome(signal.send, sender=1),
    ]


@program
def sender_as_keyword(engine):
    signal, calls = engine.Signal(), []

    def receive(one, /, **data):
        calls.append((one, data))

    signal.connect(receive)
    signal.send(sender="door")
    return calls


@program
def senders_by_identity(engine):
    shared, found = Sender(), []
    pairs = [
        (1, 1.0),
        (1, True),
        (1.5, float("1.5")),
        ("a", "".join(["a"])),
        (b"a", bytes(bytearray(b"a"))),
        ((1,), tuple([1])),
        (None, None),
        (shared, shared),
        (shared, Sender()),
        (Sender, Sender),
        (-1, -2),
        (2**61 - 1, 0),
    ]
    for connected, sending in pairs:
        signal, heard = engine.Signal(), receiver(True)
        signal.connect(heard, sender=connected)
        found.append(bool(signal.send(sending)))
    return found


@program
def methods_as_senders(engine):
    signal, counter, heard = engine.Signal(), Counter(), receiver(1)
    signal.connect(heard, sender=counter.count)
    return len(signal.send(counter.count)), len(signal.send(Counter().count))


@program
def unhashable_senders_and_receivers(engine):
    class Incomparable:
        __hash__ = None

        def __eq__(self, other):
            raise RuntimeError("compared")

        def __call__(self, sender):
            return "called"

    signal, thing = engine.Signal(), Incomparable()
    signal.connect(thing, sender=thing)
    found = [values(signal.send(thing))]
    signal.disconnect(thing)
    return [*found, signal.send(thing)]


@program
def receivers_without_weak_references(engine):
    class Slotted:
        __slots__ = ()

        def __call__(self, sender):
            return "called"

    signal, slotted = engine.Signal(), Slotted()
    found = outcome(signal.connect, slotted)[0], bool(signal.receivers)
    signal.connect(slotted, weak=False)
    return found, values(signal.send())


@program
def any_and_its_quirks(engine):
    ANY = engine.ANY
    return (
        repr(ANY),
        str(ANY),
        bool(ANY),
        pickle.loads(pickle.dumps(ANY)) is ANY,
        (engine.Signal.ANY is ANY),
    )


@program
def disconnecting(engine):
    signal, heard, found = engine.Signal(), receiver(1), []
    signal.connect(heard)
    signal.disconnect(heard, sender="door")
    found.append(len(signal.send("door")))
    signal.connect(heard, sender="door")
    signal.disconnect(heard, sender="door")
    found.append(len(signal.send("door")))
    signal.connect(heard, sender="door")
    signal.disconnect(heard)
    found += [len(signal.send("door")), len(signal.send()), bool(signal.receivers)]
    signal.disconnect(heard)
    signal.disconnect(receiver(2), sender="window")
    return found


@program
def strength_of_the_last_connection(engine):
    found = []
    for first in (True, False):
        for second in (True, False):
            for other in (engine.ANY, "door"):
                signal, heard = engine.Signal(), receiver(1)
                signal.connect(heard, weak=first)
                signal.connect(heard, sender=other, weak=second)
                del heard
                gc.collect()
                found.append(len(signal.send("door")))
    return found


@program
def connect_via(engine):
    signal = engine.Signal()
    signal.connect_via("door")(receiver(1))
    signal.connect_via("door", weak=True)(receiver(2))
    decorated = receiver(3)
    same = signal.connect_via("door")(decorated) is decorated
    gc.collect()
    return same, values(signal.send("door")), signal.send("window")


@program
def connected_to(engine):
    signal, heard, found = engine.Signal(), receiver(1), []
    with signal.connected_to(heard) as given:
        found += [given, len(signal.send())]
    found.append(len(signal.send()))
    with signal.connected_to(receiver(2), sender="door"):
        gc.collect()
        found += [len(signal.send("door")), len(signal.send())]
    with pytest.raises(ZeroDivisionError), signal.connected_to(heard):
        raise ZeroDivisionError
    found.append(len(signal.send()))
    signal.connect(heard)
    with signal.connected_to(heard, sender="door"):
        found.append(len(signal.send("door")))
    return [*found, len(signal.send("door")), len(signal.send())]


@program
def connected_to_as_a_decorator(engine):
    signal = engine.Signal()

    @signal.connected_to(receiver(1))
    def send():
        return len(signal.send())

    return send(), send(), len(signal.send())


@program
def muted(engine):
    signal, heard, found = engine.Signal(), receiver(1), []
    signal.connect(heard)
    with signal.muted() as given:
        found += [given, signal.is_muted, signal.send(), asyncio.run(signal.send_async())]
        found += [list(signal.receivers_for("door")) == [heard], signal.has_receivers_for(1)]
        with signal.muted():
            pass
        found.append(len(signal.send()))
    with pytest.raises(ZeroDivisionError), signal.muted():
        raise ZeroDivisionError
    return [*found, signal.is_muted, len(signal.send())]


@program
def has_receivers_for(engine):
    signal, heard = engine.Signal(), receiver(1)
    found = [signal.has_receivers_for("door"), signal.has_receivers_for(engine.ANY)]
    signal.connect(heard, sender="door")
    found += [signal.has_receivers_for(sender) for sender in ("door", "window", engine.ANY)]
    signal.connect(heard)
    return found + [signal.has_receivers_for(sender) for sender in ("door", 1, engine.ANY)]


@program
def receivers_for(engine):
    signal, first, second = engine.Signal(), receiver(1), receiver(2)
    signal.connect(first)
    signal.connect(second, sender="door")
    found = [len(list(signal.receivers_for(sender))) for sender in ("door", "window")]
    lazy = signal.receivers_for("door")
    left = second if next(lazy) is first else first
    signal.disconnect(left)
    return found, list(lazy)


def changed_while_sending(engine, change):
    """Return how many of four receivers are called when the first that is called does *change*."""
    signal, receivers, called = engine.Signal(), {}, []

    def add(number):
        def receive(sender, **data):
            called.append(number)
            if len(called) == 1:
                change(signal, receivers, number)

        receivers[number] = receive
        signal.connect(receive)

    for number in range(4):
        add(number)
    replies = signal.send("door")
    del replies[:]
    return len(called)


@program
def changes_while_sending(engine):
    def disconnect(signal, receivers, number):
        for other in set(receivers) - {number}:
            signal.disconnect(receivers[other])

    def drop(signal, receivers, number):
        for other in set(receivers) - {number}:
            del receivers[other]
        gc.collect()

    def mute(signal, receivers, number):
        signal.is_muted = True

    def connect(signal, receivers, number):
        signal.connect(receiver(number), weak=False)

    def send(signal, receivers, number):
        signal.send("window")

    changes = [disconnect, drop, mute, connect, send]
    return [changed_while_sending(engine, change) for change in changes]


@program
def raising_receivers(engine):
    signal, calls = engine.Signal(), []

    def failing(sender):
        calls.append(sender)
        raise LookupError("no door")

    signal.connect(failing)
    return outcome(signal.send, "door"), outcome(signal.send), calls


@program
def dying_senders(engine):
    signal, heard, sender = engine.Signal(), receiver(1), Sender()
    signal.connect(heard, sender=sender)
    known = id(sender)
    del sender
    gc.collect()
    return len(signal.send(Sender())), known != 0 and bool(signal.send())


@program
def meta_signals(engine):
    signal, calls = engine.Signal(), []

    def connected(one, /, **data):
        calls.append(("connected", one is signal, data))

    def disconnected(one, /, **data):
        calls.append(("disconnected", one is signal, data))

    signal.receiver_connected.connect(connected)
    signal.receiver_disconnected.connect(disconnected)
    heard = receiver(1)
    signal.connect(heard)
    signal.connect(heard, sender="door", weak=False)
    signal.connect_via("window")(heard)
    with signal.connected_to(heard, sender="gate"):
        pass
    signal.disconnect(heard, sender="door")
    signal.connect(receiver(2))
    gc.collect()
    for _, _, data in calls:
        data["sender"] = repr(data["sender"])
        data["receiver"] = data["receiver"] is heard
    return calls


@program
def meta_signals_that_fail(engine):
    signal, heard = engine.Signal(), receiver(1)

    def failing(one, /, **data):
        raise ValueError("no")

    signal.receiver_connected.connect(failing)
    found = [outcome(signal.connect, heard), len(signal.send())]
    signal.receiver_disconnected.connect(failing)
    return [*found, outcome(signal.disconnect, heard), len(signal.send())]


@program
def coroutine_functions(engine):
    signal, found = engine.Signal(), []

    async def receive(sender, **data):
        return "awaited", sender, data

    def wrapper(function):
        assert function is receive
        return lambda sender, **data: ("wrapped", sender, data)

    signal.connect(receive)
    found.append(outcome(signal.send, "door"))
    replies = signal.send("door", _async_wrapper=wrapper, wide=True)
    found.append([(one is receive, value) for one, value in replies])
    replies = asyncio.run(signal.send_async("door", wide=True))
    return [*found, [(one is receive, value) for one, value in replies]]


@program
def functions_sent_to_async(engine):
    signal, heard = engine.Signal(), receiver("called")

    def wrapper(function):
        async def call(*arguments, **data):
            return "wrapped", function(*arguments, **data)

        return call

    signal.connect(heard)
    return [
        outcome(lambda: asyncio.run(signal.send_async())),
        asyncio.run(signal.send_async("door", _sync_wrapper=wrapper))[0][1],
    ]


@program
def kinds_of_coroutine_functions(engine):
    async def function(sender):
        return 1

    class Methods:
        async def method(self, sender):
            return 1

    @functools.wraps(function)
    def wrapping(sender):
        return 1

    def kind(one):
        signal = engine.Signal()
        signal.connect(one)
        return isinstance(outcome(signal.send), tuple)

    methods = Methods()
    partials = [functools.partial(function), functools.partial(methods.method)]
    return [kind(one) for one in (function, methods.method, wrapping, *partials)]


@program
def awaited_one_after_the_other(engine):
    signal, steps = engine.Signal(), []

    def add():
        async def receive(sender):
            steps.append("in")
            await asyncio.sleep(0)
            steps.append("out")

        return signal.connect(receive)

    kept = [add() for _ in range(3)]
    asyncio.run(signal.send_async())
    return steps, len(kept)


@program
def names_and_docs(engine):
    namespace = engine.Namespace()
    first = namespace.signal("first", "What is first.")
    return [
        namespace.signal("first", "Another doc.") is first,
        namespace["first"] is first,
        list(namespace),
        isinstance(namespace, dict),
        (first.name, first.__doc__, type(first).__name__),
        repr(first).split("object at")[1].split(";")[1],
        repr(engine.Signal()).split("object at")[0].split(".")[-1],
        engine.Signal("A doc.").__doc__,
        engine.Signal().__doc__ == engine.Signal.__doc__,
        engine.signal("of the engine") is engine.default_namespace["of the engine"],
        engine.NamedSignal("one") == engine.NamedSignal("one"),
        outcome(namespace.signal)[0],
        outcome(namespace.__getitem__, "second"),
        dict(engine.Namespace({"a": first})) == {"a": first},
    ]


@program
def order_of_an_ordered_set_class(engine):
    class OrderedSet(dict):
        def add(self, item):
            self[item] = None

        def discard(self, item):
            self.pop(item, None)

        remove = dict.__delitem__

    class OrderedSignal(engine.Signal):
        set_class = OrderedSet

    signal = OrderedSignal()
    receivers = [receiver(number) for number in range(20)]
    for one in receivers[10:]:
        signal.connect(one, sender="door")
    for one in receivers[:10]:
        signal.connect(one)
    return [value for _, value in signal.send("door")]


@pytest.mark.parametrize("run", PROGRAMS, ids=lambda function: function.__name__)
def test_engine_does_as_blinker(run):
    """A program that uses the public interface has the same result with both engines."""
    expected = run(blinker)
    actual = run(reference)

    assert expected == actual
