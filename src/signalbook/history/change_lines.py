"""What changes from one release of Flask to another, in lines to be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from signalbook.clauses import Level, Page, Specification
from signalbook.history.changes import Change, Comparison, Part, Tag

__all__ = ["WITHOUT_BLINKER", "Line", "Told", "tell"]

WITHOUT_BLINKER = "Without blinker Flask can't be imported ← before: It ran without blinker."
"""What stands for all that was true without blinker, where nothing is any more."""

_IMPORT_FAILS = "fallback.import-fails"
_ORDER = list(Level)
_TAGS = list(Tag)
_FEW = 2
_FEW_CASES = 3
_REASON = re.compile(r"(an example (?:raised|printed)(?: something else:)? )(.+)")


@dataclass(frozen=True)
class Line:
    """A change as one reads it.

    :param text: The rule, and at the other end of an arrow what was before or is after; as plain
        MyST.
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
        return self.tag in {Tag.REMOVED, Tag.CHANGED} and self.level is not Level.MAY


@dataclass(frozen=True)
class Told:
    """All that changes, as one reads it.

    :param sections: The lines of each page that has any, those that break programs first.
    :param lists: What needs no line among these, by title: the rules that hold in more cases, and
        the rules and cases that are gone with a name.
    """

    sections: tuple[tuple[Page, tuple[Line, ...]], ...]
    lists: tuple[tuple[str, tuple[Line, ...]], ...]

    @property
    def count(self) -> int:
        """How many lines the sections have."""
        return sum(len(lines) for _, lines in self.sections)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line, also of the lists."""
        return tuple(line for _, lines in (*self.sections, *self.lists) for line in lines)


def tell(specification: Specification, comparison: Comparison) -> Told:
    """Return the lines of all changes.

    Pages that lose or change a MUST come first, then those with a SHOULD, else as they are read;
    in each is first what is removed, then what is changed, then what is added.
    """
    pages = {page.subject: page for page in specification.pages}
    listed = {
        Tag.MORE: "Rules that hold in more cases",
        Tag.GONE: "Rules and cases that are gone with a name",
    }
    sections, asides = [], []
    for subject, changes in groupby(comparison.changes, lambda change: change.clause.subject):
        lines = list(_lines(list(changes), comparison))
        asides += [line for line in lines if line.tag in listed]
        if shown := [line for line in lines if line.tag not in listed]:
            shown.sort(key=lambda line: (_TAGS.index(line.tag), _ORDER.index(line.level)))
            sections.append((pages[subject], tuple(shown)))
    sections.sort(key=lambda section: _rank(section[1]))
    lists = [
        (title, tuple(line for line in asides if line.tag is tag)) for tag, title in listed.items()
    ]
    return Told(tuple(sections), tuple(each for each in lists if each[1]))


def _rank(lines: Sequence[Line]) -> int:
    if any(line.text == WITHOUT_BLINKER for line in lines):
        return -1
    return min([_ORDER.index(line.level) for line in lines if line.breaks], default=len(_ORDER))


def _lines(changes: Sequence[Change], comparison: Comparison) -> Iterator[Line]:
    ended = [change for change in changes if comparison.ends_without_blinker and _is_end(change)]
    if ended:
        yield _line(ended, Tag.CHANGED, WITHOUT_BLINKER, comparison)
    for change in changes:
        if change not in ended:
            yield _line([change], change.tag, _text(change), comparison)


def _is_end(change: Change) -> bool:
    return "blinker" in change.clause.lacks or change.clause.id == _IMPORT_FAILS


def _line(changes: Sequence[Change], tag: Tag, text: str, comparison: Comparison) -> Line:
    level = min((change.clause.level for change in changes), key=_ORDER.index)
    parts = tuple(part for change in changes for part in (*change.before, *change.after))
    at = {release for change in changes for release in change.releases}
    releases = [release for release in comparison.between if release in at]
    few = ", ".join(releases) if len(releases) <= _FEW else f"{releases[0]} to {releases[-1]}"
    when = few if len(comparison.between) > _FEW else ""
    return Line(tag, level, text, when, parts)


def _text(change: Change) -> str:
    """Return the rule, which others speak of as 'it', with an arrow from or to what these say."""
    rule = change.clause.rule
    before, after = _sentences(change, change.before), _sentences(change, change.after)
    if any(part.entry == change.clause for part in change.after):
        begins = f"{rule} {after}" if after else rule
        return f"{_open(begins)} ← before: {before}" if before else begins
    if any(part.entry == change.clause for part in change.before):
        ends = f"{rule} {before}" if before else rule
        return f"{_open(ends)} → {f'after: {after}' if after else _end(change)}"
    told = f"{_open(before)} → {after or _capital(_shown(change))}" if before else after
    return f"In place of “{_open(rule)}”: {told}"


def _open(text: str) -> str:
    return text.removesuffix(".")


def _sentences(change: Change, parts: Iterable[Part]) -> str:
    """Return what *parts* say besides the rule itself."""
    rules = (part.entry.rule for part in parts if part.entry != change.clause)
    return " ".join(dict.fromkeys(rules))


def _end(change: Change) -> str:
    """Say what came of a rule that nothing replaces, and in which cases if not in all."""
    cases = _cases(change) if change.held else ""
    if change.tag is Tag.GONE:
        names = ", ".join(f"`{name}`" for name in change.gone_with)
        return f"gone with {names}{f', {cases}' if cases else ''}."
    return f"not {cases}: {_shown(change)}" if cases else _capital(_shown(change))


def _cases(change: Change) -> str:
    names = [check.id.rpartition(".")[2] for part in change.before for check in part.checks]
    if len(names) > _FEW_CASES:
        return f"in {len(names)} cases"
    return f"in the case{'s' * (len(names) > 1)} {', '.join(names)}"


def _shown(change: Change) -> str:
    """Say what examples did, with what they printed or raised as code; of many only the first."""
    said = [_with_code(reason) for reason in change.instead[:_FEW]]
    return f"{', '.join(said)}{', others something else' if change.instead[_FEW:] else ''}."


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _with_code(reason: str) -> str:
    """Return a reason with whatever comes from an example as code, since it could be markup."""
    match = _REASON.fullmatch(reason)
    words, code = match.groups() if match else ("", reason)
    return f"{words}`{code.replace('`', chr(39))}`"
