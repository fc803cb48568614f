"""Which clauses share a process."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from itertools import groupby

from signalbook.clauses import Clause

__all__ = ["Isolation", "groups"]

FEW = 8
"""Clauses that may share what was set up."""


class Isolation(enum.StrEnum):
    """What a process of the worker's is for.

    `CLAUSE`: one clause, so that nothing that another did can decide its verdict. It is a fork of
    one in which the set-up ran, for a few clauses of a page.

    `PAGE`: the clauses of a page, one after the other, which takes half the time.
    What could be missed is a fault that doesn't show after other clauses, so this is for
    implementations that are known.

    In both, a clause that does something else than its range says, ends the process in another way
    or leaves something behind is run again from the set-up on in a process of its own, and that
    verdict counts. So nothing is ever found against an implementation that isn't true of the
    clause alone.
    """

    CLAUSE = "clause"
    PAGE = "page"


def groups(clauses: Sequence[Clause], isolation: Isolation) -> list[list[Clause]]:
    """Return *clauses*, those together that share a process or a set-up."""
    pages = [list(page) for _, page in groupby(clauses, key=lambda one: (one.file, one.setup))]
    if isolation is Isolation.PAGE:
        return pages
    # Few, since they are run again if time runs out, and are told of together.
    return [page[first : first + FEW] for page in pages for first in range(0, len(page), FEW)]
