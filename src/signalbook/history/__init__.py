"""Every clause on every release: measured, kept in `spec/history.json`, and held to its range.

The file is data that the site shows; a command writes it, nobody edits it.
"""

from signalbook.history.changes import Change, changes
from signalbook.history.check import Kind, Problem, differences, is_measured, problems
from signalbook.history.environments import (
    SERIES,
    Environment,
    Series,
    environments_about,
    environments_by_name,
    series_about,
)
from signalbook.history.features import Features, Needed, read_features, write_features
from signalbook.history.file import history_file, read_history, update_history
from signalbook.history.measure import Outcome, Unmeasured, measure
from signalbook.history.parts import Merged, merge_parts, write_part
from signalbook.history.reading import HistoryError
from signalbook.history.record import History, Measurement, Run, Stretch, digest, measurements
from signalbook.history.summaries import passing, passing_in_words, shortened

__all__ = [
    "SERIES",
    "Change",
    "Environment",
    "Features",
    "History",
    "HistoryError",
    "Kind",
    "Measurement",
    "Merged",
    "Needed",
    "Outcome",
    "Problem",
    "Run",
    "Series",
    "Stretch",
    "Unmeasured",
    "changes",
    "differences",
    "digest",
    "environments_about",
    "environments_by_name",
    "history_file",
    "is_measured",
    "measure",
    "measurements",
    "merge_parts",
    "passing",
    "passing_in_words",
    "problems",
    "read_features",
    "read_history",
    "series_about",
    "shortened",
    "update_history",
    "write_features",
    "write_part",
]
