"""The directive `{facts}`: what a reader wants to know first, each phrase with what proves it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import chain, dropwhile, pairwise

from docutils import nodes
from docutils.nodes import Node
from sphinx.addnodes import pending_xref
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from signalbook.clauses import Clause, UnknownClause, applies
from signalbook.implementations import newest_release, read_releases
from signalbook.sphinx_ext.domain import ClauseDomain, clause_domain
from signalbook.sphinx_ext.folding import Folded, Summary
from signalbook.sphinx_ext.lines import classes_of, holds_on, line_classes
from signalbook.sphinx_ext.links import clause_link
from signalbook.sphinx_ext.parts import entry_head

__all__ = ["SINCE", "TERMS", "FactsDirective"]

SINCE = "Since"
TERMS = (
    SINCE,
    "Sender",
    "Arguments",
    "Sent",
    "Not sent",
    "How often",
    "Bound",
    "Order",
    "May change",
    "If a receiver raises",
)
"""What the facts about a signal say, in this order; of the first the phrase is worked out."""

_LOGGER = logging.getLogger(__name__)


class FactsDirective(SphinxDirective):
    """A list of terms and phrases; each names clauses that hold on the newest release.

    What was true before it is folded below the phrase.
    """

    has_content = True

    def run(self) -> list[Node]:
        """Return the list, and warn of each phrase that isn't proved."""
        found = self.parse_content_to_nodes()
        lists = [node for node in found if isinstance(node, nodes.definition_list)]
        # Without an empty line between them, Markdown takes a term for more of the phrase above.
        if len(found) != 1 or not lists or "\n: " in lists[0].astext():
            raise self.error(
                "the facts are no list of terms, each with ': ' and a phrase below it,"
                " and an empty line between two of them"
            )
        lists[0]["classes"].append("facts")
        items = list(lists[0].findall(nodes.definition_list_item))
        terms = tuple(next(item.findall(nodes.term)).astext() for item in items)
        if SINCE in terms and terms != TERMS:
            raise self.error(f"facts about a signal have the terms {', '.join(TERMS)}")
        page = self.env.current_document.docname.rpartition("/")[2]
        proofs = [self._proof(item, page) for item in items]
        for term, item, clauses in zip(terms, items, proofs, strict=True):
            for problem in _problems(item, clauses):
                place = (self.env.current_document.docname, self.lineno)
                _LOGGER.warning("the fact %r %s", term, problem, location=place)
            definition = next(item.findall(nodes.definition))
            if term == SINCE:
                if phrase := _since(clauses, list(chain.from_iterable(proofs))):
                    definition.insert(0, nodes.paragraph(phrase, phrase))
            else:
                self._note_lines(definition, clauses)
            if entries := [entry for clause in clauses for entry in clause.earlier]:
                definition.append(self._past(entries, term))
        return found

    def _note_lines(self, definition: nodes.definition, clauses: Sequence[Clause]) -> None:
        """Have a phrase say on which lines of Flask any of *clauses* holds, and each link too."""
        domain = clause_domain(self.env)
        definition["classes"] += line_classes(
            domain.history,
            lambda line: any(holds_on(clause, line, domain.history) for clause in clauses),
        )
        for link in _links(definition):
            with suppress(UnknownClause):  # The link says so itself.
                clause = domain.specification.clause(link["reftarget"])
                for shown in link.findall(nodes.TextElement):
                    shown["classes"] += classes_of(clause, domain.history)

    def _proof(self, item: nodes.definition_list_item, page: str) -> list[Clause]:
        """Return the clauses that *item* names, and show those of its own page in short."""
        specification = clause_domain(self.env).specification
        clauses = []
        for link in _links(item):
            id = link["reftarget"]
            if id.startswith(f"{page}."):
                behaviour = id.removeprefix(f"{page}.")
                link.replace_self(clause_link(id, nodes.literal(behaviour, behaviour)))
            try:
                clause = specification.clause(id)
            except UnknownClause:
                continue  # The link says so itself.
            clauses.append(clause)
            self.env.note_dependency(clause.file)
        return clauses

    def _past(self, entries: Iterable[Clause], term: str) -> Folded:
        lines = nodes.bullet_list()
        history = clause_domain(self.env).history
        for entry in entries:
            sentence = self.parse_text_to_nodes(entry.rule)[0].children
            link = [nodes.Text(" "), clause_link(entry.id)]
            line = nodes.paragraph("", "", entry_head(entry), *sentence, *link)
            # Since when there is something is the same on whatever release.
            classes = [] if term == SINCE else classes_of(entry, history)
            lines += nodes.list_item("", line, classes=classes)
        return Folded("", Summary("Earlier", "Earlier"), lines, classes=["clause-fold"])


def _links(item: nodes.Element) -> list[pending_xref]:
    links = item.findall(pending_xref)
    return [link for link in links if link["refdomain"] == ClauseDomain.name]


def _problems(item: nodes.definition_list_item, clauses: Iterable[Clause]) -> list[str]:
    if not _links(item):
        return ["is proved by no clause; name one with {clause}"]
    newest = newest_release().stands_for
    return [
        f"is proved by {clause.id!r}, which doesn't hold on the newest release"
        for clause in clauses
        if not any(applies(check, newest) for check in clause.rows or (clause,))
    ]


def _since(first: Sequence[Clause], clauses: Sequence[Clause]) -> str:
    """Say on which release of Flask *first* held first, and where what *clauses* say changed.

    :returns: Nothing if *first* holds on none.
    """
    releases = dropwhile(lambda release: not _said(first, release.axes), read_releases().values())
    told = [(release.version, _said(clauses, release.axes)) for release in releases]
    if not told:
        return ""
    changes = [after for (_, before), (after, now) in pairwise(told) if now != before]
    phrase = f"Flask {_short(told[0][0])}."
    return f"{phrase} Changed in {', '.join(map(_short, changes))}." if changes else phrase


def _said(clauses: Iterable[Clause], axes: dict[str, str]) -> set[str]:
    """Return the ids of the rules, and of what was true before them, that hold on a release."""
    return {
        entry.id
        for clause in clauses
        for entry in clause.entries
        if any(applies(check, axes) for check in entry.rows or (entry,))
    }


def _short(version: str) -> str:
    return version.removesuffix(".0") if version.count(".") > 1 else version
