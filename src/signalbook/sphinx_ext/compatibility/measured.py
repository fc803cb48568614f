"""The line of a clause that says where it passed, and what is true elsewhere."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.nodes import Node
from sphinx.transforms.post_transforms import SphinxPostTransform

from signalbook.clauses import Clause
from signalbook.history import History, Measurement, passing_in_words
from signalbook.sphinx_ext.domain import ClauseDomain, clause_domain
from signalbook.sphinx_ext.links import clause_link

__all__ = ["FillMeasured", "Measured", "why_unknown"]

_TITLES = {"flask": "Flask", "flask-without-blinker": "Flask without blinker", "blinker": "blinker"}


class Measured(nodes.inline):
    """Stands in a clause for the line, until every page has been read."""


class FillMeasured(SphinxPostTransform):
    """Puts the line into each clause of a page that is about to be written."""

    default_priority = 5  # before links are resolved

    def run(self, **kwargs: Any) -> None:
        """Fill in the whole page."""
        domain = clause_domain(self.env)
        for place in list(self.document.findall(Measured)):
            clause = domain.specification.clause(place["clause"])
            found: list[Node] = []
            if domain.history.clauses:
                found.append(nodes.Text(f"{self._measured(domain, clause)}. "))
            others = domain.specification.instead_of(clause)
            for number, other in enumerate(others):
                found += [nodes.Text(", " if number else "Otherwise: "), clause_link(other.id)]
            place.replace_self([*found, nodes.Text(". ")] if others else found)

    def _measured(self, domain: ClauseDomain, clause: Clause) -> str:
        history = domain.history
        if not clause.rows:
            return _where(history, clause)
        rows: dict[str, list[str]] = {}
        for row in clause.rows:
            rows.setdefault(_where(history, row), []).append(row.id.rpartition(".")[2])
        if len(rows) == 1:
            return next(iter(rows))
        return ". ".join(f"{', '.join(names)}: {where}" for where, names in rows.items())


def _where(history: History, check: Clause) -> str:
    """Return where a check passed, in words, or why nobody knows."""
    known = why_unknown(history, check) or "Passed on " + "; on ".join(
        f"{_TITLES[series]}: {passing_in_words(history, check.id, series)}"
        for series in _shown(history.clauses[check.id])
    )
    coming = history.coming(check)
    return f"{known}; next: {coming.verdict}" if coming else known


def why_unknown(history: History, clause: Clause) -> str:
    """Say why nothing is known of *clause* as it is; empty if it was measured."""
    measurement = history.clauses.get(clause.id)
    if measurement is None:
        return "Not measured yet"
    if not history.has_examples_of(clause):
        return f"Not measured since its examples changed, last on {measurement.date}"
    return ""


def _shown(measurement: Measurement) -> list[str]:
    # What an engine alone does is told by the releases of blinker.
    shown = [series for series in _TITLES if series in measurement.runs]
    return ["blinker"] if "blinker" in shown else shown
