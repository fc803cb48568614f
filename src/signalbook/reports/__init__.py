"""Results for people and for programs."""

from signalbook.reports.json import SCHEMA, report
from signalbook.reports.model import NotRun, Run
from signalbook.reports.notes import notes
from signalbook.reports.terminal import follow, print_summary
from signalbook.reports.text import fault

__all__ = ["SCHEMA", "NotRun", "Run", "fault", "follow", "notes", "print_summary", "report"]
