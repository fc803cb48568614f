"""Which pages are read again because of others: those that show more than what is on them."""

from __future__ import annotations

from collections.abc import Set

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from signalbook.sphinx_ext.domain import clause_domain

__all__ = ["depends_on_claims", "depends_on_history", "depends_on_rules", "pages_to_read_again"]


def depends_on_history(env: BuildEnvironment) -> None:
    """Remember that the page being read shows what was measured."""
    for file in ("spec/history.json", "spec/features.json", "spec/releases.toml"):
        env.note_dependency(file)


def depends_on_rules(env: BuildEnvironment) -> None:
    """Remember that the page being read shows rules of every page, and what was measured."""
    clause_domain(env).readers["rules"].add(env.current_document.docname)
    depends_on_history(env)


def depends_on_claims(env: BuildEnvironment) -> None:
    """Remember that the page being read shows claims, wherever they are."""
    clause_domain(env).readers["claims"].add(env.current_document.docname)


def pages_to_read_again(
    app: Sphinx, env: BuildEnvironment, added: Set[str], changed: Set[str], removed: Set[str]
) -> set[str]:
    """Return the pages that show something of those that changed."""
    domain = clause_domain(env)
    news = {*added, *changed, *removed}
    found: set[str] = set()
    if any(docname.startswith("spec/") for docname in news):
        found |= domain.readers["rules"]
    if news & (domain.claims.keys() | found):
        found |= domain.readers["claims"]
    return found
