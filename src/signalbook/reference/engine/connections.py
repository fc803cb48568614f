"""Who is connected to whom: the bookkeeping below a signal.

A receiver that is connected has one `Link`, however many senders it listens to.
For each sender there is a set of receivers' keys, and one more for `ANY`.
What a send has to call is read off those sets once and kept as a `Snapshot`, until they change.

Two kinds of visitors come at any moment: other threads, and destructors.
Python runs a destructor in the middle of whatever a thread is doing, when the last reference goes
or the collector finds garbage; callbacks of weak references and signal handlers come just so.
This is who may do what, and when:

- The tables are `receivers`, `_by_sender`, `_watches`, `_held`, `_running`, and the senders of each
  link.
  Only the thread that has `_lock` and has set `_busy` changes them, or reads more than one entry.
- Who gets the lock and finds `_busy` set is a destructor in the middle of what its own thread does.
  It puts its change at the end of `_changes`, so that a send in it doesn't know of it yet: that
  follows the snapshot which is still kept, or one of its own, of the tables as it finds them,
  which may be halfway through a change.
- Who has cleared `_busy` carries out `_changes` before letting go of the lock.
  So what a destructor put off is done when the call returns in whose middle it came, and before a
  send that was reading calls anybody.
- What dies waits for nobody: it puts its end into `_changes`, and carries them out if the lock is
  free; if not, who has the lock looks at `_changes` once more after letting it go.
- Changes are carried out in the order in which they came.
  So the end of what had an identity comes before all that is done with the next to get it.
- A sender that dies takes its snapshot away at once, since sends look there without the lock.
  So `_snapshots` may lose entries at any moment, and is copied by one operation to be iterated.
- A send that finds a snapshot takes no lock.
  A change first changes who is in `_by_sender`, then takes snapshots out of `_common` and
  `_snapshots`, where sends find them, and then tells those that sends are still following, which
  `_running` knows.
  For that, all sends of a sender have to follow the same one.
- Under the lock, no code of others runs but destructors, the methods of a `set_class`, and look-ups
  of a receiver's attributes.
  Only if these use another signal does a thread wait for a second lock; two threads in which they
  use each other's signal at once wait forever.
- `beginning` is held for a few assignments only, in which nothing is made or let go.

This assumes of the interpreter that one operation on a dictionary, a list or a deque is done as a
whole (CPython's global lock sees to that, for keys that compare without Python code), and that an
identity is used again only after all weak references to its last owner were called back.
"""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from threading import RLock
from types import FunctionType, MethodType
from typing import Any, ClassVar, Protocol, TypeAlias

from .links import (
    ANY,
    EVERY,
    VALUES,
    Link,
    Receiver,
    Reference,
    Senders,
    Snapshot,
    StrongLink,
    Watch,
    WeakLink,
    identity,
    nobody,
    receiver_died,
    watches,
)

__all__ = ["Connections", "OrderedSet", "beginning"]

Change: TypeAlias = tuple[Callable[[Any, Any, Any], None], Any, Any]

ANYBODY = (EVERY,)

NONE: frozenset[int] = frozenset()

beginning = RLock()
"""Held while something is made of which a signal has one only."""


class KeySet(Protocol):
    """What a signal asks of its `set_class`."""

    def add(self, item: Hashable, /) -> Any: ...
    def discard(self, item: Hashable, /) -> Any: ...
    def __or__(self, other: Any, /) -> Iterable[Hashable]: ...
    def __iter__(self) -> Iterator[Hashable]: ...
    def __len__(self) -> int: ...


class OrderedSet(dict[Any, None]):
    """A set that is iterated in the order in which its items were added."""

    __slots__ = ()

    add = dict.setdefault
    """Add an item at the end, or leave it where it is."""

    def discard(self, item: Any) -> None:
        """Take *item* out, if it is there."""
        self.pop(item, None)


