"""What stands in for the engine where it can't be imported.

Applications go on working, and send signals that nobody hears.
Who tries to listen is told why it is impossible.
"""

from __future__ import annotations

from typing import NoReturn

__all__ = ["Namespace", "Signal"]


class Signal:
    """A signal that can be sent, and does nothing else.

    Its `connect`, `connect_via`, `connected_to`, `temporarily_connected_to`, `disconnect`,
    `has_receivers_for` and `receivers_for` raise a `RuntimeError`
    ({clause}`fallback.refused`, {clause}`fallback.message`).

    :param name: The name of the signal.
    :param doc: What the signal means; it becomes the docstring of this signal.
    :keeps: {clause}`fallback.names`, {clause}`fallback.truth`, {clause}`fallback.everywhere`
    """

    def __init__(self, name: str, doc: str | None = None) -> None:
        self.name = name
        self.__doc__ = doc

    def send(self, *arguments: object, **data: object) -> None:
        """Do nothing, with whatever is given ({clause}`fallback.send`)."""

    def _fail(self, *arguments: object, **keywords: object) -> NoReturn:
        """Say that nobody can listen ({clause}`fallback.refused`, {clause}`fallback.message`).

        :raises RuntimeError: Always.
        """
        raise RuntimeError(
            "Signalling support is unavailable because the blinker library is not installed."
        )

    connect = connect_via = connected_to = temporarily_connected_to = _fail
    disconnect = has_receivers_for = receivers_for = _fail


class Namespace:
    """A maker of signals that nobody can listen to.

    :keeps: {clause}`fallback.no-mapping`
    """

    def signal(self, name: str, doc: str | None = None) -> Signal:
        """Return a new signal called *name* ({clause}`fallback.new-signals`).

        :param name: The name of the signal.
        :param doc: What the signal means.
        """
        return Signal(name, doc)
