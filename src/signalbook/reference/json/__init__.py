"""JSON as the current application writes and reads it, or else as Python does."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any

from ..globals import current_app
from .provider import DefaultJSONProvider

if TYPE_CHECKING:
    from ..wrappers import Response

__all__ = ["dump", "dumps", "jsonify", "load", "loads"]


def dumps(value: Any, **options: Any) -> str:
    """Write *value* as JSON."""
    if current_app:
        return current_app.json.dumps(value, **options)
    # Dates and the like are written as an application would, even where there is none.
    options.setdefault("default", DefaultJSONProvider.default)
    return json.dumps(value, **options)


def dump(value: Any, file: IO[str], **options: Any) -> None:
    """Write *value* as JSON into a file."""
    if current_app:
        current_app.json.dump(value, file, **options)
    else:
        options.setdefault("default", DefaultJSONProvider.default)
        json.dump(value, file, **options)


def loads(text: str | bytes, **options: Any) -> Any:
    """Read JSON."""
    return current_app.json.loads(text, **options) if current_app else json.loads(text, **options)


def load(file: IO[Any], **options: Any) -> Any:
    """Read JSON from a file."""
    return current_app.json.load(file, **options) if current_app else json.load(file, **options)


def jsonify(*values: Any, **items: Any) -> Response:
    """Return a JSON response from the current application: see `JSONProvider.response`.

    :keeps: {clause}`request-finished.answers`
    """
    return current_app.json.response(*values, **items)
