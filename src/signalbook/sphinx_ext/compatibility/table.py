"""The directive `{compatibility}`: the rules of a chapter by release, a table for each series."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from itertools import groupby

from docutils import nodes
from docutils.nodes import Node
from sphinx.util.docutils import SphinxDirective

from signalbook.clauses import CHAPTERS, Clause, Page
from signalbook.history import (
    NEXT,
    SERIES,
    History,
    NextVerdict,
    Stretch,
    combination_in_words,
    differing,
)
from signalbook.sphinx_ext.compatibility.measured import why_unknown
from signalbook.sphinx_ext.domain import clause_domain
from signalbook.sphinx_ext.embedded import embedded
from signalbook.sphinx_ext.lines import line_name
from signalbook.sphinx_ext.links import clause_url
from signalbook.sphinx_ext.rereading import depends_on_rules
from signalbook.verdicts import Verdict

__all__ = ["CompatibilityTable"]

_SHOWN = ("flask", "flask-without-blinker", "blinker")
_LONG_NAME = re.compile(r"\w[\w.]{19,}")


class _Kind(StrEnum):
    """What came of a rule on a release; the script knows it by its first letter."""

    YES = "yes"
    SOME = "some"
    OTHERWISE = "otherwise"
    ABSENT = "absent"
    NOT_RUN = "not run"


_LEGEND = {
    _Kind.YES: "as the rule says",
    _Kind.SOME: "so in some of its cases",
    _Kind.OTHERWISE: "something else",
    _Kind.ABSENT: "a name that it is about isn't there",
    _Kind.NOT_RUN: "not run, or not as it is now",
}


class CompatibilityTable(SphinxDirective):
    """What came of the rules of a chapter on the last release of each line, a rule on a row.

    A rule with cases has one verdict, worked out from theirs. Scripts add a filter, all other
    releases and what came of each case; without them the table is there.
    """

    required_arguments = 1

    def run(self) -> list[Node]:
        """Return a table for each series that rules of the chapter are measured on."""
        depends_on_rules(self.env)
        domain = clause_domain(self.env)
        chapter = self.arguments[0]
        if chapter not in CHAPTERS:
            raise self.error(f"there is no chapter {chapter!r}; choose from {', '.join(CHAPTERS)}")
        pages = [page for page in domain.specification.pages if page.chapter == chapter]
        domain.note_table(chapter)
        here = self.env.current_document.docname
        tables = [_Table(domain.history, series, here, pages) for series in _SHOWN]
        text = "\n".join([_legend(), *(table.html() for table in tables if table.rows)])
        return [nodes.raw("", text, format="html", classes=["no-search"])]


def _last_of_each_line(versions: Iterable[str]) -> list[str]:
    """Return the last of *versions* of each line, such as `0.12.5` of `0.12`."""
    return [list(group)[-1] for _, group in groupby(versions, key=line_name)]


def _with_code(text: str) -> str:
    """Return *text* as HTML, its code marked."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


def _legend() -> str:
    cells = [f'<span class="{_style(kind)}">{kind}</span> {said}' for kind, said in _LEGEND.items()]
    depends = '<span class="yes depends">yes, depends</span> not with every blinker or Python'
    return f'<p class="compatibility-legend">{"; ".join([*cells, depends])}.</p>'


def _style(kind: _Kind) -> str:
    return kind.replace(" ", "-")


@dataclass(frozen=True)
class _Row:
    """A rule, and what came of it on each release.

    :param cells: The kind for each column, and whether it depends on what is beside the release.
    :param details: What came of each of its cases, in words.
    """

    entry: Clause
    cells: Sequence[tuple[_Kind, bool]]
    details: Sequence[str]

    @property
    def codes(self) -> str:
        """A letter for each column; a capital where it depends."""
        return "".join(kind[0].upper() if depends else kind[0] for kind, depends in self.cells)


@dataclass(frozen=True)
class _Case:
    """What came of a rule, or of one of its cases.

    :param came: By release.
    :param others: Where it did otherwise with another blinker or Python than the release's own.
    :param unknown: Why nothing is known of the releases; else empty.
    """

    name: str
    came: Mapping[str, Stretch | NextVerdict]
    others: Mapping[str, Stretch]
    unknown: str = ""

    def in_words(self) -> str:
        """Return all of it in a line."""
        runs = dict.fromkeys(of for of in self.came.values() if isinstance(of, Stretch))
        parts = [self.unknown] if self.unknown else []
        parts += [f"{_period(of)} {_said(of)}" for of in runs]
        parts += [f"{combination_in_words(name)} {_said(of)}" for name, of in self.others.items()]
        parts += [f"{NEXT} {_said(self.came[NEXT])}"] if NEXT in self.came else []
        return "; ".join(parts)


