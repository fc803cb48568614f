"""The directives `{clause}`, `{cases}`, `{earlier}` and `{setup}`, as every builder shows them."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from docutils.nodes import Node
from docutils.parsers.rst import directives
from sphinx.addnodes import (
    desc,
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
from signalbook.implementations import newest_release
from signalbook.sphinx_ext.domain import ClauseDomain, clause_domain
from signalbook.sphinx_ext.folding import Folded, Summary
from signalbook.sphinx_ext.lines import classes_of
from signalbook.sphinx_ext.links import page_link, signal_urls
from signalbook.sphinx_ext.parts import (
    SETUP_ID,
    anchored_cases,
    entry_head,
    exceptions,
    folded,
    level_badge,
    named_cases,
    needs_nodes,
    range_nodes,
)
from signalbook.sphinx_ext.picture import picture
from signalbook.sphinx_ext.rereading import depends_on_history
from signalbook.sphinx_ext.timelines import TimelineError, has_timeline, read_timeline

__all__ = ["SETUP_TITLE", "CasesDirective", "ClauseDirective", "EarlierDirective", "SetupDirective"]

SETUP_TITLE = "Set-up: runs before every clause on this page"

_CASES = "clause-cases"
_EARLIER = "clause-earlier"
_LOGGER = logging.getLogger(__name__)


class ClauseDirective(ObjectDescription[str]):
    """One clause: its rule and notes, and folded below them its cases, examples and past.

    What is said about it comes from the kit's reader; only its content is read here.
    """

    option_spec: ClassVar[OptionSpec] = {
        "holds": directives.unchanged_required,
        "needs": directives.unchanged_required,
        "source": directives.unchanged_required,
        "except": directives.unchanged_required,
        "otherwise": directives.unchanged_required,
    }
    clause: Clause

    def run(self) -> list[Node]:
        """Return the clause's nodes; none if the kit doesn't see it, or sees it elsewhere."""
        clause = _read_here(self)
        if clause is None:
            return []
        self.clause = clause
        depends_on_history(self.env)
        self.name = f"{ClauseDomain.name}:clause"
        found = super().run()
        for node in found:
            if isinstance(node, desc):
                node["classes"] += classes_of(clause, clause_domain(self.env).history)
        return found

    def handle_signature(self, sig: str, signode: desc_signature) -> str:
        """Fill in the clause's head: its id, which links to itself, its level and its range."""
        # With several lines Sphinx adds no second permalink.
        signode["is_multiline"] = True
        link = nodes.reference("", "", desc_name(sig, sig), refid=sig, internal=True)
        facts = desc_signature_line("", "", level_badge(self.clause))
        # One element, since what is in the head stands apart from each other.
        where = nodes.inline()
        if self.clause.holds is not None:
            where += [nodes.Text(" for "), *range_nodes(self.clause)]
        if self.clause.own_needs is not None:
            where += needs_nodes(self.clause)
        if where.children:
            facts += where
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
        """Leave in sight what is read, and fold what proves it; a timeline gets its picture."""
        rule, *others = content_node.children
        content_node.children = []
        if isinstance(rule, nodes.paragraph):
            rule["classes"].append("clause-rule")
        past = [part for part in others if _is(part, _EARLIER)]
        seen = [part for part in others if isinstance(part, nodes.note)]
        proof = [part for part in others if part not in past and part not in seen]
        title = named_cases(self.clause) if _note_rows(self, self.clause, proof) else "Examples"
        content_node += [rule, *exceptions(self.clause, clause_domain(self.env).specification)]
        content_node += [*seen, *(self._picture() if has_timeline(self.clause) else [])]
        content_node += [
            folded(self.clause, clause_domain(self.env).features, proof, [nodes.Text(title)]),
            *past,
        ]

    def _picture(self) -> list[Node]:
        docname = self.env.current_document.docname
        try:
            events = read_timeline(self.clause)
        except TimelineError as error:
            _LOGGER.warning("%s", error, location=(docname, error.line))
            return []
        rows = self.clause.rows
        which = f"The case {rows[0].id.rpartition('.')[2]}" if rows else "The same"
        release = f"Flask {newest_release().version}"
        html = picture(
            events,
            signal_urls(clause_domain(self.env).specification, docname),
            name=self.clause.id,
            caption=f"{which} as a picture, on {release}; time runs downwards.",
        )
        return [nodes.raw("", html, format="html")]


