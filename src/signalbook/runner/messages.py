"""What the kit and a worker tell each other: JSON lines, read with suspicion.

An implementation may have written to the same pipes, so whatever has another shape is foreign.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from math import isfinite
from secrets import token_hex
from typing import Any

from signalbook.clauses import Clause, Example
from signalbook.harmless import harmless

__all__ = [
    "Answer",
    "Greeting",
    "Job",
    "Raised",
    "Step",
    "ended_well",
    "read_answers",
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


@dataclass(frozen=True)
class Raised:
    """An exception, as the worker tells of it.

    :param name: Its type's name, without the module.
    """

    name: str
    text: str
    traceback: str

    def __str__(self) -> str:
        return f"{self.name}: {self.text}".removesuffix(": ")


@dataclass(frozen=True)
class Step:
    """What came of one example."""

    output: str
    raised: Raised | None
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Everything that came back for a clause.

    :param steps: What came of its set-up and examples, as far as they were run.
    :param left: What it left behind, in sentences; `None` if its process didn't come to say so.
    :param forked: Whether a copy of its process went on as if it were the process itself.
    :param broken: What was raised where nothing may be: in the worker itself.
    :param foreign: Whether something else wrote to the worker's pipes.
    :param status: The wait status of its process; `None` if the worker itself is gone.
    :param timed_out: Whether the time of its process ran out.
    :param held: Whether something that its process started was still there after its end.
    :param too_much: Whether the worker stopped reading, since there was no end to it.
    :param errors: The last lines on standard error.
    """

    steps: Sequence[Step] = ()
    left: Sequence[str] | None = None
    forked: bool = False
    broken: Raised | None = None
    foreign: bool = False
    status: int | None = None
    timed_out: bool = False
    held: bool = False
    too_much: bool = False
    errors: str = ""


@dataclass(frozen=True)
class Job:
    """What one process of the worker's does: clauses with the same set-up, one after the other.

    :param folders: An empty one for each of them.
    :param timeout: Seconds that it may take altogether.
    :param token: A secret that every message about it must repeat.
    """

    clauses: Sequence[Clause]
    folders: Sequence[str]
    timeout: float
    token: str = field(default_factory=lambda: token_hex(8))

    @property
    def tokens(self) -> list[str]:
        """What the messages about each clause must repeat."""
        return [f"{self.token}.{number}" for number in range(len(self.clauses))]

    def message(self) -> dict[str, Any]:
        """Return what a worker has to know: not what the examples should print."""
        parts = zip(self.tokens, self.clauses, self.folders, strict=True)
        return {
            "token": self.token,
            "setup": _sources(self.clauses[0].setup),
            "checks": [
                {"token": token, "examples": _sources(clause.examples), "folder": folder}
                for token, clause, folder in parts
            ],
            "timeout": self.timeout,
        }


def _sources(examples: Sequence[Example]) -> list[tuple[str, int, str]]:
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


def read_error(message: dict[str, Any], about: str = "cannot load") -> Raised | None:
    """Return why the implementation can't be loaded, or can't be set up, if *message* says so."""
    return _read_raised(message.get(about))


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


def read_answers(message: dict[str, Any], job: Job) -> list[Answer] | None:
    """Return what *message* says of each clause of *job*, if it is the answer to that."""
    match message:
        case {
            "token": str(echo),
            "lines": str(text),
            "status": int(status),
            "timed out": bool(timed_out),
            "held": bool(held),
            "too much": bool(too_much),
        } if echo == job.token and 0 <= status <= _LAST_STATUS:
            end = Answer(status=status, timed_out=timed_out, held=held, too_much=too_much)
            return _read_lines(text, job.tokens, end)
    return None


def _read_lines(text: str, tokens: Sequence[str], end: Answer) -> list[Answer]:
    """Return the answer for each token, of the messages at the beginning of *text*.

    :param end: What is true of each, since all are of one process.
    """
    answers = dict.fromkeys(tokens, end)
    for line in text.splitlines():
        message = read_message(line) or {}
        token = message.get("token")
        known = answers.get(token) if isinstance(token, str) else None
        longer = known and _with_message(known, message)
        if longer is None:
            return [replace(answer, foreign=True) for answer in answers.values()]
        answers[str(token)] = longer
    return list(answers.values())


def _with_message(answer: Answer, message: dict[str, Any]) -> Answer | None:
    """Return *answer* with what *message* adds, or `None` if that is none of the worker's."""
    match message:
        case {"line": int(), "output": str(output), "seconds": float(seconds), "error": error}:
            raised = _read_raised(error)
            if isfinite(seconds) and (error is None or raised):
                return replace(answer, steps=(*answer.steps, Step(output, raised, seconds)))
        case {"left": list(left)} if all(isinstance(sentence, str) for sentence in left):
            return replace(answer, left=(*(answer.left or ()), *left))
        case {"broken": error} if broken := _read_raised(error):
            return replace(answer, broken=answer.broken or broken)
        case {"forked": True}:
            return replace(answer, forked=True)
    return None


def ended_well(answers: Sequence[Answer]) -> list[Answer] | None:
    """Return those of the answers of one process that are what they would be alone.

    They are the first ones, up to the one at which the process ended, in whatever way.
    `None` means that any of them may have done what was done.
    """
    if any(answer.foreign or answer.held or answer.too_much for answer in answers):
        return None
    if any(answer.status is None for answer in answers):
        return None  # The worker was killed, and took all answers with it.
    well = takewhile(lambda answer: answer.left == () and not answer.forked, answers)
    return [replace(answer, status=0, timed_out=False) for answer in well]


def _read_raised(value: object) -> Raised | None:
    match value:
        case {"name": str(name), "text": str(text), "traceback": str(traceback)}:
            return Raised(name, text, traceback)
    return None
