"""The results of a run: one verdict for each clause and implementation.

A list of known deviations may turn a fault into something that is expected; where several
implementations ran, their verdicts are compared.
"""

from signalbook.verdicts.comparison import Disagreement, compared, disagreements
from signalbook.verdicts.deviations import (
    EXCUSABLE,
    Deviation,
    apply_deviations,
    needless,
    with_stale,
)
from signalbook.verdicts.results import Result, Verdict, count, tolerated

__all__ = [
    "EXCUSABLE",
    "Deviation",
    "Disagreement",
    "Result",
    "Verdict",
    "apply_deviations",
    "compared",
    "count",
    "disagreements",
    "needless",
    "tolerated",
    "with_stale",
]
