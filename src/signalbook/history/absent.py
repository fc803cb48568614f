"""Tells a name that isn't there from one that does something else."""

from __future__ import annotations

import builtins
import re
import types
from dataclasses import replace

from signalbook.verdicts import Result, Verdict

__all__ = ["with_absence"]

_IMPORT = re.compile(r"(?:ImportError|ModuleNotFoundError)\b")
_ATTRIBUTE = re.compile(
    r"AttributeError: (?:(?:class|module|type object) )?'?(?P<owner>[\w.]+)'?(?: object| instance)?"
    r" has no attribute '.*'",
    re.DOTALL,
)

# What lacks an attribute and isn't under test: Python's own, as on another Python, and what is
# found where something else should be; and `g`, which has what its user puts there.
_OTHERS = {
    kind.__name__
    for module in (builtins, types)
    for kind in vars(module).values()
    if isinstance(kind, type)
    # CPython 2.7 says of every module that it is a 'module' object.
    and kind is not types.ModuleType
} | {"instancemethod", "unicode", "_AppCtxGlobals", "_RequestGlobals"}


def with_absence(result: Result) -> Result:
    """Return *result*, as absent if it failed since a name that its examples use isn't there.

    Either it can't be imported, or something of the implementation lacks an attribute.
    """
    if result.verdict is Verdict.FAILED and _is_absence(result.raised):
        return replace(result, verdict=Verdict.ABSENT)
    return result


def _is_absence(raised: str) -> bool:
    if lacking := _ATTRIBUTE.fullmatch(raised):
        return lacking["owner"].removeprefix("exceptions.") not in _OTHERS
    return _IMPORT.match(raised) is not None
