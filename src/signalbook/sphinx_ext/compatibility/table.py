"""The directive `{compatibility}`: clauses by release line, as one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import ClassVar

from docutils import nodes
from docutils.nodes import Node
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from signalbook.clauses import Clause
from signalbook.history import (
    SERIES,
    History,
    NextVerdict,
    Stretch,
    combination_in_words,
    differing,
    passing_in_words,
)
from signalbook.sphinx_ext.compatibility.measured import why_unknown
from signalbook.sphinx_ext.domain import clause_domain
from signalbook.sphinx_ext.links import clause_url
from signalbook.verdicts import Verdict

__all__ = ["CompatibilityTable", "release_lines", "rule_html"]


# The kind and the word of a cell, where the same came of all releases and it isn't as usual.
_NOWHERE = {Verdict.ABSENT: ("absent", "absent"), Verdict.NOT_APPLICABLE: ("unable", "n/a")}


class CompatibilityTable(SphinxDirective):
    """What every clause, or those of a subject, did on each release of Flask.

    Scripts add a filter; without them the table is there in full.
    """

    option_spec: ClassVar[OptionSpec] = {"subject": directives.unchanged_required}

    def run(self) -> list[Node]:
        """Return the table."""
        self.env.note_reread()
        domain = clause_domain(self.env)
        subject = self.options.get("subject")
        history = domain.history
        lines = release_lines(history)
        here = self.env.current_document.docname
        clauses = [
            clause
            for clause in domain.specification.checks
            if subject in (None, clause.subject) and SERIES["flask"].is_about(clause)
        ]
        if subject and not clauses:
            raise self.error(f"no clause of the subject {subject!r} is measured on Flask")
        rows = "\n".join(_row(clause, history, lines, here) for clause in clauses)
        heads = "".join(f'<th scope="col">{line}</th>' for line in lines)
        if history.next:
            heads += f'<th scope="col" title="{escape(history.next.title)}">next</th>'
        text = (
            '<div class="compatibility">\n'
            '<div class="compatibility-scroll" role="region" tabindex="0"'
            ' aria-label="Clauses by release line">\n'
            '<table class="compatibility-table">\n'
            f'<thead><tr><th scope="col">Clause</th>{heads}</tr></thead>\n'
            f"<tbody>\n{rows}\n</tbody>\n</table>\n</div>\n</div>"
        )
        return [nodes.raw("", text, format="html", classes=["no-search"])]


def release_lines(history: History) -> dict[str, list[str]]:
    """Return the measured releases of Flask by their line, such as `0.12`."""
    groups = groupby(
        history.versions("flask"), key=lambda version: ".".join(version.split(".")[:2])
    )
    return {line: list(group) for line, group in groups}


def rule_html(rule: str) -> str:
    """Return a rule as HTML, its code marked."""
    parts = escape(rule).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


def _row(clause: Clause, history: History, lines: Mapping[str, Sequence[str]], here: str) -> str:
    unknown = why_unknown(history, clause)
    verdicts = {} if unknown else history.verdicts(clause.id, "flask")
    if not (unknown or verdicts):
        unknown = "Not measured on Flask yet"
    others = {} if unknown else differing(history, clause.id)
    cells = "".join(_cell(verdicts, others, versions) for versions in lines.values())
    coming = history.coming(clause)
    cells += _next_cell(coming) if history.next else ""
    came = {version: stretch.verdict for version, stretch in verdicts.items()}
    came |= {"next": coming.verdict} if coming else {}
    passed = " ".join(name for name, verdict in came.items() if verdict is Verdict.PASSED)
    changes = len({verdict is Verdict.PASSED for verdict in came.values()}) > 1
    reasons = "".join(f"<li>{escape(text)}</li>" for text in _reasons(verdicts, others, coming))
    return (
        f'<tr id="measured-{clause.id}" data-subject="{clause.subject}"'
        f' data-changes="{str(changes).lower()}" data-passed="{passed}">'
        f'<th scope="row"><a href="{clause_url(clause, here)}" title="{escape(clause.rule)}">'
        f"<code>{clause.id}</code></a>"
        f"<details><summary>{escape(unknown or passing_in_words(history, clause.id))}</summary>"
        f"<p>{rule_html(clause.rule)}</p><ul>{reasons}</ul></details></th>{cells}</tr>"
    )


def _reasons(
    verdicts: Mapping[str, Stretch], others: Mapping[str, Stretch], coming: NextVerdict | None
) -> Iterator[str]:
    for stretch in dict.fromkeys(verdicts.values()):
        releases = (
            stretch.first
            if stretch.first == stretch.last
            else (f"{stretch.first} to {stretch.last}")
        )
        yield f"{releases}: {_came(stretch)}"
    for name, stretch in others.items():
        yield f"{combination_in_words(name)}: {_came(stretch)}"
    if coming:
        yield f"next: {_came(coming)}"


def _came(of: Stretch | NextVerdict) -> str:
    return f"{of.verdict} ({of.why})" if of.why else of.verdict


def _cell(
    verdicts: Mapping[str, Stretch], others: Mapping[str, Stretch], versions: Sequence[str]
) -> str:
    """Return what the clause did on a line, and whether that depends on what is beside it.

    :param others: What it did otherwise where a release has another blinker or Python.
    """
    if not all(version in verdicts for version in versions):
        return _td("unable", "?", "not measured")
    stretches = [verdicts[version] for version in versions]
    kind, text = _on_all(stretches, versions)
    reasons = [stretch.why for stretch in stretches if stretch.why]
    if own := [name for name in others if name.partition("/")[0] in versions]:
        kind, text = "partly", f"{text}, depends"
        reasons += [f"{combination_in_words(name)}: {_came(others[name])}" for name in own]
    return _td(kind, text, "; ".join(dict.fromkeys(reasons)))


def _next_cell(coming: NextVerdict | None) -> str:
    if coming is None:
        return _td("unable", "?", "not measured")
    return _td(*_on_all([coming], ["next"]), coming.why)


def _td(kind: str, text: str, title: str) -> str:
    shown = f' title="{escape(title)}"' if title else ""
    return f'<td class="compatibility-{kind}"{shown}>{text}</td>'


def _on_all(stretches: Sequence[Stretch | NextVerdict], versions: Sequence[str]) -> tuple[str, str]:
    """Return the kind and the word of a cell: on all releases of a line, from one, up to one."""
    passed = [stretch.verdict is Verdict.PASSED for stretch in stretches]
    if all(passed):
        return "yes", "yes"
    if not any(passed):
        first, *others = {stretch.verdict for stretch in stretches}
        return ("no", "no") if others else _NOWHERE.get(first, ("no", "no"))
    if passed == sorted(passed):
        return "partly", f"from {versions[passed.index(True)]}"
    if passed == sorted(passed, reverse=True):
        return "partly", f"to {versions[passed.index(False) - 1]}"
    return "partly", ", ".join(v for v, ok in zip(versions, passed, strict=True) if ok)
