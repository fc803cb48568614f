"""The directive `{claim}`: what is said of Flask's signals, and what clauses say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from docutils import nodes
from docutils.nodes import Node
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from signalbook.clauses import Clause, UnknownClause, applies
from signalbook.history import NEXT, SERIES, History, stretched
from signalbook.sphinx_ext.compatibility.measured import why_unknown
from signalbook.sphinx_ext.domain import SaidClaim, clause_domain
from signalbook.sphinx_ext.lines import Line, line_classes
from signalbook.sphinx_ext.links import clause_link
from signalbook.sphinx_ext.rereading import depends_on_rules
from signalbook.verdicts import Verdict

__all__ = [
    "Claim",
    "classes_of_claim",
    "measured_releases",
    "releases_of_claim",
    "verdict_in_words",
]


class Claim(SphinxDirective):
    """A claim, with the verdict that follows from clauses, and where it is `:found:`.

    It holds on a release if all clauses of `:follows-from:` passed there, and none of
    `:contradicts:` did.
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[OptionSpec] = {
        "follows-from": directives.unchanged_required,
        "contradicts": directives.unchanged_required,
        "series": directives.unchanged_required,
        "found": directives.unchanged_required,
    }

    def run(self) -> list[Node]:
        """Return claim, verdict, the clauses, and what there is to say about it."""
        depends_on_rules(self.env)
        domain = clause_domain(self.env)
        proofs, refutations = self._ids("follows-from"), self._ids("contradicts")
        if not proofs and not refutations:
            raise self.error("a claim names clauses in ':follows-from:' or ':contradicts:'")
        try:
            bases, refuting = (
                [domain.specification.clause(id) for id in ids] for ids in (proofs, refutations)
            )
        except UnknownClause as error:
            raise self.error(str(error)) from None
        series = self.options.get("series", "flask")
        basis = bases, refuting, series
        versions = measured_releases(domain.history, [*bases, *refuting], series)
        holding = releases_of_claim(domain.history, versions, *basis)
        kind, words = verdict_in_words(holding, versions)
        said, messages = self.parse_inline(self.arguments[0], lineno=self.lineno)
        head = nodes.paragraph("", "", *said, *messages, classes=["claim-said"])
        verdict = nodes.paragraph("", "", classes=["claim-verdict", f"claim-{kind}"])
        if versions:
            verdict["classes"] += ["release-aware", *classes_of_claim(domain.history, *basis)]
        verdict += nodes.strong("", words)
        for label, ids in (("follows from", proofs), ("contradicted by", refutations)):
            for number, id in enumerate(ids):
                verdict += [nodes.Text(", " if number else f"; {label} "), clause_link(id)]
        verdict += nodes.Text(".")
        body = self.parse_content_to_nodes()
        if place := self.options.get("found"):
            found, messages = self.parse_inline(f"Found in {place}.", lineno=self.lineno)
            body.append(nodes.paragraph("", "", *found, *messages, classes=["claim-found"]))
        claim = nodes.container("", head, verdict, *body, classes=["claim"])
        claim["names"].append(f"claim {nodes.fully_normalize_name(head.astext())}")
        self.state.document.note_implicit_target(claim, claim)
        subjects = dict.fromkeys(clause.subject for clause in (*bases, *refuting))
        domain.note_claim(SaidClaim(claim["ids"][0], self.arguments[0], words, tuple(subjects)))
        return [claim]

    def _ids(self, option: str) -> list[str]:
        text: str = self.options.get(option, "")
        return text.replace(",", " ").split()


def measured_releases(history: History, clauses: Sequence[Clause], series: str) -> list[str]:
    """Return the releases of *series* on which all *clauses* were measured, oldest first."""
    checks = [check for clause in clauses for check in clause.rows or (clause,)]
    if any(why_unknown(history, check) for check in checks):
        return []
    return [
        version
        for version in history.versions(series)
        if all(version in history.verdicts(check.id, series) for check in checks)
    ]


def releases_of_claim(
    history: History,
    versions: Sequence[str],
    proofs: Sequence[Clause],
    refutations: Sequence[Clause],
    series: str,
) -> list[str]:
    """Return those of *versions* on which a claim holds.

    Of a clause with rows those count that are about the release.
    """
    axes = {each.version: each.axes for each in SERIES[series].environments()}

    def passed(clause: Clause, version: str) -> bool:
        checks = _checks(clause, axes[version])
        verdicts = [history.verdicts(check.id, series)[version].verdict for check in checks]
        return set(verdicts) == {Verdict.PASSED}

    return [
        version
        for version in versions
        if all(passed(clause, version) for clause in proofs)
        and not any(passed(clause, version) for clause in refutations)
    ]


def _checks(clause: Clause, axes: Mapping[str, str]) -> list[Clause]:
    """Return what decides about a clause on a release: itself, or those of its rows that apply."""
    return [row for row in clause.rows if applies(row, axes)] if clause.rows else [clause]


def classes_of_claim(
    history: History, proofs: Sequence[Clause], refutations: Sequence[Clause], series: str
) -> list[str]:
    """Return the classes that say on which lines of Flask a claim holds: `flask:0.8-2.2`.

    Those on which it was measured are told by `measured:0.6-2.2`, if they are not all.
    """
    versions = measured_releases(history, [*proofs, *refutations], series)
    holding = releases_of_claim(history, versions, proofs, refutations, series)
    subject = "blinker" if series == "blinker" else "flask"

    def came(clause: Clause, line: Line) -> set[Verdict | None]:
        coming = [history.coming(check) for check in _checks(clause, line.axes)]
        return {verdict.verdict if verdict else None for verdict in coming}

    def is_measured(line: Line) -> bool:
        if line.name == NEXT and series == "flask":
            return not any(None in came(clause, line) for clause in (*proofs, *refutations))
        return line.axes[subject] in versions

    def is_true(line: Line) -> bool:
        if line.name == NEXT and series == "flask":
            passed = [came(clause, line) == {Verdict.PASSED} for clause in proofs]
            return all(passed) and not any(
                came(clause, line) == {Verdict.PASSED} for clause in refutations
            )
        return line.axes[subject] in holding

    measured = line_classes(history, is_measured, kind="measured")
    return [*line_classes(history, is_true), *measured]


def verdict_in_words(holding: Sequence[str], versions: Sequence[str]) -> tuple[str, str]:
    """Return the kind of a verdict, and its words.

    :param versions: The releases on which all clauses of the claim were measured.
    """
    if not versions:
        return "unmeasured", "Not measured yet"
    if not holding:
        return "false", "False, in every release"
    if list(holding) == list(versions):
        return "holds", "True, in every release"
    *earlier, last = stretched(holding, versions)
    if holding[-1] != versions[-1]:
        return "partly", f"False today; true in {', '.join([*earlier, last])}"
    too = f", and in {', '.join(earlier)}" if earlier else ""
    return "partly", f"True today, since {last.partition(' to ')[0]}{too}"
