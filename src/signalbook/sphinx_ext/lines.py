"""The lines of Flask that a reader can choose among, and what holds on which of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from packaging.version import Version

from signalbook.clauses import CHAPTERS, Clause, applies
from signalbook.history import NEXT, History
from signalbook.implementations import newest_release, read_releases
from signalbook.verdicts import Verdict

__all__ = ["Line", "classes_of", "holds_on", "line_classes", "line_name", "lines_of"]


@dataclass(frozen=True)
class Line:
    """A minor version of Flask with all its patches, which its last one stands for.

    :param name: What it is called, such as `2.3`; the main branch is `next`.
    :param axes: The versions of its last release, and of what it was measured with.
    """

    name: str
    axes: Mapping[str, str]


def lines_of(history: History) -> tuple[Line, ...]:
    """Return the lines of all releases, oldest first, and the main branch if it was measured."""
    return _lines(has_next=history.next is not None)


# Each clause and each row of the site asks for them.
@cache
def _lines(*, has_next: bool) -> tuple[Line, ...]:
    found = {line_name(version): release.axes for version, release in read_releases().items()}
    if has_next:
        # It was measured with what the newest release has beside it.
        found[NEXT] = newest_release().axes
    return tuple(Line(name, axes) for name, axes in found.items())


def line_name(version: str) -> str:
    """Return the name of the line that a release is in."""
    return ".".join(version.split(".")[:2])


def holds_on(check: Clause, line: Line, history: History) -> bool:
    """Tell whether *check* is true on a line: what its range says, and on `next` what came of it.

    :param check: A clause or an entry; one with rows holds where any of them does.
    """
    if check.rows:
        return any(holds_on(row, line, history) for row in check.rows)
    if line.name == NEXT and (coming := history.coming(check)):
        return coming.verdict is Verdict.PASSED
    last = CHAPTERS[check.chapter].last if check.lacks else {}
    if any(Version(line.axes[axis]) > Version(version) for axis, version in last.items()):
        return False  # It can't do without what the clause lacks.
    axes = {axis: version for axis, version in line.axes.items() if axis not in check.lacks}
    return applies(check, axes)


def classes_of(check: Clause, history: History) -> list[str]:
    """Return the classes that say on which lines *check* holds; none if it does on all."""
    return line_classes(history, lambda line: holds_on(check, line, history))


def line_classes(
    history: History, holds: Callable[[Line], bool], *, kind: str = "flask"
) -> list[str]:
    """Return the classes `flask:0.8-2.2` and the like for the lines for which *holds* is true.

    There is one for each stretch of neighbours; none at all if it is true for every line, and
    `flask:none` if for none.
    """
    told = [(line.name, holds(line)) for line in lines_of(history)]
    if all(true for _, true in told):
        return []
    groups = [list(group) for true, group in groupby(told, key=lambda each: each[1]) if true]
    stretches = [_stretch(group[0][0], group[-1][0]) for group in groups]
    return [f"{kind}:{stretch}" for stretch in stretches or ["none"]]


def _stretch(first: str, last: str) -> str:
    return first if first == last else f"{first}-{last}"
