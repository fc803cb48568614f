"""What changes from one release of Flask to another, in lines to be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from signalbook.clauses import Level, Page, Specification
from signalbook.history.changes import Change, Comparison, Part, Tag

__all__ = ["Line", "change_lines", "lines_by_page"]

_ORDER = list(Level)
_TAGS = list(Tag)
_FEW = 2
_REASON = re.compile(r"(an example (?:raised|printed)(?: something else:)? )(.+)")


@dataclass(frozen=True)
class Line:
    """A change as one reads it, or several that have one reason.

    :param text: What was, and after an arrow what is; as plain MyST.
    :param when: With which releases, such as `2.0.0, 2.2.0`; empty if there are none between.
    :param parts: What it is about: each check whose verdicts differ is in one part of one line.
    """

    tag: Tag
    level: Level
    text: str
    when: str
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
    lines = [
        _line([change], _text(change), comparison)
        for change in changes
        if change not in gone and change not in more
    ]
    if gone:
        text = "It ran without blinker → Without blinker it can't be imported."
        lines.append(_line(gone, text, comparison))
    if more:
        text = "What held before holds in more cases."
        lines.append(_line(more, text, comparison))
    lines.sort(key=lambda line: (not line.breaks, _TAGS.index(line.tag), _ORDER.index(line.level)))
    return lines


def _is_own(change: Change) -> bool:
    return [part.entry for part in change.after] == [change.clause]


def _line(changes: Sequence[Change], text: str, comparison: Comparison) -> Line:
    level = min((change.clause.level for change in changes), key=_ORDER.index)
    parts = tuple(part for change in changes for part in (*change.before, *change.after))
    at = {release for change in changes for release in change.releases}
    releases = [release for release in comparison.between if release in at]
    few = ", ".join(releases) if len(releases) <= _FEW else f"{releases[0]} to {releases[-1]}"
    when = few if len(comparison.between) > _FEW else ""
    return Line(changes[0].tag, level, text, when, parts)


def _text(change: Change) -> str:
    before, after = _sentences(change.before), _sentences(change.after)
    if change.tag is Tag.REMOVED:
        after = _shown(change.instead)
    text = f"{before.removesuffix('.')} → {after}" if before else after
    if change.clause not in [part.entry for part in (*change.before, *change.after)]:
        # An earlier entry alone says 'it', and not of what.
        text += f" Later: {change.clause.rule}"
    return text


def _sentences(parts: Iterable[Part]) -> str:
    return " ".join(dict.fromkeys(part.entry.rule for part in parts))


def _shown(reasons: Sequence[str]) -> str:
    """Say what examples did, with what they printed or raised as code; of many only the first."""
    said = [_with_code(reason) for reason in reasons[:_FEW]]
    more = ", others something else" if reasons[_FEW:] else ""
    text = f"{', '.join(said)}{more}."
    return text[0].upper() + text[1:]


def _with_code(reason: str) -> str:
    """Return a reason with whatever comes from an example as code, since it could be markup."""
    match = _REASON.fullmatch(reason)
    words, code = match.groups() if match else ("", reason)
    return f"{words}`{code.replace('`', chr(39))}`"
