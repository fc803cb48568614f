"""The directives about what changes between given releases: `{upgrade}`, `{subject-history}`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from docutils import nodes
from docutils.nodes import Node
from sphinx.util.docutils import SphinxDirective

from signalbook.clauses import Specification
from signalbook.history import Line, Part, Told, compare, release_in_words, tell
from signalbook.implementations import UnknownRelease
from signalbook.sphinx_ext.compatibility.subject import TableLink
from signalbook.sphinx_ext.domain import clause_domain
from signalbook.sphinx_ext.folding import Folded, Summary
from signalbook.sphinx_ext.links import clause_link
from signalbook.sphinx_ext.rereading import depends_on_history, depends_on_rules

__all__ = ["SubjectHistory", "Upgrade"]

_FEW = 2


class Upgrade(SphinxDirective):
    """What changes from one release to another, a section for each page that has something."""

    required_arguments = 2

    def run(self) -> list[Node]:
        """Return how many lines there are, and the sections."""
        depends_on_rules(self.env)
        domain = clause_domain(self.env)
        older, newer = self.arguments
        try:
            comparison = compare(domain.specification, domain.history, older, newer)
        except UnknownRelease as error:
            raise self.error(str(error)) from None
        told = tell(domain.specification, comparison)
        names = [release_in_words(domain.history, version) for version in (older, newer)]
        text = f"{told.count} changes from {names[0]} to {names[1]}."
        if comparison.unknown:
            text += (
                f" {len(comparison.unknown)} cases are left out,"
                " since they were not measured on both as they are."
            )
        sections = [
            self._section(page.subject, page.title, self._items(lines, f"{page.subject}."))
            for page, lines in told.sections
        ]
        for title, lines in told.lists:
            words = f"{len(lines)} rules"
            folded = Folded("", Summary(words, words), self._items(lines), classes=["clause-fold"])
            sections.append(self._section(title, title, folded))
        return [nodes.paragraph(text, text, classes=["change-count"]), *sections]

    def _section(self, name: str, title: str, content: Node) -> nodes.section:
        inline, messages = self.parse_inline(title, lineno=self.lineno)
        section = nodes.section("", nodes.title(title, "", *inline), *messages, content)
        section["names"].append(nodes.fully_normalize_name(name))
        self.state.document.note_implicit_target(section, section)
        return section

    def _items(self, lines: Sequence[Line], known: str = "") -> nodes.bullet_list:
        """Return a list of *lines*, with ids that leave out what is *known* of them."""
        items = [self._item(line, known) for line in lines]
        return nodes.bullet_list("", *items, classes=["change-lines"])

    def _item(self, line: Line, known: str) -> nodes.list_item:
        tag = nodes.inline(
            line.tag, line.tag, classes=["change-tag", f"change-{line.tag.name.lower()}"]
        )
        facts = f" in {line.when}, {line.level}: " if line.when else f", {line.level}: "
        kind = nodes.inline(facts, facts, classes=["change-facts"])
        text, messages = self.parse_inline(line.text, lineno=self.lineno)
        said = nodes.paragraph("", "", tag, kind, *text)
        proofs = nodes.paragraph(classes=["change-proofs"])
        for number, part in enumerate(line.parts):
            name = part.entry.id.removeprefix(known)
            proofs += nodes.Text("; " if number else "")
            proofs += clause_link(part.entry.id, nodes.literal(name, name))
            if part.cases:
                proofs += nodes.Text(f" ({part.cases})")
        return nodes.list_item("", said, proofs, *messages)


class SubjectHistory(SphinxDirective):
    """What changed of a page's subject, release by release, folded below how much it is."""

    def run(self) -> list[Node]:
        """Return where the subject's rules are by release, and the lines."""
        depends_on_history(self.env)
        domain = clause_domain(self.env)
        docname = self.env.current_document.docname
        found = [page for page in domain.specification.pages if page.file == f"{docname}.md"]
        if not found:
            raise self.error(f"{docname} is no page of the specification")
        specification = Specification(found)
        table = TableLink(subject=found[0].subject, chapter=found[0].chapter)
        items = nodes.definition_list(classes=["subject-history", "no-search"])
        number = 0
        for older, newer in reversed(list(pairwise(domain.history.versions("flask")))):
            told = tell(specification, compare(specification, domain.history, older, newer))
            points = nodes.bullet_list("", *self._items(told))
            if points.children:
                number += len(points.children)
                term = nodes.term("", f"Flask {newer}")
                items += nodes.definition_list_item("", term, nodes.definition("", points))
        if not number:
            text = "Nothing that is measured changed from the first release to the newest."
            return [nodes.paragraph("", text), table]
        words = f"{number} changes, the newest first"
        return [Folded("", Summary(words, words), items, classes=["clause-fold"]), table]

    def _items(self, told: Told) -> Iterator[nodes.list_item]:
        for _, lines in told.sections:
            yield from (
                self._item(f"{line.tag}, {line.level}: {line.text}", line.parts) for line in lines
            )
        for title, lines in told.lists:
            yield self._item(title, [part for line in lines for part in line.parts])

    def _item(self, text: str, parts: Sequence[Part]) -> nodes.list_item:
        inline, messages = self.parse_inline(text, lineno=self.lineno)
        said = nodes.paragraph("", "", *inline, nodes.Text(" ("))
        for number, part in enumerate(parts):
            name = part.entry.id.partition(".")[2]
            said += nodes.Text("; " if number else "")
            # Each element counts where there are so many, and of many these are not all looked up.
            few = len(parts) <= _FEW
            said += nodes.reference("", name, refid=part.entry.id) if few else nodes.Text(name)
            if part.cases:
                said += nodes.Text(f": {part.cases}")
        said += nodes.Text(")")
        return nodes.list_item("", said, *messages)
