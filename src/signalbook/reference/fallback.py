"""What stands in for the engine where it can't be imported.

Applications go on working, and send signals that nobody hears.
Who tries to listen is told why it is impossible.
"""

from __future__ import annotations

from typing import Any

__all__ = ["Namespace", "Signal"]


class Signal:
    """A signal that can be sent, and does nothing else.

    :param name: The name of the signal.
    :param doc: What the signal means; it becomes the docstring of this signal.
    """

    def __init__(self, name: str, doc: str | None = None) -> None:
        self.name = name
        self.__doc__ = doc

    def send(self, sender: object = None, /, **data: object) -> None:
        """Do nothing."""

    def _fail(self, *arguments: object, **keywords: object) -> Any:
        raise RuntimeError(
            f"Signalling is unavailable, so nothing can be done with the signal {self.name!r} but"
            " send it: the signal engine, signalbook.reference.engine, can't be imported."
        )

    connect = connect_via = connected_to = disconnect = _fail
    send_async = muted = has_receivers_for = receivers_for = _fail

    is_muted = receiver_connected = receiver_disconnected = property(_fail)
    receivers = set_class = property(_fail)


class Namespace:
    """A maker of signals that nobody can listen to."""

    def signal(self, name: str, doc: str | None = None) -> Signal:
        """Return a new signal called *name*.

        :param name: The name of the signal.
        :param doc: What the signal means.
        """
        return Signal(name, doc)