class _Table:
    """What came of the rules on *pages* on the releases of *series*.

    :param docname: The page that it is on.
    """

    def __init__(self, history: History, series: str, docname: str, pages: Sequence[Page]) -> None:
        self._history, self._series, self._here = history, series, docname
        self._versions = history.versions(series)
        self._has_next = series == "flask" and history.next is not None
        self.columns = [*self._versions, *([NEXT] if self._has_next else [])]
        self._shown = [*_last_of_each_line(self._versions), *self.columns[len(self._versions) :]]
        found = [(page, list(map(self._row, self._entries(page)))) for page in pages]
        self.rows = [(page, rows) for page, rows in found if rows]

    def _entries(self, page: Page) -> Iterator[Clause]:
        for clause in page.clauses:
            for entry in clause.entries:
                if _is_about(self._series, entry):
                    yield entry

    def _row(self, entry: Clause) -> _Row:
        checks = filter(SERIES[self._series].is_about, entry.rows or (entry,))
        cases = list(map(self._case, checks))
        cells = [
            (_together([case.came.get(name) for case in cases]), _depends(name, cases))
            for name in self.columns
        ]
        told: dict[str, list[str]] = {}
        for case in cases:
            told.setdefault(case.in_words(), []).append(case.name)
        details = [
            f"{', '.join(of)}: {words}" if entry.rows else words for words, of in told.items()
        ]
        return _Row(entry, cells, details)

    def _case(self, check: Clause) -> _Case:
        name = check.id.rpartition(".")[2]
        coming = self._history.coming(check) if self._has_next else None
        came: dict[str, Stretch | NextVerdict] = {NEXT: coming} if coming else {}
        if unknown := why_unknown(self._history, check):
            return _Case(name, came, {}, unknown)
        others = differing(self._history, check.id) if self._series == "flask" else {}
        return _Case(name, {**self._history.verdicts(check.id, self._series), **came}, others)

    def html(self) -> str:
        """Return the table, and the data for what scripts add."""
        heads = "".join(map(self._head, self._shown))
        bodies = "\n".join(self._body(page, rows) for page, rows in self.rows)
        title = f"On releases of {SERIES[self._series].title}"
        # The column of the release that is chosen for the site stands out.
        aware = "" if self._series == "blinker" else " release-aware"
        data = {
            "columns": self.columns,
            "kinds": list(_Kind),
            "rows": {
                self._id(row.entry): [row.codes, row.details]
                for _, rows in self.rows
                for row in rows
            },
        }
        return (
            f'<div class="compatibility{aware}">\n<h2>{title}</h2>\n'
            f'<div class="compatibility-scroll" role="region" tabindex="0" aria-label="{title}">\n'
            '<table class="compatibility-table">\n'
            f'<thead><tr><th scope="col">Rule</th>{heads}</tr></thead>\n'
            f"{bodies}\n</table>\n</div>\n"
            f'<script type="application/json">{embedded(data)}</script>\n</div>'
        )

    def _head(self, name: str) -> str:
        coming = self._history.next if name == NEXT else None
        title = f' title="{escape(coming.title)}"' if coming else ""
        return f'<th scope="col" data-release="{name}"{title}>{name}</th>'

    def _body(self, page: Page, rows: Sequence[_Row]) -> str:
        address = clause_url(page.clauses[0], self._here).partition("#")[0]
        lines = "\n".join(map(self._line, rows))
        return (
            f'<tbody data-subject="{page.subject}">\n<tr><th scope="rowgroup">'
            f'<a href="{address}">{_with_code(page.title)}</a></th>'
            f'<td colspan="{len(self._shown)}"></td></tr>\n{lines}\n</tbody>'
        )

    def _id(self, entry: Clause) -> str:
        """Return what a link to the row of *entry* names; it may be in several tables."""
        first = next(name for name in _SHOWN if _is_about(name, entry))
        return f"measured-{'' if self._series == first else f'{self._series}-'}{entry.id}"

    def _line(self, row: _Row) -> str:
        entry, cells = row.entry, dict(zip(self.columns, row.cells, strict=True))
        # Each element counts where there are so many.
        said = _breakable(escape(entry.rule.replace("`", "")))
        past = "Earlier: " if entry.earlier_of else ""
        link = f'<a href="{clause_url(entry, self._here)}">{entry.id}</a>'
        return (
            f'<tr id="{self._id(entry)}"><th scope="row">{past}{said} {link}</th>'
            f"{''.join(_cell(*cells[name]) for name in self._shown)}</tr>"
        )


def _breakable(html: str) -> str:
    """Let the line end within long names, in a column that is narrow on a phone."""
    return _LONG_NAME.sub(lambda name: re.sub("[_.]", r"\g<0><wbr>", name[0]), html)


def _together(came: Sequence[Stretch | NextVerdict | None]) -> _Kind:
    """Return the one verdict of a rule, of what came of each of its cases."""
    verdicts = {of and of.verdict for of in came}
    if verdicts & {None, Verdict.NOT_APPLICABLE}:
        return _Kind.NOT_RUN
    if Verdict.PASSED in verdicts:
        return _Kind.SOME if len(verdicts) > 1 else _Kind.YES
    return _Kind.ABSENT if verdicts == {Verdict.ABSENT} else _Kind.OTHERWISE


def _cell(kind: _Kind, depends: bool) -> str:
    style, text = (" depends", ", depends") if depends else ("", "")
    return f'<td class="{_style(kind)}{style}">{kind}{text}</td>'


def _is_about(series: str, entry: Clause) -> bool:
    return any(map(SERIES[series].is_about, entry.rows or (entry,)))


def _depends(release: str, cases: Iterable[_Case]) -> bool:
    return any(name.partition("/")[0] == release for case in cases for name in case.others)


def _period(of: Stretch) -> str:
    return of.first if of.first == of.last else f"{of.first} to {of.last}"


def _said(of: Stretch | NextVerdict) -> str:
    return f"{of.verdict} ({of.why})" if of.why else of.verdict
