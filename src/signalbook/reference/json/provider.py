"""What writes and reads JSON for an application: responses, requests and templates."""

from __future__ import annotations

import dataclasses
import decimal
import json
import uuid
import weakref
from collections.abc import Callable
from datetime import date
from typing import IO, TYPE_CHECKING, Any

from werkzeug.http import http_date

if TYPE_CHECKING:
    from ..parts.setup import Application
    from ..wrappers import Response

__all__ = ["DefaultJSONProvider", "JSONProvider"]


def _plain(value: Any) -> Any:
    """Turn a value that JSON lacks into one that it has.

    :raises TypeError: It is neither a date, a decimal, a UUID, a data class nor markup.
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


class JSONProvider:
    """Writes and reads JSON for one application; a subclass says how.

    :param app: The application.
    """

    def __init__(self, app: Application) -> None:
        # The application holds this, and is to be dropped without a collector.
        self._app: Application = weakref.proxy(app)

    def dumps(self, value: Any, **options: Any) -> str:
        """Write *value* as JSON."""
        raise NotImplementedError

    def dump(self, value: Any, file: IO[str], **options: Any) -> None:
        """Write *value* as JSON into a file."""
        file.write(self.dumps(value, **options))

    def loads(self, text: str | bytes, **options: Any) -> Any:
        """Read JSON."""
        raise NotImplementedError

    def load(self, file: IO[Any], **options: Any) -> Any:
        """Read JSON from a file."""
        return self.loads(file.read(), **options)

    def response(self, *values: Any, **items: Any) -> Response:
        """Return a response with one value, a list of several, or an object of named ones.

        :raises TypeError: There are values both with and without a name.
        """
        return self._app.response_class(
            self.dumps(_content(values, items)), mimetype="application/json"
        )


class DefaultJSONProvider(JSONProvider):
    """Uses Python's module `json`; in debug mode responses are readable, and else compact."""

    default: Callable[[Any], Any] = staticmethod(_plain)
    """Turns a value that JSON lacks into one that it has: dates, decimals, UUIDs, data classes."""

    ensure_ascii = True
    sort_keys = True
    compact: bool | None = None
    """Whether responses are without spaces; `None` for yes, but for debug mode."""

    mimetype = "application/json"

    def dumps(self, value: Any, **options: Any) -> str:
        options.setdefault("default", self.default)
        options.setdefault("ensure_ascii", self.ensure_ascii)
        options.setdefault("sort_keys", self.sort_keys)
        return json.dumps(value, **options)

    def loads(self, text: str | bytes, **options: Any) -> Any:
        return json.loads(text, **options)

    def response(self, *values: Any, **items: Any) -> Response:
        compact = not self._app.debug if self.compact is None else self.compact
        style: dict[str, Any] = {"separators": (",", ":")} if compact else {"indent": 2}
        text = self.dumps(_content(values, items), **style)
        # With a line end, for those who read it in a terminal.
        return self._app.response_class(f"{text}\n", mimetype=self.mimetype)


def _content(values: tuple[Any, ...], items: dict[str, Any]) -> Any:
    if values and items:
        raise TypeError("Give either values or named values, not both.")
    if not values:
        # Nothing at all is null, which is a document of its own.
        return items or None
    return values[0] if len(values) == 1 else list(values)
