"""The Sphinx domain of clauses: where each one is, links to it, and what else is about them."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any, ClassVar

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole
from sphinx.util.nodes import make_refnode

from signalbook.clauses import Clause, Specification
from signalbook.history import Features, History

__all__ = ["ClauseDomain", "ClauseRole", "SaidClaim", "clause_domain"]


class ClauseRole(XRefRole):
    """The role `{clause}`, which links to a clause by id and shows its rule as a tooltip."""

    def __init__(self) -> None:
        super().__init__(warn_dangling=True)

    def create_xref_node(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link, in which an id is code and a text of one's own isn't."""
        self.innernodeclass = nodes.inline if self.has_explicit_title else nodes.literal
        return super().create_xref_node()

    def process_link(
        self,
        env: BuildEnvironment,
        refnode: nodes.Element,
        has_explicit_title: bool,
        title: str,
        target: str,
    ) -> tuple[str, str]:
        # Used without the domain's name, so Sphinx doesn't know where it belongs.
        refnode["refdomain"] = ClauseDomain.name
        clause_domain(env).note_mention(target)
        return title, target


@dataclass(frozen=True)
class SaidClaim:
    """A claim as other pages tell of it.

    :param id: Where it is on its page.
    :param said: The claim itself, as plain MyST.
    :param verdict: In words.
    :param subjects: Of the clauses that it is judged by.
    """

    id: str
    said: str
    verdict: str
    subjects: tuple[str, ...]


class ClauseDomain(Domain):
    """Knows on which page of the site each clause of the specification is."""

    name = "signalbook"
    label = "Signalbook"
    object_types: ClassVar[dict[str, ObjType]] = {"clause": ObjType("clause", "clause")}
    roles: ClassVar[dict[str, Any]] = {"clause": ClauseRole()}
    initial_data: ClassVar[dict[str, Any]] = {
        "pages": {},
        "mentions": {},
        "tables": {},
        "claims": {},
        "readers": {"rules": set(), "claims": set()},
    }
    data_version = 4
    dangling_warnings: ClassVar[dict[str, str]] = {"clause": "there is no clause %(target)r"}

    specification = Specification(())
    """What the kit's reader found; read anew for each build."""

    history = History()
    features = Features()
    """What was measured; read anew for each build."""

    @property
    def pages(self) -> dict[str, str]:
        """The site's page of each clause, by the clause's id."""
        pages: dict[str, str] = self.data["pages"]
        return pages

    @property
    def tables(self) -> dict[str, str]:
        """The site's page with the table of releases of each chapter that has one."""
        tables: dict[str, str] = self.data["tables"]
        return tables

    @property
    def claims(self) -> dict[str, list[SaidClaim]]:
        """The claims on each page of the site that has any."""
        claims: dict[str, list[SaidClaim]] = self.data["claims"]
        return claims

    @property
    def readers(self) -> dict[str, set[str]]:
        """The site's pages that show rules, or claims, of whatever page."""
        readers: dict[str, set[str]] = self.data["readers"]
        return readers

    def note_clause(self, clause: Clause) -> None:
        """Remember that the page being read shows *clause*."""
        docname = self.env.current_document.docname
        self.pages[clause.id] = docname
        # A label too, for {ref}, [](#id) and intersphinx without this domain.
        standard = self.env.domains.standard_domain
        standard.note_hyperlink_target(clause.id, docname, clause.id, clause.id)

    def note_mention(self, id: str) -> None:
        """Remember that a docstring names a clause, if what is being read is one."""
        document = self.env.current_document
        module = self.env.ref_context.get("py:module")
        if module and document.obj_desc_name:
            name = f"{module}.{document.obj_desc_name}"
            self.data["mentions"].setdefault(id, {})[name] = document.docname

    def note_table(self, chapter: str) -> None:
        """Remember that the page being read has the table of releases of *chapter*."""
        self.tables[chapter] = self.env.current_document.docname

    def note_claim(self, claim: SaidClaim) -> None:
        """Remember that the page being read has *claim*."""
        self.claims.setdefault(self.env.current_document.docname, []).append(claim)

    def names_that_mention(self, id: str) -> list[str]:
        """Return the full names of the objects whose docstrings name a clause."""
        return sorted(self.data["mentions"].get(id, ()))

    def clear_doc(self, docname: str) -> None:
        """Forget the clauses of a page that is read again or gone."""
        for id in [id for id, page in self.pages.items() if page == docname]:
            del self.pages[id]
        for names in self.data["mentions"].values():
            for name in [name for name, page in names.items() if page == docname]:
                del names[name]
        for chapter in [chapter for chapter, page in self.tables.items() if page == docname]:
            del self.tables[chapter]
        self.claims.pop(docname, None)
        for pages in self.readers.values():
            pages.discard(docname)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process found on *docnames*."""
        self.pages.update({id: page for id, page in otherdata["pages"].items() if page in docnames})
        for id, names in otherdata["mentions"].items():
            own = {name: page for name, page in names.items() if page in docnames}
            self.data["mentions"].setdefault(id, {}).update(own)
        tables = otherdata["tables"].items()
        self.tables.update({chapter: page for chapter, page in tables if page in docnames})
        for kind, pages in otherdata["readers"].items():
            self.readers[kind] |= pages & docnames
        claims = otherdata["claims"].items()
        self.claims.update({page: said for page, said in claims if page in docnames})

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """Return the link to the clause *target*, if there is one."""
        if target not in self.pages:
            return None
        rule = self.specification.clause(target).rule
        return make_refnode(builder, fromdocname, self.pages[target], target, contnode, rule)

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Return nothing: the label answers, and two answers would be ambiguous."""
        return []

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield the clauses for `objects.inv` and for the site's search."""
        for id, page in self.pages.items():
            yield id, id, "clause", page, id, 1


def clause_domain(env: BuildEnvironment) -> ClauseDomain:
    """Return the build's domain of clauses."""
    domain = env.get_domain(ClauseDomain.name)
    assert isinstance(domain, ClauseDomain)
    return domain
