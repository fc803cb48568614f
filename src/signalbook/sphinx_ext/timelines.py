"""Timelines: what the lifecycle chapter's recorder compares of an application at work.

A timeline has a line for each event: its lane, its name, and in some a detail in parentheses.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from signalbook.clauses import Clause, Example

__all__ = [
    "LANES",
    "SIGNALS",
    "Event",
    "TimelineError",
    "has_timeline",
    "read_event",
    "read_timeline",
]

LANES = ("signal", "hook", "application", "server")
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

_COMPARISON = "timeline.differences("
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
    return _BEHAVIOUR.fullmatch(clause.whole_id.partition(".")[2]) is not None


def read_timeline(clause: Clause) -> tuple[Event, ...]:
    """Return the events that *clause* says must happen, in their order; of rows, the first one's.

    :raises TimelineError: If no example or more than one compares the timeline with a text,
        or a line of it is malformed.
    """
    row = clause.rows[0] if clause.rows else clause
    found = [example for example in row.examples if example.source.startswith(_COMPARISON)]
    if len(found) != 1:
        raise TimelineError(
            f"the clause {clause.id!r} compares its timeline {len(found)} times;"
            f" have one example that is '>>> {_COMPARISON}...', or call the clause something else",
            clause.line,
        )
    events = tuple(_events(found[0], row.cells))
    if not events:
        raise TimelineError(f"the timeline of {clause.id!r} has no events", found[0].line)
    return events


def _events(comparison: Example, cells: Mapping[str, str]) -> Iterator[Event]:
    for call in ast.walk(ast.parse(comparison.source)):
        if isinstance(call, ast.Call):
            given = {str(one.arg): _value(one.value, cells) for one in call.keywords}
            for text in call.args[1:]:
                first = comparison.line + text.lineno - 1
                for number, line in enumerate(_value(text, cells).split("\n"), first):
                    parts = _filled(line, given, number).split(";")
                    yield from (read_event(part.strip(), number) for part in parts if part.strip())


def _value(code: ast.expr, cells: Mapping[str, str]) -> str:
    """Return the text that *code* is, or that the cell of this name is; else the code itself."""
    source = cells.get(code.id, code.id).strip("`") if isinstance(code, ast.Name) else code
    try:
        return str(ast.literal_eval(source))
    except (SyntaxError, ValueError):
        return source if isinstance(source, str) else ast.unparse(source)


def _filled(line: str, given: Mapping[str, str], number: int) -> str:
    try:
        return line.format(**given)
    except (KeyError, IndexError, ValueError):
        raise TimelineError(
            f"the timeline's line {line!r} has in braces what isn't given by name", number
        ) from None


def read_event(text: str, line: int) -> Event:
    """Return the event that a line of a timeline tells of.

    :param line: Its number in its page, from 1.
    :raises TimelineError: If it is malformed.
    """
    found = _LINE.fullmatch(text)
    if found is None or found["lane"] not in LANES:
        lanes = ", ".join(map(repr, LANES))
        problem = f"starts with none of {lanes}, or isn't followed by a name and '(detail)'"
    elif found["lane"] == "signal" and found["name"] not in SIGNALS:
        problem = f"names no core signal: {found['name']!r}"
    else:
        return Event(found["lane"], found["name"], found["detail"] or "")
    raise TimelineError(f"the timeline's line {text!r} {problem}", line)
