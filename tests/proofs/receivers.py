"""The receivers and senders of random programs, by name, how each is made, and wrappers."""

from functools import partial
from types import MethodType


class Dropped(LookupError):
    """The receiver or sender was dropped, and can't be replaced now."""


def label_of(receiver):
    """Return the label that a receiver was made with."""
    return receiver.__self__.label if isinstance(receiver, MethodType) else receiver.label


def function(world, label):
    name = label.partition("-")[0]

    def receive(sender, /, **data):
        return world.called(name, label, sender, data)

    receive.label = label
    return receive


def strict(world, label):
    """A function that takes no data."""

    def receive(sender):
        return world.called("strict", label, sender, {})

    receive.label = label
    return receive


def cycle(world, label):
    """A function that refers to itself, so only the garbage collector ends it."""
    receive = function(world, label)
    receive.itself = receive
    return receive


def litter():
    """A receiver that only the garbage collector ends, at a moment of its own."""

    def receive(sender, /, **data):
        return None

    receive.label = "litter"
    receive.itself = receive
    return receive


def coroutine(world, label):
    async def receive(sender, /, **data):
        return world.called("coroutine", label, sender, data)

    receive.label = label
    return receive


def bound(world, label):
    """A partial, which is neither a function nor a method."""
    receive = partial(function(world, label))
    receive.label = label
    return receive


class Counter:
    """An object with a method to connect."""

    def __init__(self, world, label):
        self.world, self.label = world, label

    def method(self, sender, /, **data):
        return self.world.called(self.label.partition("-")[0], self.label, sender, data)


class Equal(Counter):
    """A callable that equals all others, and has no hash."""

    __hash__ = None

    def __eq__(self, other):
        return isinstance(other, Equal)

    def __call__(self, sender, /, **data):
        return self.method(sender, **data)


class Rigid:
    """A callable that can't be referred to weakly."""

    __slots__ = ("label", "world")

    def __init__(self, world, label):
        self.world, self.label = world, label

    def __call__(self, sender, /, **data):
        return self.world.called("rigid", self.label, sender, data)


class Sender:
    pass


class EqualSender:
    """A sender that equals all others, and has no hash."""

    __hash__ = None

    def __eq__(self, other):
        return isinstance(other, EqualSender)


def finished(function):
    """Return a plain function that runs a coroutine function that waits for nothing."""

    def run(*arguments, **keywords):
        coroutine = function(*arguments, **keywords)
        try:
            coroutine.send(None)
        except StopIteration as stop:
            return stop.value
        raise AssertionError("the coroutine waits")

    return run


def awaitable(function):
    """Return a coroutine function that calls a plain one."""

    async def run(*arguments, **keywords):
        return function(*arguments, **keywords)

    return run


RECEIVERS = {
    "function": function,
    "function_too": function,
    "method": Counter,
    "method_too": Counter,
    "callable": Equal,
    "callable_too": Equal,
    "strict": strict,
    "cycle": cycle,
    "coroutine": coroutine,
    "partial": bound,
    "rigid": Rigid,
}

SENDERS = {
    "ANY": None,
    "None": lambda: None,
    "text": lambda: bytes.decode(b"text"),
    "empty text": lambda: "",
    "number": lambda: int("123456"),
    "object": Sender,
    "object too": Sender,
    "object equal": EqualSender,
    "object equal too": EqualSender,
    "rigid": object,
}
