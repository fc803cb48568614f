"""Sees to it that the site and the kit see the same clauses."""

from __future__ import annotations

from pathlib import Path

from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util import logging

from signalbook.clauses import UnknownClause
from signalbook.history import HistoryError, read_features, read_history
from signalbook.pages import SpecificationError, read_specification
from signalbook.sphinx_ext.domain import ClauseDomain, clause_domain

__all__ = ["UnreadablePages", "read_pages", "report_unknown_clause", "report_unseen_clauses"]

_LOGGER = logging.getLogger(__name__)


class UnreadablePages(SphinxError):
    """The kit can't read the specification, so there is nothing to show."""

    category = "Specification error"


def read_pages(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Have the kit read the specification.

    :raises UnreadablePages: If it can't.
    """
    if not app.config["myst_colon_fence_exact_match"]:
        _LOGGER.warning(
            "myst_colon_fence_exact_match is off, but the kit's reader needs ':::' to be closed by"
            " ':::' and nothing longer; set it to True in conf.py"
        )
    try:
        clause_domain(env).specification = read_specification(Path(app.srcdir, "spec"))
    except SpecificationError as error:
        raise UnreadablePages(f"the kit can't read the specification:\n{error}") from error
    try:
        clause_domain(env).history = read_history(Path(app.srcdir, "spec", "history.json"))
        clause_domain(env).features = read_features(Path(app.srcdir, "spec", "features.json"))
    except HistoryError as error:
        raise UnreadablePages(str(error)) from error


def report_unseen_clauses(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of each clause that the kit reads and the site doesn't show."""
    domain = clause_domain(env)
    for clause in (c for whole in domain.specification.clauses for c in whole.family):
        if clause.id not in domain.pages:
            location = (clause.file.removesuffix(".md"), clause.line)
            _LOGGER.warning(
                "the site doesn't show the clause %r", clause.id,
                location=location, type="signalbook", subtype="unseen",
            )  # fmt: skip


def report_unknown_clause(app: Sphinx, domain: Domain | None, node: pending_xref) -> bool | None:
    """Warn of a link to no clause in the kit's words, which name near ids."""
    if not isinstance(domain, ClauseDomain):
        return None
    try:
        domain.specification.clause(node["reftarget"])
    except UnknownClause as error:
        _LOGGER.warning("%s", error, location=node, type="ref", subtype="clause")
        return True
    return None
