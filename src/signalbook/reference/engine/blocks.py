"""The `with` blocks of a signal, which can be used as decorators as well."""

from __future__ import annotations

from contextlib import ContextDecorator
from typing import TYPE_CHECKING

from .links import Receiver

if TYPE_CHECKING:
    from .base import Signal

__all__ = ["ConnectedTo", "Muted"]


class ConnectedTo(ContextDecorator):
    """A block for which a receiver is connected."""

    __slots__ = ("_receiver", "_sender", "_signal")

    def __init__(self, signal: Signal, receiver: Receiver, sender: object) -> None:
        self._signal, self._receiver, self._sender = signal, receiver, sender

    def __enter__(self) -> None:
        self._signal.connect(self._receiver, self._sender, weak=False)

    def __exit__(self, *error: object) -> None:
        self._signal.disconnect(self._receiver)


class Muted(ContextDecorator):
    """A block for which a signal is muted."""

    __slots__ = ("_signal",)

    def __init__(self, signal: Signal) -> None:
        self._signal = signal

    def __enter__(self) -> None:
        self._signal.is_muted = True

    def __exit__(self, *error: object) -> None:
        self._signal.is_muted = False
