"""The whole specification, and how clauses are found in it."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from signalbook.clauses.model import Clause, Level, Page

__all__ = ["Specification", "UnknownClause"]


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
