"""Every clause on every release: measured, kept in `spec/history.json`, and held to its range.

The file is data that the site shows; a command writes it, nobody edits it.
"""

from signalbook.history.changes import Change, changes
from signalbook.history.check import Problem, differences, problems
from signalbook.history.lines import LINES, Line, Member
from signalbook.history.measure import Outcome, Unmeasured, measure
from signalbook.history.record import (
    History,
    HistoryError,
    Measurement,
    Stretch,
    digest,
    history_file,
    merge,
    read_history,
    write_history,
)
from signalbook.history.words import passing, passing_in_words

__all__ = [
    "LINES",
    "Change",
    "History",
    "HistoryError",
    "Line",
    "Measurement",
    "Member",
    "Outcome",
    "Problem",
    "Stretch",
    "Unmeasured",
    "changes",
    "differences",
    "digest",
    "history_file",
    "measure",
    "merge",
    "passing",
    "passing_in_words",
    "problems",
    "read_history",
    "write_history",
]
