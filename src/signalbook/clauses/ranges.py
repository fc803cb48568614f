"""Version ranges: the releases on which a rule is true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from signalbook.clauses.chapters import SUBJECTS

__all__ = ["RangeError", "VersionRange"]


class RangeError(ValueError):
    """A version range that can't be read, or that no release can be in."""


@dataclass(frozen=True)
class VersionRange:
    """Releases of Flask or blinker, as a clause's `:holds:` names them.

    :param text: The range as written, such as `flask<0.7 | flask>=1.1`.
    """

    text: str
    alternatives: tuple[tuple[str, SpecifierSet], ...] = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read *text*.

        :raises RangeError: If it names another subject than `flask` or `blinker`,
            is no list of specifiers, or admits no version at all.
        """
        return cls(text, tuple(_parse_alternative(part.strip()) for part in text.split("|")))

    def contains(self, releases: Mapping[str, str]) -> bool:
        """Tell whether an implementation that claims *releases* is in the range.

        :param releases: Versions by subject, such as `{"flask": "3.1.3", "blinker": "1.9.0"}`.
        """
        versions = {subject: Version(version) for subject, version in releases.items()}
        return any(
            subject in versions and specifiers.contains(versions[subject], prereleases=True)
            for subject, specifiers in self.alternatives
        )

    def __str__(self) -> str:
        return self.text


def _parse_alternative(text: str) -> tuple[str, SpecifierSet]:
    subject = next((name for name in SUBJECTS if text.startswith(name)), None)
    if subject is None:
        raise RangeError(
            f"the range {text!r} starts with neither 'flask' nor 'blinker';"
            " write for example 'flask>=1.1' or 'flask<0.7 | flask>=1.1'"
        )
    try:
        specifiers = SpecifierSet(text.removeprefix(subject).strip())
        is_empty = not _admits_any(specifiers)
    except ValueError as error:
        raise RangeError(f"the range {text!r} is malformed: {error}") from error
    if not len(specifiers):
        raise RangeError(f"the range {text!r} names no version; leave ':holds:' out instead")
    if is_empty:
        raise RangeError(f"the range {text!r} is empty: no version can be in it")
    return subject, specifiers


def _admits_any(specifiers: SpecifierSet) -> bool:
    """Tell whether any version is in all of *specifiers*.

    If one is, then one of those that they name, or one just above it, or the very first; what
    `!=1.2.*` leaves out ends at 1.3.
    """
    named = [specifier.version.removesuffix(".*").split(".") for specifier in specifiers]
    after = [[*parts[:-1], str(int(parts[-1]) + 1)] for parts in named if parts[-1].isdecimal()]
    lowest = [".".join(parts) for parts in [["0"], *named, *after]]
    versions = [Version(text) for text in lowest]
    above = [Version(f"{version.base_version}.0.0.0.1") for version in versions]
    return any(specifiers.contains(each, prereleases=True) for each in [*versions, *above])
