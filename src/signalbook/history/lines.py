"""What is measured: lines of releases, oldest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from packaging.version import Version

from signalbook.clauses import Clause, applies
from signalbook.implementations import (
    Implementation,
    Release,
    install,
    newest_release,
    read_releases,
    without_blinker,
)

__all__ = ["LINES", "Line", "Member", "lines_about", "members_about"]


@dataclass(frozen=True)
class Member:
    """One place in a line.

    :param version: What the line counts by: a version of Flask or of blinker.
    :param release: What is installed for it.
    :param has_engine: Whether blinker can be imported.
    """

    version: str
    release: Release
    has_engine: bool = True

    @property
    def releases(self) -> dict[str, str]:
        """The version of each subject that is there."""
        there = self.release.stands_for
        return there if self.has_engine else {"flask": there["flask"]}

    @property
    def environment(self) -> str:
        """What decides the verdicts here: interpreter and pins, in a sentence."""
        return f"CPython {self.release.python}: {' '.join(self.release.pins)}"

    def is_about(self, clause: Clause) -> bool:
        """Tell whether *clause* is measured here.

        What an engine alone does is measured on the engines, whatever framework is above them.
        """
        there = self.releases
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
class Line:
    """A sequence of releases.

    :param name: What `history.json` calls it.
    :param title: What people call it.
    :param members: Its releases, oldest first.
    :param is_declared: Whether the ranges of clauses speak of it.
    """

    name: str
    title: str
    members: Callable[[], Iterator[Member]]
    is_declared: bool = True

    @cached_property
    def environments(self) -> dict[str, str]:
        """The environment of each release, by version, oldest first."""
        return {member.version: member.environment for member in self.members()}

    def is_about(self, clause: Clause) -> bool:
        """Tell whether *clause* is measured here: on all members, or on none."""
        return next(self.members()).is_about(clause)


def _flask() -> Iterator[Member]:
    for release in read_releases().values():
        yield Member(release.version, release)


def _without_blinker() -> Iterator[Member]:
    for release in read_releases().values():
        # From 2.3 on Flask can't be imported without blinker.
        if Version(release.version) < Version("2.3"):
            yield Member(release.version, release, has_engine=False)


def _blinker() -> Iterator[Member]:
    for release in read_releases("blinker").values():
        yield Member(release.version, release)


def _flask_with_blinker() -> Iterator[Member]:
    current = newest_release()
    others = [pin for pin in current.pins if not pin.startswith("blinker==")]
    for release in read_releases("blinker").values():
        if Version(release.version) >= Version("1.6"):
            pins = (*others, *release.pins)
            yield Member(release.version, replace(current, pins=pins))


LINES: Mapping[str, Line] = {
    line.name: line
    for line in (
        Line("flask", "Flask", _flask),
        Line("flask-without-blinker", "Flask without blinker", _without_blinker),
        Line("blinker", "blinker", _blinker),
        # Flask 3.1 asks for blinker 1.9, so no clause promises anything of the earlier ones.
        Line(
            "flask-with-blinker",
            "the newest Flask with each blinker",
            _flask_with_blinker,
            is_declared=False,
        ),
    )
}
"""Every line, by name."""


def lines_about(clause: Clause) -> list[Line]:
    """Return the lines that *clause* is measured on."""
    return [line for line in LINES.values() if line.is_about(clause)]


def members_about(clauses: Iterable[Clause]) -> list[tuple[Line, Member]]:
    """Return the members of all lines that at least one of *clauses* is measured on."""
    about = {line.name for clause in clauses for line in lines_about(clause)}
    lines = [line for line in LINES.values() if line.name in about]
    return [(line, member) for line in lines for member in line.members()]
