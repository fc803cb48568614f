"""Puts before a page's set-up the set-up of the page that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from signalbook.clauses import Page
from signalbook.pages.errors import PageError

__all__ = ["join_setups"]


def join_setups(pages: Sequence[Page]) -> tuple[list[Page], list[PageError]]:
    """Return *pages* with whole set-ups, and what is wrong with the pages that they name."""
    by_file = {page.file: page for page in pages}
    errors = [error for page in pages for error in _errors(page, by_file)]
    if errors:
        return list(pages), errors
    return [_joined(page, by_file) for page in pages], []


def _earlier_file(page: Page) -> str:
    return f"spec/{page.after.page}.md" if page.after else ""


def _earlier(page: Page, by_file: Mapping[str, Page]) -> Iterator[Page]:
    """Yield the pages whose set-ups run before *page*'s own, the nearest first."""
    seen = {page.file}
    while (following := by_file.get(_earlier_file(page))) is not None:
        yield following
        if following.file in seen:
            return
        seen.add(following.file)
        page = following


def _errors(page: Page, by_file: Mapping[str, Page]) -> Iterator[PageError]:
    file = _earlier_file(page)
    if page.after is None:
        return
    problem = None
    if file not in by_file:
        problem = f"there is no page {page.after.page!r}", "write its path below spec/, without .md"
    elif not (by_file[file].setup or by_file[file].after):
        problem = f"the page {page.after.page!r} has no set-up", "name a page that has one"
    elif any(earlier.file == page.file for earlier in _earlier(page, by_file)):
        problem = "the set-up comes after itself", "remove one ':after:' of the circle"
    if problem:
        yield PageError(page.file, page.after.line, *problem)


def _joined(page: Page, by_file: Mapping[str, Page]) -> Page:
    setup = page.setup
    for earlier in _earlier(page, by_file):
        setup = earlier.setup + setup
    clauses = tuple(clause.after(setup) for clause in page.clauses)
    return replace(page, setup=setup, clauses=clauses)
