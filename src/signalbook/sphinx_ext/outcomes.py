"""The directive `{outcomes}`: which signal fires when, and how often, counted in the timelines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from signalbook.clauses import Clause, Page, applies
from signalbook.implementations import newest_release
from signalbook.sphinx_ext.domain import clause_domain
from signalbook.sphinx_ext.links import clause_link, page_link
from signalbook.sphinx_ext.timelines import (
    SIGNALS,
    Event,
    TimelineError,
    has_timeline,
    read_timeline,
)

__all__ = ["Heading", "OutcomesTable", "add_headings"]

_NEVER = "—"
_WHOLE = "`LANES`"
_CAPITALS = re.compile(r"\b(?!MUST\b|SHOULD\b|MAY\b|NOT\b)(?:None|[A-Z]{2,})\b")


class Heading(nodes.entry):
    """A cell that heads its row or its column, as `scope` says."""


class OutcomesTable(SphinxDirective):
    """A table with a row for each way that a request can go, and a column for each core signal.

    The ways are the timelines that hold on the newest release.
    """

    def run(self) -> list[Node]:
        """Return the table."""
        # The kit reads the clauses, not this page's dependencies: it must never be out of date.
        self.env.note_reread()
        newest = newest_release().axes
        rows = [
            self._row(page, way, events, is_first=number == 0)
            for page in clause_domain(self.env).specification.pages
            for number, (way, events) in enumerate(_ways_of(page, newest))
        ]
        if not rows:
            raise self.error("no clause has a timeline that holds on the newest release")
        title = f"How often each signal is sent, on Flask {newest['flask']}"
        group = nodes.tgroup(cols=1 + len(SIGNALS))
        # For builders that reckon in characters; a browser knows better.
        group += [nodes.colspec(colwidth=width) for width in (30, *map(len, SIGNALS))]
        group += [nodes.thead("", self._head()), nodes.tbody("", *rows)]
        caption = nodes.title(title, title)
        return [
            nodes.table("", caption, group, classes=["outcomes", "colwidths-auto", "no-search"])
        ]

    def _head(self) -> nodes.row:
        return nodes.row(
            "",
            _heading("col", nodes.Text("What happens")),
            *(_heading("col", self._signal(name)) for name in SIGNALS),
        )

    def _signal(self, name: str) -> Node:
        """Return a signal's name, with a link if it has a page."""
        docname = f"spec/signals/{name.replace('_', '-')}"
        pages = clause_domain(self.env).specification.pages
        if f"{docname}.md" not in {page.file for page in pages}:
            return nodes.literal(name, name)
        return page_link(docname, nodes.literal(name, name))

    def _row(
        self, page: Page, clause: Clause, events: Sequence[Event], *, is_first: bool
    ) -> nodes.row:
        title, messages = self.parse_inline(page.title, lineno=self.lineno)
        words = _words(clause)
        if words:
            # Indented below the page's first row; only who doesn't see that needs the title.
            classes = [] if is_first else ["outcomes-heard"]
            title = [nodes.inline("", "", *title, nodes.Text(": "), classes=classes)]
        link = clause_link(clause.id, nodes.inline("", "", *title, nodes.Text(words)))
        heading = _heading("row", link)
        heading["classes"] += ["outcomes-variant"] if words and not is_first else []
        heading += messages
        counts = _counts(events)
        return nodes.row("", heading, *(_count(counts[name]) for name in SIGNALS))


def _ways_of(page: Page, axes: Mapping[str, str]) -> Iterator[tuple[Clause, Sequence[Event]]]:
    """Yield each way that the page is about, if it holds there, and its timeline."""
    for clause in page.clauses:
        yield from ((way, events) for way, events in _ways(clause) if applies(way, axes))


def _ways(clause: Clause) -> Iterator[tuple[Clause, Sequence[Event]]]:
    """Yield each way that the clause is about, and its timeline.

    Of rows that send the same signals the first one stands for all, and if it does so for
    every row, it is the clause itself; rows that don't compare every lane are none.
    """
    if not has_timeline(clause) or "blinker" not in clause.needs:
        return
    found: dict[str, tuple[Clause, Sequence[Event]]] = {}
    with suppress(TimelineError):  # The clause's own page warns of it.
        for row in [row for row in clause.rows if _is_whole(row)] or [clause]:
            events = read_timeline(row)
            found.setdefault(str(sorted(_counts(events).items())), (row, events))
    ways = list(found.values())
    yield from [(clause, ways[0][1])] if len(ways) == 1 else ways


def _is_whole(row: Clause) -> bool:
    return row.cells.get("lanes", _WHOLE) == _WHOLE


def _counts(events: Sequence[Event]) -> Counter[str]:
    return Counter(event.name for event in events if event.lane == "signal")


def _words(clause: Clause) -> str:
    """Return what the id says after `timeline`, with capitals where the rule has some."""
    words = re.sub(r"^[^.]+\.timeline[-.]?", "", clause.id).replace(".", "-")
    capitals = {word.lower(): word for word in _CAPITALS.findall(clause.rule)}
    return " ".join(capitals.get(word, word) for word in words.split("-"))


def _heading(scope: str, content: Node) -> Heading:
    return Heading("", nodes.paragraph("", "", content), scope=scope)


def _count(times: int) -> nodes.entry:
    text = str(times) if times else _NEVER
    classes = [] if times else ["outcomes-never"]
    return nodes.entry("", nodes.paragraph(text, text), classes=classes)


def add_headings(app: Sphinx) -> None:
    """Have builders of HTML write headings as such; others take them for any other cell."""
    app.add_node(Heading, html=(_visit_heading, HTML5Translator.depart_entry))


def _visit_heading(translator: HTML5Translator, node: Heading) -> None:
    translator.body.append(translator.starttag(node, "th", "", scope=node["scope"]))
    translator.context.append("</th>\n")
