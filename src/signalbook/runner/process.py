"""One worker process: what it is told, and what comes back or doesn't."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from signalbook.clauses import Clause
from signalbook.harmless import harmless
from signalbook.implementations import Implementation
from signalbook.runner.folders import remove_folder
from signalbook.runner.limits import Limits
from signalbook.runner.loading import cannot_load, cannot_set_up, not_cpython, unfit
from signalbook.runner.messages import (
    Answer,
    Greeting,
    Job,
    read_answers,
    read_error,
    read_greeting,
    read_interpreter,
    read_message,
    read_start,
)
from signalbook.runner.program import program
from signalbook.runner.standard_error import StandardError

__all__ = ["ImplementationError", "WorkerProcess"]

_STARTING = 60.0  # seconds that an interpreter may take to start
_IMPORTING = 60.0  # seconds that importing an implementation may take
_GRACE = 5.0  # seconds that a worker may be late before it is taken for dead
_LONGEST = 2**24  # bytes of a line that are read
_UNREAD = 4  # lines more than the worker ever sends unasked
_SHOWN = 400  # characters of what is no interpreter's
_KEPT = ("PYTHONHASHSEED", "PYTHONHOME", "PYTHONPATH")  # what a worker inherits of Python's own


class ImplementationError(RuntimeError):
    """The implementation can't be loaded, so that no clause can be run on it."""

    def __init__(self, text: str) -> None:
        super().__init__(harmless(text))


