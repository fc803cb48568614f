"""Results for people and for programs."""

from signalbook.reports.causes import grouped
from signalbook.reports.changes import Change, ChangedClause, changes
from signalbook.reports.content import Report
from signalbook.reports.faults import fault
from signalbook.reports.html import as_html
from signalbook.reports.json import SCHEMA, as_json
from signalbook.reports.junit import as_junit
from signalbook.reports.markdown import as_markdown
from signalbook.reports.notes import missing_features, notes, stale_features
from signalbook.reports.reading import Recorded, ResultsError, read_results
from signalbook.reports.runs import NotRun, Run
from signalbook.reports.summary import Summary
from signalbook.reports.terminal import follow, output_console

__all__ = [
    "SCHEMA",
    "Change",
    "ChangedClause",
    "NotRun",
    "Recorded",
    "Report",
    "ResultsError",
    "Run",
    "Summary",
    "as_html",
    "as_json",
    "as_junit",
    "as_markdown",
    "changes",
    "fault",
    "follow",
    "grouped",
    "missing_features",
    "notes",
    "output_console",
    "read_results",
    "stale_features",
]
