"""Version ranges in words."""

from __future__ import annotations

from collections.abc import Mapping

from packaging.specifiers import Specifier, SpecifierSet

from signalbook.clauses import VersionRange

__all__ = ["range_in_words"]

_AXES = {"flask": "Flask", "blinker": "blinker", "python": "Python"}
_BESIDE = {"flask": "with", "blinker": "with", "python": "on"}

# By operator, in the order of speaking; `>=` has other words when it stands alone.
_WORDS = {
    "===": "{}",
    "==": "{}",
    ">=": "from {}",
    "~=": "compatible with {}",
    ">": "after {}",
    "<": "before {}",
    "<=": "up to {}",
    "!=": "except {}",
}


def range_in_words(holds: VersionRange | None) -> str:
    """Return *holds* as one would say it: `Flask before 0.7, or Flask 1.1 and later`."""
    if holds is None:
        return "every release with signals"
    return ", or ".join(_alternative_in_words(alternative) for alternative in holds.alternatives)


def _alternative_in_words(alternative: Mapping[str, SpecifierSet]) -> str:
    (first, *others) = (
        (axis, f"{_AXES[axis]} {_specifiers_in_words(specifiers)}")
        for axis, specifiers in alternative.items()
    )
    return ", ".join([first[1], *(f"{_BESIDE[axis]} {words}" for axis, words in others)])


def _specifiers_in_words(specifiers: SpecifierSet) -> str:
    order = list(_WORDS)
    parts = sorted(specifiers, key=lambda part: (order.index(part.operator), part.version))
    bounds = [part for part in parts if part.operator != "!="]
    words = [_words(part, alone=len(bounds) == 1) for part in parts]
    return ", ".join(words) if bounds else f"every release, {', '.join(words)}"


def _words(part: Specifier, *, alone: bool) -> str:
    version = part.version.removesuffix(".*") + (".x" if part.version.endswith(".*") else "")
    if part.operator == ">=" and alone:
        return f"{version} and later"
    return _WORDS[part.operator].format(version)
