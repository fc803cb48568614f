"""The Sphinx domain of clauses: where each one is, links to it, and their index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Any, ClassVar

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.builders import Builder
from sphinx.domains import Domain, Index, IndexEntry, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole
from sphinx.util.nodes import make_refnode

from signalbook.clauses import Clause, Specification
from signalbook.history import History
from signalbook.sphinx_ext.ranges_in_words import range_in_words

__all__ = ["ClauseDomain", "ClauseIndex", "ClauseRole", "clause_domain"]


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


class ClauseIndex(Index):
    """All clauses by subject and id."""

    name = "clauses"
    localname = "Index of clauses"
    shortname = "clauses"
    domain: ClauseDomain

    def generate(
        self, docnames: Iterable[str] | None = None
    ) -> tuple[list[tuple[str, list[IndexEntry]]], bool]:
        """Return the entries of the clauses on *docnames*, grouped by subject."""
        chosen = None if docnames is None else set(docnames)
        groups: dict[str, list[IndexEntry]] = {}
        for clause in sorted(self.domain.clauses(), key=lambda clause: clause.id):
            docname = self.domain.pages[clause.id]
            if chosen is None or docname in chosen:
                groups.setdefault(clause.subject, []).append(_index_entry(clause, docname))
        return list(groups.items()), False


def _index_entry(clause: Clause, docname: str) -> IndexEntry:
    return IndexEntry(
        name=clause.id,
        subtype=0,
        docname=docname,
        anchor=clause.id,
        extra=clause.level,
        qualifier=range_in_words(clause.holds),
        descr=clause.rule.replace("`", ""),  # It is shown as it is.
    )


class ClauseDomain(Domain):
    """Knows on which page of the site each clause of the specification is."""

    name = "signalbook"
    label = "Signalbook"
    object_types: ClassVar[dict[str, ObjType]] = {"clause": ObjType("clause", "clause")}
    roles: ClassVar[dict[str, Any]] = {"clause": ClauseRole()}
    indices: ClassVar[list[type[Index]]] = [ClauseIndex]
    initial_data: ClassVar[dict[str, Any]] = {"pages": {}, "mentions": {}}
    data_version = 2
    dangling_warnings: ClassVar[dict[str, str]] = {"clause": "there is no clause %(target)r"}

    specification = Specification(())
    """What the kit's reader found; read anew for each build."""

    history = History()
    """What was measured; read anew for each build."""

    @property
    def pages(self) -> dict[str, str]:
        """The site's page of each clause, by the clause's id."""
        pages: dict[str, str] = self.data["pages"]
        return pages

    def clauses(self) -> Iterator[Clause]:
        """Yield the clauses and earlier entries that are on the site, in reading order."""
        entries = (entry for clause in self.specification.clauses for entry in clause.entries)
        return (entry for entry in entries if entry.id in self.pages)

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

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process found on *docnames*."""
        self.pages.update({id: page for id, page in otherdata["pages"].items() if page in docnames})
        for id, names in otherdata["mentions"].items():
            own = {name: page for name, page in names.items() if page in docnames}
            self.data["mentions"].setdefault(id, {}).update(own)

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
