"""Every clause on every release: measured, kept in `spec/history.json`, and held to its range.

The file is data that the site shows; a command writes it, nobody edits it.
"""

from signalbook.history.changes import Change, changes
from signalbook.history.check import Kind, Problem, differences, is_measured, problems
from signalbook.history.file import HistoryError, history_file, read_history, update_history
from signalbook.history.lines import LINES, Line, Member, lines_about, members_about
from signalbook.history.measure import Outcome, Unmeasured, measure
from signalbook.history.record import History, Measurement, Run, Stretch, digest, measurements
from signalbook.history.words import passing, passing_in_words, shortened

__all__ = [
    "LINES",
    "Change",
    "History",
    "HistoryError",
    "Kind",
    "Line",
    "Measurement",
    "Member",
    "Outcome",
    "Problem",
    "Run",
    "Stretch",
    "Unmeasured",
    "changes",
    "differences",
    "digest",
    "history_file",
    "is_measured",
    "lines_about",
    "measure",
    "measurements",
    "members_about",
    "passing",
    "passing_in_words",
    "problems",
    "read_history",
    "shortened",
    "update_history",
]
