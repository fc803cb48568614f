"""What the specification is about: its subjects, and the chapters that its pages are in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["AXES", "CHAPTERS", "SUBJECTS", "Chapter"]


SUBJECTS = ("flask", "blinker")
"""What an implementation stands in for: the framework, the engine or both."""

AXES = (*SUBJECTS, "python")
"""What version ranges go by: the subjects, and the interpreter by its major and minor version."""


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
