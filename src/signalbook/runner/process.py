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
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from signalbook import worker
from signalbook.clauses import Clause, Example
from signalbook.implementations import Implementation

__all__ = ["Answer", "Greeting", "ImplementationError", "Limits", "WorkerProcess"]

_STARTING = 60.0  # seconds that importing an implementation may take
_GRACE = 5.0  # seconds that a worker may be late before it is taken for dead


class ImplementationError(RuntimeError):
    """The implementation can't be loaded, so that no clause can be run on it."""


@dataclass(frozen=True)
class Limits:
    """What a clause may use.

    :param timeout: Seconds of wall time.
    :param memory: MiB of address space; 0 means no limit.
    """

    timeout: float = 10.0
    memory: int = 2048


@dataclass(frozen=True)
class Greeting:
    """What a worker says of itself once it has loaded the implementation.

    :param python: The interpreter's version.
    :param has_await: Whether examples may await outside a function.
    :param versions: The installed versions of `flask` and `blinker`, where they are the real ones.
    """

    python: str
    has_await: bool
    versions: Mapping[str, str | None]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Everything that came back for a clause.

    :param lines: The messages of the process that ran the clause.
    :param foreign: Whether something else wrote to the worker's pipes.
    :param status: That process's wait status; `None` if the worker itself is gone.
    :param timed_out: Whether its time ran out.
    :param held: Whether a process that it started was still there after its end.
    :param errors: The last lines on standard error.
    """

    lines: list[dict[str, Any]] = field(default_factory=list)
    foreign: bool = False
    status: int | None = None
    timed_out: bool = False
    held: bool = False
    errors: str = ""


class WorkerProcess:
    """A worker with one implementation loaded.

    :raises ImplementationError: If loading fails, hangs or ends the process.
    """

    def __init__(self, implementation: Implementation, limits: Limits) -> None:
        self.implementation = implementation
        self.limits = limits
        self._folder = tempfile.TemporaryDirectory(prefix="signalbook-")
        self._errors: deque[str] = deque(maxlen=20)
        self._answers: queue.Queue[bytes] = queue.Queue()
        self._process = self._start()
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
        threading.Thread(target=self._listen, args=(process.stderr,), daemon=True).start()
        return process

    def _collect(self, pipe: IO[bytes]) -> None:
        with pipe:
            for line in pipe:
                self._answers.put(line)
        self._answers.put(b"")

    def _listen(self, pipe: IO[bytes]) -> None:
        with pipe:
            # In pieces, since a line may have no end.
            while piece := pipe.readline(4096):
                self._errors.append(piece.decode("utf-8", "replace"))

    def _greet(self) -> Greeting:
        own = self.implementation
        without = list(own.without)
        config = {"flask": own.flask, "blinker": own.blinker, "without": without}
        self._tell({**config, "path": own.path, "memory": self.limits.memory * 2**20})
        message = self._receive(_STARTING)
        if message is None:
            raise ImplementationError(
                f"{own.name}: the worker ended while it imported the implementation"
                f"{self._last_words()}"
            )
        if error := message.get("cannot load"):
            raise ImplementationError(_cannot_load(own, error))
        return Greeting(message["python"], message["await"], message["versions"])

    def _last_words(self) -> str:
        errors = "".join(self._errors).strip()
        return f"; its last words were:\n{errors}" if errors else ", without a word"

    def ask(self, clause: Clause) -> Answer:
        """Run *clause* and return what came back; the worker may be dead afterwards."""
        self._errors.clear()
        token = secrets.token_hex(8)
        job = {
            "token": token,
            "file": clause.file,
            "setup": _pairs(clause.setup),
            "examples": _pairs(clause.examples),
            "timeout": self.limits.timeout,
        }
        self._tell(job)
        message = self._receive(self.limits.timeout + _GRACE)
        if message is None or message.get("token") != token:
            self.close()
            return Answer(foreign=message is not None, errors="".join(self._errors))
        lines, foreign = _read_lines(message["lines"], token)
        return Answer(
            lines=lines,
            foreign=foreign,
            status=message["status"],
            timed_out=message["timed out"],
            held=message["held"],
            errors="".join(self._errors),
        )

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
            return None
        return _message(line) or {}

    def close(self) -> None:
        """Kill the worker and whatever it started."""
        if not self.alive:
            return
        self.alive = False
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        self._process.wait()
        self._folder.cleanup()


def _environment(implementation: Implementation) -> dict[str, str]:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    if Path(implementation.python) != Path(sys.executable):
        # It is meant for this interpreter, and would bring this one's packages into the other.
        environment.pop("PYTHONPATH", None)
        environment.pop("PYTHONHOME", None)
    return environment


def _cannot_load(own: Implementation, error: dict[str, str]) -> str:
    modules = " and ".join(repr(name) for name in (own.flask, own.blinker) if name)
    looked = f", with {', '.join(own.path)} on its path" if own.path else ""
    return (
        f"{own.name}: {modules} can't be imported by {own.python}{looked}:"
        f" {error['name']}: {error['text']}; check the names, --python and --path"
    )


def _pairs(examples: tuple[Example, ...]) -> list[tuple[int, str]]:
    return [(example.line, example.source) for example in examples]


def _message(line: bytes | str) -> dict[str, Any] | None:
    try:
        message = json.loads(line)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None


def _read_lines(text: str, token: str) -> tuple[list[dict[str, Any]], bool]:
    """Split what came through a clause's pipe into its messages and anything else."""
    messages = [_message(line) for line in text.splitlines()]
    own = [message for message in messages if message and message.get("token") == token]
    return own, len(own) < len(messages)
