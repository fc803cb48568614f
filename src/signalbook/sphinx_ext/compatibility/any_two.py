"""The directive `{changes}`: what changes between two releases that the reader chooses."""

from __future__ import annotations

from itertools import groupby
from typing import Any, ClassVar

from docutils import nodes
from docutils.nodes import Node
from sphinx.util.docutils import SphinxDirective

from signalbook.clauses import Clause, Page, Specification
from signalbook.history import WITHOUT_BLINKER, History, outcomes, runs_without_blinker
from signalbook.sphinx_ext.domain import clause_domain
from signalbook.sphinx_ext.embedded import embedded
from signalbook.sphinx_ext.links import clause_url
from signalbook.sphinx_ext.rereading import depends_on_rules

__all__ = ["Changes"]


class Changes(SphinxDirective):
    """What changes between any two releases, worked out in the browser.

    The content links pages on upgrades from line to line, with titles that end in `0.12 to 1.1`.
    """

    has_content: ClassVar[bool] = True

    def run(self) -> list[Node]:
        """Return the links, and the data for a script."""
        depends_on_rules(self.env)
        domain = clause_domain(self.env)
        links = nodes.container(
            "", *self.parse_content_to_nodes(), classes=["release-changes-pages"]
        )
        data = embedded(self._data(domain.specification, domain.history))
        text = (
            '<div class="release-changes release-aware">\n'
            "<noscript><p>To choose any two releases needs scripts; "
            "<code>signalbook diff 2.1.3 3.1.3</code> needs none.</p></noscript>\n"
            f'<script type="application/json">{data}</script>\n</div>'
        )
        return [links, nodes.raw("", text, format="html", classes=["no-search"])]

    def _data(self, specification: Specification, history: History) -> dict[str, Any]:
        versions = history.versions("flask")
        reasons: dict[str, int] = {"": 0}
        return {
            "versions": versions,
            "withoutBlinker": [runs_without_blinker(history, version) for version in versions],
            "withoutBlinkerText": WITHOUT_BLINKER,
            "pages": [self._page(page, history, reasons) for page in specification.pages],
            "reasons": list(reasons),
        }

    def _page(self, page: Page, history: History, reasons: dict[str, int]) -> dict[str, Any]:
        clauses = [
            {
                "level": clause.level,
                "lacksBlinker": "blinker" in clause.lacks,
                "entries": [_entry(entry, history, reasons) for entry in clause.entries],
            }
            for clause in page.clauses
            if "flask" in clause.needs
        ]
        url = clause_url(page.clauses[0], self.env.current_document.docname) if clauses else ""
        return {"title": page.title, "url": url.partition("#")[0], "clauses": clauses}


def _entry(entry: Clause, history: History, reasons: dict[str, int]) -> dict[str, Any]:
    return {
        "id": entry.id,
        "rule": entry.rule,
        "checks": [
            [check.id.rpartition(".")[2] if check.row_of else "", _runs(check, history, reasons)]
            for check in entry.rows or (entry,)
        ],
    }


def _runs(check: Clause, history: History, reasons: dict[str, int]) -> list[list[int]]:
    """Return what came of *check* and of how many releases on end; -1 is what nobody knows."""
    return [
        [-1 if why is None else reasons.setdefault(why, len(reasons)), len(list(group))]
        for why, group in groupby(outcomes(history, check))
    ]
