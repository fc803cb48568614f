"""Finds and reads the folder of pages."""

from __future__ import annotations

import re
from pathlib import Path

from signalbook.clauses import CHAPTERS, Clause, Page, Specification
from signalbook.pages.errors import PageError, SpecificationError
from signalbook.pages.page import read_page
from signalbook.pages.setups import join_setups

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
    :raises SpecificationError: If there is no page, or any page has an error.
    """
    folder = folder or specification_folder()
    pages: list[Page] = []
    errors: list[PageError] = []
    for path in sorted(folder.rglob("*.md")):
        try:
            pages.append(read_page(path, folder))
        except PageError as error:
            errors.append(error)
    if not pages and not errors:
        errors.append(PageError(str(folder), 0, "there is no page here", "name another folder"))
    pages, astray = join_setups(pages, unread={error.file for error in errors})
    errors += astray + _strangers(pages) + _duplicates(pages) + _dangling(pages)
    if errors:
        raise SpecificationError(errors)
    chapters = list(CHAPTERS)
    contents = {chapter: _contents(folder / chapter / "index.md") for chapter in chapters}

    def place(page: Page) -> tuple[int, int, str]:
        named = contents.get(page.chapter, [])
        return _index(page.chapter, chapters), _index(page.subject, named), page.file

    return Specification(tuple(sorted(pages, key=place)))


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


def _duplicates(pages: list[Page]) -> list[PageError]:
    first: dict[str, Clause] = {}
    errors = []
    for clause in (clause for page in pages for clause in page.clauses):
        if clause.id in first:
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


def _dangling(pages: list[Page]) -> list[PageError]:
    clauses = [clause for page in pages for clause in page.clauses]
    ids = {clause.id for clause in clauses}
    return [
        PageError(
            clause.file,
            clause.line,
            f"':otherwise:' of {clause.id!r} names {other!r}, which is no other clause",
            "name the clause that says what is true on other releases",
        )
        for clause in clauses
        for other in clause.otherwise
        if other not in ids or other == clause.id
    ]
