"""Every clause on every release: measured, kept in `spec/history.json`, and held to its range.

The file is data that the site shows; a command writes it, nobody edits it.
"""

from signalbook.history.change_lines import WITHOUT_BLINKER, Line, Told, tell
from signalbook.history.changes import (
    NEXT,
    Change,
    Comparison,
    Part,
    Tag,
    compare,
    outcomes,
    release_in_words,
    runs_without_blinker,
)
from signalbook.history.check import Kind, Problem, differences, is_measured, problems
from signalbook.history.checkout import Checkout, opened
from signalbook.history.environments import (
    SERIES,
    Environment,
    Series,
    environments_about,
    environments_by_name,
    place_of,
    series_about,
)
from signalbook.history.features import Features, Needed, read_features, write_features
from signalbook.history.file import (
    HISTORY_SCHEMA,
    history_file,
    read_history,
    update_history,
)
from signalbook.history.measure import Outcome, Unmeasured, measure
from signalbook.history.next import left_by, next_of, nothing_of, series_of
from signalbook.history.parts import Merged, merge_parts, write_part
from signalbook.history.reading import HistoryError
from signalbook.history.record import (
    History,
    Measurement,
    Next,
    NextVerdict,
    Run,
    Stretch,
    measurements,
)
from signalbook.history.summaries import (
    combination_in_words,
    differing,
    passing,
    passing_in_words,
    shortened,
    stretched,
)

__all__ = [
    "HISTORY_SCHEMA",
    "NEXT",
    "SERIES",
    "WITHOUT_BLINKER",
    "Change",
    "Checkout",
    "Comparison",
    "Environment",
    "Features",
    "History",
    "HistoryError",
    "Kind",
    "Line",
    "Measurement",
    "Merged",
    "Needed",
    "Next",
    "NextVerdict",
    "Outcome",
    "Part",
    "Problem",
    "Run",
    "Series",
    "Stretch",
    "Tag",
    "Told",
    "Unmeasured",
    "combination_in_words",
    "compare",
    "differences",
    "differing",
    "environments_about",
    "environments_by_name",
    "history_file",
    "is_measured",
    "left_by",
    "measure",
    "measurements",
    "merge_parts",
    "next_of",
    "nothing_of",
    "opened",
    "outcomes",
    "passing",
    "passing_in_words",
    "place_of",
    "problems",
    "read_features",
    "read_history",
    "release_in_words",
    "runs_without_blinker",
    "series_about",
    "series_of",
    "shortened",
    "stretched",
    "tell",
    "update_history",
    "write_features",
    "write_part",
]
