"""Signals and their namespaces, as users see them: `blinker.base` in blinker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, TypeVar

from .blocks import ConnectedTo, Muted
from .calls import AsyncReceiver, Replies, call_each, call_each_with, call_wrapped, wrapped
from .connections import Connections, beginning
from .links import ANY, EVERY, Receiver, identity

__all__ = ["ANY", "NamedSignal", "Namespace", "Signal", "default_namespace", "signal"]

FEW = 16
"""Up to so many receivers, a loop on the spot is quicker than the call of a quicker loop."""

AnyReceiver = TypeVar("AnyReceiver", bound=Callable[..., Any])


class Signal(Connections):
    """Something that can happen, and that receivers can be told of.

    :param doc: What the signal means; it becomes the docstring of this signal.
    :keeps: {clause}`namespaces.doc`, {clause}`connecting.per-signal`, {clause}`querying.truth`,
        {clause}`sending.subclass`
    """

    ANY: ClassVar[object] = ANY
    """The same as `ANY`, for those who have a signal at hand but not its module.

    :keeps: {clause}`senders.any`
    """

    is_muted: bool
    """Whether sending does nothing at present.

    :keeps: {clause}`temporary.is-muted`
    """

    def __init__(self, doc: str | None = None) -> None:
        Connections.__init__(self)
        self.is_muted = False
        self._connected: Signal | None = None
        self._disconnected: Signal | None = None
        if doc:
            self.__doc__ = doc

    @property
    def receiver_connected(self) -> Signal:
        """Sent after a receiver was connected, from this signal.

        Receivers get `receiver`, and the `sender` and `weak` that it was connected with.

        :keeps: {clause}`meta-signals.connected`, {clause}`meta-signals.by-then`,
            {clause}`meta-signals.own`, {clause}`meta-signals.error`
        """
        if self._connected is None:
            made = Signal("Sent after a receiver was connected.")
            with beginning:
                if self._connected is None:
                    self._connected = made
        return self._connected

    @property
    def receiver_disconnected(self) -> Signal:
        """Sent after each call of `disconnect`, from this signal.

        Receivers get `receiver` and the `sender` that was given.
        Sent also when there was no such connection, and not sent when a receiver or a sender dies.

        :keeps: {clause}`meta-signals.disconnected`, {clause}`meta-signals.by-then`,
            {clause}`meta-signals.own`, {clause}`meta-signals.death`,
            {clause}`meta-signals.error-disconnected`
        """
        if self._disconnected is None:
            made = Signal("Sent after a receiver was disconnected.")
            with beginning:
                if self._disconnected is None:
                    self._disconnected = made
        return self._disconnected

    def connect(
        self, receiver: AnyReceiver, sender: object = ANY, weak: bool = True
    ) -> AnyReceiver:
        """Have *receiver* called when the signal is sent from *sender*.

        Usable as a decorator ({clause}`connecting.returns-receiver`).
        A receiver that is connected twice is called once ({clause}`connecting.once`,
        {clause}`receivers.same`).
        The last call decides whether it is held weakly.

        :param receiver: A callable that takes the sender, and what is sent with it by name.
        :param sender: The only sender to listen to; without one, it is called for every sender
            ({clause}`connecting.senders`).
            A string or an integer stands for all that equal it, another object for itself.
            It adds to those of earlier connections ({clause}`connecting.senders`).
        :param weak: Whether the connection ends when nobody else holds the receiver
            ({clause}`lifetime.weak`, {clause}`lifetime.strong`).
            A bound method lives as long as its object ({clause}`lifetime.weak`).
        :returns: *receiver* itself.
        :raises TypeError: *weak* is true, and there are no weak references to such a receiver.
        :keeps: {clause}`connecting.parameters`, {clause}`receivers.callable`,
            {clause}`receivers.refused`, {clause}`lifetime.last-connect`, {clause}`senders.any`
        """
        self._connect(receiver, sender, weak)
        # Nobody has asked for that signal of most, and so it isn't made here.
        if self._connected is not None:
            self._connected.send(self, receiver=receiver, sender=sender, weak=weak)
        return receiver

    def connect_via(
        self, sender: object, weak: bool = False
    ) -> Callable[[AnyReceiver], AnyReceiver]:
        """Return a decorator that connects a function to *sender*, strongly unless told otherwise.

        :param sender: The only sender to listen to.
        :param weak: Whether the connection ends when nobody else holds the function.
        :keeps: {clause}`temporary.connect-via`, {clause}`temporary.connect-via-returns`,
            {clause}`temporary.connect-via-strong`
        """

        def decorator(receiver: AnyReceiver) -> AnyReceiver:
            return self.connect(receiver, sender, weak)

        return decorator

    def connected_to(self, receiver: Receiver, sender: object = ANY) -> ConnectedTo:
        """Keep *receiver* connected for the length of a `with` block.

        It is held strongly.
        Afterwards it is disconnected from all senders, also from those of earlier connections.

        :param receiver: A callable, as for `connect`.
        :param sender: The only sender to listen to.
        :keeps: {clause}`temporary.connected-to`, {clause}`temporary.connected-to-sender`,
            {clause}`temporary.connected-to-alive`, {clause}`temporary.connected-to-end`
        """
        return ConnectedTo(self, receiver, sender)

    def disconnect(self, receiver: Receiver, sender: object = ANY) -> None:
        """End the connection of *receiver* to *sender*; without one, nothing happens.

        :param receiver: The callable that was connected, or for a bound method one that equals it.
        :param sender: The sender that it was connected to; `ANY` ends all connections.
            A receiver of any sender can't be disconnected from a single one.
        :keeps: {clause}`disconnecting.every-sender`, {clause}`disconnecting.one-sender`,
            {clause}`disconnecting.others-stay`, {clause}`disconnecting.not-connected`,
            {clause}`disconnecting.parameters`
        """
        self._disconnect(receiver, sender)
        if self._disconnected is not None:
            self._disconnected.send(self, receiver=receiver, sender=sender)

    def send(
        self,
        sender: object = None,
        /,
        *,
        _async_wrapper: Callable[[AsyncReceiver], Receiver] | None = None,
        **data: Any,
    ) -> Replies:
        """Call every receiver that is connected to *sender* or to `ANY`.

        Each is called once ({clause}`connecting.each-send`, {clause}`connecting.senders`), and none
        that is connected to another signal or sender only
        ({clause}`connecting.per-signal`, {clause}`connecting.senders`).
        Receivers that are connected meanwhile are not called, nor are those disconnected meanwhile.
        What a receiver raises ends the send and reaches the caller.

        :param sender: The object that the event is about; never a proxy.
            Receivers get it as their only positional argument
            ({clause}`connecting.arguments`).
        :param data: What receivers get by name ({clause}`connecting.arguments`).
        :param _async_wrapper: Called with a receiver that is a coroutine function.
            Returns what to call in its place.
        :returns: A pair of receiver and return value for each call; none while the signal is muted
            ({clause}`connecting.result`).
        :raises RuntimeError: A receiver is a coroutine function, and there is no wrapper.
        :raises TypeError: More than one sender was given.
        :keeps: {clause}`sending.connections`, {clause}`sending.connected-meanwhile`,
            {clause}`sending.gone-meanwhile`, {clause}`sending.error`,
            {clause}`sending.one-sender`, {clause}`sending.result`, {clause}`async.refuses`,
            {clause}`async.wrapper`
        """
        if not self.receivers or self.is_muted:
            return []
        # No lock, and in most programs one look: an empty snapshot is false, but soon found again.
        snapshot = self._common or self._snapshots.get(id(sender)) or self._snapshot_for(sender)
        # Most signals have one receiver, for which a loop would take longer than the call.
        only = snapshot.only
        if only is not None:
            receiver = only()
            if receiver is None:
                return []
            return [(receiver, receiver(sender, **data) if data else receiver(sender))]
        if snapshot.coroutine_functions:
            return call_wrapped(snapshot, sender, data, _async_wrapper)
        if data:
            return call_each_with(snapshot, sender, data)
        if len(snapshot) > FEW:
            return call_each(snapshot, sender)
        replies: Replies = []
        for reference in snapshot:
            # What has died meanwhile, or was disconnected, is passed over.
            receiver = reference()
            if receiver is not None:
                replies.append((receiver, receiver(sender)))
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
        :keeps: {clause}`async.awaits`, {clause}`async.one-at-a-time`, {clause}`async.result`,
            {clause}`async.refuses`, {clause}`async.wrapper`, {clause}`async.error`,
            {clause}`async.one-sender`
        """
        if not self.receivers or self.is_muted:
            return []
        replies: Replies = []
        snapshot = self._snapshot_for(sender)
        for index, reference in enumerate(snapshot):
            receiver = reference()
            if receiver is not None:
                call = receiver
                if index not in snapshot.coroutine_functions:
                    call = wrapped(receiver, _sync_wrapper, "non-coroutine")
                replies.append((receiver, await call(sender, **data)))
        return replies

    def muted(self) -> Muted:
        """Keep sending from doing anything for the length of a `with` block, in all threads.

        :keeps: {clause}`temporary.muted`, {clause}`temporary.muted-left`,
            {clause}`temporary.muted-decorator`, {clause}`threads.muted`
        """
        return Muted(self)

    def has_receivers_for(self, sender: object) -> bool:
        """Tell whether a send from *sender* would probably call something.

        It is quick, and may be wrong about receivers that are about to die.
        Use it to save the work for a send that nobody listens to.

        :keeps: {clause}`querying.has-receivers-for`, {clause}`querying.no-effects`
        """
        if not self.receivers:
            return False
        if self._by_sender[EVERY]:
            return True
        if self._changes:
            # What is about to be forgotten may be in the way.
            return bool(self._snapshot_for(sender))
        return bool(self._by_sender.get(identity(sender)))

    def receivers_for(self, sender: object) -> Iterator[Receiver]:
        """Yield each receiver that a send from *sender* would call, if it is still connected.

        :keeps: {clause}`querying.receivers-for`, {clause}`querying.dead`,
            {clause}`querying.no-effects`
        """
        if not self.receivers:
            return
        for reference in self._snapshot_for(sender):
            receiver = reference()
            if receiver is not None:
                yield receiver


