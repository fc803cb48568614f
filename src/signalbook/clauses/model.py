"""The model of a page: clauses, examples and levels."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from signalbook.clauses.chapters import CHAPTERS
from signalbook.clauses.ranges import VersionRange

__all__ = ["Clause", "EarlierSetup", "Example", "Level", "Page"]


class Level(enum.StrEnum):
    """How binding a rule is: its RFC 2119 word, whether negated or not."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


@dataclass(frozen=True, kw_only=True)
class Example:
    """One statement at a prompt, and what it must print.

    :param source: The code, with a newline at its end.
    :param wanted: What must be printed (the value's `repr` included), or `""`.
    :param raises: `"TypeName: message"` if the statement must raise, without the type's module,
        else `None`.
    :param options: Doctest options switched on or off here, such as `{"ELLIPSIS": False}`.
    :param file: The page, relative to the folder that holds `spec/`.
    :param line: The prompt's line in the page, from 1.
    """

    source: str
    wanted: str
    raises: str | None
    options: Mapping[str, bool]
    file: str
    line: int

    @property
    def all_options(self) -> dict[str, bool]:
        """The example's options, and those that are on unless it switches them off."""
        return {"DONT_ACCEPT_TRUE_FOR_1": True, "ELLIPSIS": True, **self.options}

    @property
    def at_prompt(self) -> str:
        """The code as typed at Python's prompt, with a newline at its end."""
        first, *rest = self.source.splitlines()
        return "\n".join([f">>> {first}", *(f"... {line}".rstrip() for line in rest), ""])

    @property
    def place(self) -> str:
        """`file:line` of the prompt."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One rule, where it holds, and the examples that prove it; or a row of its cases.

    Rows and earlier entries are clauses themselves, with ids, ranges and examples of their own.

    :param id: `subject.behaviour`, and for a row `subject.behaviour.row`; the same everywhere and
        for ever.
    :param rule: The rule's sentence, as plain MyST.
    :param level: The rule's RFC 2119 word; an earlier entry has its clause's.
    :param holds: The releases on which the rule is true; `None` means every release.
    :param title: The heading that the clause stands under.
    :param setup: The page's set-up, run before the examples in the same namespace.
    :param examples: At least one example; a row's begin with its names.
    :param file: The page, relative to the folder that holds `spec/`.
    :param line: The line in the page, from 1, of the directive or of the row.
    :param own_needs: What it needs where that isn't what its chapter needs.
    :param source: Who promises it: documentation, a changelog, a test, an issue, a program.
    :param exceptions: The ids of the clauses that narrow the rule.
    :param otherwise: The ids of the clauses that say what is true on other releases instead.
    :param rows: The same rule for each way to get there, if it has cases.
    :param earlier: What other releases did instead.
    :param cells: What a row says in each column, by the column's heading.
    :param row_of: The id of the clause that this is a row of.
    :param earlier_of: The id of the clause before which this was true.
    :param replaces: The ids of the rows that this was true instead of, if not of all.
    """

    id: str
    rule: str
    level: Level
    holds: VersionRange | None
    chapter: str
    title: str
    setup: tuple[Example, ...]
    examples: tuple[Example, ...]
    file: str
    line: int
    own_needs: frozenset[str] | None = None
    source: str | None = None
    exceptions: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    rows: tuple[Clause, ...] = ()
    earlier: tuple[Clause, ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict)
    row_of: str | None = None
    earlier_of: str | None = None
    replaces: tuple[str, ...] = ()

    @property
    def checks(self) -> tuple[Clause, ...]:
        """What is run of it: its rows, or itself if it has none, then what was true earlier."""
        earlier = (check for entry in self.earlier for check in entry.checks)
        return (*(self.rows or (self,)), *earlier)

    @property
    def entries(self) -> tuple[Clause, ...]:
        """Itself, and what was true earlier: what has a sentence of its own."""
        return (self, *self.earlier)

    @property
    def family(self) -> tuple[Clause, ...]:
        """All that has an id: itself, earlier entries, and the rows of each, as on the page."""
        return tuple(each for entry in self.entries for each in (entry, *entry.rows))

    @cached_property
    def digest(self) -> str:
        """What identifies the set-up and the examples that are run, as 16 hexadecimal digits."""
        steps = [[_step(step) for step in part] for part in (self.setup, self.examples)]
        data = json.dumps(steps, sort_keys=True).encode()
        return hashlib.sha256(data).hexdigest()[:16]

    @property
    def whole_id(self) -> str:
        """The id of what has the rule: for a row its clause's, else its own."""
        return self.row_of or self.id

    @property
    def needs(self) -> frozenset[str]:
        """The subjects that an implementation must have for the clause to apply."""
        return CHAPTERS[self.chapter].needs if self.own_needs is None else self.own_needs

    @property
    def lacks(self) -> frozenset[str]:
        """The subjects that an implementation must not have for the clause to apply."""
        return CHAPTERS[self.chapter].lacks if self.own_needs is None else frozenset()

    @property
    def subject(self) -> str:
        """The part of the id before the dot: the page's name."""
        return self.id.partition(".")[0]

    @property
    def place(self) -> str:
        """`file:line` of the clause."""
        return f"{self.file}:{self.line}"

    @property
    def permalink(self) -> str:
        """The clause's address on the site, relative to the site's root."""
        return f"{self.file.removesuffix('.md')}.html#{self.id}"

    def after(self, setup: tuple[Example, ...]) -> Clause:
        """Return the clause, and all that is in it, with *setup* in place of its set-up."""
        rows = tuple(row.after(setup) for row in self.rows)
        earlier = tuple(entry.after(setup) for entry in self.earlier)
        return replace(self, setup=setup, rows=rows, earlier=earlier)


def _step(example: Example) -> list[object]:
    return [example.source, example.wanted, example.raises, dict(example.options)]


@dataclass(frozen=True)
class EarlierSetup:
    """What a set-up block says of the page whose set-up runs first.

    :param page: That page's path below `spec/`, without suffix: `lifecycle/recorder`.
    :param line: The block's line in its own page, from 1.
    """

    page: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Page:
    """One subject: a page of the specification.

    :param subject: The file's name without suffix; every id on the page starts with it.
    :param setup: What runs before the examples of each clause; `after`'s comes first.
    :param file: The page, relative to the folder that holds `spec/`.
    :param after: The page whose set-up runs before this one's own.
    """

    subject: str
    title: str
    chapter: str
    setup: tuple[Example, ...]
    clauses: tuple[Clause, ...]
    file: str
    after: EarlierSetup | None = None
