"""The directives about what changes: `{upgrade}`, `{subject-history}` and `{changes}`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from docutils import nodes
from docutils.nodes import Node
from sphinx.util.docutils import SphinxDirective

from signalbook.clauses import Clause, Page, Specification
from signalbook.history import (
    History,
    Line,
    compare,
    lines_by_page,
    passing,
    release_in_words,
)
from signalbook.implementations import UnknownRelease
from signalbook.sphinx_ext.compatibility.measured import why_unknown
from signalbook.sphinx_ext.compatibility.subject import TableLink
from signalbook.sphinx_ext.compatibility.table import rule_html
from signalbook.sphinx_ext.domain import clause_domain
from signalbook.sphinx_ext.folding import Folded, Summary
from signalbook.sphinx_ext.links import clause_link, clause_url
from signalbook.sphinx_ext.rereading import depends_on_history, depends_on_rules

__all__ = ["Changes", "SubjectHistory", "Upgrade"]

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
        groups = list(lines_by_page(domain.specification, comparison))
        number = sum(len(lines) for _, lines in groups)
        names = [release_in_words(domain.history, version) for version in (older, newer)]
        text = f"{number} changes from {names[0]} to {names[1]}."
        if comparison.unknown:
            text += (
                f" {len(comparison.unknown)} cases are left out,"
                " since they were not measured on both as they are."
            )
        sections = [self._section(page, lines) for page, lines in groups]
        return [nodes.paragraph(text, text, classes=["change-count"]), *sections]

    def _section(self, page: Page, lines: Sequence[Line]) -> nodes.section:
        title, messages = self.parse_inline(page.title, lineno=self.lineno)
        section = nodes.section("", nodes.title(page.title, "", *title), *messages)
        section["names"].append(nodes.fully_normalize_name(page.subject))
        self.state.document.note_implicit_target(section, section)
        section += nodes.bullet_list(
            "", *(self._item(line, page.subject) for line in lines), classes=["change-lines"]
        )
        return section

    def _item(self, line: Line, subject: str) -> nodes.list_item:
        tag = nodes.inline(line.tag, line.tag, classes=["change-tag", f"change-{line.tag}"])
        facts = f" in {line.when}, {line.level}: " if line.when else f", {line.level}: "
        kind = nodes.inline(facts, facts, classes=["change-facts"])
        text, messages = self.parse_inline(line.text, lineno=self.lineno)
        said = nodes.paragraph("", "", tag, kind, *text)
        proofs = nodes.paragraph(classes=["change-proofs"])
        for number, part in enumerate(line.parts):
            name = part.entry.id.removeprefix(f"{subject}.")
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
        for older, newer in pairwise(domain.history.versions("flask")):
            comparison = compare(specification, domain.history, older, newer)
            for _, lines in lines_by_page(specification, comparison):
                number += len(lines)
                points = nodes.bullet_list("", *map(self._item, lines))
                term = nodes.term("", f"Flask {newer}")
                items += nodes.definition_list_item("", term, nodes.definition("", points))
        if not number:
            text = "Nothing that is measured changed from the first release to the newest."
            return [nodes.paragraph("", text), table]
        words = f"{number} changes, from release to release"
        return [Folded("", Summary(words, words), items, classes=["clause-fold"]), table]

    def _item(self, line: Line) -> nodes.list_item:
        text, messages = self.parse_inline(line.text, lineno=self.lineno)
        said = nodes.paragraph("", f"{line.tag}, {line.level}: ", *text, nodes.Text(" ("))
        for number, part in enumerate(line.parts):
            name = part.entry.id.partition(".")[2]
            said += nodes.Text(", " if number else "")
            # Each element counts where there are so many, and of many these are not all looked up.
            few = len(line.parts) <= _FEW
            said += nodes.reference("", name, refid=part.entry.id) if few else nodes.Text(name)
        said += nodes.Text(")")
        return nodes.list_item("", said, *messages)


class Changes(SphinxDirective):
    """What changes between two releases that the reader chooses, worked out in the browser."""

    def run(self) -> list[Node]:
        """Return the data, and the place that a script fills."""
        depends_on_rules(self.env)
        domain = clause_domain(self.env)
        versions = domain.history.versions("flask")
        clauses = [
            self._clause(clause, domain.history, versions)
            for clause in domain.specification.checks
            if domain.history.verdicts(clause.id, "flask").keys() == set(versions)
            and not why_unknown(domain.history, clause)
        ]
        # In a script element only '</' would end the data.
        data = json.dumps({"versions": versions, "clauses": clauses}).replace("</", "<\\/")
        text = (
            '<div class="release-changes release-aware">\n'
            "<noscript><p>Choosing needs scripts; "
            "<code>signalbook diff 2.1.3 3.1.3</code> needs none.</p></noscript>\n"
            f'<script type="application/json">{data}</script>\n</div>'
        )
        return [nodes.raw("", text, format="html", classes=["no-search"])]

    def _clause(self, clause: Clause, history: History, versions: Sequence[str]) -> dict[str, Any]:
        runs = [
            [versions.index(first), versions.index(last)]
            for first, last in passing(history, clause.id)
        ]
        return {
            "id": clause.whole_id,
            "row": clause.id.rpartition(".")[2] if clause.row_of else "",
            "level": clause.level,
            "rule": rule_html(clause.rule),
            "url": clause_url(clause, self.env.current_document.docname),
            "passed": runs,
        }
