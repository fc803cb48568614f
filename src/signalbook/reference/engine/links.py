"""What a signal keeps of receivers and senders, and what a send follows to reach receivers.

Nothing here knows of locks: `connections` sees to it that one thread at a time makes a change.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable, Hashable, Set
from inspect import CO_COROUTINE, iscoroutinefunction
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

if TYPE_CHECKING:
    from .connections import Connections

__all__ = [
    "ANY",
    "EVERY",
    "VALUES",
    "Link",
    "Receiver",
    "Reference",
    "Senders",
    "Snapshot",
    "StrongLink",
    "Watch",
    "WeakLink",
    "identity",
    "nobody",
    "receiver_died",
    "watches",
]

Receiver: TypeAlias = Callable[..., Any]
Reference: TypeAlias = Callable[[], Receiver | None]
Senders: TypeAlias = tuple[Hashable, ...] | set[Hashable]


class _Any:
    """The type of `ANY`; there is one object of it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ANY"

    def __reduce__(self) -> str:
        return "ANY"


ANY = _Any()
"""The sender to connect to when every sender is meant.

:keeps: {clause}`senders.any`, {clause}`lifetime.any`
"""

EVERY = id(ANY)
"""The key of `ANY`; whoever means all senders hands on this very number."""

MARKED = sys.version_info >= (3, 12)
"""Whether functions may be marked as coroutine functions."""

VALUES = (str, int, MethodType)
"""The types of what is not known by being itself.

It is `issubclass(thing.__class__, VALUES)` that asks, which is `isinstance` in half the time.
"""


def identity(thing: Any) -> Hashable:
    """Return the key under which a sender or a receiver is known.

    Strings and integers are known by what they equal, bound methods by their function and object,
    all else by being itself.
    Keys of different kinds never meet.

    :param thing: A sender or a receiver; it need not be hashable.
    :returns: A key that stays true for as long as *thing* lives.
    """
    if not issubclass(thing.__class__, VALUES):
        return id(thing)
    if isinstance(thing, str):
        return thing
    if isinstance(thing, int):
        # In a tuple, since the bare number may be the identity of something else.
        return (thing,)
    return (id(thing.__func__), id(thing.__self__))


class Watch(weakref.ref[Any]):
    """A weak reference that knows what its object was to whose connections."""

    __slots__ = ("connections", "key")

    connections: weakref.ref[Connections]
    key: Hashable


class StrongLink:
    """A connected receiver that is held strongly."""

    __slots__ = ("is_coroutine_function", "key", "reference", "senders", "strong")

    function: ClassVar[None] = None
    key: Hashable
    senders: Senders
    reference: Reference | None
    is_coroutine_function: bool

    strong: Receiver
    """The receiver itself."""

    def prepare(self) -> Reference:
        """Work out what sends need to know of the receiver, and return the reference to it."""
        receiver = self.strong
        self.is_coroutine_function = is_coroutine_function(receiver)
        reference: Reference
        try:
            # Quicker to follow than a function of ours; as long as this link is there, it leads on.
            reference = weakref.ref(receiver)
        except TypeError:
            reference = _strong_reference(receiver)
        self.reference = reference
        return reference


class WeakLink(Watch):
    """A connected receiver that is held weakly, or for a bound method its object."""

    __slots__ = ("function", "is_coroutine_function", "reference", "senders")

    senders: Senders
    """The keys of the senders that the receiver listens to."""

    reference: Reference | None
    """What a send calls to get the receiver; it is made for the first one."""

    is_coroutine_function: bool

    function: Watch | None
    """For a bound method, its function."""

    def prepare(self) -> Reference:
        """Work out what sends need to know of the receiver, and return the reference to it."""
        # From here to the end both are held, so that neither dies between two looks.
        target = self()
        receiver = self.function() if self.function is not None else target
        self.is_coroutine_function = is_coroutine_function(receiver)
        reference: Reference
        if target is None or receiver is None:
            reference = nobody
        elif receiver is target:
            # Weak references of the plain type are quicker to follow than those of a subclass.
            reference = weakref.ref(target)
        else:
            reference = _method_reference(weakref.ref(target), weakref.ref(receiver))
        self.reference = reference
        return reference


Link: TypeAlias = StrongLink | WeakLink


class Snapshot(list[Reference]):
    """What the sends of one sender call, in order, as long as the connections stay.

    What is disconnected, or connected anew, is replaced in those that running sends follow.
    """

    __slots__ = ("__weakref__", "coroutine_functions", "only")

    coroutine_functions: Set[int]
    """The indexes of the receivers that are coroutine functions."""

    only: Reference | None
    """The reference to the only receiver, if there is one only, and no coroutine function."""

    def replace(self, old: Reference | None, new: Reference) -> None:
        """Have *new* followed from now on in place of *old*, if that is among these."""
        # Not by `index`, since weak references compare what they refer to.
        for index, reference in enumerate(self):
            if reference is old:
                self[index] = new
                break


def _strong_reference(receiver: Receiver) -> Reference:
    return lambda: receiver


def _method_reference(to_object: weakref.ref[Any], to_function: weakref.ref[Any]) -> Reference:
    def reference() -> Receiver | None:
        thing, function = to_object(), to_function()
        return None if thing is None or function is None else MethodType(function, thing)

    return reference


def is_coroutine_function(receiver: object) -> bool:
    """Tell what `inspect.iscoroutinefunction` does, and sooner for most functions."""
    if type(receiver) is FunctionType and not (MARKED and receiver.__dict__):
        return receiver.__code__.co_flags & CO_COROUTINE != 0
    return iscoroutinefunction(receiver)


def nobody() -> None:
    """Refer to a receiver that is connected no more."""


def watches(
    sender: Any, key: Hashable, connections: weakref.ref[Connections]
) -> tuple[Watch, ...] | None:
    """Return what tells *connections* that a sender has died; `None` if nothing can.

    It is told before another object can get the key.
    """
    if isinstance(sender, MethodType):
        # Whichever of the two dies first takes the key with it.
        parts: tuple[Any, ...] = sender.__self__, sender.__func__
    elif isinstance(sender, VALUES):
        return None
    else:
        parts = (sender,)
    found = []
    for part in parts:
        try:
            watch = Watch(part, _sender_died)
        except TypeError:
            # Such a sender has to be held, or its key would go to another when it dies.
            return None
        watch.connections, watch.key = connections, key
        found.append(watch)
    return tuple(found)


def receiver_died(watch: Any) -> None:
    """Tell the connections, if they are still there."""
    connections = watch.connections()
    if connections is not None:
        connections._receiver_died(watch)


def _sender_died(watch: Any) -> None:
    connections = watch.connections()
    if connections is not None:
        connections._sender_died(watch)
