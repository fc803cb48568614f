"""Version ranges: the releases, and the Pythons, on which a rule is true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from packaging.specifiers import Specifier, SpecifierSet
from packaging.version import Version

from signalbook.clauses.chapters import AXES

__all__ = ["RangeError", "VersionRange", "admits"]


class RangeError(ValueError):
    """A version range that can't be read, or that no release can be in."""


@dataclass(frozen=True)
class VersionRange:
    """Releases of Flask or blinker, or Pythons, as a clause's `:holds:` names them.

    :param text: The range as written, such as `flask>=0.9,<0.11 & python<3 | flask>=1.1`.
    :param alternatives: What each side of a `|` asks of each axis that it names.
    """

    text: str
    alternatives: tuple[Mapping[str, SpecifierSet], ...] = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read *text*.

        :raises RangeError: If it goes by something else than the axes, isn't made of lists of
            specifiers, or has a part that admits no version at all.
        """
        return cls(text, tuple(_parse_alternative(side) for side in _sides(text, "|")))

    @property
    def axes(self) -> frozenset[str]:
        """The axes that it goes by."""
        return frozenset().union(*self.alternatives)

    def contains(self, versions: Mapping[str, str]) -> bool:
        """Tell whether what has *versions* is in the range.

        :param versions: By axis, such as `{"flask": "2.2.5", "blinker": "1.5", "python": "3.10"}`.
        """
        return any(admits(alternative, versions) for alternative in self.alternatives)

    def __str__(self) -> str:
        return self.text


def admits(alternative: Mapping[str, SpecifierSet], versions: Mapping[str, str]) -> bool:
    """Tell whether *versions* are all that an *alternative* of a range asks for."""
    return all(
        axis in versions and specifiers.contains(Version(versions[axis]), prereleases=True)
        for axis, specifiers in alternative.items()
    )


def _sides(text: str, sign: str) -> list[str]:
    sides = [side.strip() for side in text.split(sign)]
    if len(sides) > 1 and not all(sides):
        raise RangeError(
            f"the range {text.strip()!r} has nothing on one side of {sign!r};"
            " write for example 'flask<0.7 | flask>=1.1' or 'flask>=1.1 & python<3'"
        )
    return sides


def _parse_alternative(text: str) -> dict[str, SpecifierSet]:
    found: dict[str, SpecifierSet] = {}
    for part in _sides(text, "&"):
        axis, specifiers = _parse_part(part)
        if axis in found:
            raise RangeError(
                f"the range {text!r} names {axis!r} twice, with '&' between;"
                f" write one list for it, such as '{axis}>=1,<2'"
            )
        found[axis] = specifiers
    return found


def _parse_part(text: str) -> tuple[str, SpecifierSet]:
    axis = next((name for name in AXES if text.startswith(name)), None)
    if axis is None:
        raise RangeError(
            f"the range {text!r} starts with none of 'flask', 'blinker' and 'python';"
            " write for example 'flask>=1.1' or 'flask<0.7 | flask>=1.1'"
        )
    try:
        specifiers = SpecifierSet(text.removeprefix(axis).strip())
        is_empty = not _admits_any(specifiers)
    except ValueError as error:
        raise RangeError(f"the range {text!r} is malformed: {error}") from error
    if not len(specifiers):
        raise RangeError(f"the range {text!r} names no version; leave ':holds:' out instead")
    if is_empty:
        raise RangeError(f"the range {text!r} is empty: no version can be in it")
    if axis == "python" and any(_is_of_a_patch(specifier) for specifier in specifiers):
        raise RangeError(
            f"the range {text!r} tells patches of an interpreter apart, and it counts by major and"
            " minor version; write for example 'python>=3.12'"
        )
    return axis, specifiers


def _is_of_a_patch(specifier: Specifier) -> bool:
    return len(Version(specifier.version.removesuffix(".*")).release) > 2


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
