"""Signals that ask a command to end."""

from __future__ import annotations

import signal
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Stopped", "stoppable"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """A signal asks the command to end; whatever it started must go.

    :param number: The signal's number.
    :param signal: Its name.
    :param status: The exit status that tells of it.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.signal = signal.Signals(number).name
        self.status = 128 + number
        super().__init__(self.signal)

    def again(self) -> Stopped:
        """Return another, for when all is cleaned up: while it lives, the next signal counts."""
        return Stopped(self.number)


@contextmanager
def stoppable() -> Iterator[None]:
    """Let SIGINT, SIGTERM and SIGHUP raise `Stopped` in the main thread.

    While one is on its way, another signal does nothing: it would break off the cleaning up.
    A signal that the command was started to ignore, as `nohup` does it, stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    last: weakref.ref[Stopped] | None = None

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal last
        # One that was raised inside a destructor is lost, and gone.
        if last is None or last() is None:
            stopped = Stopped(number)
            last = weakref.ref(stopped)
            try:
                raise stopped
            finally:
                del stopped  # Its own traceback would keep it.

    before = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        for number, handler in before.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, stop)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
