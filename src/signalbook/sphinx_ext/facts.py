"""The directive `{facts}`: what a reader wants to know first, each phrase with what proves it."""

from __future__ import annotations

from docutils import nodes
from docutils.nodes import Node
from sphinx.addnodes import pending_xref
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from signalbook.clauses import UnknownClause, applies
from signalbook.implementations import newest_release
from signalbook.sphinx_ext.domain import ClauseDomain, clause_domain

__all__ = ["FactsDirective"]

_LOGGER = logging.getLogger(__name__)


class FactsDirective(SphinxDirective):
    """A list of terms and phrases; each names clauses that hold on the newest release."""

    has_content = True

    def run(self) -> list[Node]:
        """Return the list, and warn of each phrase that isn't proved."""
        # Other pages' clauses prove it, too: it must never be out of date.
        self.env.note_reread()
        found = self.parse_content_to_nodes()
        lists = [node for node in found if isinstance(node, nodes.definition_list)]
        # Without an empty line between them, Markdown takes a term for more of the phrase above.
        if len(found) != 1 or not lists or "\n: " in lists[0].astext():
            raise self.error(
                "the facts are no list of terms, each with ': ' and a phrase below it,"
                " and an empty line between two of them"
            )
        lists[0]["classes"].append("facts")
        for item in lists[0].findall(nodes.definition_list_item):
            term = next(item.findall(nodes.term)).astext()
            for problem in self._problems(item):
                place = (self.env.current_document.docname, self.lineno)
                _LOGGER.warning("the fact %r %s", term, problem, location=place)
        return found

    def _problems(self, item: nodes.definition_list_item) -> list[str]:
        specification = clause_domain(self.env).specification
        newest = newest_release().stands_for
        ids = [
            link["reftarget"]
            for link in item.findall(pending_xref)
            if link["refdomain"] == ClauseDomain.name
        ]
        if not ids:
            return ["is proved by no clause; name one with {clause}"]
        problems = []
        for id in ids:
            try:
                clause = specification.clause(id)
            except UnknownClause:
                continue  # The link says so itself.
            if not any(applies(check, newest) for check in clause.rows or (clause,)):
                problems.append(f"is proved by {id!r}, which doesn't hold on the newest release")
        return problems
