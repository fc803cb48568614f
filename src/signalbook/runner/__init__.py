"""Runs clauses on implementations: workers are started, fed and watched, answers judged."""

from signalbook.runner.isolation import Isolation
from signalbook.runner.limits import Limits, LimitsError
from signalbook.runner.messages import Greeting
from signalbook.runner.pool import Helper, in_parallel
from signalbook.runner.process import ImplementationError
from signalbook.runner.run import Session

__all__ = [
    "Greeting",
    "Helper",
    "ImplementationError",
    "Isolation",
    "Limits",
    "LimitsError",
    "Session",
    "in_parallel",
]