class Connections:
    """The connections of one signal.

    Safe to use from several threads, and at any moment from destructors and weak references.
    What a destructor connects or disconnects in the middle of a call counts when the call ends.
    Destructors that use several signals may wait for each other, as with any locks.
    """

    set_class: ClassVar[type[Any]] = OrderedSet
    """The class of the sets in which connections are kept.

    It decides the order of calls: receivers of `ANY` come before those of the sender.
    It needs `add`, `discard`, `|`, iteration and length.

    :keeps: {clause}`querying.set-class`
    """

    receivers: dict[Hashable, Link]
    """The connected receivers. What may be relied on is whether it is empty.

    :keeps: {clause}`querying.receivers`, {clause}`querying.receivers-length`
    """

    _lock: RLock
    _changes: deque[Change]

    def __init__(self) -> None:
        self.receivers = {}
        self._by_sender: dict[Hashable, KeySet] = {}
        self._watches: dict[Hashable, tuple[Watch, ...]] = {}
        self._held: dict[Hashable, object] = {}
        self._snapshots: dict[Hashable, Snapshot] = {}
        self._common: Snapshot | None = None
        self._running: Sequence[weakref.ref[Snapshot]] = ()
        self._own_reference: weakref.ref[Connections] | None = None
        self._busy = False

    def _begin(self) -> weakref.ref[Connections]:
        """Make what only a signal that somebody connects to needs, so that others are cheap."""
        lock, changes = RLock(), deque[Change]()
        # Nothing that a signal holds may hold it, or it would outlive its last user.
        own_reference = weakref.ref(self)
        of_any = self.set_class()
        with beginning:
            if self._own_reference is None:
                self._lock, self._changes = lock, changes
                self._by_sender[EVERY] = of_any
                self._own_reference = own_reference
            return self._own_reference

    def _snapshot_for(self, sender: object) -> Snapshot:
        """Return what a send from *sender* follows."""
        key = identity(sender) if issubclass(sender.__class__, VALUES) else id(sender)
        # A set that is empty now is as good as none.
        if not self._by_sender.get(key):
            # Senders to whom nobody listens share one, so that sending leaves no trace of them.
            key = EVERY
        snapshot = self._snapshots.get(key)
        return self._take_snapshot(key) if snapshot is None else snapshot

    def _take_snapshot(self, key: Hashable) -> Snapshot:
        self._lock.acquire()
        try:
            if self._busy:
                # Not kept: it may have been read in the middle of a change.
                return self._read(EVERY if self._is_dead(key) else key)
            if self._changes:
                self._carry_out_changes()
            self._busy = True
            try:
                if key not in self._by_sender:
                    key = EVERY
                # Of two that threads follow, only one would be told of a disconnect.
                snapshot = self._snapshots.setdefault(key, self._read(key))
                # As long as no sender is known, all senders are alike.
                if key == EVERY and len(self._by_sender) == 1:
                    self._common = snapshot
            finally:
                self._busy = False
            if self._changes:
                self._carry_out_changes()
            return snapshot
        finally:
            self._lock.release()
            if self._changes:
                self._settle()

    def _is_dead(self, sender_key: Hashable) -> bool:
        """Tell whether a sender has died that is still to be forgotten."""
        return any(watch() is None for watch in self._watches.get(sender_key, ()))

    def _read(self, key: Hashable) -> Snapshot:
        """Return who listens to the sender of that key."""
        keys: Iterable[Hashable] = self._by_sender.get(key) or ()
        if key != EVERY:
            of_any = self._by_sender[EVERY]
            # In the middle of a change the sender's own may be gone.
            keys = of_any | keys if of_any and keys else of_any or keys
        snapshot, receivers = Snapshot(), self.receivers
        snapshot.coroutine_functions = NONE
        for one in keys:
            link = receivers.get(one)
            # In the middle of a change, a destructor may find a key without its receiver.
            if link is not None:
                reference = link.reference or link.prepare()
                if link.is_coroutine_function:
                    snapshot.coroutine_functions |= {len(snapshot)}
                snapshot.append(reference)
        snapshot.only = None
        if len(snapshot) == 1 and not snapshot.coroutine_functions:
            snapshot.only = snapshot[0]
        return snapshot

    def _connect(self, receiver: Receiver, sender: object, weak: bool) -> None:
        """Connect *receiver* to *sender*; the last call decides whether it is held weakly."""
        own_reference = self._own_reference or self._begin()
        # Most receivers are functions, of which `identity` would find out that they are no values.
        key = id(receiver) if type(receiver) is FunctionType else identity(receiver)
        senders: Senders = ANYBODY
        if sender is not ANY:
            senders = (identity(sender) if issubclass(sender.__class__, VALUES) else id(sender),)
        # The link is made before the lock is taken: what can't be referred to weakly raises here.
        link: Link
        if weak:
            function = None
            if isinstance(receiver, MethodType):
                link = WeakLink(receiver.__self__, receiver_died)
                function = Watch(receiver.__func__, receiver_died)
                function.connections, function.key = own_reference, key
            else:
                link = WeakLink(receiver, receiver_died)
            link.function = function
            link.connections = own_reference
        else:
            link = StrongLink()
            link.strong = receiver
        link.key = key
        link.senders = senders
        link.reference = None
        # The same as in `_disconnect`: one function for both would make each a twentieth slower.
        self._lock.acquire()
        try:
            if self._busy or self._changes:
                self._changes.append((Connections._add, link, sender))
                if self._busy:
                    # In a destructor: the call in whose middle it came carries this out.
                    return
            else:
                self._busy = True
                try:
                    self._add(link, sender)
                finally:
                    self._busy = False
            if self._changes:
                self._carry_out_changes()
        finally:
            self._lock.release()
            if self._changes:
                self._settle()

    def _disconnect(self, receiver: Receiver, sender: object) -> None:
        """Disconnect *receiver* from *sender*, or with `ANY` from all that it listens to."""
        if self._own_reference is None:
            return
        key = id(receiver) if type(receiver) is FunctionType else identity(receiver)
        sender_key: Hashable = EVERY
        if sender is not ANY:
            sender_key = identity(sender) if issubclass(sender.__class__, VALUES) else id(sender)
        self._lock.acquire()
        try:
            if self._busy or self._changes:
                self._changes.append((Connections._remove, key, sender_key))
                if self._busy:
                    return
            else:
                self._busy = True
                try:
                    self._remove(key, sender_key)
                finally:
                    self._busy = False
            if self._changes:
                self._carry_out_changes()
        finally:
            self._lock.release()
            if self._changes:
                self._settle()

    def _add(self, link: Link, sender: object) -> None:
        receiver_key, senders = link.key, link.senders
        (key,) = senders
        listeners = self._by_sender.get(key)
        if listeners is None:
            # All that may raise comes first, so that a sender is never known by halves.
            listeners = self.set_class()
            listeners.add(receiver_key)
            self._keep(sender, key)
            self._by_sender[key] = listeners
        else:
            listeners.add(receiver_key)
        receivers = self.receivers
        earlier = receivers.get(receiver_key)
        if earlier is not None:
            senders = link.senders = earlier.senders
            if key not in senders:
                if isinstance(senders, tuple):
                    senders = link.senders = set(senders)
                senders.add(key)
        receivers[receiver_key] = link
        self._common = None
        if self._snapshots:
            self._drop_snapshots(senders)
        if earlier is not None and self._running:
            # The last connection decides about the sends that are running, too: what was held
            # strongly when they began may be held by nobody now.
            self._replace_in_running(earlier.reference, link.prepare())

    def _keep(self, sender: object, key: Hashable) -> None:
        """See to it that the key of *sender* comes to mean no other while it is known."""
        found = watches(sender, key, self._own_reference or self._begin())
        if found is None:
            self._held[key] = sender
        else:
            self._watches[key] = found

    def _remove(self, key: Hashable, sender_key: Hashable) -> None:
        link = self.receivers.get(key)
        if link is None:
            return
        senders = link.senders
        # To disconnect from `ANY` is to disconnect from all.
        if sender_key is EVERY:
            gone = senders
        elif sender_key in senders:
            gone = (sender_key,) if len(senders) > 1 else senders
        else:
            return
        by_sender = self._by_sender
        for one in gone:
            listeners = by_sender[one]
            # An empty set is likely to be used again, so it stays if it goes with its sender.
            if one in self._held and len(listeners) == 1:
                del by_sender[one], self._held[one]
            else:
                listeners.discard(key)
        self._common = None
        if self._snapshots:
            self._drop_snapshots(gone)
        if gone is senders:
            del self.receivers[key]
            if self._running:
                self._replace_in_running(link.reference, nobody)
        elif isinstance(senders, set):
            senders.discard(sender_key)

    def _bury(self, watch: Watch, _: object) -> None:
        """Forget a receiver that has died, unless its key is in other hands by now."""
        link = self.receivers.get(watch.key)
        if link is not None and (link is watch or link.function is watch):
            self._remove(watch.key, EVERY)

    def _forget(self, watch: Watch, _: object) -> None:
        """Forget a sender that has died, unless its key is in other hands by now."""
        if any(one is watch for one in self._watches.get(watch.key, ())):
            # A copy, since each that is removed leaves the set.
            for key in tuple(self._by_sender[watch.key]):
                self._remove(key, watch.key)
            del self._by_sender[watch.key], self._watches[watch.key]

    def _drop_snapshots(self, senders: Iterable[Hashable]) -> None:
        """Drop what was read for *senders*, and remember what sends are still following."""
        if self._running:
            self._running = [one for one in self._running if one() is not None]
        # To make a tuple, CPython 3.11 may collect garbage when it has begun to iterate.
        for key in list(self._snapshots) if EVERY in senders else senders:
            # A sender that dies meanwhile takes its snapshot away.
            snapshot = self._snapshots.pop(key, None)
            # A send that follows one reference has followed it at once.
            if snapshot is not None and len(snapshot) > 1:
                reference = weakref.ref(snapshot)
                del snapshot
                if reference() is not None:
                    self._running = [*self._running, reference]

    def _replace_in_running(self, old: Reference | None, new: Reference) -> None:
        for running in self._running:
            snapshot = running()
            if snapshot is not None:
                snapshot.replace(old, new)

    def _receiver_died(self, watch: Watch) -> None:
        """Forget a receiver of which a weak reference died: soon, and without waiting."""
        self._changes.append((Connections._bury, watch, None))
        self._settle()

    def _sender_died(self, watch: Watch) -> None:
        """Forget a sender of which a weak reference died: soon, and without waiting."""
        # At once, since the next object may get the identity of the one that died.
        self._snapshots.pop(watch.key, None)
        self._changes.append((Connections._forget, watch, None))
        self._settle()

    def _carry_out_changes(self) -> None:
        # Asked again at the end, since a destructor may come between the last look and `_busy`.
        while self._changes:
            self._busy = True
            try:
                while self._changes:
                    change, what, sender = self._changes.popleft()
                    change(self, what, sender)
            finally:
                self._busy = False

    def _settle(self) -> None:
        """Carry out the changes that are left, unless somebody is about to do it."""
        while self._changes and self._lock.acquire(blocking=False):
            try:
                if self._busy:
                    return
                self._carry_out_changes()
            finally:
                self._lock.release()
