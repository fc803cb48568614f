"""The whole specification, and how clauses are found in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cached_property

from signalbook.clauses.model import Clause, Level, Page
from signalbook.clauses.profile import Profile

__all__ = ["Specification", "UnknownClause", "UnknownProfile"]


class UnknownClause(LookupError):
    """No clause has this id, or none matches this pattern."""


class UnknownProfile(LookupError):
    """The specification has no profile of this name."""


@dataclass(frozen=True)
class Specification:
    """All pages, in reading order, and the profiles by name."""

    pages: Sequence[Page]
    profiles: Mapping[str, Profile] = field(default_factory=dict)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause as it stands on its page, in reading order."""
        return tuple(clause for page in self.pages for clause in page.clauses)

    @cached_property
    def checks(self) -> tuple[Clause, ...]:
        """All that is run: rows, clauses without rows, and earlier entries, in reading order."""
        return tuple(check for clause in self.clauses for check in clause.checks)

    @cached_property
    def _by_id(self) -> Mapping[str, Clause]:
        return {each.id: each for clause in self.clauses for each in clause.family}

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
        """Return the clause, the row or the earlier entry *id*.

        :raises UnknownClause: If there is none; the message names near ones.
        """
        if id not in self._by_id:
            near = get_close_matches(id, self._by_id, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "'signalbook list' shows all ids"
            raise UnknownClause(f"there is no clause {id!r}; {hint}")
        return self._by_id[id]

    def select(
        self,
        *,
        chapter: str | None = None,
        level: Level | None = None,
        patterns: Sequence[str] = (),
        profile: str | None = None,
    ) -> tuple[Clause, ...]:
        """Return the checks of a chapter, a level and a profile whose ids match any of *patterns*.

        :param patterns: Shell patterns such as `request-started.*`; none means all. One that
            matches a clause means all its checks.
        :raises UnknownClause: If a pattern matches no clause of the specification.
        :raises UnknownProfile: If the specification has no such profile.
        """
        chosen = self._matching(patterns) if patterns else None
        profiled = None if profile is None else self._in_profile(profile)
        return tuple(
            check
            for check in self.checks
            if (chapter is None or check.chapter == chapter)
            and (level is None or check.level is level)
            and (chosen is None or check.id in chosen)
            and (profiled is None or check.id in profiled)
        )

    def _in_profile(self, name: str) -> set[str]:
        if name not in self.profiles:
            known = ", ".join(map(repr, self.profiles)) or "none"
            raise UnknownProfile(f"there is no profile {name!r}; the specification has {known}")
        profile = self.profiles[name]
        return self._matching(profile.clauses) - self._matching(profile.without)

    def _matching(self, patterns: Sequence[str]) -> set[str]:
        """Return the ids of the checks that any of *patterns* names."""
        chosen: set[str] = set()
        for pattern in patterns:
            matching = [each for each in self._by_id.values() if fnmatchcase(each.id, pattern)]
            if not matching:
                if not set(pattern) & set("*?["):
                    self.clause(pattern)
                raise UnknownClause(
                    f"no clause's id matches {pattern!r}; 'signalbook list' shows all ids"
                )
            chosen.update(check.id for each in matching for check in each.checks)
        return chosen
