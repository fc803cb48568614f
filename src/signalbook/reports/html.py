"""Results as one HTML file, which needs no server and no other file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from markdown_it import MarkdownIt

from signalbook.reports.content import Report, steady
from signalbook.reports.runs import Run
from signalbook.verdicts import Result, Verdict

__all__ = ["as_html"]

_TEMPLATE = Path(__file__).with_name("report.html")
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def as_html(report: Report) -> str:
    """Return *report* as a page that can be filtered by words and verdict."""
    template = Template(_TEMPLATE.read_text(encoding="utf-8"))
    return template.substitute(
        problems="\n".join(f'<p class="problem">{_text(each)}</p>' for each in report.problems),
        table="\n".join(_table(report)),
        choices="\n".join(_choices(report)),
        runs="\n".join(line for run in report.runs for line in _run(run, report)),
    )


def _table(report: Report) -> Iterator[str]:
    verdicts = report.verdicts
    heads = ["implementation", "level", *verdicts]
    yield "<tr>" + "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr>"
    for name, level, numbers in report.counts:
        cells = [_text(name), level, *(str(numbers[verdict]) for verdict in verdicts)]
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _choices(report: Report) -> Iterator[str]:
    """Yield what the verdicts can be filtered by; what failed is chosen, if something did."""
    numbers = Counter(result.verdict for result in report.results)
    faults = sum(number for verdict, number in numbers.items() if verdict.is_fault)
    yield f'<option value="">all ({numbers.total()})</option>'
    if faults:
        yield f'<option value="fault" selected>what fails the run ({faults})</option>'
    for verdict in Verdict:
        if numbers[verdict]:
            yield f'<option value="{verdict}">{verdict} ({numbers[verdict]})</option>'


def _run(run: Run, report: Report) -> Iterator[str]:
    releases = [f"{subject} {version}" for subject, version in run.releases.items()]
    subject = ", ".join([*releases, f"CPython {run.python}"])
    yield f"<section><h2>{_text(run.implementation.name)}</h2><p>As {_text(subject)}.</p>"
    for id, group in groupby(run.results, lambda result: result.clause.whole_id):
        yield from _clause(id, list(group), report)
    yield "</section>"


def _clause(id: str, results: Sequence[Result], report: Report) -> Iterator[str]:
    first = results[0].clause
    link = report.link(replace(first, id=id))
    name = f'<a href="{escape(link)}">{id}</a>' if link else id
    yield f"<article><h3>{name} <small>{first.level}</small></h3>"
    yield f"<p>{_MARKDOWN.renderInline(first.rule)}</p><ul>"
    for result in results:
        yield from _check(id, result, report)
    yield "</ul></article>"


def _check(id: str, result: Result, report: Report) -> Iterator[str]:
    kind = "fault" if result.verdict.is_fault else "other"
    yield f'<li data-verdict="{result.verdict}" data-kind="{kind}"><b>{result.verdict}</b>'
    if result.clause.row_of:
        yield f"<code>{result.clause.id.removeprefix(id + '.')}</code>"
    if result.reason:
        yield _text(result.reason)
    if kind == "fault":
        yield from _fault(result, report)
    yield "</li>"


def _fault(result: Result, report: Report) -> Iterator[str]:
    clause = result.clause
    features = report.features(clause)
    facts = [f"{result.place}; holds for {clause.holds or 'every release'}"]
    if features is not None:
        facts.append(f"needs: {', '.join(features) or 'none'}")
    yield f"<details><summary>{_text('; '.join(facts))}</summary>"
    for name, text in (
        ("example", result.example.at_prompt if result.example else ""),
        ("wanted", result.wanted),
        ("got", result.got),
        ("detail", result.detail),
    ):
        if text or (name in {"wanted", "got"} and (result.wanted or result.got)):
            yield f"{name}<pre>{_text(text.rstrip()) or '(nothing)'}</pre>"
    yield "</details>"


def _text(text: str) -> str:
    return escape(steady(text))
