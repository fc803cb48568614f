"""What every report is made of, whatever its form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from signalbook.clauses import Clause, Level
from signalbook.harmless import harmless
from signalbook.reports.runs import NotRun, Run
from signalbook.verdicts import Result, Verdict, count

__all__ = ["Report", "steady"]

_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")


@dataclass(frozen=True, kw_only=True)
class Report:
    """What came of running clauses on implementations.

    :param not_run: What could not be run.
    :param stopped: Whether the command was stopped before all was run.
    :param features: Returns the features that a clause needs, or `None` if that isn't known.
    :param site: The site's address, if links to it are wanted.
    """

    runs: Sequence[Run]
    not_run: Sequence[NotRun] = ()
    stopped: bool = False
    features: Callable[[Clause], Sequence[str] | None]
    site: str | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every clause was run on everything that could be run."""
        return not self.stopped and all(run.is_complete for run in self.runs)

    @property
    def results(self) -> Iterator[Result]:
        """The results of all runs."""
        return (result for run in self.runs for result in run.results)

    @property
    def verdicts(self) -> list[Verdict]:
        """The verdicts that occur, and those that are always told."""
        found = {result.verdict for result in self.results}
        return [v for v in Verdict if v in found or v in {Verdict.PASSED, Verdict.FAILED}]

    @property
    def counts(self) -> Iterator[tuple[str, Level, Mapping[Verdict, int]]]:
        """For each implementation, by name, and each level how many clauses have each verdict."""
        for run in self.runs:
            for level, numbers in count(run.results).items():
                if numbers:
                    yield harmless(run.implementation.name), level, numbers

    @property
    def problems(self) -> Iterator[str]:
        """Why it isn't all that was asked for, in sentences."""
        for one in self.not_run:
            yield harmless(f"{one.name} was not run: {one.reason}")
        for run in self.runs:
            if not run.is_complete:
                done = f"{len(run.results)} of {run.total}"
                yield harmless(f"{run.implementation.name} was stopped: {done} clauses were run")

    def link(self, clause: Clause) -> str | None:
        """Return the address of *clause* on the site, if there is one."""
        return f"{self.site.rstrip('/')}/{clause.permalink}" if self.site else None


def steady(text: str) -> str:
    """Return *text* fit to be shown, and without addresses in memory: no two runs share them."""
    return harmless(_ADDRESS.sub(" at 0x...", text))
