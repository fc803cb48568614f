"""Where clauses are measured: environments, in series of releases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from packaging.version import Version

from signalbook.clauses import Clause, applies
from signalbook.implementations import (
    Implementation,
    Release,
    install,
    newest_release,
    read_combinations,
    read_releases,
    without_blinker,
)

__all__ = [
    "SERIES",
    "Environment",
    "Series",
    "environments_about",
    "environments_by_name",
    "place_of",
    "series_about",
]


@dataclass(frozen=True)
class Environment:
    """A release with its interpreter and its pins, in one of the series.

    :param name: What `signalbook history --environment` calls it; no other has the same.
    :param version: What the series counts by: a version of Flask or of blinker, or one of Flask
        and what it has instead of its own, such as `2.2.5/python==3.12`.
    :param release: What is installed for it.
    :param has_engine: Whether blinker can be imported.
    """

    name: str
    version: str
    release: Release
    has_engine: bool = True

    @property
    def axes(self) -> dict[str, str]:
        """The version of each subject that is there, and of the interpreter."""
        there = self.release.axes
        return {axis: there[axis] for axis in there if self.has_engine or axis != "blinker"}

    @property
    def description(self) -> str:
        """What decides the verdicts here: interpreter and pins, in a sentence."""
        return f"CPython {self.release.python}: {' '.join(self.release.pins)}"

    def is_about(self, clause: Clause) -> bool:
        """Tell whether *clause* is measured here.

        What an engine alone does is measured on the engines, whatever framework is above them.
        """
        there = self.axes
        is_its_own = "flask" in clause.needs or "flask" not in there
        return is_its_own and applies(clause, there, heed_range=False)

    def install(self) -> Implementation:
        """Install the release, unless it is in the cache.

        :raises MissingInterpreter: If the machine lacks the interpreter.
        :raises NotProvisioned: If installing fails.
        """
        implementation = install(self.release)
        return implementation if self.has_engine else without_blinker(implementation)


@dataclass(frozen=True)
class Series:
    """A sequence of releases that are compared with each other.

    :param name: What `history.json` calls it.
    :param title: What people call it.
    :param environments: One for each of its releases, oldest first.
    :param is_declared: Whether the ranges of clauses speak of it.
    """

    name: str
    title: str
    environments: Callable[[], Iterator[Environment]]
    is_declared: bool = True

    @cached_property
    def descriptions(self) -> dict[str, str]:
        """The description of each environment, by version, oldest first."""
        return {of.version: of.description for of in self.environments()}

    def is_about(self, clause: Clause) -> bool:
        """Tell whether *clause* is measured here: in all environments, or in none."""
        # A specification of a few releases may have none that some series is of.
        first = next(self.environments(), None)
        return first is not None and first.is_about(clause)


def _flask() -> Iterator[Environment]:
    for version, release in read_releases().items():
        yield Environment(f"flask=={version}", version, release)


def _flask_with_others() -> Iterator[Environment]:
    for version, release in read_combinations().items():
        yield Environment(f"flask=={version}", version, release)


def _without_blinker() -> Iterator[Environment]:
    for version, release in read_releases().items():
        # From 2.3 on Flask can't be imported without blinker.
        if Version(version) < Version("2.3"):
            name = f"flask=={version}/without-blinker"
            yield Environment(name, version, release, has_engine=False)


def _blinker() -> Iterator[Environment]:
    for version, release in read_releases("blinker").items():
        yield Environment(f"blinker=={version}", version, release)


def _flask_with_blinker() -> Iterator[Environment]:
    current = newest_release()
    others = [pin for pin in current.pins if not pin.startswith("blinker==")]
    for version, release in read_releases("blinker").items():
        if Version(version) >= Version("1.6"):
            name = f"flask=={current.version}/blinker=={version}"
            pins = (*others, *release.pins)
            yield Environment(name, version, replace(current, pins=pins))


SERIES: Mapping[str, Series] = {
    series.name: series
    for series in (
        Series("flask", "Flask", _flask),
        Series("flask-with-others", "Flask with others", _flask_with_others),
        Series("flask-without-blinker", "Flask without blinker", _without_blinker),
        Series("blinker", "blinker", _blinker),
        # Flask 3.1 asks for blinker 1.9, so no clause promises anything of the earlier ones.
        Series(
            "flask-with-blinker",
            "the newest Flask with each blinker",
            _flask_with_blinker,
            is_declared=False,
        ),
    )
}
"""All series, by name."""


def place_of(version: str) -> tuple[Version, Sequence[tuple[str, Version]]]:
    """Return what the versions of a series are sorted by.

    :raises ValueError: If *version* is none.
    """
    own, *others = version.split("/")
    parts = (other.partition("==") for other in others)
    return Version(own), [(axis, Version(its)) for axis, _, its in parts]


def environments_by_name() -> dict[str, Environment]:
    """Return the environments of all series."""
    return {of.name: of for series in SERIES.values() for of in series.environments()}


def series_about(clause: Clause) -> list[Series]:
    """Return the series that *clause* is measured on."""
    return [series for series in SERIES.values() if series.is_about(clause)]


def environments_about(clauses: Iterable[Clause]) -> list[tuple[Series, Environment]]:
    """Return the environments of all series that at least one of *clauses* is measured on."""
    about = {series.name for clause in clauses for series in series_about(clause)}
    found = [series for series in SERIES.values() if series.name in about]
    return [(series, environment) for series in found for environment in series.environments()]
