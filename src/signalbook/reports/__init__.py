"""Results for people and for programs."""

from signalbook.reports.faults import fault
from signalbook.reports.json import SCHEMA, report
from signalbook.reports.notes import notes
from signalbook.reports.runs import NotRun, Run
from signalbook.reports.summary import Summary
from signalbook.reports.terminal import follow, output_console

__all__ = [
    "SCHEMA",
    "NotRun",
    "Run",
    "Summary",
    "fault",
    "follow",
    "notes",
    "output_console",
    "report",
]
