"""Who is connected to whom: the bookkeeping below a signal.

A receiver that is connected has one `Link`, however many senders it listens to.
For each sender there is a set of links, and one more for `ANY`.
What a send has to call is read off those sets once and kept as a tuple, until a connection changes.

Every change happens under a lock.
A send takes no lock: it reads a tuple that nobody ever changes.
"""

from __future__ import annotations

import inspect
import threading
import weakref
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from types import MethodType
from typing import Any, ClassVar, Protocol, TypeAlias

__all__ = ["ANY", "Connections", "Link", "OrderedSet", "identity"]

Receiver: TypeAlias = Callable[..., Any]


class _Any:
    """The type of `ANY`; there is one object of it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ANY"

    def __reduce__(self) -> str:
        return "ANY"


ANY = _Any()
"""The sender to connect to when every sender is meant."""

EVERY = id(ANY)
"""The key of `ANY`."""


def identity(thing: object) -> Hashable:
    """Return the key under which a sender or a receiver is known.

    Strings and integers are known by what they equal, bound methods by their function and object,
    all else by being itself.
    Keys of different kinds never meet.

    :param thing: A sender or a receiver; it need not be hashable.
    :returns: A key that stays true for as long as *thing* lives.
    """
    if isinstance(thing, str):
        return thing
    if isinstance(thing, int):
        return (thing,)
    if isinstance(thing, MethodType):
        return (id(thing.__func__), id(thing.__self__))
    return id(thing)


class LinkSet(Protocol):
    """What a signal asks of its `set_class`."""

    def add(self, item: Link, /) -> Any: ...
    def discard(self, item: Link, /) -> Any: ...
    def __or__(self, other: Any, /) -> Iterable[Link]: ...
    def __iter__(self) -> Iterator[Link]: ...
    def __len__(self) -> int: ...


class OrderedSet(dict[Any, None]):
    """A set that is iterated in the order in which its items were added."""

    def add(self, item: Any) -> None:
        """Add *item* at the end, or leave it where it is."""
        self.setdefault(item)

    def discard(self, item: Any) -> None:
        """Take *item* out, if it is there."""
        self.pop(item, None)


def _nothing() -> None:
    """Stand in for the reference of a link that was cut."""


class Link:
    """A connected receiver, and the keys of the senders that it listens to.

    `reference()` gives the receiver, or `None` once it is dead or disconnected.
    So a send that is under way skips a receiver that has just been disconnected.
    """

    __slots__ = ("is_coroutine_function", "key", "reference", "senders")

    def __init__(
        self, receiver: Receiver, key: Hashable, reference: Callable[[], Receiver | None]
    ) -> None:
        self.key = key
        self.reference = reference
        self.is_coroutine_function = inspect.iscoroutinefunction(receiver)
        self.senders: set[Hashable] = set()


class Connections:
    """The connections of one signal.

    Safe to use from several threads, and at any moment from destructors and weak references.
    """

    set_class: ClassVar[type[Any]] = OrderedSet
    """The class of the sets in which connections are kept.

    It decides the order of calls: receivers of `ANY` come before those of the sender.
    It needs `add`, `discard`, `|`, iteration and length.
    """

    receivers: dict[Hashable, Link]
    """The connected receivers. What may be relied on is whether it is empty."""

    def __init__(self) -> None:
        self.receivers = {}
        self._by_sender: dict[Hashable, LinkSet] = {}
        self._senders: dict[Hashable, object] = {}
        self._snapshots: dict[Hashable, tuple[Link, ...]] = {}
        self._lock = threading.RLock()
        self._busy = False
        self._changes: deque[Callable[[], None]] = deque()

    def _links_for(self, sender: object) -> tuple[Link, ...]:
        """Return the links that a send from *sender* follows."""
        key = identity(sender)
        if key not in self._by_sender:
            # Senders that nobody named share one snapshot, so that sending leaves no trace of them.
            key = EVERY
        links = self._snapshots.get(key)
        return self._take_snapshot(key) if links is None else links

    def _take_snapshot(self, key: Hashable) -> tuple[Link, ...]:
        with self._alone():
            # A change replaces this dictionary, and so forgets what is stored here meanwhile.
            snapshots = self._snapshots
            every = self._by_sender.get(EVERY, ())
            own = () if key == EVERY else self._by_sender.get(key, ())
            links = snapshots[key] = tuple(every | own if every and own else every or own)
        return links

    def _connect(self, receiver: Receiver, sender: object, weak: bool) -> None:
        """Connect *receiver* to *sender*; the last call decides whether it is held weakly."""
        key, sender_key = identity(receiver), identity(sender)
        reference = (
            self._watch(receiver, Connections._bury, key) if weak else partial(_itself, receiver)
        )
        link = Link(receiver, key, reference)
        kept = self._keep(sender, sender_key)
        self._change(partial(self._add, link, sender_key, kept))

    def _disconnect(self, receiver: Receiver, sender: object) -> None:
        """Disconnect *receiver* from *sender*, or with `ANY` from all that it listens to."""
        self._change(partial(self._remove, identity(receiver), identity(sender)))

    def _add(self, link: Link, sender_key: Hashable, kept: object) -> None:
        known = self.receivers.setdefault(link.key, link)
        known.reference = link.reference
        known.senders.add(sender_key)
        if sender_key not in self._by_sender:
            self._by_sender[sender_key] = self.set_class()
            self._senders[sender_key] = kept
        self._by_sender[sender_key].add(known)

    def _remove(self, key: Hashable, sender_key: Hashable) -> None:
        link = self.receivers.get(key)
        if link is None:
            return
        gone = set(link.senders) if sender_key == EVERY else link.senders & {sender_key}
        for one in gone:
            self._by_sender[one].discard(link)
            if not self._by_sender[one]:
                del self._by_sender[one], self._senders[one]
        link.senders -= gone
        if not link.senders:
            link.reference = _nobody
            del self.receivers[key]

    def _bury(self, key: Hashable, reference: object) -> None:
        """Forget a receiver that has died, unless its key is in other hands by now."""
        if key in self.receivers and self.receivers[key].reference is reference:
            self._remove(key, EVERY)

    def _forget(self, sender_key: Hashable, reference: object) -> None:
        """Forget a sender that has died, unless its key is in other hands by now."""
        if self._senders.get(sender_key) is reference:
            for link in tuple(self._by_sender[sender_key]):
                self._remove(link.key, sender_key)

    def _keep(self, sender: object, sender_key: Hashable) -> object:
        """Return what must be kept of *sender*, so that its key can't come to mean another."""
        if isinstance(sender, str | int):
            return sender
        try:
            return self._watch(sender, Connections._forget, sender_key)
        except TypeError:
            return sender

    def _watch(
        self, target: Any, when_dead: Callable[[Any, Hashable, object], None], key: Hashable
    ) -> weakref.ref[Any]:
        """Return a weak reference to *target* whose end is made known to these connections.

        :raises TypeError: *target* is of a kind that can't be referred to weakly.
        """
        # Nothing that a signal holds may hold the signal, or it would outlive its last user.
        own_reference = weakref.ref(self)

        def died(reference: object) -> None:
            connections = own_reference()
            if connections is not None:
                connections._change(lambda: when_dead(connections, key, reference))

        kind = weakref.WeakMethod if isinstance(target, MethodType) else weakref.ref
        return kind(target, died)

    def _change(self, change: Callable[[], None]) -> None:
        """Carry out *change*, or leave it to the one that this very thread is in the middle of."""
        self._changes.append(change)
        with self._alone():
            pass

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other threads out, and put off what destructors change in this one."""
        with self._lock:
            if self._busy:
                yield
                return
            self._carry_out_changes()
            self._busy = True
            try:
                yield
            finally:
                self._busy = False
                self._carry_out_changes()

    def _carry_out_changes(self) -> None:
        while self._changes:
            self._busy = True
            try:
                while self._changes:
                    self._changes.popleft()()
                    self._snapshots = {}
            finally:
                self._busy = False


def _itself(receiver: Receiver) -> Receiver:
    """Refer to a receiver that is held strongly."""
    return receiver


def _nobody() -> None:
    """Refer to a receiver that is connected no more."""
