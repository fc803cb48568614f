"""Links to clauses, pages and objects, which are resolved when every page has been read."""

from __future__ import annotations

from docutils import nodes
from sphinx.addnodes import pending_xref

from signalbook.clauses import Clause, Specification
from signalbook.sphinx_ext.domain import ClauseDomain
from signalbook.sphinx_ext.timelines import SIGNALS

__all__ = [
    "clause_link",
    "clause_url",
    "object_link",
    "page_link",
    "signal_pages",
    "signal_urls",
    "to_root",
]


def clause_link(id: str, content: nodes.Element | None = None) -> pending_xref:
    """Return a link to the clause *id*.

    :param content: What is shown; by default the id.
    """
    return _link(ClauseDomain.name, "clause", id, content or nodes.literal(id, id))


def page_link(docname: str, content: nodes.Element | None = None) -> pending_xref:
    """Return a link to a page of the site.

    :param content: What is shown; by default the page's title.
    """
    link = _link("std", "doc", f"/{docname}", content or nodes.inline())
    link["refexplicit"] = content is not None
    return link


def object_link(name: str, text: str) -> pending_xref:
    """Return a link to the Python object *name*, which is shown as *text*."""
    return _link("py", "obj", name, nodes.literal(text, text))


def _link(domain: str, kind: str, target: str, content: nodes.Element) -> pending_xref:
    return pending_xref(
        "",
        content,
        refdomain=domain,
        reftype=kind,
        reftarget=target,
        refexplicit=True,
        refwarn=True,
    )


def clause_url(clause: Clause, docname: str) -> str:
    """Return the address of *clause* as seen from a page, for HTML that Sphinx doesn't make."""
    return f"{to_root(docname)}{clause.permalink}"


def signal_pages(specification: Specification) -> dict[str, str]:
    """Return the site's page of each core signal that has one, by the signal's name."""
    known = {page.file for page in specification.pages}
    pages = {name: f"spec/signals/{name.replace('_', '-')}" for name in SIGNALS}
    return {name: page for name, page in pages.items() if f"{page}.md" in known}


def signal_urls(specification: Specification, docname: str) -> dict[str, str]:
    """Return their addresses as seen from a page, for HTML that Sphinx doesn't make."""
    pages = signal_pages(specification)
    return {name: f"{to_root(docname)}{page}.html" for name, page in pages.items()}


def to_root(docname: str) -> str:
    """Return how the addresses of all that the site has begin on a page, such as `../../`.

    :param docname: The page, or its file: only its folders count.
    """
    return "../" * docname.count("/")
