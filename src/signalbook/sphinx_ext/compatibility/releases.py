"""The directives that tell what was measured on what: `{measured-on}`, `{blinker-by-flask}`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from docutils import nodes
from docutils.nodes import Node
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from signalbook.clauses import applies
from signalbook.history import NEXT, SERIES, Next
from signalbook.implementations import newest_release
from signalbook.sphinx_ext.compatibility.measured import why_unknown
from signalbook.sphinx_ext.domain import clause_domain
from signalbook.sphinx_ext.links import clause_link
from signalbook.sphinx_ext.rereading import depends_on_rules
from signalbook.verdicts import Verdict

__all__ = ["BlinkerByFlask", "MeasuredOn"]


class MeasuredOn(SphinxDirective):
    """The releases of a series, with interpreter and pins, and when they were measured.

    `next` is Flask's main branch.
    """

    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {}

    def run(self) -> list[Node]:
        """Return the days, and a table with a row for each release; again for other pins."""
        depends_on_rules(self.env)
        name = directives.choice(self.arguments[0], (*SERIES, NEXT))
        if name == NEXT:
            return self._next(clause_domain(self.env).history.next)
        runs: dict[tuple[tuple[str, str], ...], list[str]] = {}
        for measurement in clause_domain(self.env).history.clauses.values():
            if run := measurement.runs.get(name):
                runs.setdefault(tuple(run.descriptions.items()), []).append(measurement.date)
        if not runs:
            return [nodes.paragraph("", "Nothing was measured yet.")]
        found: list[Node] = []
        for descriptions, days in runs.items():
            clauses = "" if len(runs) == 1 else f", {len(days)} clauses"
            found += [
                nodes.paragraph("", f"Measured on {_period(days)}{clauses}."),
                simple_table(("Release", "Interpreter", "Pins"), _rows(descriptions), (15, 20, 65)),
            ]
        return found

    def _next(self, coming: Next | None) -> list[Node]:
        if not (coming and coming.clauses):
            return [nodes.paragraph("", "Nothing was measured yet.")]
        period = _period([of.date for of in coming.clauses.values()])
        rows = _rows([(f"{coming.commit} of {coming.date}", coming.description)])
        return [
            nodes.paragraph("", f"Measured on {period}."),
            simple_table(("Commit", "Interpreter", "Pins"), rows, (25, 15, 60)),
        ]


def _period(days: Sequence[str]) -> str:
    first, last = min(days), max(days)
    return first if first == last else f"{first} to {last}"


def _rows(descriptions: Iterable[tuple[str, str]]) -> list[list[Node]]:
    return [
        [nodes.Text(version), nodes.Text(python), nodes.literal(pins, pins)]
        for version, text in descriptions
        for python, _, pins in [text.partition(": ")]
    ]


class BlinkerByFlask(SphinxDirective):
    """The newest Flask with each release of blinker: which clauses don't hold there."""

    def run(self) -> list[Node]:
        """Return a table with a row for each release of blinker."""
        depends_on_rules(self.env)
        domain = clause_domain(self.env)
        flask = domain.history.versions("flask")
        versions = domain.history.versions("flask-with-blinker")
        if not flask or not versions:
            return [nodes.paragraph("", "Nothing was measured yet.")]
        clauses = [c for c in domain.specification.checks if not why_unknown(domain.history, c)]
        rows = []
        for version in versions:
            here = {**newest_release().axes, "flask": flask[-1], "blinker": version}
            failing: list[Node] = []
            for clause in clauses:
                stretch = domain.history.verdicts(clause.id, "flask-with-blinker").get(version)
                passed = stretch is None or stretch.verdict is Verdict.PASSED
                if not passed and applies(clause, here):
                    failing += [nodes.Text(", ")] if failing else []
                    failing.append(clause_link(clause.id))
            rows.append([nodes.Text(version), *(failing or [nodes.Text("none")])])
        cells = [[row[0], nodes.inline("", "", *row[1:])] for row in rows]
        return [simple_table(("blinker", "Clauses that don't pass"), cells, (15, 85))]


def simple_table(
    heads: Sequence[str], rows: Sequence[Sequence[Node]], widths: Sequence[int]
) -> nodes.table:
    """Return a table of cells that hold one node each.

    :param widths: Of the columns, in percent.
    """
    group = nodes.tgroup(cols=len(heads))
    group += [nodes.colspec(colwidth=width) for width in widths]
    group += nodes.thead("", _table_row([nodes.Text(head) for head in heads]))
    group += nodes.tbody("", *(_table_row(row) for row in rows))
    return nodes.table("", group, classes=["colwidths-given", "no-search"])


def _table_row(cells: Sequence[Node]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))
