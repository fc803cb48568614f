"""The directive `{clause-table}`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby

from docutils import nodes
from docutils.nodes import Node
from sphinx.util.docutils import SphinxDirective

from signalbook.clauses import FEATURES, Clause, Page, applies
from signalbook.history import SERIES, Features
from signalbook.sphinx_ext.domain import clause_domain
from signalbook.sphinx_ext.links import clause_link, page_link
from signalbook.sphinx_ext.outcomes import Heading
from signalbook.sphinx_ext.parts import range_nodes
from signalbook.sphinx_ext.rereading import depends_on_rules

__all__ = ["ClauseTable"]

_HEADS = ("Clause", "Level", "Holds for", "Rule")
_WIDTHS = (30, 11, 19, 40)  # per cent


class ClauseTable(SphinxDirective):
    """All clauses in reading order: a section for each chapter, and in it a table.

    Scripts add a filter; without them the tables are there.
    """

    def run(self) -> list[Node]:
        """Return the data for the filter, and the sections."""
        # The kit reads the clauses, not this page's dependencies: it must never be out of date.
        depends_on_rules(self.env)
        pages = [page for page in clause_domain(self.env).specification.pages if page.clauses]
        chapters = groupby(pages, key=lambda page: page.chapter)
        return [
            nodes.raw("", _filter_html(pages, clause_domain(self.env).features), format="html"),
            *(self._section(chapter, list(group)) for chapter, group in chapters),
        ]

    def _section(self, chapter: str, pages: Sequence[Page]) -> nodes.section:
        title = chapter.capitalize()
        section = nodes.section("", nodes.title(title, title), classes=["no-search"])
        section["names"].append(chapter)
        self.state.document.note_implicit_target(section, section)
        group = nodes.tgroup(cols=len(_HEADS))
        group += [nodes.colspec(colwidth=width) for width in _WIDTHS]
        group += nodes.thead("", _row([[nodes.Text(head)] for head in _HEADS]))
        group += nodes.tbody("", *(row for page in pages for row in self._rows(page)))
        section += nodes.table("", group, classes=["clauses", "colwidths-given"])
        return section

    def _rows(self, page: Page) -> Iterator[nodes.row]:
        title, messages = self.parse_inline(page.title, lineno=self.lineno)
        link = page_link(page.file.removesuffix(".md"), nodes.inline("", "", *title))
        heading = nodes.paragraph("", "", link, *messages)
        yield nodes.row("", Heading("", heading, scope="colgroup", morecols=len(_HEADS) - 1))
        for clause in page.clauses:
            yield from map(self._row, clause.entries)

    def _row(self, clause: Clause) -> nodes.row:
        rule, messages = self.parse_inline(clause.rule, lineno=self.lineno)
        level = [nodes.Text(clause.level)]
        return _row([[clause_link(clause.id)], level, range_nodes(clause), [*rule, *messages]])


def _row(cells: Sequence[Sequence[Node]]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))


def _filter_html(pages: Sequence[Page], features: Features) -> str:
    """Return the place of the filter, with the releases and the features that it asks about."""
    there = [
        (environment.version, environment.axes)
        for series in ("flask", "flask-without-blinker")
        for environment in SERIES[series].environments()
    ]
    entries = [entry for page in pages for clause in page.clauses for entry in clause.entries]
    holds = {
        entry.id: [
            version
            for version, axes in there
            if any(applies(check, axes) for check in entry.rows or (entry,))
        ]
        for entry in entries
    }
    needs = {entry.id: features.of_rule(entry) or ([], []) for entry in entries}
    versions = list(SERIES["flask"].descriptions)
    data = {
        "releases": versions,
        "features": list(FEATURES),
        "needs": {id: [*every, *some] for id, (every, some) in needs.items() if every or some},
        "holds": {
            id: "".join("1" if version in on else "0" for version in versions)
            for id, on in holds.items()
        },
    }
    text = json.dumps(data, separators=(",", ":"))
    script = f'<script type="application/json">{text}</script>'
    return f'<div class="clause-filter release-aware">{script}</div>'
