"""One worker process: what it is told, and what comes back or doesn't."""

from __future__ import annotations

import json
import os
import queue
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from signalbook import worker
from signalbook.clauses import Clause
from signalbook.implementations import Implementation
from signalbook.runner.messages import (
    Answer,
    Greeting,
    job,
    read_answer,
    read_error,
    read_greeting,
    read_message,
    read_start,
)

__all__ = ["ImplementationError", "Limits", "LimitsError", "WorkerProcess"]

_STARTING = 60.0  # seconds that importing an implementation may take
_LONGEST = 86_400  # seconds that a clause may be given: a day
_LARGEST = 2**40  # MiB that it may be given: what a limit of the system's can express
_GRACE = 5.0  # seconds that a worker may be late before it is taken for dead
_LAST_WORDS = 1.0  # seconds that a dead worker's standard error may take to arrive
_KEPT = ("PYTHONHASHSEED", "PYTHONHOME", "PYTHONPATH")  # what a worker inherits of Python's own


class ImplementationError(RuntimeError):
    """The implementation can't be loaded, so that no clause can be run on it."""


class LimitsError(ValueError):
    """A limit that can't be kept."""


@dataclass(frozen=True)
class Limits:
    """What a clause may use.

    :param timeout: Seconds of wall time, at most a day.
    :param memory: MiB of address space; 0 means no limit.
    :raises LimitsError: If one is out of its bounds.
    """

    timeout: float = 10.0
    memory: int = 2048

    def __post_init__(self) -> None:
        if not 0 < self.timeout <= _LONGEST:
            raise LimitsError(
                f"a timeout of {self.timeout:g} seconds can't be kept;"
                f" give more than 0 and at most {_LONGEST}"
            )
        if not 0 <= self.memory <= _LARGEST:
            raise LimitsError(
                f"a memory of {self.memory} MiB can't be kept;"
                f" give 0 for no limit, or at most {_LARGEST}"
            )


class WorkerProcess:
    """A worker with one implementation loaded.

    :raises ImplementationError: If loading fails, hangs or ends the process.
    """

    def __init__(self, implementation: Implementation, limits: Limits) -> None:
        self.implementation = implementation
        self.limits = limits
        self._folder = tempfile.TemporaryDirectory(prefix="signalbook-")
        self._errors: deque[bytes] = deque(maxlen=20)
        self._answers: queue.Queue[bytes] = queue.Queue()
        self._process = self._start()
        self._child: int | None = None
        self._ended = False
        self.alive = True
        try:
            self.greeting = self._greet()
        except ImplementationError:
            self.close()
            raise

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            process = subprocess.Popen(
                [self.implementation.python, worker.__file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=self._folder.name,
                env=_environment(self.implementation),
                start_new_session=True,
            )
        except OSError as error:
            self._folder.cleanup()
            raise ImplementationError(
                f"{self.implementation.name}: the interpreter {self.implementation.python!r}"
                f" can't be started ({error.strerror}); name another with --python"
            ) from error
        threading.Thread(target=self._collect, args=(process.stdout,), daemon=True).start()
        self._listener = threading.Thread(target=self._listen, args=(process.stderr,), daemon=True)
        self._listener.start()
        return process

    def _collect(self, pipe: IO[bytes]) -> None:
        with pipe:
            for line in pipe:
                self._answers.put(line)
        self._answers.put(b"")

    def _listen(self, pipe: IO[bytes]) -> None:
        with pipe:
            # In pieces, since a line may have no end.
            while piece := os.read(pipe.fileno(), 4096):
                self._errors.append(piece)

    def _last_lines(self) -> str:
        text = b"".join(self._errors).decode("utf-8", "replace")
        return "".join(text.splitlines(keepends=True)[-20:])

    def _greet(self) -> Greeting:
        own = self.implementation
        config = {"flask": own.flask, "blinker": own.blinker, "replaced": own.replaced}
        self._tell({**config, "path": own.path, "memory": self.limits.memory * 2**20})
        message = self._receive(_STARTING)
        if message is None:
            happened = "ended while it imported" if self._ended else "never finished importing"
            raise ImplementationError(
                f"{own.name}: the worker {happened} the implementation{self._last_words()}"
            )
        if error := read_error(message):
            raise ImplementationError(_cannot_load(own, error))
        if greeting := read_greeting(message):
            return greeting
        raise ImplementationError(
            f"{own.name}: something else than the worker wrote to the worker's pipe while it"
            " imported the implementation; importing must not write to foreign descriptors"
        )

    def _last_words(self) -> str:
        if self._ended:
            self._listener.join(_LAST_WORDS)
        errors = self._last_lines().strip()
        return f"; its last words were:\n{errors}" if errors else ", without a word"

    def ask(self, clause: Clause) -> Answer:
        """Run *clause* and return what came back; the worker may be dead afterwards."""
        self._errors.clear()
        token = secrets.token_hex(8)
        self._tell(job(clause, token, self.limits.timeout))
        message = self._receive(_GRACE)
        if message is not None and (pid := read_start(message, token)):
            self._child = pid
            message = self._receive(self.limits.timeout + _GRACE)
        answer = None if message is None else read_answer(message, token)
        if answer is None:
            self.close()
            answer = Answer(foreign=message is not None)
        else:
            self._child = None
        return replace(answer, errors=self._last_lines())

    def _tell(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):  # If it is dead, reading its answer will show it.
            self._process.stdin.write(json.dumps(message).encode("ascii") + b"\n")
            self._process.stdin.flush()

    def _receive(self, timeout: float) -> dict[str, Any] | None:
        """Return the next message; `{}` if it isn't one, `None` if there is none."""
        try:
            line = self._answers.get(timeout=timeout)
        except queue.Empty:
            return None
        if not line:
            self._ended = True
            return None
        return read_message(line) or {}

    def close(self) -> None:
        """Kill the worker and whatever it started."""
        if not self.alive:
            return
        self.alive = False
        # A clause's process is the leader of a group of its own, and may outlive its worker.
        for group in (self._process.pid, self._child):
            if group is not None:
                with suppress(ProcessLookupError):
                    os.killpg(group, signal.SIGKILL)
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        self._process.wait()
        self._folder.cleanup()


def _environment(implementation: Implementation) -> dict[str, str]:
    # A shell's FLASK_DEBUG or PYTHONWARNINGS would change what is measured.
    environment = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or not name.startswith(("FLASK_", "PYTHON"))
    }
    if Path(implementation.python) != Path(sys.executable):
        # They are meant for this interpreter, and would bring its packages into the other.
        environment.pop("PYTHONPATH", None)
        environment.pop("PYTHONHOME", None)
    return {**environment, "PYTHONDONTWRITEBYTECODE": "1"}


def _cannot_load(own: Implementation, error: dict[str, str]) -> str:
    modules = " and ".join(repr(name) for name in (own.flask, own.blinker) if name)
    looked = f", with {', '.join(own.path)} on its path" if own.path else ""
    return (
        f"{own.name}: {modules} can't be imported by {own.python}{looked}:"
        f" {error['name']}: {error['text']}; check the names, --python and --path"
    )
