"""Reads the options of directives, and the cells that say the same for a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from signalbook.clauses import SUBJECTS, RangeError, VersionRange
from signalbook.pages.errors import PageError
from signalbook.pages.markdown import Fence

__all__ = ["Refuse", "known_options", "listed", "read_needs", "read_range"]

Refuse = Callable[[str, str], PageError]
"""Makes the error with a problem and its remedy, at the place that is being read."""


def known_options(fence: Fence, known: Sequence[str]) -> dict[str, str]:
    """Return a directive's options.

    :param known: Those that it may have.
    :raises PageError: If it has another one, or one twice.
    """
    options: dict[str, str] = {}
    for name, value in fence.options:
        if name not in known:
            names = " and ".join(f"':{one}:'" for one in known)
            kind = fence.name.strip("{}")
            article = "an" if kind[0] in "aeiou" else "a"
            remedy = f"{article} {kind} has only {names}" if known else f"{article} {kind} has none"
            raise fence.error(f"the option ':{name}:' is unknown", remedy)
        if name in options:
            raise fence.error(f"the option ':{name}:' is there twice", "write it once")
        options[name] = value
    return options


def read_range(text: str | None, refuse: Refuse) -> VersionRange | None:
    """Return the range that *text* is; without a text, `None`."""
    try:
        return None if text is None else VersionRange.parse(text)
    except RangeError as error:
        raise refuse(str(error), "see 'Version ranges' in spec/index.md") from None


def read_needs(text: str | None, refuse: Refuse) -> frozenset[str] | None:
    """Return the subjects that *text* names; without a text, `None`."""
    if text is None:
        return None
    names = [name.strip() for name in text.split(",")]
    if not set(names) <= set(SUBJECTS) or len(set(names)) < len(names):
        raise refuse(
            f"{text!r} is nothing that a clause needs",
            "write 'flask', 'blinker' or 'flask, blinker'",
        )
    return frozenset(names)


def listed(text: str) -> tuple[str, ...]:
    """Return the names that *text* lists with commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())
