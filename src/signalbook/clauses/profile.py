"""Named selections of clauses, each for one kind of implementation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Profile"]


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The clauses that an implementation of one kind must keep.

    :param about: Which kind that is, in a sentence.
    :param clauses: Ids and shell patterns.
    :param without: Those of what these name that are left out, likewise.
    """

    about: str
    clauses: Sequence[str]
    without: Sequence[str] = ()
