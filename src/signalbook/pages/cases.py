"""Reads a `{cases}` directive: a table with a row for each way in which a rule is kept."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markdown_it.token import Token

from signalbook.clauses import Example, VersionRange
from signalbook.pages.errors import PageError
from signalbook.pages.markdown import Fence, Source, blocks
from signalbook.pages.options import known_options, read_needs, read_range

__all__ = ["Case", "read_cases"]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RESERVED = ("holds", "needs", "prints", "raises")


@dataclass(frozen=True)
class Case:
    """A row.

    :param name: What its id ends with.
    :param cells: What the row says in each column, by heading.
    :param names: An assignment for each column that is a name in the examples.
    :param holds: Its own range, if it has one.
    :param needs: What it needs itself, if it says so.
    :param prints: What the last statement prints for it, with a newline at the end.
    :param raises: What the last statement raises for it.
    :param line: The row's line in the page, from 1.
    """

    name: str
    cells: Mapping[str, str]
    names: tuple[Example, ...]
    holds: VersionRange | None
    needs: frozenset[str] | None
    prints: str | None
    raises: str | None
    line: int

    def as_earlier(self, needs: frozenset[str] | None) -> Case:
        """Return the row as an earlier entry has it: what it is about, and nothing of today.

        :param needs: What the entry needs, if it says so; else the row needs what it did.
        """
        return replace(self, holds=None, needs=needs or self.needs, prints=None, raises=None)

    def run_with(self, examples: Sequence[Example]) -> tuple[Example, ...]:
        """Return the row's own examples: its names, then *examples* with what is its own."""
        *first, last = examples
        if self.prints is not None or self.raises is not None:
            last = replace(last, wanted=self.prints or "", raises=self.raises)
        return (*self.names, *first, last)


def read_cases(fence: Fence) -> tuple[Case, ...]:
    """Read every row of the table.

    :raises PageError: If there is no table, or anything is wrong with it.
    """
    known_options(fence, ())
    if fence.argument:
        raise fence.error(f"{{cases}} has no argument, and here is {fence.argument!r}", "remove it")
    head, *rows = list(_rows(fence)) or [()]
    if not rows:
        raise fence.error(
            "the cases are no table with a row", "write a heading, '| --- |', and a row for each"
        )
    headings = [cell.token.content for cell in head]
    _check_headings(headings, head[0])
    cases = tuple(_case(dict(zip(headings, row, strict=True))) for row in rows)
    _refuse_twice(cases, fence.source)
    return cases


@dataclass(frozen=True)
class _Cell:
    token: Token
    source: Source
    line: int

    def error(self, problem: str, remedy: str) -> PageError:
        return PageError(self.source.file, self.line, problem, remedy)

    @property
    def code(self) -> str | None:
        """What the cell has between backticks; `None` if it is empty.

        :raises PageError: If it has anything else.
        """
        pieces = self.token.children or []
        if not pieces:
            return None
        if len(pieces) > 1 or pieces[0].type != "code_inline":
            raise self.error(
                f"the cell {self.token.content!r} is no code", "put all of it between backticks"
            )
        return pieces[0].content


def _rows(fence: Fence) -> Iterator[tuple[_Cell, ...]]:
    """Yield the rows of the fence's only table, its head first."""
    row: list[_Cell] = []
    line, tables = fence.line, 0
    for token, _ in blocks(fence.source):
        if not token.type.startswith(("table", "thead", "tbody", "tr", "th", "td")):
            if token.type != "inline" or not tables or token.level < 4:
                raise fence.source.error(
                    token, "the cases have something else than a table", "move it out"
                )
            row.append(_Cell(token, fence.source, line))
        tables += token.type == "table_open"
        if tables > 1:
            raise fence.source.error(token, "the cases have two tables", "join them")
        if token.type == "tr_open":
            row, line = [], fence.source.line(token)
        elif token.type == "tr_close":
            yield tuple(row)


def _check_headings(headings: Sequence[str], first: _Cell) -> None:
    for heading in headings[1:]:
        name = heading.strip("`")
        if not name.isidentifier() or keyword.iskeyword(name):
            raise first.error(
                f"the column {heading!r} is no name in Python",
                f"name what the examples use, or one of {', '.join(_RESERVED)}",
            )
    if len(set(headings)) < len(headings):
        raise first.error("two columns have the same heading", "rename one")


def _case(cells: Mapping[str, _Cell]) -> Case:
    first, *_ = cells.values()
    name = first.token.content
    if not _SLUG.fullmatch(name):
        raise first.error(
            f"the row's name {name!r} is malformed", "write it in lower case, with hyphens"
        )
    own = {heading.strip("`"): cell for heading, cell in cells.items() if cell is not first}
    texts = {name: own[name].code for name in _RESERVED if name in own}
    prints, raises = texts.get("prints"), texts.get("raises")
    if prints is not None and raises is not None:
        raise first.error("the row both prints and raises", "empty one of the cells")
    return Case(
        name=name,
        cells={heading: cell.token.content for heading, cell in cells.items()},
        names=tuple(_assignment(name, own[name]) for name in own if name not in _RESERVED),
        holds=read_range(texts.get("holds"), first.error),
        needs=read_needs(texts.get("needs"), first.error),
        prints=f"{prints}\n" if prints is not None else "" if "prints" in own else None,
        raises=raises,
        line=first.line,
    )


def _assignment(name: str, cell: _Cell) -> Example:
    code = cell.code
    if code is None:
        raise cell.error(f"the row has nothing for {name!r}", "write an expression")
    try:
        ast.parse(code, mode="eval")
    except SyntaxError as error:
        raise cell.error(f"the cell is no Python expression: {error.msg}", "correct it") from None
    return Example(
        source=f"{name} = {code}\n",
        wanted="",
        raises=None,
        options={},
        file=cell.source.file,
        line=cell.line,
    )


def _refuse_twice(cases: Sequence[Case], source: Source) -> None:
    seen: set[str] = set()
    for case in cases:
        if case.name in seen:
            problem = f"there are two rows {case.name!r}"
            raise PageError(source.file, case.line, problem, "rename one")
        seen.add(case.name)
