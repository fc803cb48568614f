"""Finds and reads the folder of pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from signalbook.clauses import CHAPTERS, Clause, Page, Specification
from signalbook.pages.empty_ranges import empty_ranges, known_environments
from signalbook.pages.errors import PageError, SpecificationError
from signalbook.pages.markdown import Source
from signalbook.pages.needs import unneeded_imports
from signalbook.pages.page import parse_page
from signalbook.pages.profiles import read_profiles
from signalbook.pages.references import dangling
from signalbook.pages.setups import join_setups
from signalbook.pages.text import page_files, read_source

__all__ = ["read_specification", "specification_folder"]

_PACKAGE = Path(__file__).parents[1]


def specification_folder() -> Path:
    """Return the folder of the specification's pages and `releases.toml`.

    In a checkout that is the tree's own `spec/`, in an installed wheel the copy in the package.
    """
    in_package = _PACKAGE / "spec"
    # A checkout has none there, and a wheel may be installed anywhere, below any other project.
    return in_package if in_package.is_dir() else _PACKAGE.parents[1] / "spec"


def read_specification(folder: Path | None = None) -> Specification:
    """Read every page below *folder* in reading order.

    That is by chapter, then as the chapter's `index.md` names them, then by name.

    :param folder: Where the pages are; by default the specification's own.
    :raises SpecificationError: If there is no page, or any page has an error. What is wrong
        between pages is told when each by itself is right.
    """
    folder = folder or specification_folder()
    sources: list[Source] = []
    pages: list[Page] = []
    paths, errors = page_files(folder)
    for path in paths:
        try:
            sources.append(read_source(path, folder))
            pages.append(parse_page(sources[-1]))
        except PageError as error:
            errors.append(error)
    if not pages and not errors:
        errors.append(PageError(str(folder), 0, "there is no page here", "name another folder"))
    if not errors:
        pages, errors = join_setups(pages)
        errors += _strangers(pages) + _duplicates(pages)
    if not errors:
        errors += _between(sources, pages, folder)
    try:
        profiles = read_profiles(folder)
    except PageError as error:
        errors.append(error)
    if errors:
        raise SpecificationError(errors)
    return Specification(tuple(_in_reading_order(pages, folder)), profiles)


def _between(sources: list[Source], pages: list[Page], folder: Path) -> list[PageError]:
    """Return what is wrong of what takes all pages, or the known releases, to tell."""
    clauses = list(_all(pages))
    own = folder / "releases.toml"
    # A row mostly has its clause's, of which one message is enough.
    with_range = [each for each in clauses if not each.row_of or each.cells.get("holds")]
    known = own if own.is_file() else specification_folder() / "releases.toml"
    return [
        *(error for each in clauses if not each.row_of for error in unneeded_imports(each)),
        *empty_ranges(with_range, known_environments(known)),
        *dangling(sources, clauses, folder),
    ]


def _in_reading_order(pages: list[Page], folder: Path) -> list[Page]:
    chapters = list(CHAPTERS)
    contents = {chapter: _contents(folder / chapter / "index.md") for chapter in chapters}

    def place(page: Page) -> tuple[int, int, str]:
        named = contents.get(page.chapter, [])
        return _index(page.chapter, chapters), _index(page.subject, named), page.file

    return sorted(pages, key=place)


_TOCTREE = re.compile(r"^```\{toctree\}\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _contents(page: Path) -> list[str]:
    """Return what the lists of contents on *page* name, in order."""
    if not page.is_file():
        return []
    lists = _TOCTREE.findall(page.read_text(encoding="utf-8"))
    lines = [line.strip() for text in lists for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith(":")]


def _index(name: str, names: list[str]) -> int:
    """Return the place of *name*, which is the last one if it isn't there."""
    return names.index(name) if name in names else len(names)


def _strangers(pages: list[Page]) -> list[PageError]:
    return [
        PageError(
            page.file,
            page.clauses[0].line,
            f"there is a clause in {page.chapter!r}, which is no chapter",
            f"move the page into one of {', '.join(CHAPTERS)}",
        )
        for page in pages
        if page.clauses and page.chapter not in CHAPTERS
    ]


def _all(pages: list[Page]) -> Iterator[Clause]:
    """Yield whatever has an id: clauses, rows and earlier entries."""
    for page in pages:
        for clause in page.clauses:
            yield from clause.family


def _duplicates(pages: list[Page]) -> list[PageError]:
    first: dict[str, Clause] = {}
    errors = []
    for clause in _all(pages):
        if clause.id in first and not clause.row_of:
            errors.append(
                PageError(
                    clause.file,
                    clause.line,
                    f"the id {clause.id!r} is taken by {first[clause.id].place}",
                    "choose another",
                )
            )
        first.setdefault(clause.id, clause)
    return errors
