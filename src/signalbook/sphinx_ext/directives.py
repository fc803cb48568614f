"""The directives `{clause}` and `{setup}`, as every builder shows them."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from docutils.nodes import Node
from docutils.parsers.rst import directives
from sphinx.addnodes import (
    desc_content,
    desc_name,
    desc_signature,
    desc_signature_line,
)
from sphinx.directives import ObjectDescription
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from signalbook.clauses import Clause, UnknownClause
from signalbook.sphinx_ext.compatibility.measured import Measured
from signalbook.sphinx_ext.domain import ClauseDomain, clause_domain
from signalbook.sphinx_ext.links import page_link
from signalbook.sphinx_ext.mentions import Mentions
from signalbook.sphinx_ext.picture import picture
from signalbook.sphinx_ext.ranges_in_words import range_in_words
from signalbook.sphinx_ext.timelines import TimelineError, has_timeline, read_timeline

__all__ = ["SETUP_TITLE", "ClauseDirective", "SetupDirective", "level_badge", "range_nodes"]

SETUP_TITLE = "Set-up: runs before every clause on this page"

_SETUP_ID = "set-up"
_LOGGER = logging.getLogger(__name__)


class ClauseDirective(ObjectDescription[str]):
    """One clause: its id, level and range, then its rule, examples and notes.

    What is said about it comes from the kit's reader; only its content is read here.
    """

    option_spec: ClassVar[OptionSpec] = {
        "holds": directives.unchanged_required,
        "needs": directives.unchanged_required,
        "otherwise": directives.unchanged_required,
    }
    clause: Clause

    def run(self) -> list[Node]:
        """Return the clause's nodes; none if the kit doesn't see it, or sees it elsewhere."""
        place = f"{self.env.current_document.docname}.md:{self.lineno}"
        try:
            self.clause = clause_domain(self.env).specification.clause(self.arguments[0])
        except UnknownClause as error:
            _LOGGER.warning("the kit doesn't read this clause: %s", error, location=self._location)
            return []
        if self.clause.place != place:
            _LOGGER.warning(
                "the clause %r is at %s for Sphinx and at %s for the kit",
                self.clause.id, place, self.clause.place, location=self._location,
            )  # fmt: skip
            return []
        self.name = f"{ClauseDomain.name}:clause"
        return super().run()

    @property
    def _location(self) -> tuple[str, int]:
        return self.env.current_document.docname, self.lineno

    def handle_signature(self, sig: str, signode: desc_signature) -> str:
        """Fill in the clause's head: its id, which links to itself, its level and its range."""
        # With several lines Sphinx adds no second permalink.
        signode["is_multiline"] = True
        link = nodes.reference("", "", desc_name(sig, sig), refid=sig, internal=True)
        facts = desc_signature_line("", "", level_badge(self.clause), nodes.Text(" for "))
        facts += range_nodes(self.clause)
        if self.clause.own_needs is not None:
            facts += _needs_nodes(self.clause)
        signode += [desc_signature_line("", "", link), facts]
        return sig

    def add_target_and_index(self, name: str, sig: str, signode: desc_signature) -> None:
        """Make the id the target, and enter it in the domain and in the general index."""
        signode["ids"].append(name)
        self.state.document.note_explicit_target(signode)
        clause_domain(self.env).note_clause(self.clause)
        self.indexnode["entries"].append(("single", name, name, "", None))

    def _object_hierarchy_parts(self, sig_node: desc_signature) -> tuple[str, ...]:
        return (self.clause.id,)

    def _toc_entry_name(self, sig_node: desc_signature) -> str:
        # The page's contents need not repeat its subject.
        return self.clause.id.partition(".")[2]

    def transform_content(self, content_node: desc_content) -> None:
        """Set the rule apart from what is said about it, and say how to run the clause.

        A timeline gets its picture, after the examples.
        """
        rule, *_ = content_node.children
        if isinstance(rule, nodes.paragraph):
            rule["classes"].append("clause-rule")
        if has_timeline(self.clause):
            examples = [part for part in content_node if any(part.findall(nodes.literal_block))]
            content_node.insert(content_node.index(examples[-1]) + 1, self._picture())
        content_node += self._last_line()

    def _picture(self) -> list[Node]:
        try:
            html = picture(self.clause, read_timeline(self.clause))
        except TimelineError as error:
            place = (self.env.current_document.docname, error.line)
            _LOGGER.warning("%s", error, location=place)
            return []
        return [nodes.raw("", html, format="html")]

    def _last_line(self) -> nodes.paragraph:
        command = f"signalbook verify --clause {self.clause.id}"
        line = nodes.paragraph(classes=["clause-run"])
        if self.clause.setup:
            setup = nodes.reference("", "this page's set-up", refid=_SETUP_ID, internal=True)
            line += [nodes.Text("Runs after "), setup, nodes.Text(". ")]
        line += [Measured(clause=self.clause.id), Mentions(clause=self.clause.id)]
        line += [nodes.Text("To repeat it: "), nodes.literal(command, command), nodes.Text(".")]
        return line


def level_badge(clause: Clause) -> nodes.inline:
    """Return the clause's level, marked for styling."""
    classes = ["clause-level", f"clause-level-{clause.level.lower()}"]
    return nodes.inline(clause.level, clause.level, classes=classes)


def range_nodes(clause: Clause) -> list[Node]:
    """Return the clause's range in words, and as written."""
    words = range_in_words(clause.holds)
    found: list[Node] = [nodes.inline(words, words, classes=["clause-range"])]
    if clause.holds is not None:
        found += [nodes.Text(" "), nodes.literal(clause.holds.text, clause.holds.text)]
    return found


def _needs_nodes(clause: Clause) -> list[Node]:
    """Return what the clause needs, for one that needs something else than its chapter."""
    found: list[Node] = []
    for name in sorted(clause.needs, reverse=True):
        found += [nodes.Text(" and " if found else "; needs "), nodes.literal(name, name)]
    return found


class SetupDirective(SphinxDirective):
    """A page's set-up block, under a title of its own."""

    has_content = True
    option_spec: ClassVar[OptionSpec] = {"after": directives.unchanged_required}

    def run(self) -> list[Node]:
        """Return the titled block."""
        block = nodes.admonition("", nodes.title(SETUP_TITLE, SETUP_TITLE), classes=["setup"])
        block["ids"].append(_SETUP_ID)
        self.set_source_info(block)
        self.state.document.note_explicit_target(block)
        if "after" in self.options:
            block += self._earlier(self.options["after"])
        block += self.parse_content_to_nodes()
        return [block]

    def _earlier(self, page: str) -> nodes.paragraph:
        """Return the sentence that names the page whose set-up runs first."""
        self.env.note_dependency(f"spec/{page}.md")  # The link shows its title.
        words = "These examples begin with the set-up of "
        return nodes.paragraph("", words, page_link(f"spec/{page}"), nodes.Text("."))
