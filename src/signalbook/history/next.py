"""Flask's main branch: measured as it is at a commit, for those who want to know what comes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from signalbook.clauses import Clause
from signalbook.history.checkout import Checkout
from signalbook.history.environments import Environment, Series
from signalbook.history.measure import Outcome
from signalbook.history.record import Next, NextVerdict
from signalbook.implementations import Implementation, install, newest_release

__all__ = ["left_by", "next_of", "nothing_of", "series_of"]


@dataclass(frozen=True)
class _Tree(Environment):
    """The main branch, with what the newest release has beside it."""

    source: str = ""

    def install(self) -> Implementation:
        """Install what is beside it, unless that is in the cache."""
        pins = tuple(pin for pin in self.release.pins if not pin.startswith("flask=="))
        beside = install(replace(self.release, pins=pins))
        return replace(
            beside,
            name=self.name,
            flask="flask",
            path=(self.source, *beside.path),
            claims=self.release.stands_for,
        )


def series_of(checkout: Checkout) -> tuple[Series, Environment]:
    """Return the environment of *checkout*, in a series of its own, which no range speaks of."""
    newest = newest_release()
    others = [pin for pin in newest.pins if not pin.startswith("flask==")]
    release = replace(
        newest, version=checkout.version, pins=(f"flask=={checkout.version}", *others)
    )
    tree = _Tree("next", checkout.version, release, source=str(checkout.source))
    return Series("next", "Flask", lambda: iter([tree]), is_declared=False), tree


def nothing_of(checkout: Checkout) -> Next:
    """Return what is known of *checkout* before anything was measured."""
    _, tree = series_of(checkout)
    return Next(checkout.commit, checkout.date, tree.description, {})


def next_of(checkout: Checkout, clauses: Sequence[Clause], outcome: Outcome, date: str) -> Next:
    """Return what *outcome* says of *clauses* on *checkout*.

    :param date: The day of the measurement.
    """
    found = {
        clause.id: NextVerdict(date, clause.digest, result.verdict, outcome.why(clause.id))
        for clause in clauses
        if (result := outcome.results.get(clause.id))
    }
    return replace(nothing_of(checkout), clauses=found)


def left_by(known: Next, clauses: Iterable[Clause]) -> list[Clause]:
    """Return those of *clauses* that are due on the main branch, and of which *known* says nothing.

    That is also where it says something of other examples than they have now.
    """
    newest = Environment("", "", newest_release())
    return [clause for clause in clauses if newest.is_about(clause) and not known.of(clause)]
