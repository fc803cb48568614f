"""What the kit and a worker tell each other: JSON lines, read with suspicion.

An implementation may have written to the same pipes, so whatever has another shape is foreign.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from signalbook.clauses import Clause, Example
from signalbook.harmless import harmless

__all__ = [
    "Answer",
    "Greeting",
    "job",
    "read_answer",
    "read_error",
    "read_greeting",
    "read_interpreter",
    "read_message",
    "read_start",
]

_RELEASE = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")  # of an interpreter
_LAST_STATUS = 0xFFFF  # of the wait statuses that there are


@dataclass(frozen=True)
class Greeting:
    """What a worker says of itself once it has loaded the implementation.

    :param python: The interpreter's version.
    :param has_await: Whether examples may await outside a function.
    :param versions: The installed versions of `flask` and `blinker`, where they are the real ones.
    :param files: The file that each module under test was loaded from, where it says so.
    """

    python: str
    has_await: bool
    versions: Mapping[str, str | None]
    files: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Everything that came back for a clause.

    :param lines: The messages of the process that ran the clause.
    :param foreign: Whether something else wrote to the worker's pipes.
    :param status: That process's wait status; `None` if the worker itself is gone.
    :param timed_out: Whether its time ran out.
    :param held: Whether a process that it started was still there after its end.
    :param too_much: Whether the worker stopped reading, since there was no end to it.
    :param errors: The last lines on standard error.
    """

    lines: list[dict[str, Any]] = field(default_factory=list)
    foreign: bool = False
    status: int | None = None
    timed_out: bool = False
    held: bool = False
    too_much: bool = False
    errors: str = ""


def job(clause: Clause, token: str, folder: str, timeout: float) -> dict[str, Any]:
    """Return what a worker has to know to run *clause*: not what its examples should print.

    :param token: A secret that every message about this clause must repeat.
    :param folder: An empty one, for this clause alone.
    """
    return {
        "token": token,
        "setup": _steps(clause.setup),
        "examples": _steps(clause.examples),
        "folder": folder,
        "timeout": timeout,
    }


def _steps(examples: tuple[Example, ...]) -> list[tuple[str, int, str]]:
    return [(example.file, example.line, example.source) for example in examples]


def read_message(line: bytes | str) -> dict[str, Any] | None:
    """Return the message on a line, or `None` if there is something else on it."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def read_interpreter(message: dict[str, Any]) -> tuple[str, str, int] | None:
    """Return the make and version of the interpreter that the worker runs in, and its process."""
    match message:
        case {
            "interpreter": str(make),
            "python": str(version),
            "worker": int(pid),
        } if _RELEASE.fullmatch(version):
            return make, version, pid
    return None


def read_error(message: dict[str, Any]) -> dict[str, str] | None:
    """Return why the implementation can't be loaded, if *message* says so."""
    match message:
        case {"cannot load": dict(error)} if _is_error(error):
            return error
    return None


def read_greeting(message: dict[str, Any], python: str) -> Greeting | None:
    """Return the greeting that *message* is, from an interpreter of the version *python*."""
    match message:
        case {"await": bool(has_await), "versions": dict(versions), "files": dict(files)} if all(
            isinstance(text, str | None) for text in (*versions.values(), *files.values())
        ):
            known = {name: version and harmless(version) for name, version in versions.items()}
            loaded = {harmless(name): harmless(file) for name, file in files.items() if file}
            return Greeting(python, has_await, known, loaded)
    return None


def read_start(message: dict[str, Any], token: str) -> int | None:
    """Return the id of the process that runs the clause, if *message* says so."""
    match message:
        case {"token": str(echo), "pid": int(pid)} if echo == token:
            return pid
    return None


def read_answer(message: dict[str, Any], token: str) -> Answer | None:
    """Return the answer that *message* is."""
    match message:
        case {
            "token": str(echo),
            "lines": str(text),
            "status": int(status),
            "timed out": bool(timed_out),
            "held": bool(held),
            "too much": bool(too_much),
        } if echo == token and 0 <= status <= _LAST_STATUS:
            lines, foreign = _read_lines(text, token)
            return Answer(
                lines=lines,
                foreign=foreign,
                status=status,
                timed_out=timed_out,
                held=held,
                too_much=too_much,
            )
    return None


def _read_lines(text: str, token: str) -> tuple[list[dict[str, Any]], bool]:
    """Return the messages at the beginning of *text*, and whether anything else is in it."""
    own: list[dict[str, Any]] = []
    for line in text.splitlines():
        message = read_message(line)
        if message is None or message.get("token") != token or not _is_workers(message):
            return own, True
        own.append(message)
    return own, False


def _is_workers(message: dict[str, Any]) -> bool:
    """Tell whether *message* has a shape that the worker gives its messages."""
    match message:
        case {"line": int(), "output": str(), "seconds": float(seconds), "error": error}:
            return isfinite(seconds) and (error is None or _is_error(error))
        case {"left": list(left)}:
            return all(isinstance(sentence, str) for sentence in left)
        case {"broken": error}:
            return _is_error(error)
    return message.get("forked") is True


def _is_error(value: object) -> bool:
    match value:
        case {"name": str(), "text": str(), "traceback": str()}:
            return True
    return False
