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
    :param files: The file that each of its modules was loaded from.
    :param seconds: Wall time, in seconds.
    :param total: How many clauses there were to run.
    :param is_own: Whether it is described, and none that the kit knows.
    :param stale: What its implementer says of it, and isn't so, in sentences.
    :param notes: What is worth knowing before the verdicts are trusted, in sentences.
    :param results: In reading order; fewer than *total* if the run was stopped.
    :param enough: How many faults stopped it, if that is why.
    """

    implementation: Implementation
    python: str
    releases: Mapping[str, str]
    files: Mapping[str, str]
    seconds: float
    total: int
    is_own: bool = False
    stale: Sequence[str] = ()
    notes: Sequence[str] = ()
    results: Sequence[Result]
    enough: int | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every clause has its result."""
        return len(self.results) == self.total

    @property
    def is_fault(self) -> bool:
        """Whether something in it fails a run."""
        return bool(self.stale) or any(result.verdict.is_fault for result in self.results)

    @property
    def is_empty(self) -> bool:
        """Whether no clause applied, so that nothing was learnt of the implementation."""
        return not any(result.verdict.is_run for result in self.results)


@dataclass(frozen=True)
class NotRun:
    """An implementation on which nothing could be run, and why."""

    name: str
    reason: str
