"""What tells a signal that a receiver or a sender has died."""

from __future__ import annotations

import weakref
from collections.abc import Hashable
from types import MethodType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .connections import Connections

__all__ = ["Watch", "kept", "receiver_died"]


class Watch(weakref.ref[Any]):
    """A weak reference that knows what its object was to whose connections."""

    __slots__ = ("connections", "key")

    connections: weakref.ref[Connections]
    key: Hashable


def kept(sender: Any, key: Hashable, connections: weakref.ref[Connections]) -> tuple[object, ...]:
    """Return what must be kept of *sender*, so that its key can't come to mean another."""
    if type(key) is int:
        return (_watched(sender, key, connections),)
    if type(sender) is MethodType:
        # Whichever of the two dies first takes the key with it.
        parts = sender.__self__, sender.__func__
        return tuple(_watched(part, key, connections) for part in parts)
    return ()


def _watched(part: object, key: Hashable, connections: weakref.ref[Connections]) -> object:
    try:
        watch = Watch(part, _sender_died)
    except TypeError:
        return part
    watch.connections = connections
    watch.key = key
    return watch


def receiver_died(watch: Any) -> None:
    """Tell the connections, if they are still there."""
    connections = watch.connections()
    if connections is not None:
        connections._receiver_died(watch)


def _sender_died(watch: Any) -> None:
    connections = watch.connections()
    if connections is not None:
        connections._sender_died(watch)
