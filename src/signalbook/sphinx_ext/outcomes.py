"""The directive `{outcomes}`: which signal is sent when, how often and with what, as recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from signalbook.clauses import Clause, Specification, applies
from signalbook.implementations import newest_release
from signalbook.sphinx_ext.domain import clause_domain
from signalbook.sphinx_ext.links import clause_link, page_link, signal_pages
from signalbook.sphinx_ext.timelines import (
    SIGNALS,
    Event,
    TimelineError,
    has_timeline,
    read_timeline,
)

__all__ = ["ARGUMENTS", "Heading", "OutcomesTable", "add_headings"]

ARGUMENTS = {
    "before_render_template": "template",
    "template_rendered": "template",
    "message_flashed": "message",
    "got_request_exception": "exception",
    "request_finished": "response",
    "request_tearing_down": "exc",
    "appcontext_tearing_down": "exc",
}
"""The argument that a timeline has of a signal; the others have none."""

_NEVER = "—"
_WHOLE = "`LANES`"
_SWITCH = (
    '<label class="outcomes-switch"><input type="checkbox">'
    " Show what each signal is sent with</label>"
)
_LOGGER = logging.getLogger(__name__)


class Heading(nodes.entry):
    """A cell that heads its row, its column or some rows, as `scope` says."""


@dataclass(frozen=True)
class _Way:
    """One way that something can go, as a timeline has it."""

    check: Clause
    events: Sequence[Event]

    def is_named(self, id: str) -> bool:
        """Tell whether *id* is this way's, or that of a clause which has it as a case."""
        return id in (self.check.id, self.check.whole_id)

    @property
    def signals(self) -> Counter[str]:
        return Counter(event.name for event in self.events if event.lane == "signal")


class OutcomesTable(SphinxDirective):
    """A table with a row for each way that a request can go, and a column for each core signal.

    The content has the id of each timeline, and below it a sentence that says what happens; a
    paragraph of its own heads the rows below it. What is sent is read from the timelines.
    Those that hold on the newest release must all be told of, but for cases that send the same.
    """

    has_content = True

    def run(self) -> list[Node]:
        """Return the table, and warn of ways that it lacks."""
        # The kit reads the clauses, not this page's dependencies: it must never be out of date.
        self.env.note_reread()
        newest = newest_release().axes
        ways = list(_ways(clause_domain(self.env).specification, newest))
        rows, told = [], []
        for node in self.parse_content_to_nodes():
            if isinstance(node, nodes.paragraph):
                rows.append(_heads_rows(node))
            elif isinstance(node, nodes.definition_list):
                for item in node.findall(nodes.definition_list_item):
                    id = next(item.findall(nodes.term)).astext()
                    found = [way for way in ways if way.is_named(id)]
                    told += found
                    if self._is_one_way(id, found):
                        rows.append(_row(id, next(item.findall(nodes.definition)), found[0]))
            else:
                raise self.error("the content is no ids, each with ': ' and a sentence below it")
        for way in ways:
            if not any(other.signals == way.signals for other in _of_its_clause(way, told)):
                self._warn(f"no row tells of {way.check.id!r}, or of a case that sends the same")
        title = f"How often each signal is sent, on Flask {newest['flask']}"
        return [_with_switch(self._table(title, rows))]

    def _is_one_way(self, id: str, ways: Sequence[_Way]) -> bool:
        if not ways:
            self._warn(f"{id!r} is no timeline that holds on the newest release")
        elif any(way.signals != ways[0].signals for way in ways):
            self._warn(f"the cases of {id!r} don't send the same; name one of them")
        return bool(ways)

    def _warn(self, problem: str) -> None:
        place = (self.env.current_document.docname, self.lineno)
        _LOGGER.warning("the table of outcomes: %s", problem, location=place)

    def _table(self, title: str, rows: Iterable[nodes.row]) -> nodes.table:
        group = nodes.tgroup(cols=1 + len(SIGNALS))
        # For builders that reckon in characters; a browser knows better.
        group += [nodes.colspec(colwidth=width) for width in (30, *map(len, SIGNALS))]
        group += [nodes.thead("", self._head()), nodes.tbody("", *rows)]
        caption = nodes.title(title, title)
        classes = ["outcomes", "colwidths-auto", "no-search"]
        return nodes.table("", caption, group, classes=classes)

    def _head(self) -> nodes.row:
        pages = signal_pages(clause_domain(self.env).specification)
        names = {name: nodes.literal(name, name) for name in SIGNALS}
        return nodes.row(
            "",
            _heading("col", nodes.Text("What happens")),
            *(
                _heading("col", page_link(pages[name], text) if name in pages else text)
                for name, text in names.items()
            ),
        )


def _ways(specification: Specification, axes: Mapping[str, str]) -> Iterator[_Way]:
    """Yield each way that holds there; cases that don't compare every lane are none."""
    for clause in filter(has_timeline, specification.clauses):
        for check in clause.rows or (clause,):
            is_whole = check.cells.get("lanes", _WHOLE) == _WHOLE
            if is_whole and "blinker" in check.needs and applies(check, axes):
                with suppress(TimelineError):  # The clause's own page warns of it.
                    yield _Way(check, read_timeline(check))


def _of_its_clause(way: _Way, ways: Iterable[_Way]) -> list[_Way]:
    return [other for other in ways if other.check.whole_id == way.check.whole_id]


def _with_switch(table: nodes.table) -> nodes.container:
    switch = nodes.raw("", _SWITCH, format="html")
    return nodes.container("", switch, table, classes=["outcomes-choice"])


def _heads_rows(words: nodes.paragraph) -> nodes.row:
    return nodes.row("", Heading("", words, scope="colgroup", morecols=len(SIGNALS)))


def _row(id: str, told: nodes.definition, way: _Way) -> nodes.row:
    """Return the row: what happens leads to the case, and a number to its clause's picture."""
    sentence, *notes = told.children
    heading = _heading("row", clause_link(id, nodes.inline("", "", *sentence.children)))
    if (requests := way.signals["request_started"]) > 1:
        words = "Two requests" if requests == 2 else f"{requests} requests"
        heading += _small(f"{words}, counted together.", "outcomes-note")
    for note in notes:
        note["classes"].append("outcomes-note")
        heading += note
    return nodes.row("", heading, *(_cell(name, way) for name in SIGNALS))


def _cell(name: str, way: _Way) -> nodes.entry:
    times = str(way.signals[name])
    if times == "0":
        return nodes.entry("", nodes.paragraph(_NEVER, _NEVER), classes=["outcomes-never"])
    link = clause_link(way.check.whole_id, nodes.inline(times, times))
    cell = nodes.entry("", nodes.paragraph("", "", link))
    if name in ARGUMENTS:
        values = dict.fromkeys(event.detail for event in way.events if event.name == name)
        cell += _small(f"{ARGUMENTS[name]}: {', '.join(values)}", "outcomes-arguments")
    return cell


def _heading(scope: str, content: Node) -> Heading:
    return Heading("", nodes.paragraph("", "", content), scope=scope)


def _small(text: str, kind: str) -> nodes.paragraph:
    return nodes.paragraph(text, text, classes=[kind])


def add_headings(app: Sphinx) -> None:
    """Have builders of HTML write headings as such; others take them for any other cell."""
    app.add_node(Heading, html=(_visit_heading, HTML5Translator.depart_entry))


def _visit_heading(translator: HTML5Translator, node: Heading) -> None:
    span = {"colspan": str(node["morecols"] + 1)} if "morecols" in node else {}
    translator.body.append(translator.starttag(node, "th", "", scope=node["scope"], **span))
    translator.context.append("</th>\n")
