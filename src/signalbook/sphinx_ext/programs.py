"""Each check as a program, to be copied: what `signalbook script` prints, as a file of the site."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from signalbook.clauses import Clause
from signalbook.exports import script
from signalbook.sphinx_ext.domain import clause_domain
from signalbook.sphinx_ext.links import to_root

__all__ = ["add_programs", "program_links"]

_FOLDER = "programs"


def program_links(clause: Clause) -> list[nodes.raw]:
    """Return the links to the programs of an entry: its own, or one for each of its rows.

    A script makes of each a button that copies the program.
    """
    up = to_root(clause.file)
    links = ", ".join(
        f'<a href="{up}{_FOLDER}/{check.id}.py">{escape(check.id.rpartition(".")[2])}</a>'
        for check in clause.rows or (clause,)
    )
    html = f'<span class="clause-programs"><span>As a program</span>: {links}.</span>'
    return [nodes.raw("", html, format="html")]


def add_programs(app: Sphinx) -> None:
    """Have the programs of a page's clauses written with the page."""
    app.connect("html-page-context", _write_programs)
    app.add_js_file("programs.js", loading_method="defer")


def _write_programs(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    specification = clause_domain(app.env).specification
    folder = app.outdir / _FOLDER
    for page in specification.pages:
        if page.file == f"{pagename}.md" and page.clauses:
            folder.mkdir(exist_ok=True)
            for check in (check for clause in page.clauses for check in clause.checks):
                (folder / f"{check.id}.py").write_text(script(check), encoding="utf-8")