class EarlierDirective(SphinxDirective):
    """What other releases did instead: a line, with its examples folded below it."""

    has_content = True
    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {
        "holds": directives.unchanged_required,
        "needs": directives.unchanged_required,
        "rows": directives.unchanged_required,
        "source": directives.unchanged_required,
    }

    def run(self) -> list[Node]:
        """Return the entry; nothing if the kit doesn't see it, or sees it elsewhere."""
        clause = _read_here(self)
        if clause is None:
            return []
        sentence, *proof = self.parse_content_to_nodes()
        has_table = _note_rows(self, clause, proof)
        # The ids are inside what is folded, so that a browser opens it for who comes by them.
        targets = [clause] if has_table else [clause, *clause.rows]
        for target in targets:
            clause_domain(self.env).note_clause(target)
        entry = folded(
            clause,
            clause_domain(self.env).features,
            proof,
            [entry_head(clause), *sentence.children],
            ids=[target.id for target in targets],
        )
        entry["classes"] += [_EARLIER, *classes_of(clause, clause_domain(self.env).history)]
        return [entry]


class CasesDirective(SphinxDirective):
    """The table of a clause's rows; the clause makes them targets."""

    has_content = True

    def run(self) -> list[Node]:
        """Return the table."""
        return [nodes.container("", *self.parse_content_to_nodes(), classes=[_CASES])]


def _read_here(directive: SphinxDirective) -> Clause | None:
    """Return the clause that the kit reads where *directive* is, or warn that it doesn't."""
    docname = directive.env.current_document.docname
    location = docname, directive.lineno
    try:
        clause = clause_domain(directive.env).specification.clause(directive.arguments[0])
    except UnknownClause as error:
        _LOGGER.warning("the kit doesn't read this clause: %s", error, location=location)
        return None
    place = f"{docname}.md:{directive.lineno}"
    if clause.place != place:
        _LOGGER.warning(
            "the clause %r is at %s for Sphinx and at %s for the kit",
            clause.id, place, clause.place, location=location,
        )  # fmt: skip
        return None
    return clause


def _is(node: Node, name: str) -> bool:
    return isinstance(node, nodes.Element) and name in node["classes"]


def _note_rows(directive: SphinxDirective, clause: Clause, parts: list[Node]) -> bool:
    """Make the rows of the table in *parts* targets of their ids; tell whether there is one."""
    for part in parts:
        if isinstance(part, nodes.container) and _is(part, _CASES):
            domain = clause_domain(directive.env)
            for row in anchored_cases(part, clause, domain.history):
                domain.note_clause(row)
            return True
    return False


class SetupDirective(SphinxDirective):
    """A page's set-up block, folded below a title of its own."""

    has_content = True
    option_spec: ClassVar[OptionSpec] = {"after": directives.unchanged_required}

    def run(self) -> list[Node]:
        """Return the titled block."""
        block = nodes.container(ids=[SETUP_ID], classes=["clause-proof"])
        if "after" in self.options:
            block += self._earlier(self.options["after"])
        block += self.parse_content_to_nodes()
        summary = Summary(SETUP_TITLE, SETUP_TITLE)
        return [Folded("", summary, block, classes=["clause-fold", "setup"])]

    def _earlier(self, page: str) -> nodes.paragraph:
        """Return the sentence that names the page whose set-up runs first."""
        self.env.note_dependency(f"spec/{page}.md")  # The link shows its title.
        words = "These examples begin with the set-up of "
        return nodes.paragraph("", words, page_link(f"spec/{page}"), nodes.Text("."))
