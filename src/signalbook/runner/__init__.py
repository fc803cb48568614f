"""Runs clauses on implementations: workers are started, fed and watched, answers judged."""

from signalbook.runner.process import Greeting, ImplementationError, Limits
from signalbook.runner.run import Session

__all__ = ["Greeting", "ImplementationError", "Limits", "Session"]
