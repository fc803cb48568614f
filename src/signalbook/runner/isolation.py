"""Which clauses share a process."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from itertools import groupby

from signalbook.clauses import Clause

__all__ = ["Isolation", "groups"]


class Isolation(enum.StrEnum):
    """What a process of the worker's is for.

    `CLAUSE`: one clause, so that nothing that another did can decide its verdict.

    `PAGE`: the clauses of a page, one after the other, which takes a third of the time.
    A clause that does something else than its range says, ends the process or leaves something
    behind is run again in a process of its own, and that verdict counts. So nothing is ever found
    against an implementation that isn't true of the clause alone. What could be missed is a fault
    that doesn't show after other clauses, so this is for implementations that are known.
    """

    CLAUSE = "clause"
    PAGE = "page"


def groups(clauses: Sequence[Clause], isolation: Isolation) -> list[list[Clause]]:
    """Return *clauses*, those together that share a process: then they have the same set-up."""
    if isolation is Isolation.CLAUSE:
        return [[clause] for clause in clauses]
    pages = groupby(clauses, key=lambda clause: (clause.file, clause.setup))
    return [list(page) for _, page in pages]
