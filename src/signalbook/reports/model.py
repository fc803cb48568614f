"""What a report is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from signalbook.implementations import Implementation
from signalbook.verdicts import Result

__all__ = ["NotRun", "Run"]


@dataclass(frozen=True, kw_only=True)
class Run:
    """Clauses, run on one implementation.

    :param python: The version of the implementation's interpreter.
    :param releases: The releases that it was taken for, by subject.
    :param seconds: Wall time, in seconds.
    :param results: In reading order.
    """

    implementation: Implementation
    python: str
    releases: Mapping[str, str]
    seconds: float
    results: Sequence[Result]


@dataclass(frozen=True)
class NotRun:
    """An implementation on which nothing could be run, and why."""

    name: str
    reason: str
