"""The directive `{facts}`: what a reader wants to know first, each phrase with what proves it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from docutils import nodes
from docutils.nodes import Node
from sphinx.addnodes import pending_xref
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from signalbook.clauses import Clause, UnknownClause, applies
from signalbook.implementations import newest_release, read_releases
from signalbook.sphinx_ext.domain import ClauseDomain, clause_domain
from signalbook.sphinx_ext.folding import Folded, Summary
from signalbook.sphinx_ext.links import clause_link
from signalbook.sphinx_ext.ranges_in_words import range_in_words

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
        items = list(lists[0].findall(nodes.definition_list_item))
        terms = {next(item.findall(nodes.term)).astext(): item for item in items}
        if SINCE in terms and tuple(terms) != TERMS:
            raise self.error(f"facts about a signal have the terms {', '.join(TERMS)}")
        for item in items:
            _shorten(item, f"{PurePosixPath(self.env.current_document.docname).name}.")
        clauses = {term: list(self._clauses(item)) for term, item in terms.items()}
        for term, item in terms.items():
            for problem in _problems(item, clauses[term]):
                place = (self.env.current_document.docname, self.lineno)
                _LOGGER.warning("the fact %r %s", term, problem, location=place)
            if entries := [entry for clause in clauses[term] for entry in clause.earlier]:
                next(item.findall(nodes.definition)).append(self._past(entries))
        if SINCE in terms:
            phrase = _since(clauses[SINCE], [each for found in clauses.values() for each in found])
            definition = next(terms[SINCE].findall(nodes.definition))
            definition.insert(0, nodes.paragraph(phrase, phrase))
        return found

    def _clauses(self, item: nodes.definition_list_item) -> Iterable[Clause]:
        specification = clause_domain(self.env).specification
        for id in _ids(item):
            try:
                yield specification.clause(id)
            except UnknownClause:
                continue  # The link says so itself.

    def _past(self, entries: Iterable[Clause]) -> Folded:
        lines = nodes.bullet_list()
        for entry in entries:
            words = f"{range_in_words(entry.holds)}: "
            sentence = self.parse_text_to_nodes(entry.rule)[0].children
            link = [nodes.Text(" "), clause_link(entry.id)]
            line = nodes.paragraph("", "", nodes.strong(words, words), *sentence, *link)
            lines += nodes.list_item("", line)
        return Folded("", Summary("Earlier", "Earlier"), lines, classes=["clause-fold"])


def _links(item: nodes.definition_list_item) -> list[pending_xref]:
    links = item.findall(pending_xref)
    return [link for link in links if link["refdomain"] == ClauseDomain.name]


def _ids(item: nodes.definition_list_item) -> list[str]:
    return [link["reftarget"] for link in _links(item)]


def _shorten(item: nodes.definition_list_item, subject: str) -> None:
    """Show the ids of the page's own clauses without their *subject*."""
    for link in _links(item):
        if link["reftarget"].startswith(subject):
            behaviour = link["reftarget"].removeprefix(subject)
            link.replace_self(clause_link(link["reftarget"], nodes.literal(behaviour, behaviour)))


def _problems(item: nodes.definition_list_item, clauses: Iterable[Clause]) -> list[str]:
    if not _ids(item):
        return ["is proved by no clause; name one with {clause}"]
    newest = newest_release().stands_for
    return [
        f"is proved by {clause.id!r}, which doesn't hold on the newest release"
        for clause in clauses
        if not any(applies(check, newest) for check in clause.rows or (clause,))
    ]


def _since(first: Sequence[Clause], clauses: Sequence[Clause]) -> str:
    """Say on which release of Flask *first* held first, and where what *clauses* say changed."""
    releases = read_releases()
    said = {version: _said(clauses, release.axes) for version, release in releases.items()}
    since = next(v for v, release in releases.items() if _said(first, release.axes))
    later = list(releases)[list(releases).index(since) :]
    changes = [after for before, after in pairwise(later) if said[before] != said[after]]
    phrase = f"Flask {_short(since)}."
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
