"""The model of the specification: pages, clauses, examples, levels and version ranges.

Everything here is frozen data. Reading pages is {py:mod}`signalbook.pages`' job.
"""

from signalbook.clauses.model import (
    CHAPTERS,
    SUBJECTS,
    Chapter,
    Clause,
    EarlierSetup,
    Example,
    Level,
    Page,
    RangeError,
    Specification,
    UnknownClause,
    VersionRange,
)

__all__ = [
    "CHAPTERS",
    "SUBJECTS",
    "Chapter",
    "Clause",
    "EarlierSetup",
    "Example",
    "Level",
    "Page",
    "RangeError",
    "Specification",
    "UnknownClause",
    "VersionRange",
]
