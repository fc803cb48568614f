"""Files of JSON that are read whole or refused with one message, whatever is in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

__all__ = ["MALFORMED", "HistoryError", "checked_text", "read_json"]

MALFORMED = (LookupError, TypeError, ValueError, AttributeError)
"""What comes of taking data for something that they aren't."""

_Read = TypeVar("_Read")


class HistoryError(ValueError):
    """A history, or a part of one, that can't be read, written or used."""


def read_json(file: Path, parse: Callable[[Any], _Read], *, what: str, remedy: str) -> _Read:
    """Return what *parse* makes of the JSON in *file*.

    :param what: What it should be, for the message.
    :param remedy: What to do if it isn't.
    :raises FileNotFoundError: If there is no such file.
    :raises HistoryError: If it can't be read, or *parse* raises one of {py:data}`MALFORMED`.
    """
    if file.exists() and not file.is_file():
        raise HistoryError(f"{file}: not a file; {remedy}")
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        raise HistoryError(f"{file}: can't be read ({error}); {remedy}") from error
    try:
        return parse(data)
    except MALFORMED as error:
        problem = f"{type(error).__name__}: {error}"
        raise HistoryError(f"{file}: not {what} ({problem}); {remedy}") from error


def checked_text(value: Any) -> str:
    """Return *value*.

    :raises ValueError: If it holds what no file and no terminal can, as JSON may.
    :raises TypeError: If it is no text.
    """
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    value.encode()
    return value
