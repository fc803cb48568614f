"""The signal engine: senders, receivers, and who hears whom.

A `Signal` calls, for each `send`, the receivers that are connected to its sender or to `ANY`.
The interface and its behaviour are those of blinker 1.9.0, so it can be used in its place.

```python
saved = signal("saved")
saved.connect(print)
saved.send("a record", user="alice")
```

What a send has to know is worked out once for each change of connections, not for each send:
see the module `connections`.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, TypeAlias, TypeVar

from .connections import ANY, Connections

__all__ = ["ANY", "NamedSignal", "Namespace", "Signal", "default_namespace", "signal"]

AnyReceiver = TypeVar("AnyReceiver", bound=Callable[..., Any])
Receiver: TypeAlias = Callable[..., Any]
AsyncReceiver: TypeAlias = Callable[..., Coroutine[Any, Any, Any]]
Replies: TypeAlias = list[tuple[Receiver, Any]]


class Signal(Connections):
    """Something that can happen, and that receivers can be told of.

    :param doc: What the signal means; it becomes the docstring of this signal.
    """

    ANY: ClassVar[object] = ANY
    """The same as `ANY`, for those who have a signal at hand but not its module."""

    is_muted: bool
    """Whether sending does nothing at present."""

    def __init__(self, doc: str | None = None) -> None:
        super().__init__()
        self.is_muted = False
        if doc:
            self.__doc__ = doc

    @property
    def receiver_connected(self) -> Signal:
        """Sent after a receiver was connected, from this signal.

        Receivers get `receiver`, and the `sender` and `weak` that it was connected with.
        """
        return self._meta_signal("receiver_connected", "Sent after a receiver was connected.")

    @property
    def receiver_disconnected(self) -> Signal:
        """Sent after each call of `disconnect`, from this signal.

        Receivers get `receiver` and the `sender` that was given.
        Sent also when there was no such connection, and not sent when a receiver or a sender dies.
        """
        return self._meta_signal("receiver_disconnected", "Sent after a receiver was disconnected.")

    def connect(
        self, receiver: AnyReceiver, sender: object = ANY, weak: bool = True
    ) -> AnyReceiver:
        """Have *receiver* called when the signal is sent from *sender*.

        Usable as a decorator ({clause}`connecting.returns-receiver`).
        A receiver that is connected twice is called once ({clause}`connecting.twice`,
        {clause}`connecting.method-twice`).
        The last call decides whether it is held weakly.

        :param receiver: A callable that takes the sender, and what is sent with it by name.
        :param sender: The only sender to listen to; without one, it is called for every sender
            ({clause}`connecting.any-sender`).
            A string or an integer stands for all that equal it, another object for itself.
            It adds to those of earlier connections ({clause}`connecting.several-senders`).
        :param weak: Whether the connection ends when nobody else holds the receiver
            ({clause}`connecting.weak`, {clause}`connecting.strong`).
            A bound method lives as long as its object ({clause}`connecting.bound-method`,
            {clause}`connecting.bound-method-of-dropped-object`).
        :returns: *receiver* itself.
        :raises TypeError: *weak* is true, and there are no weak references to such a receiver.
        """
        self._connect(receiver, sender, weak)
        self._report("receiver_connected", receiver=receiver, sender=sender, weak=weak)
        return receiver

    def connect_via(
        self, sender: object, weak: bool = False
    ) -> Callable[[AnyReceiver], AnyReceiver]:
        """Return a decorator that connects a function to *sender*, strongly unless told otherwise.

        :param sender: The only sender to listen to.
        :param weak: Whether the connection ends when nobody else holds the function.
        """

        def decorator(receiver: AnyReceiver) -> AnyReceiver:
            return self.connect(receiver, sender, weak)

        return decorator

    @contextmanager
    def connected_to(self, receiver: Receiver, sender: object = ANY) -> Iterator[None]:
        """Keep *receiver* connected for the length of a `with` block.

        It is held strongly.
        Afterwards it is disconnected from all senders, also from those of earlier connections.

        :param receiver: A callable, as for `connect`.
        :param sender: The only sender to listen to.
        """
        self.connect(receiver, sender, weak=False)
        try:
            yield
        finally:
            self.disconnect(receiver)

    def disconnect(self, receiver: Receiver, sender: object = ANY) -> None:
        """End the connection of *receiver* to *sender*; without one, nothing happens.

        :param receiver: The callable that was connected, or for a bound method one that equals it.
        :param sender: The sender that it was connected to; `ANY` ends all connections.
            A receiver of any sender can't be disconnected from a single one.
        """
        self._disconnect(receiver, sender)
        self._report("receiver_disconnected", receiver=receiver, sender=sender)

    def send(
        self,
        sender: object = None,
        /,
        *,
        _async_wrapper: Callable[[AsyncReceiver], Receiver] | None = None,
        **data: Any,
    ) -> Replies:
        """Call every receiver that is connected to *sender* or to `ANY`.

        Each is called once ({clause}`connecting.called-for-each-send`,
        {clause}`connecting.every-receiver`, {clause}`connecting.any-and-one-sender`), and none
        that is connected to another signal or sender only
        ({clause}`connecting.separate-signals`, {clause}`connecting.one-sender`).
        Receivers that are connected meanwhile are not called, nor are those disconnected meanwhile.
        What a receiver raises ends the send and reaches the caller.

        :param sender: The object that the event is about; never a proxy.
            Receivers get it as their only positional argument
            ({clause}`connecting.sender-argument`, {clause}`connecting.without-sender`).
        :param data: What receivers get by name ({clause}`connecting.keyword-arguments`).
        :param _async_wrapper: Called with a receiver that is a coroutine function.
            Returns what to call in its place.
        :returns: A pair of receiver and return value for each call; none while the signal is muted
            ({clause}`connecting.send-result`, {clause}`connecting.nobody-connected`).
        :raises RuntimeError: A receiver is a coroutine function, and there is no wrapper.
        :raises TypeError: More than one sender was given.
        """
        if self.is_muted or not self.receivers:
            return []
        replies: Replies = []
        for link in self._links_for(sender):
            receiver = link.reference()
            if receiver is None:
                continue
            call = receiver
            if link.is_coroutine_function:
                call = _wrapped(receiver, _async_wrapper, "coroutine")
            replies.append((receiver, call(sender, **data)))
        return replies

    async def send_async(
        self,
        sender: object = None,
        /,
        *,
        _sync_wrapper: Callable[[Receiver], AsyncReceiver] | None = None,
        **data: Any,
    ) -> Replies:
        """Await every receiver that is connected to *sender* or to `ANY`, one after the other.

        :param sender: The object that the event is about; never a proxy.
        :param data: What receivers get by name.
        :param _sync_wrapper: Called with a receiver that is not a coroutine function.
            Returns what to await in its place.
        :returns: A pair of receiver and return value for each call; none while the signal is muted.
        :raises RuntimeError: A receiver is not a coroutine function, and there is no wrapper.
        :raises TypeError: More than one sender was given.
        """
        if self.is_muted or not self.receivers:
            return []
        replies: Replies = []
        for link in self._links_for(sender):
            receiver = link.reference()
            if receiver is None:
                continue
            call = receiver
            if not link.is_coroutine_function:
                call = _wrapped(receiver, _sync_wrapper, "non-coroutine")
            replies.append((receiver, await call(sender, **data)))
        return replies

    @contextmanager
    def muted(self) -> Iterator[None]:
        """Keep sending from doing anything for the length of a `with` block, in all threads."""
        self.is_muted = True
        try:
            yield
        finally:
            self.is_muted = False

    def has_receivers_for(self, sender: object) -> bool:
        """Tell whether a send from *sender* would probably call something.

        It is quick, and may be wrong about receivers that are about to die.
        Use it to save the work for a send that nobody listens to.
        """
        return bool(self._links_for(sender))

    def receivers_for(self, sender: object) -> Iterator[Receiver]:
        """Yield each receiver that a send from *sender* would call, if it is still connected."""
        for link in self._links_for(sender):
            receiver = link.reference()
            if receiver is not None:
                yield receiver

    def _meta_signal(self, name: str, doc: str) -> Signal:
        known: Signal | None = self.__dict__.get(name)
        # The signal of the first thread to get here is the signal of all.
        return known or self.__dict__.setdefault(name, Signal(doc))

    def _report(self, name: str, **data: Any) -> None:
        """Send a meta signal, if anybody ever asked for it."""
        meta_signal = self.__dict__.get(name)
        if meta_signal is not None:
            meta_signal.send(self, **data)


class NamedSignal(Signal):
    """A signal with a name, as a `Namespace` makes them.

    :param name: The name; it matters to those who read it, not to the signal.
    :param doc: What the signal means; it becomes the docstring of this signal.
    """

    name: str
    """The name of the signal in its namespace."""

    def __init__(self, name: str, doc: str | None = None) -> None:
        super().__init__(doc)
        self.name = name

    def __repr__(self) -> str:
        return f"{object.__repr__(self)[:-1]}; {self.name!r}>"


class Namespace(dict[str, NamedSignal]):
    """A mapping from names to signals, which makes a signal the first time it is asked for."""

    def signal(self, name: str, doc: str | None = None) -> NamedSignal:
        """Return the signal called *name*: always the same one.

        :param name: The name, usually in kebab-case.
        :param doc: What the signal means; only the first call's counts.
        """
        known = self.get(name)
        # The signal of the first thread to get here is the signal of all.
        return self.setdefault(name, NamedSignal(name, doc)) if known is None else known


def _wrapped(receiver: Receiver, wrapper: Callable[[Any], Receiver] | None, kind: str) -> Receiver:
    """Return what to call in place of a receiver of the wrong *kind*.

    :raises RuntimeError: There is no wrapper.
    """
    if wrapper is not None:
        return wrapper(receiver)
    error = RuntimeError(f"Cannot send to a {kind} function.")
    parameter = "_async_wrapper" if kind == "coroutine" else "_sync_wrapper"
    error.add_note(f"The receiver is {receiver!r}; give the send an {parameter} that turns it.")
    raise error


default_namespace = Namespace()
"""The namespace of `signal`, shared by all who have none of their own."""

signal = default_namespace.signal
"""Return the signal of a name from the default namespace."""
