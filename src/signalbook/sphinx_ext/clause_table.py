"""The directive `{clause-table}`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from docutils import nodes
from docutils.nodes import Node
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from signalbook.clauses import CHAPTERS, Clause, Page
from signalbook.sphinx_ext.domain import clause_domain
from signalbook.sphinx_ext.links import clause_link, page_link
from signalbook.sphinx_ext.parts import level_badge, range_nodes

__all__ = ["ClauseTable"]

_HEADS = ("Clause", "Level", "Holds for", "Rule")
_WIDTHS = (30, 11, 19, 40)  # per cent


class ClauseTable(SphinxDirective):
    """A table of clauses for each page of the specification, or of one chapter."""

    option_spec: ClassVar[OptionSpec] = {
        "chapter": lambda argument: directives.choice(argument, tuple(CHAPTERS))
    }

    def run(self) -> list[Node]:
        """Return a table for each page, in reading order."""
        # The kit reads the clauses, not this page's dependencies: it must never be out of date.
        self.env.note_reread()
        chapter = self.options.get("chapter")
        return [
            self._table(page)
            for page in clause_domain(self.env).specification.pages
            if page.clauses and chapter in (None, page.chapter)
        ]

    def _table(self, page: Page) -> nodes.table:
        title, messages = self.parse_inline(page.title, lineno=self.lineno)
        group = nodes.tgroup(cols=len(_HEADS))
        group += [nodes.colspec(colwidth=width) for width in _WIDTHS]
        group += nodes.thead("", _row([[nodes.Text(head)] for head in _HEADS]))
        group += nodes.tbody(
            "",
            *(self._clause(entry) for clause in page.clauses for entry in clause.entries),
            *messages,
        )
        link = page_link(page.file.removesuffix(".md"), nodes.inline("", "", *title))
        return nodes.table(
            *("", nodes.title("", "", link), group),
            classes=["clauses", "colwidths-given", "no-search"],
        )

    def _clause(self, clause: Clause) -> nodes.row:
        rule, messages = self.parse_inline(clause.rule, lineno=self.lineno)
        return _row(
            [
                [clause_link(clause.id)],
                [level_badge(clause)],
                range_nodes(clause),
                [*rule, *messages],
            ]
        )


def _row(cells: Sequence[Sequence[Node]]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))
