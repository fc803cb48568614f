"""Timelines: what the lifecycle chapter's recorder prints of an application at work.

A recording has a line for each event: its lane, its name, and in some a detail in parentheses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from signalbook.clauses import Clause

__all__ = ["LANES", "SIGNALS", "Event", "TimelineError", "has_timeline", "read_timeline"]

LANES = ("signal", "hook", "application")
"""Where an event can happen."""

SIGNALS = (
    "appcontext_pushed",
    "request_started",
    "before_render_template",
    "template_rendered",
    "message_flashed",
    "got_request_exception",
    "request_finished",
    "request_tearing_down",
    "appcontext_tearing_down",
    "appcontext_popped",
)
"""The core signals, in the order in which a request can bring them about."""

_RECORDING = "print(timeline)\n"
_BEHAVIOUR = re.compile(r"timeline(-.+)?")
_LINE = re.compile(r"(?P<lane>\w+) +(?P<name>[^()\s]+(?: [^()\s]+)*)(?: \((?P<detail>.*)\))?")


class TimelineError(ValueError):
    """A clause's timeline can't be read.

    :param line: The line in the clause's page that is at fault, from 1.
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    :param lane: One of {py:data}`LANES`.
    :param name: What happened: a signal, a hook, or a few words.
    :param detail: What the recorder noted of it, such as a status or an exception; `""` if nothing.
    """

    lane: str
    name: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.detail})" if self.detail else self.name


def has_timeline(clause: Clause) -> bool:
    """Tell whether *clause* is about a whole timeline: its behaviour starts with that word."""
    return _BEHAVIOUR.fullmatch(clause.id.partition(".")[2]) is not None


def read_timeline(clause: Clause) -> tuple[Event, ...]:
    """Return the events that *clause* says must be printed, in their order.

    :raises TimelineError: If no example or more than one prints the timeline,
        or a line of it is malformed.
    """
    recordings = [example for example in clause.examples if example.source == _RECORDING]
    if len(recordings) != 1:
        raise TimelineError(
            f"the clause {clause.id!r} prints its timeline {len(recordings)} times;"
            " have one example that is '>>> print(timeline)', or call the clause something else",
            clause.line,
        )
    (recording,) = recordings
    if not recording.wanted:
        raise TimelineError(f"the timeline of {clause.id!r} has no events", recording.line)
    first = recording.line + recording.source.count("\n")
    lines = recording.wanted.removesuffix("\n").split("\n")
    return tuple(_read_event(line, first + offset) for offset, line in enumerate(lines))


def _read_event(text: str, line: int) -> Event:
    found = _LINE.fullmatch(text)
    if found is None or found["lane"] not in LANES:
        lanes = ", ".join(map(repr, LANES))
        problem = f"starts with none of {lanes}, or isn't followed by a name and '(detail)'"
    elif found["lane"] == "signal" and found["name"] not in SIGNALS:
        problem = f"names no core signal: {found['name']!r}"
    elif "..." in text:
        problem = "has '...', which can stand for any number of events; write it in full"
    else:
        return Event(found["lane"], found["name"], found["detail"] or "")
    raise TimelineError(f"the timeline's line {text!r} {problem}", line)
