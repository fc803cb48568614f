"""JSON for sessions: it brings tuples, bytes, dates, UUIDs and markup back as what they were.

Such a value is written as an object with a single key, its tag.
The tags are those of Flask, so an application can be moved without logging its users out.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from markupsafe import Markup
from werkzeug.http import http_date, parse_date

__all__ = ["dumps", "loads"]

_ESCAPED = " di"
"""The tag of a dictionary whose only key looks like a tag; two underscores are added to the key."""

_READERS: dict[str, Callable[[Any], Any]] = {
    " t": tuple,
    " b": b64decode,
    " m": Markup,
    " u": UUID,
    " d": parse_date,
    _ESCAPED: lambda mapping: {key[:-2]: value for key, value in mapping.items()},
}


def dumps(value: Any) -> str:
    """Write *value*.

    :raises TypeError: There is a value in it that has neither JSON nor a tag.
    """
    return json.dumps(_tagged(value), separators=(",", ":"))


def loads(text: str | bytes) -> Any:
    """Read what `dumps` wrote."""
    return json.loads(text, object_hook=_untagged)


def _tagged(value: Any) -> Any:
    if isinstance(value, dict):
        tagged = {key: _tagged(item) for key, item in value.items()}
        if len(tagged) == 1 and next(iter(tagged)) in _READERS:
            return {_ESCAPED: {f"{key}__": item for key, item in tagged.items()}}
        return tagged
    if isinstance(value, tuple):
        return {" t": [_tagged(item) for item in value]}
    if isinstance(value, list):
        return [_tagged(item) for item in value]
    return _tagged_scalar(value)


def _tagged_scalar(value: Any) -> Any:
    if isinstance(value, bytes):
        return {" b": b64encode(value).decode("ascii")}
    if isinstance(value, UUID):
        return {" u": value.hex}
    if isinstance(value, datetime):
        return {" d": http_date(value)}
    if callable(getattr(value, "__html__", None)):
        return {" m": str(value.__html__())}
    return value


def _untagged(mapping: dict[str, Any]) -> Any:
    if len(mapping) == 1:
        ((tag, value),) = mapping.items()
        if tag in _READERS:
            return _READERS[tag](value)
    return mapping
