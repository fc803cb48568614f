"""Runs clauses on implementations: workers are started, fed and watched, answers judged."""

from signalbook.runner.process import ImplementationError
from signalbook.runner.run import Limits, Session, run

__all__ = ["ImplementationError", "Limits", "Session", "run"]
