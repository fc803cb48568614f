"""Whether a clause applies: the one place that answers it."""

from __future__ import annotations

from collections.abc import Mapping

from packaging.version import Version

from signalbook.clauses.chapters import CHAPTERS, SUBJECTS
from signalbook.clauses.model import Clause

__all__ = ["applies", "why_not"]


def applies(clause: Clause, versions: Mapping[str, str], *, heed_range: bool = True) -> bool:
    """Tell whether *clause* is about what has *versions*; see {py:func}`why_not`."""
    return why_not(clause, versions, heed_range=heed_range) is None


def why_not(clause: Clause, versions: Mapping[str, str], *, heed_range: bool = True) -> str | None:
    """Say in a sentence why *clause* doesn't apply to an implementation; `None` if it does.

    :param versions: By axis: the release that each subject of the implementation stands for, and
        its interpreter, such as `{"flask": "3.1.3", "blinker": "1.9.0", "python": "3.12"}`; it has
        nothing in place of a subject that is not there.
    :param heed_range: Whether the clause must hold for these releases, too. Where ranges are
        measured, it is run outside of its own as well.
    """
    if missing := clause.needs - versions.keys():
        return f"it has nothing in place of {' and '.join(sorted(missing))}"
    if present := clause.lacks & versions.keys():
        return f"it has something in place of {' and '.join(sorted(present))}"
    if not (heed_range and clause.holds):
        return None
    # Later ones can't do without what the clause lacks, so that no range speaks of them.
    claimed = _as_of(versions, CHAPTERS[clause.chapter].last) if clause.lacks else versions
    if clause.holds.contains(claimed):
        return None
    told = clause.holds.axes.union(SUBJECTS)
    own = ", ".join(f"{axis} {version}" for axis, version in claimed.items() if axis in told)
    return f"the clause holds for {clause.holds}, and this is {own}"


def _as_of(versions: Mapping[str, str], last: Mapping[str, str]) -> dict[str, str]:
    """Return *versions*, none of them later than *last*."""
    return {
        axis: min(version, last.get(axis, version), key=Version)
        for axis, version in versions.items()
    }
