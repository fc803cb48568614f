"""What a page tells of its subject: the claims about it, and where the table of its rules is."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.nodes import Node
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from signalbook.sphinx_ext.domain import SaidClaim, clause_domain
from signalbook.sphinx_ext.rereading import depends_on_claims

__all__ = ["FillSubject", "SubjectClaims", "TableLink"]


class TableLink(nodes.General, nodes.Element):
    """Stands for the link to the table of a subject's rules by release."""


class _Claims(nodes.General, nodes.Element):
    """Stands for the claims about a subject, until every page has been read."""


class SubjectClaims(SphinxDirective):
    """The claims that are judged by clauses of this page, a line each, with the verdict."""

    def run(self) -> list[Node]:
        """Return what the claims take the place of; nothing, if there are none."""
        depends_on_claims(self.env)
        return [_Claims(subject=self.env.current_document.docname.rpartition("/")[2])]


class FillSubject(SphinxPostTransform):
    """Puts both into a page that is about to be written."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Fill in the whole page."""
        for table in list(self.document.findall(TableLink)):
            table.replace_self(self._table(table["subject"], table["chapter"]))
        for claims in list(self.document.findall(_Claims)):
            claims.replace_self(self._claims(claims["subject"]))

    def _table(self, subject: str, chapter: str) -> list[Node]:
        page = clause_domain(self.env).tables.get(chapter)
        if page is None:
            return []
        words = "Each rule of this page on each release"
        address = f"{self._address(page)}#subject={subject}"
        link = nodes.reference("", words, refuri=address, internal=True)
        return [nodes.paragraph("", "", link, nodes.Text("."))]

    def _claims(self, subject: str) -> list[Node]:
        about = [
            (page, claim)
            for page, claims in clause_domain(self.env).claims.items()
            for claim in claims
            if subject in claim.subjects
        ]
        if not about:
            return []
        words = "What is said about it elsewhere, and whether it is so:"
        lines = [self._line(page, claim) for page, claim in about]
        items = nodes.bullet_list("", *lines, classes=["subject-claims", "no-search"])
        return [nodes.paragraph(words, words), items]

    def _line(self, page: str, claim: SaidClaim) -> nodes.list_item:
        address = f"{self._address(page)}#{claim.id}"
        link = nodes.reference("", claim.verdict, refuri=address, internal=True)
        said = (
            nodes.literal(part, part) if number % 2 else nodes.Text(part)
            for number, part in enumerate(claim.said.split("`"))
        )
        return nodes.list_item("", nodes.paragraph("", "", *said, nodes.Text(" "), link))

    def _address(self, page: str) -> str:
        return self.app.builder.get_relative_uri(self.env.current_document.docname, page)
