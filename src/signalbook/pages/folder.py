"""Finds and reads the folder of pages."""

from __future__ import annotations

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
    in_tree = _PACKAGE.parents[1] / "spec"
    # An editable install may leave a stale copy in the package: the tree comes first.
    return in_tree if (_PACKAGE.parents[1] / "pyproject.toml").is_file() else _PACKAGE / "spec"


def read_specification(folder: Path | None = None) -> Specification:
    """Read every page below *folder* in reading order: by chapter, then by name.

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
    errors += astray + _strangers(pages) + _duplicates(pages)
    if errors:
        raise SpecificationError(errors)
    return Specification(tuple(sorted(pages, key=_reading_order)))


def _reading_order(page: Page) -> tuple[int, str]:
    chapters = list(CHAPTERS)
    place = chapters.index(page.chapter) if page.chapter in CHAPTERS else len(chapters)
    return place, page.file


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
