"""The model of the specification: pages, clauses, examples, levels and version ranges.

Everything here is frozen data. Reading pages is {py:mod}`signalbook.pages`' job.
"""

from __future__ import annotations

import enum
import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Self

from packaging.specifiers import SpecifierSet
from packaging.version import Version

__all__ = [
    "CHAPTERS",
    "SUBJECTS",
    "Chapter",
    "Clause",
    "EarlierSetup",
    "Example",
    "Level",
    "Page",
    "RangeError",
    "Specification",
    "UnknownClause",
    "VersionRange",
]


class Level(enum.StrEnum):
    """How binding a rule is: its RFC 2119 word, whether negated or not."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


@dataclass(frozen=True)
class Chapter:
    """A folder of pages, or a single page, and what its clauses need.

    :param name: The folder's name, or the page's own name without suffix.
    :param needs: The subjects that an implementation must have for the clauses to apply, unless
        a clause says otherwise.
    :param lacks: The subjects that it must not have.
    :param last: The last releases of which something lacks that; an implementation that stands in
        for later ones is taken for these.
    """

    name: str
    needs: frozenset[str]
    lacks: frozenset[str] = frozenset()
    last: Mapping[str, str] = field(default_factory=dict)


CHAPTERS: Mapping[str, Chapter] = {
    chapter.name: chapter
    for chapter in (
        Chapter("dispatch", frozenset({"blinker"})),
        Chapter("signals", frozenset({"flask", "blinker"})),
        Chapter("lifecycle", frozenset({"flask"})),
        Chapter("fallback", frozenset({"flask"}), frozenset({"blinker"}), {"flask": "2.2.5"}),
    )
}
"""Every chapter of the specification, by name, in reading order."""


class RangeError(ValueError):
    """A version range that can't be read, or that no release can be in."""


SUBJECTS = ("flask", "blinker")
"""What an implementation stands in for: the framework, the engine or both."""


@dataclass(frozen=True)
class VersionRange:
    """Releases of Flask or blinker, as a clause's `:holds:` names them.

    :param text: The range as written, such as `flask<0.7 | flask>=1.1`.
    """

    text: str
    alternatives: tuple[tuple[str, SpecifierSet], ...] = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read *text*.

        :raises RangeError: If it names another subject than `flask` or `blinker`,
            is no list of specifiers, or admits no version at all.
        """
        return cls(text, tuple(_parse_alternative(part.strip()) for part in text.split("|")))

    def contains(self, releases: Mapping[str, str]) -> bool:
        """Tell whether an implementation that claims *releases* is in the range.

        :param releases: Versions by subject, such as `{"flask": "3.1.3", "blinker": "1.9.0"}`.
        """
        versions = {subject: Version(version) for subject, version in releases.items()}
        return any(
            subject in versions and specifiers.contains(versions[subject], prereleases=True)
            for subject, specifiers in self.alternatives
        )

    def __str__(self) -> str:
        return self.text


def _parse_alternative(text: str) -> tuple[str, SpecifierSet]:
    subject = next((name for name in SUBJECTS if text.startswith(name)), None)
    if subject is None:
        raise RangeError(
            f"the range {text!r} starts with neither 'flask' nor 'blinker';"
            " write for example 'flask>=1.1' or 'flask<0.7 | flask>=1.1'"
        )
    try:
        specifiers = SpecifierSet(text.removeprefix(subject).strip())
        is_empty = not _admits_any(specifiers)
    except ValueError as error:
        raise RangeError(f"the range {text!r} is malformed: {error}") from error
    if not len(specifiers):
        raise RangeError(f"the range {text!r} names no version; leave ':holds:' out instead")
    if is_empty:
        raise RangeError(f"the range {text!r} is empty: no version can be in it")
    return subject, specifiers


def _admits_any(specifiers: SpecifierSet) -> bool:
    """Tell whether any version is in all of *specifiers*.

    If one is, then one of those that they name, or one just above it, or the very first; what
    `!=1.2.*` leaves out ends at 1.3.
    """
    named = [specifier.version.removesuffix(".*").split(".") for specifier in specifiers]
    after = [[*parts[:-1], str(int(parts[-1]) + 1)] for parts in named if parts[-1].isdecimal()]
    lowest = [".".join(parts) for parts in [["0"], *named, *after]]
    versions = [Version(text) for text in lowest]
    above = [Version(f"{version.base_version}.0.0.0.1") for version in versions]
    return any(specifiers.contains(each, prereleases=True) for each in [*versions, *above])


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

    def applies_to(self, subjects: frozenset[str]) -> bool:
        """Tell whether the clause is about implementations that have just these *subjects*."""
        return self.needs <= subjects and not self.lacks & subjects

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


class UnknownClause(LookupError):
    """No clause has this id, or none matches this pattern."""


@dataclass(frozen=True)
class Specification:
    """All pages, in reading order."""

    pages: Sequence[Page]

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause, in reading order."""
        return tuple(clause for page in self.pages for clause in page.clauses)

    def instead_of(self, clause: Clause) -> tuple[Clause, ...]:
        """Return the clauses that say what is true on other releases instead of *clause*.

        It is enough that one of two names the other.
        """
        return tuple(
            other
            for other in self.clauses
            if other.id in clause.otherwise or clause.id in other.otherwise
        )

    def clause(self, id: str) -> Clause:
        """Return the clause *id*.

        :raises UnknownClause: If there is none; the message names near ones.
        """
        by_id = {clause.id: clause for clause in self.clauses}
        if id not in by_id:
            near = get_close_matches(id, by_id, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "'signalbook list' shows all ids"
            raise UnknownClause(f"there is no clause {id!r}; {hint}")
        return by_id[id]

    def select(
        self,
        *,
        chapter: str | None = None,
        level: Level | None = None,
        patterns: Sequence[str] = (),
    ) -> tuple[Clause, ...]:
        """Return the clauses of a chapter and a level whose ids match any of *patterns*.

        :param patterns: Shell patterns such as `request-started.*`; none means all.
        :raises UnknownClause: If a pattern matches no clause of the specification.
        """
        for pattern in patterns:
            if not any(fnmatch.fnmatchcase(clause.id, pattern) for clause in self.clauses):
                if not set(pattern) & set("*?["):
                    self.clause(pattern)
                raise UnknownClause(
                    f"no clause's id matches {pattern!r}; 'signalbook list' shows all ids"
                )
        return tuple(
            clause
            for clause in self.clauses
            if (chapter is None or clause.chapter == chapter)
            and (level is None or clause.level is level)
            and (not patterns or any(fnmatch.fnmatchcase(clause.id, p) for p in patterns))
        )
