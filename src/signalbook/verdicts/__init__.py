"""The results of a run: one verdict for each clause and implementation.

A list of known deviations may turn a fault into something that is expected; where several
implementations ran, their verdicts are compared.
"""

from signalbook.verdicts.comparison import Disagreement, compared, disagreements
from signalbook.verdicts.deviations import (
    Deviation,
    DeviationsError,
    apply_deviations,
    read_deviations,
)
from signalbook.verdicts.results import Result, Verdict, count, tolerated

__all__ = [
    "Deviation",
    "DeviationsError",
    "Disagreement",
    "Result",
    "Verdict",
    "apply_deviations",
    "compared",
    "count",
    "disagreements",
    "read_deviations",
    "tolerated",
]
