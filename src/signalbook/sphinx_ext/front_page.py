"""What the front page shows of other pages: the directives `{fact-card}` and `{timeline}`."""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.nodes import Node
from sphinx.addnodes import pending_xref
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from signalbook.sphinx_ext.domain import clause_domain
from signalbook.sphinx_ext.folding import Folded
from signalbook.sphinx_ext.links import page_link, signal_pages, signal_urls
from signalbook.sphinx_ext.picture import picture
from signalbook.sphinx_ext.rereading import depends_on_rules
from signalbook.sphinx_ext.timelines import TimelineError, read_event

__all__ = ["FactCard", "FactCardDirective", "FillFactCards", "TimelineDirective"]

_LOGGER = logging.getLogger(__name__)


class FactCard(nodes.container):
    """Stands for the facts of the page `docname`, those with `terms`, until it has been read."""


class FactCardDirective(SphinxDirective):
    """Facts about a core signal, as its page has them, with a link to that page."""

    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {
        "terms": lambda argument: [term.strip() for term in argument.split(",")]
    }

    def run(self) -> list[Node]:
        """Return the place for the facts, below the signal's name."""
        depends_on_rules(self.env)
        name = self.arguments[0]
        docname = signal_pages(clause_domain(self.env).specification).get(name)
        if docname is None:
            raise self.error(f"there is no page of a core signal {name!r}")
        title = nodes.paragraph("", "", page_link(docname, nodes.literal(name, name)))
        title["classes"].append("fact-card-title")
        card = FactCard("", title, docname=docname, terms=self.options.get("terms"))
        card["classes"].append("fact-card")
        self.set_source_info(card)
        return [card]


class FillFactCards(SphinxPostTransform):
    """Puts the facts into each card of a page that is about to be written."""

    default_priority = 5  # before links are resolved

    def run(self, **kwargs: Any) -> None:
        """Fill in the whole page."""
        for card in self.document.findall(FactCard):
            facts = self._facts(card["docname"])
            items = list(facts.findall(nodes.definition_list_item))
            by_term = {next(item.findall(nodes.term)).astext(): item for item in items}
            terms = card["terms"] or list(by_term)
            for term in terms:
                if term not in by_term:
                    _LOGGER.warning("%s has no fact %r", card["docname"], term, location=card)
            facts.children = []
            facts += [by_term[term] for term in terms if term in by_term]
            card += facts

    def _facts(self, docname: str) -> nodes.definition_list:
        """Return a copy of the page's facts: with links as seen from here, and nothing to open."""
        lists = self.env.get_doctree(docname).findall(nodes.definition_list)
        found = next((each for each in lists if "facts" in each["classes"]), None)
        facts = found.deepcopy() if found else nodes.definition_list()
        for folded in facts.findall(Folded):
            folded["classes"] = ["fact-card-past"]
        for link in facts.findall(pending_xref):
            link["refdoc"] = self.env.current_document.docname
        return facts


class TimelineDirective(SphinxDirective):
    """The picture of a timeline that stands in the content, with a line for each event.

    Its argument is whose timeline it is, and its option what is said below it.
    """

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[OptionSpec] = {"caption": str}

    def run(self) -> list[Node]:
        """Return the picture."""
        try:
            events = [
                read_event(line, self.content_offset + number)
                for number, line in enumerate(self.content, 1)
            ]
        except TimelineError as error:
            raise self.error(str(error)) from None
        html = picture(
            events,
            signal_urls(clause_domain(self.env).specification, self.env.current_document.docname),
            name=self.arguments[0],
            caption=self.options.get("caption", "Time runs downwards."),
        )
        return [nodes.raw("", html, format="html")]
