"""A fault in words: for the terminal and for pytest."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from textwrap import indent
from types import MappingProxyType

from signalbook.reports.differences import differences
from signalbook.verdicts import Result

__all__ = ["fault", "raised_at"]

_SHORT = 8  # lines
_FRAME = re.compile(r'^ *File "(.+)", line (\d+), in (.+)$', re.MULTILINE)
_NO_FILES: Mapping[str, str] = MappingProxyType({})


def fault(result: Result, files: Mapping[str, str] = _NO_FILES, *, short: bool = False) -> str:
    """Return the rule, the place, what was wanted there, what was got, and why it failed.

    :param files: The file that each module of the implementation was loaded from.
    :param short: Whether eight lines of each part are enough, and of a traceback the place in the
        implementation if it is known.
    """
    return "\n".join(_lines(result, files, short))


def _lines(result: Result, files: Mapping[str, str], short: bool) -> Iterator[str]:
    yield result.clause.rule
    yield f"{result.place}: {result.reason}"
    raised = raised_at(result, files)
    if raised:
        yield f"raised at {raised}"
    if result.example:
        yield _part(result.example.at_prompt.splitlines(), "  ", short)
    if changes := differences(result.wanted, result.got):
        yield "wanted (-) and got (+):"
        yield _part(changes, "  ", short)
    elif result.wanted or result.got:
        for name, text in (("wanted", result.wanted), ("got", result.got)):
            yield f"{name}:"
            yield _part((text.rstrip() or "(nothing)").splitlines(), "  ", short)
    if result.detail and not (short and raised):
        yield _part(result.detail.rstrip().splitlines(), "| ", short, last=True)


def _part(lines: Sequence[str], prefix: str, short: bool, *, last: bool = False) -> str:
    """Return *lines*, indented; if they shall be short, only the first or the last of them."""
    hidden = len(lines) - _SHORT
    if short and hidden > 1:
        told = f"... {hidden} more lines ..."
        lines = [told, *lines[-_SHORT:]] if last else [*lines[:_SHORT], told]
    return indent("\n".join(lines), prefix).rstrip()


def raised_at(result: Result, files: Mapping[str, str]) -> str | None:
    """Return `file:line, in function` of the innermost frame in the implementation's own files.

    :param files: The file that each of its modules was loaded from; that of a package stands for
        all in its folder.
    """
    frames = [found for found in _FRAME.findall(result.detail) if _is_own(found[0], files)]
    if not frames:
        return None
    file, line, function = frames[-1]
    return f"{file}:{line}, in {function}"


def _is_own(file: str, files: Mapping[str, str]) -> bool:
    for own in files.values():
        folder, name = os.path.split(own)
        if name.startswith("__init__."):
            if PurePath(file).is_relative_to(folder):
                return True
        # Python 2 says of a module that it was loaded from its bytecode.
        elif file == own.removesuffix("c"):
            return True
    return False
