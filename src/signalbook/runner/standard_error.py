"""What a worker and its clauses write to standard error: the last of it."""

from __future__ import annotations

import os
import select
import threading
from collections import deque
from typing import IO

__all__ = ["StandardError"]

_LINES = 20
_PIECE = 4096  # bytes; in pieces, since a line may have no end
_WAITING = 32  # pieces that a pipe can hold, and more


class StandardError:
    """Reads a pipe to its end, so that nobody who writes has to wait, and keeps the last lines."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._pieces: deque[bytes] = deque(maxlen=_LINES)
        self._lock = threading.Lock()
        self._ended = False
        threading.Thread(target=self._listen, daemon=True).start()

    def forget(self) -> None:
        """Let go of all that was written until now."""
        with self._lock:
            self._catch_up()
            self._pieces.clear()

    def last_lines(self) -> str:
        """Return the last of all that was written until now."""
        with self._lock:
            # The listening thread may not have had its turn yet.
            self._catch_up()
            text = b"".join(self._pieces).decode("utf-8", "replace")
        return "".join(text.splitlines(keepends=True)[-_LINES:])

    def _listen(self) -> None:
        with self._pipe:
            while not self._ended:
                self._wait(None)
                with self._lock:
                    self._catch_up()

    def _catch_up(self) -> None:
        """Read what is in the pipe, though not what somebody goes on writing."""
        for _ in range(_WAITING):
            if self._ended or not self._wait(0):
                return
            piece = os.read(self._pipe.fileno(), _PIECE)
            self._pieces.append(piece)
            self._ended = not piece

    def _wait(self, milliseconds: int | None) -> bool:
        """Tell whether there is something to read, or the end; `None` waits until there is."""
        poll = select.poll()
        poll.register(self._pipe, select.POLLIN)
        return bool(poll.poll(milliseconds))
