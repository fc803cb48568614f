"""What changes from one release of Flask to another, in lines to be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from signalbook.clauses import Level, Page, Specification
from signalbook.history.changes import Change, Comparison, Part, Tag

__all__ = ["Line", "change_lines", "lines_by_page", "no_longer"]

_ORDER = list(Level)
_TAGS = list(Tag)


@dataclass(frozen=True)
class Line:
    """A change as one reads it, or several that have one reason.

    :param text: What was, and after an arrow what is; as plain MyST.
    :param parts: What it is about: each check whose verdicts differ is in one part of one line.
    """

    tag: Tag
    level: Level
    text: str
    parts: tuple[Part, ...]

    @property
    def breaks(self) -> bool:
        """Whether programs that rely on what a rule promised can break."""
        return self.tag is not Tag.ADDED and self.level is not Level.MAY


def lines_by_page(
    specification: Specification, comparison: Comparison
) -> Iterator[tuple[Page, list[Line]]]:
    """Yield the lines of each page that has any, in reading order.

    What breaks programs comes first, then what is removed, and MUST before SHOULD and MAY.
    """
    pages = {page.subject: page for page in specification.pages}
    for subject, changes in groupby(comparison.changes, lambda change: change.clause.subject):
        yield pages[subject], change_lines(list(changes), comparison)


def change_lines(changes: Sequence[Change], comparison: Comparison) -> list[Line]:
    """Return the lines of *changes*, which are of one page."""
    gone = [c for c in changes if comparison.ends_without_blinker and "blinker" in c.clause.lacks]
    more = [c for c in changes if c.held and c.after and c.tag is Tag.ADDED and _is_own(c)]
    lines = [_line(change) for change in changes if change not in gone and change not in more]
    if gone:
        text = "It ran without blinker → Without blinker it can't be imported."
        lines.append(_together(Tag.REMOVED, text, gone))
    if more:
        text = "What held before holds in more cases."
        lines.append(_together(Tag.ADDED, text, more))
    lines.sort(key=lambda line: (not line.breaks, _TAGS.index(line.tag), _ORDER.index(line.level)))
    return lines


def _is_own(change: Change) -> bool:
    return [part.entry for part in change.after] == [change.clause]


def _together(tag: Tag, text: str, changes: Sequence[Change]) -> Line:
    level = min((change.clause.level for change in changes), key=_ORDER.index)
    parts = tuple(part for change in changes for part in (*change.before, *change.after))
    return Line(tag, level, text, parts)


def _line(change: Change) -> Line:
    after = _sentences(change.after)
    if change.tag is Tag.REMOVED:
        text = " ".join(dict.fromkeys(no_longer(part.entry.rule) for part in change.before))
    elif change.tag is Tag.ADDED:
        text = after
    else:
        text = f"{_sentences(change.before).removesuffix('.')} → {after}"
    if change.clause not in [part.entry for part in (*change.before, *change.after)]:
        # An earlier entry alone says 'it', and not of what.
        text += f" Later: {change.clause.rule}"
    return Line(change.tag, change.clause.level, text, (*change.before, *change.after))


def _sentences(parts: Iterable[Part]) -> str:
    return " ".join(dict.fromkeys(part.entry.rule for part in parts))


def no_longer(rule: str) -> str:
    """Say that a rule has ceased to be true: `It may now be sent`, `It will no longer be sent`."""
    negated, said = re.subn(r"\b(MUST|SHOULD) NOT\b", "may now", rule, count=1)
    if said:
        return negated
    ceased, said = re.subn(r"\b(MUST|SHOULD|MAY)\b", "will no longer", rule, count=1)
    return ceased if said else f"{rule.removesuffix('.')} → No longer."
