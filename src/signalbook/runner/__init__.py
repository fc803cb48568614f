"""Runs clauses on implementations: workers are started, fed and watched, answers judged."""

from signalbook.runner.isolation import Isolation
from signalbook.runner.limits import Limits, LimitsError
from signalbook.runner.messages import Greeting
from signalbook.runner.pool import Helper, in_parallel
from signalbook.runner.preflight import Needs, Preflight, not_claimed, preflight
from signalbook.runner.process import ImplementationError
from signalbook.runner.run import Session

__all__ = [
    "Greeting",
    "Helper",
    "ImplementationError",
    "Isolation",
    "Limits",
    "LimitsError",
    "Needs",
    "Preflight",
    "Session",
    "in_parallel",
    "not_claimed",
    "preflight",
]
