"""The picture of a timeline: SVG with a lane for each kind of event.

Time runs downwards. Every text is real text, and the events are a list to a screen reader.
The dot and the name of a signal lead to its page.
How far the lanes are apart, and all colours, are the style sheet's to decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from signalbook.sphinx_ext.timelines import LANES, Event

__all__ = ["picture"]

_HEADS = {
    "signal": "signals",
    "hook": "hooks",
    "application": "application",
    "server": "server",
}
_ROW = 22  # The height of an event, in pixels, as all numbers here.
_STEP = 24  # From lane to lane, where there is no style sheet.
_TEXT = 20  # From a lane's line to the left edge of its text, and a little more.
_TOP = _ROW * len(LANES)


def picture(events: Sequence[Event], signals: Mapping[str, str], *, name: str, caption: str) -> str:
    """Return the HTML that shows *events*.

    :param signals: The address of each signal's page, by the signal's name, of those that have one.
    :param name: Whose timeline it is, to be heard.
    :param caption: What is said below it.
    """
    label = f"Timeline of {name}: {len(events)} events, from first to last"
    height = _TOP + _ROW * len(events) + _ROW // 2
    parts = [
        '<figure class="timeline">',
        f'<svg role="list" aria-label="{escape(label)}" width="100%" height="{height}"'
        f' style="{_needed_width(events)}">',
        *(_lane(lane, height) for lane in LANES),
        *(_event(event, _TOP + _ROW * row, signals) for row, event in enumerate(events)),
        "</svg>",
        f"<figcaption>{escape(caption)}</figcaption>",
        "</figure>",
    ]
    return "\n".join(parts)


def _needed_width(events: Sequence[Event]) -> str:
    """Say how many characters each lane's longest text has, for a style sheet to reckon with."""
    longest = {lane: len(_HEADS[lane]) for lane in LANES}
    for event in events:
        longest[event.lane] = max(longest[event.lane], len(str(event)))
    return "; ".join(f"--{lane}-text: {length}ch" for lane, length in longest.items())


def _lane(lane: str, height: int) -> str:
    """Return a lane's head and line, which tell a screen reader nothing new."""
    place = LANES.index(lane)
    top = _ROW * place + _ROW // 2
    return (
        f'{_group(lane, "lane")} aria-hidden="true">'
        f'<line x1="8" x2="8" y1="{top}" y2="{height}"/>'
        f'<text x="{_TEXT}" y="{top}" dy="0.35em">{_HEADS[lane]}</text></g>'
    )


def _event(event: Event, top: int, signals: Mapping[str, str]) -> str:
    middle = top + _ROW // 2
    detail = f" <tspan>({escape(event.detail)})</tspan>" if event.detail else ""
    shown = (
        f'<circle cx="8" cy="{middle}" r="5"/>'
        f'<text x="{_TEXT}" y="{middle}" dy="0.35em">{escape(event.name)}{detail}</text>'
    )
    if event.lane == "signal" and event.name in signals:
        shown = f'<a href="{escape(signals[event.name])}">{shown}</a>'
    return (
        f'{_group(event.lane, "event")} role="listitem">'
        # To be heard: its place says the same to those who see it.
        f'<text class="timeline-heard" x="{_TEXT}" y="{middle}" opacity="0">{event.lane} </text>'
        f"{shown}</g>"
    )


def _group(lane: str, kind: str) -> str:
    """Return the start of a group that stands in its lane, still open for attributes."""
    left = _STEP * LANES.index(lane)
    return f'<g class="timeline-{kind} timeline-{lane}" transform="translate({left})"'