class WorkerProcess:
    """A worker, which is to load one implementation.

    :raises ImplementationError: If its interpreter can't be started.
    """

    def __init__(self, implementation: Implementation, limits: Limits) -> None:
        self.implementation = implementation
        self.limits = limits
        self.alive = True
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._worker: int | None = None
        self._child: int | None = None
        self._ended = False
        self._lock = threading.RLock()
        try:
            self._home = tempfile.mkdtemp(prefix="signalbook-")
        except OSError as error:
            raise self._no_folder(error) from error
        try:
            self._program = self._write_program()
            self._process = self._start()
        except BaseException:
            remove_folder(self._home)
            raise

    def _write_program(self) -> Path:
        """Write the worker's program into the folder that is removed with the worker."""
        file = Path(self._home, "worker.py")
        try:
            file.write_text(program(), encoding="ascii")
        except OSError as error:
            raise self._no_folder(error) from error
        return file

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                [self.implementation.python, str(self._program), self._home],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=self._home,
                env={**_environment(self.implementation), "TMPDIR": self._home},
                start_new_session=True,
            )
        except OSError as error:
            raise ImplementationError(
                f"{self.implementation.name}: the interpreter {self.implementation.python!r}"
                f" can't be started ({error.strerror}); name another with --python"
            ) from error

    def load(self) -> None:
        """Let the worker import the implementation.

        :raises ImplementationError: If importing fails, hangs or ends the process.
        """
        process = self._process
        assert process.stderr is not None
        try:
            self._errors = StandardError(process.stderr)
            threading.Thread(
                target=_collect, args=(process.stdout, self._lines), daemon=True
            ).start()
            python = self._interpreter()
            self._introduce()
            self.greeting = self._greet(python)
        except BaseException:
            self.close()
            raise

    def _introduce(self) -> None:
        """Tell the worker what to load."""
        own, memory = self.implementation, self.limits.memory * 2**20
        config = {"flask": own.flask, "blinker": own.blinker, "replaced": own.replaced}
        self._tell({**config, "path": own.path, "memory": memory, "setup": own.setup})

    def _interpreter(self) -> str:
        """Return the version of the worker's interpreter, which is one that it can run in."""
        line = self._line(_STARTING)
        found = read_interpreter(read_message(line or b"") or {})
        if found is None:
            said = (line or b"").decode("utf-8", "replace")[:_SHOWN]
            raise ImplementationError(
                not_cpython(
                    self.implementation, f"{said}{self._errors.last_lines().strip()}".strip()
                )
            )
        make, version, self._worker = found
        with suppress(OSError):
            self._program.unlink()  # It has been read, and the clauses shall find nothing here.
        if reason := unfit(self.implementation, make, version):
            raise ImplementationError(reason)
        return version

    def _greet(self, python: str) -> Greeting:
        own = self.implementation
        message = self._receive(_IMPORTING)
        if message is None:
            happened = "ended while it imported" if self._ended else "never finished importing"
            words = self._errors.last_lines().strip()
            last = f"; its last words were:\n{words}" if words else ", without a word"
            raise ImplementationError(f"{own.name}: the worker {happened} the implementation{last}")
        if error := read_error(message):
            raise ImplementationError(cannot_load(own, error, self.limits.memory))
        if error := read_error(message, "cannot set up"):
            raise ImplementationError(cannot_set_up(own, error))
        if greeting := read_greeting(message, python):
            return greeting
        raise ImplementationError(
            f"{own.name}: something else than the worker wrote to the worker's pipe while it"
            " imported the implementation; importing must not write to foreign descriptors"
        )

    def ask(self, clauses: Sequence[Clause]) -> list[Answer] | None:
        """Run *clauses* in one process and return what came back for each.

        They have the same set-up; only of one alone is it known what it came to.
        The worker may be dead afterwards. `None` means that the first never began, since the
        worker had been damaged before.

        :raises ImplementationError: If a clause can't have a folder.
        """
        self._errors.forget()
        try:
            folders = [tempfile.mkdtemp(dir=self._home) for _ in clauses]
            answers = self._answers_to(Job(clauses, folders, self.limits.timeout))
            errors = self._errors.last_lines()
            gone = [remove_folder(folder) for folder in folders]
            if not (all(gone) and os.access(self._home, os.W_OK | os.X_OK)):
                self.close()  # The next clause needs a folder that this one didn't touch.
        except OSError as error:
            self.close()
            raise self._no_folder(error) from error
        except BaseException:
            self.close()
            raise
        return answers and [replace(answer, errors=errors) for answer in answers]

    def _answers_to(self, job: Job) -> list[Answer] | None:
        self._tell(job.message())
        pid = read_start(self._receive(_GRACE) or {}, job.token)
        if pid is None:
            self.close()
            return None
        self._begin(pid)
        message = self._receive(self.limits.timeout + _GRACE)
        answers = None if message is None else read_answers(message, job)
        if answers is None:
            self.close()
            return [Answer(foreign=message is not None) for _ in job.clauses]
        self._child = None
        return answers

    def _begin(self, pid: int) -> None:
        """Let the clause's process begin: not before whoever closes the worker knows of it."""
        with self._lock:
            if self.alive:
                self._child = pid
        self._tell({"begin": pid})

    def _tell(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        # If it is dead or closed, reading its answer will show it.
        with suppress(OSError, ValueError):
            self._process.stdin.write(json.dumps(message).encode("ascii") + b"\n")
            self._process.stdin.flush()

    def _line(self, timeout: float) -> bytes | None:
        """Return the next line of what the worker says, or `None` if there is none."""
        try:
            line = self._lines.get(timeout=timeout)
        except queue.Empty:
            return None
        self._ended = not line
        return line or None

    def _receive(self, timeout: float) -> dict[str, Any] | None:
        """Return the next message; `{}` if it isn't one, `None` if there is none."""
        line = self._line(timeout)
        return None if line is None else read_message(line) or {}

    def close(self) -> None:
        """Kill the worker and whatever it started, from whatever thread and however often.

        Whatever is raised meanwhile goes on when all is done.
        """
        with self._lock, ExitStack() as steps:
            self.alive = False
            steps.callback(remove_folder, self._home)
            steps.callback(self._end)
            # The guard is killed last: if this or the kit is interrupted, it does the rest.
            self._kill(self._child)
            self._kill(self._worker)
            remove_folder(self._home)
            self._kill(self._process.pid)

    def _kill(self, group: int | None) -> None:
        """Kill the group that one of the worker's processes leads, each a group of its own."""
        ended = self._process.returncode is not None
        if not ended and group is not None and _session(group) == self._process.pid:
            with suppress(OSError):
                os.killpg(group, signal.SIGKILL)

    def _end(self) -> None:
        """Wait for the killed worker, and wake whoever waits for its answer."""
        self._child = None
        self._lines.put(b"")
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        self._process.wait()

    def _no_folder(self, error: OSError) -> ImplementationError:
        return ImplementationError(
            f"{self.implementation.name}: a folder for the worker's files can't be made"
            f" ({error}); make room, or set TMPDIR"
        )


def _collect(pipe: IO[bytes], lines: queue.Queue[bytes]) -> None:
    """Put the lines that come through *pipe* into *lines*, and never too much of them."""
    with pipe:
        while line := pipe.readline(_LONGEST):
            lines.put(line)
            if lines.qsize() > _UNREAD:
                break
    lines.put(b"")


def _session(pid: int) -> int | None:
    """Return the session of the process *pid*; an id that somebody made up has none."""
    try:
        return os.getsid(pid)
    except (OSError, OverflowError):
        return None


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
