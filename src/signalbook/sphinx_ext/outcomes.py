"""The directive `{outcomes}`: which signal is sent when, how often and with what, as recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from signalbook.clauses import Clause, Specification, applies
from signalbook.history import History
from signalbook.implementations import newest_release
from signalbook.sphinx_ext.domain import clause_domain
from signalbook.sphinx_ext.lines import holds_on, line_classes, lines_of
from signalbook.sphinx_ext.links import clause_link, page_link, signal_pages
from signalbook.sphinx_ext.rereading import depends_on_rules
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
_UNSPECIFIED = "Not specified for this release."
_OTHER = "outcomes-other"
_WHOLE = "`LANES`"
_SWITCH = (
    '<label class="outcomes-switch"><input type="checkbox">'
    " Show what tells cases apart: response, template, message, exception</label>"
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

    @property
    def cells(self) -> list[tuple[str, str]]:
        """How often each core signal is sent, and with which values of its argument."""
        details = {name: [e.detail for e in self.events if e.name == name] for name in ARGUMENTS}
        return [
            (str(self.signals[name]), ", ".join(dict.fromkeys(details.get(name, ()))))
            for name in SIGNALS
        ]


class OutcomesTable(SphinxDirective):
    """A table with a row for each way that a request can go, and a column for each core signal.

    The content has the id of each timeline, and below it a sentence that says what happens; a
    paragraph of its own heads the rows below it. What is sent is read from the timelines.
    Those that hold on the newest release must all be told of, but for cases that send the same.
    Where other releases did something else there are more rows, which a script shows.
    """

    has_content = True

    def run(self) -> list[Node]:
        """Return the table, and warn of ways that it lacks."""
        depends_on_rules(self.env)
        newest = newest_release().axes
        domain = clause_domain(self.env)
        ways = list(_ways(domain.specification, newest))
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
                        told_of = next(item.findall(nodes.definition))
                        whole = domain.specification.clause(found[0].check.whole_id)
                        rows += _rows(told_of, found[0], whole, domain.history)
            else:
                raise self.error("the content is no ids, each with ': ' and a sentence below it")
        for way in ways:
            if not any(other.signals == way.signals for other in _of_its_clause(way, told)):
                self._warn(f"no row tells of {way.check.id!r}, or of a case that sends the same")
        return [_with_switch(self._table(f"Flask {newest['flask']}", rows))]

    def _is_one_way(self, id: str, ways: Sequence[_Way]) -> bool:
        if not ways:
            self._warn(f"{id!r} is no timeline that holds on the newest release")
        elif any(way.signals != ways[0].signals for way in ways):
            self._warn(f"the cases of {id!r} don't send the same; name one of them")
        return bool(ways)

    def _warn(self, problem: str) -> None:
        place = (self.env.current_document.docname, self.lineno)
        _LOGGER.warning("the table of outcomes: %s", problem, location=place)

    def _table(self, release: str, rows: Iterable[nodes.row]) -> nodes.table:
        group = nodes.tgroup(cols=1 + len(SIGNALS))
        # For builders that reckon in characters; a browser knows better.
        group += [nodes.colspec(colwidth=width) for width in (30, *map(len, SIGNALS))]
        group += [nodes.thead("", self._head()), nodes.tbody("", *rows)]
        name = nodes.inline(release, release, classes=["release-version"])
        caption = nodes.title("", "", nodes.Text("How often each signal is sent, on "), name)
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


def _rows(told: nodes.definition, newest: _Way, whole: Clause, history: History) -> list[nodes.row]:
    """Return a row for what happens on the newest release, and one for all that others did.

    Exactly one of them is for any line of releases.
    """
    found: dict[tuple[tuple[str, str], ...], tuple[_Way | None, list[str]]] = {
        tuple(newest.cells): (newest, [])
    }
    candidates = [newest, *_earlier_ways(newest.check, whole)]
    for line in lines_of(history):
        way = next((way for way in candidates if holds_on(way.check, line, history)), None)
        _, names = found.setdefault(tuple(way.cells) if way else (), (way, []))
        names.append(line.name)
    rows = []
    for way, names in found.values():
        row = nodes.row("", _row_head(told, way))
        row += _cells(way, has_picture=way is newest)
        row["classes"] += _classes_on(names, history) + ([] if way is newest else [_OTHER])
        rows.append(row)
    return rows


def _classes_on(names: Sequence[str], history: History) -> list[str]:
    return line_classes(history, lambda line: line.name in names)


def _earlier_ways(check: Clause, whole: Clause) -> Iterator[_Way]:
    """Yield what earlier entries have in place of a way: the case of the same name, or the only."""
    name = check.id.rpartition(".")[2]
    for entry in whole.earlier:
        if not entry.replaces or check.id in entry.replaces:
            named = [row for row in entry.rows if row.id.rpartition(".")[2] == name]
            for candidate in named or entry.rows or (entry,):
                with suppress(TimelineError):  # Some compare hooks alone.
                    yield _Way(candidate, read_timeline(candidate))


def _row_head(told: nodes.definition, way: _Way | None) -> Heading:
    """Return what happens, which leads to the rule that shows it, or to what was so earlier."""
    told = told.deepcopy()
    sentence, *notes = told.findall(nodes.paragraph)
    content = nodes.inline("", "", *sentence.children)
    heading = _heading("row", clause_link(way.check.whole_id, content) if way else content)
    if way and (requests := way.signals["request_started"]) > 1:
        words = "Two requests" if requests == 2 else f"{requests} requests"
        heading += _small(f"{words}, counted together.", "outcomes-note")
    for note in notes:
        note["classes"].append("outcomes-note")
        heading += note
    return heading


def _cells(way: _Way | None, *, has_picture: bool) -> list[nodes.entry]:
    """Return a cell for each signal; a number leads to its clause's picture, where it has one."""
    if way is None:
        text = nodes.paragraph(_UNSPECIFIED, _UNSPECIFIED)
        return [nodes.entry("", text, morecols=len(SIGNALS) - 1)]
    whole = way.check.whole_id if has_picture else None
    return [
        _cell(name, times, values, whole)
        for name, (times, values) in zip(SIGNALS, way.cells, strict=True)
    ]


def _cell(name: str, times: str, values: str, target: str | None) -> nodes.entry:
    if times == "0":
        return nodes.entry("", nodes.paragraph(_NEVER, _NEVER), classes=["outcomes-never"])
    number = nodes.inline(times, times)
    content = clause_link(target, number) if target else nodes.Text(times)
    cell = nodes.entry("", nodes.paragraph("", "", content))
    if name in ARGUMENTS:
        cell += _small(f"{ARGUMENTS[name]}: {values}", "outcomes-arguments")
    return cell


def _heading(scope: str, content: Node) -> Heading:
    return Heading("", nodes.paragraph("", "", content), scope=scope)


def _small(text: str, kind: str) -> nodes.paragraph:
    return nodes.paragraph(text, text, classes=[kind])


def add_headings(app: Sphinx) -> None:
    """Have builders of HTML write headings as such; others take them for any other cell."""
    app.add_node(Heading, html=(_visit_heading, HTML5Translator.depart_entry))


def _visit_heading(translator: HTML5Translator, node: Heading) -> None:
    span: dict[str, Any] = {"colspan": str(node["morecols"] + 1)} if "morecols" in node else {}
    translator.body.append(translator.starttag(node, "th", "", scope=node["scope"], **span))
    translator.context.append("</th>\n")
