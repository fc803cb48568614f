"""Standard output and error, which may be closed, full, or unable to show a letter."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import StringIO, TextIOWrapper
from typing import Any, TextIO, cast

__all__ = ["Stream", "standard_streams"]


class Stream:
    """A standard stream. Nothing that is written to it raises, so that no result is lost.

    :param stream: What it writes to; `None`, as Python has it for a closed one, is nowhere.
    :param failure: Why something that was written to it is lost.
    """

    errors = "backslashreplace"

    def __init__(self, stream: TextIO | None) -> None:
        self.failure = None if stream else OSError(errno.EBADF, "it is closed")
        self._stream = stream or StringIO()
        self.encoding = self._stream.encoding or "utf-8"
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=self.errors)

    def write(self, text: str) -> int:
        """Write *text*, or remember why that can't be done."""
        self._try(lambda: self._stream.write(text))
        return len(text)

    def flush(self) -> None:
        """Send what was written on its way, or remember why that can't be done."""
        self._try(self._stream.flush)

    def isatty(self) -> bool:
        """Tell whether it is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self._stream.fileno()

    def _try(self, write: Callable[[], Any]) -> None:
        try:
            write()
        except OSError as error:
            self.failure = self.failure or error
            # What waits in its buffer would fail again, and loudly, when Python ends.
            with suppress(OSError), open(os.devnull, "wb") as nothing:
                os.dup2(nothing.fileno(), self._stream.fileno())


@contextmanager
def standard_streams() -> Iterator[Stream]:
    """Put streams that don't raise in the place of the standard ones, and yield the output."""
    _fill_descriptors()
    output, errors = Stream(sys.stdout), Stream(sys.stderr)
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = cast(TextIO, output), cast(TextIO, errors)
    try:
        yield output
    finally:
        errors.flush()
        sys.stdout, sys.stderr = before


def _fill_descriptors() -> None:
    """Open the first three file descriptors: no other file must get their numbers."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # This takes the lowest number that is free.