class NamedSignal(Signal):
    """A signal with a name, as a `Namespace` makes them.

    :param name: The name; it matters to those who read it, not to the signal.
    :param doc: What the signal means; it becomes the docstring of this signal.
    :keeps: {clause}`namespaces.named-signal`, {clause}`namespaces.repr`
    """

    name: str
    """The name of the signal in its namespace.

    :keeps: {clause}`namespaces.name`
    """

    def __init__(self, name: str, doc: str | None = None) -> None:
        super().__init__(doc)
        self.name = name

    def __repr__(self) -> str:
        return f"{object.__repr__(self)[:-1]}; {self.name!r}>"


class Namespace(dict[str, NamedSignal]):
    """A mapping from names to signals, which makes a signal the first time it is asked for.

    :keeps: {clause}`namespaces.dict`, {clause}`namespaces.kept`, {clause}`namespaces.same-signal`
    """

    def signal(self, name: str, doc: str | None = None) -> NamedSignal:
        """Return the signal called *name*: always the same one.

        :param name: The name, usually in kebab-case.
        :param doc: What the signal means; only the first call's counts.
        :keeps: {clause}`namespaces.same-signal`, {clause}`namespaces.new-signal`,
            {clause}`threads.namespace`
        """
        known = self.get(name)
        # The signal of the first thread to get here is the signal of all.
        return self.setdefault(name, NamedSignal(name, doc)) if known is None else known


default_namespace: Namespace = Namespace()
"""The namespace of `signal`, shared by all who have none of their own.

:keeps: {clause}`namespaces.default`
"""


def signal(name: str, doc: str | None = None) -> NamedSignal:
    """Return the signal of a name from the default namespace, as `Namespace.signal` does.

    :keeps: {clause}`namespaces.default`, {clause}`namespaces.name`
    """
    return default_namespace.signal(name, doc)
