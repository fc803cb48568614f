"""JSON as an application writes it: into responses, requests and templates."""

from __future__ import annotations

import dataclasses
import decimal
import json
import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

from werkzeug.http import http_date

from .globals import current_app

if TYPE_CHECKING:
    from .app import Flask
    from .wrappers import Response

__all__ = ["JSONProvider", "dumps", "jsonify", "loads"]


class JSONProvider:
    """Writes and reads JSON for one application.

    :param app: The application; its debug mode makes responses readable, and else they are compact.
    """

    ensure_ascii = True
    sort_keys = True
    mimetype = "application/json"

    def __init__(self, app: Flask) -> None:
        self._app = app

    def default(self, value: Any) -> Any:
        """Turn a value that JSON lacks into one that it has: dates, decimals, UUIDs, data classes.

        :raises TypeError: It is none of these.
        """
        if isinstance(value, date):
            return http_date(value)
        if isinstance(value, decimal.Decimal | uuid.UUID):
            return str(value)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return dataclasses.asdict(value)
        if hasattr(value, "__html__"):
            return str(value.__html__())
        raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")

    def dumps(self, value: Any, **options: Any) -> str:
        """Write *value* as JSON."""
        options.setdefault("default", self.default)
        options.setdefault("ensure_ascii", self.ensure_ascii)
        options.setdefault("sort_keys", self.sort_keys)
        return json.dumps(value, **options)

    def loads(self, text: str | bytes, **options: Any) -> Any:
        """Read JSON."""
        return json.loads(text, **options)

    def response(self, *values: Any, **items: Any) -> Response:
        """Return a response with one value, a list of several, or an object of named ones.

        :raises TypeError: There are values both with and without a name.
        """
        if values and items:
            raise TypeError("Give either values or named values, not both.")
        content: Any = values or items or None
        if values:
            content = values[0] if len(values) == 1 else list(values)
        style: dict[str, Any] = {"indent": 2} if self._app.debug else {"separators": (",", ":")}
        text = self.dumps(content, **style)
        return self._app.response_class(f"{text}\n", mimetype=self.mimetype)


def jsonify(*values: Any, **items: Any) -> Response:
    """Return a JSON response from the current application: see `JSONProvider.response`."""
    return current_app.json.response(*values, **items)


def dumps(value: Any, **options: Any) -> str:
    """Write *value* as JSON, the way of the current application if there is one."""
    return current_app.json.dumps(value, **options) if current_app else json.dumps(value, **options)


def loads(text: str | bytes, **options: Any) -> Any:
    """Read JSON, the way of the current application if there is one."""
    return current_app.json.loads(text, **options) if current_app else json.loads(text, **options)
