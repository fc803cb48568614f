"""The model of a page: clauses, examples and levels."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

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
    """One rule, where it holds, and the examples that prove it.

    :param id: `subject.behaviour`, the same everywhere and for ever.
    :param rule: The rule's sentence, as plain MyST.
    :param level: The rule's RFC 2119 word.
    :param holds: The releases on which the rule is true; `None` means every release.
    :param title: The heading that the clause stands under.
    :param setup: The page's set-up, run before the examples in the same namespace.
    :param examples: At least one example.
    :param file: The page, relative to the folder that holds `spec/`.
    :param line: The directive's line in the page, from 1.
    :param own_needs: What it needs where that isn't what its chapter needs.
    :param otherwise: The ids of the clauses that say what is true on other releases instead.
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
    otherwise: tuple[str, ...] = ()

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
