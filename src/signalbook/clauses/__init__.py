"""The model of the specification: pages, clauses, examples, levels and version ranges.

Everything here is frozen data, and what can be asked of it: which clauses there are, and whether
one applies. Reading pages is {py:mod}`signalbook.pages`' job.
"""

from signalbook.clauses.applying import applies, why_not
from signalbook.clauses.chapters import AXES, CHAPTERS, SUBJECTS, Chapter
from signalbook.clauses.features import FEATURES, Feature
from signalbook.clauses.model import Clause, EarlierSetup, Example, Level, Page
from signalbook.clauses.profile import Profile
from signalbook.clauses.ranges import RangeError, VersionRange, admits
from signalbook.clauses.specification import Specification, UnknownClause, UnknownProfile

__all__ = [
    "AXES",
    "CHAPTERS",
    "FEATURES",
    "SUBJECTS",
    "Chapter",
    "Clause",
    "EarlierSetup",
    "Example",
    "Feature",
    "Level",
    "Page",
    "Profile",
    "RangeError",
    "Specification",
    "UnknownClause",
    "UnknownProfile",
    "VersionRange",
    "admits",
    "applies",
    "why_not",
]
