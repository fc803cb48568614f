"""Makes text that an implementation wrote, or somebody typed, fit to be shown.

A control character can clear the screen, paint "19 passed" over what was found, or set the
terminal's title; one that turns the direction of writing can hide what stands there; half of a
surrogate pair can't be encoded at all, and would end the kit instead of being shown.
"""

from __future__ import annotations

import re

__all__ = ["harmless"]

_HARMFUL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, but tab and newline
    r"\u202a-\u202e\u2066-\u2069"  # what turns the direction of writing
    r"\ud800-\udfff]"  # lone surrogates
)


def harmless(text: str) -> str:
    r"""Return *text* with each character that could do harm written out, such as `\x1b`.

    These are control characters but newline and tab, those that override or isolate the direction
    of writing, and lone surrogates.
    """
    return _HARMFUL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
