"""JSON for sessions: it brings tuples, bytes, dates, UUIDs and markup back as what they were.

Such a value is written as an object with a single key, its tag.
The tags are those of Flask, so an application can be moved without logging its users out.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from markupsafe import Markup
from werkzeug.http import http_date, parse_date

from . import dumps, loads

__all__ = ["JSONTag", "TaggedJSONSerializer"]


class JSONTag:
    """One kind of value, and how it is written.

    :param serializer: What it belongs to; it tags the values inside of a value.
    """

    __slots__ = ("serializer",)

    key: ClassVar[str] = ""
    """The tag, or an empty string for a kind of value that JSON has itself."""

    def __init__(self, serializer: TaggedJSONSerializer) -> None:
        self.serializer = serializer

    def check(self, value: Any) -> bool:
        """Tell whether *value* is of this kind."""
        raise NotImplementedError

    def to_json(self, value: Any) -> Any:
        """Turn a value into one that JSON has."""
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        """Turn what `to_json` returned into the value."""
        raise NotImplementedError

    def tag(self, value: Any) -> Any:
        """Return what is written for a value: an object with the tag as its key, if there is one.

        :param value: A value of this kind.
        """
        written = self.to_json(value)
        return {self.key: written} if self.key else written


class TagDict(JSONTag):
    """A dictionary whose only key looks like a tag; two underscores are added to the key."""

    __slots__ = ()
    key = " di"

    def check(self, value: Any) -> bool:
        tags = self.serializer.tags
        return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in tags

    def to_json(self, value: Any) -> Any:
        return {f"{key}__": self.serializer.tag(item) for key, item in value.items()}

    def to_python(self, value: Any) -> Any:
        return {key[:-2]: item for key, item in value.items()}


class PassDict(JSONTag):
    """Any other dictionary."""

    __slots__ = ()

    def check(self, value: Any) -> bool:
        return isinstance(value, dict)

    def to_json(self, value: Any) -> Any:
        return {key: self.serializer.tag(item) for key, item in value.items()}


class TagTuple(JSONTag):
    """A tuple."""

    __slots__ = ()
    key = " t"

    def check(self, value: Any) -> bool:
        return isinstance(value, tuple)

    def to_json(self, value: Any) -> Any:
        return [self.serializer.tag(item) for item in value]

    def to_python(self, value: Any) -> Any:
        return tuple(value)


class PassList(JSONTag):
    """A list."""

    __slots__ = ()

    def check(self, value: Any) -> bool:
        return isinstance(value, list)

    def to_json(self, value: Any) -> Any:
        return [self.serializer.tag(item) for item in value]


class TagBytes(JSONTag):
    """Bytes."""

    __slots__ = ()
    key = " b"

    def check(self, value: Any) -> bool:
        return isinstance(value, bytes)

    def to_json(self, value: Any) -> Any:
        return b64encode(value).decode("ascii")

    def to_python(self, value: Any) -> Any:
        return b64decode(value)


class TagMarkup(JSONTag):
    """An object that gives markup; it comes back as `Markup`."""

    __slots__ = ()
    key = " m"

    def check(self, value: Any) -> bool:
        return callable(getattr(value, "__html__", None))

    def to_json(self, value: Any) -> Any:
        return str(value.__html__())

    def to_python(self, value: Any) -> Any:
        return Markup(value)


class TagUUID(JSONTag):
    """A UUID."""

    __slots__ = ()
    key = " u"

    def check(self, value: Any) -> bool:
        return isinstance(value, UUID)

    def to_json(self, value: Any) -> Any:
        return value.hex

    def to_python(self, value: Any) -> Any:
        return UUID(value)


class TagDateTime(JSONTag):
    """A date with its time, to the second."""

    __slots__ = ()
    key = " d"

    def check(self, value: Any) -> bool:
        return isinstance(value, datetime)

    def to_json(self, value: Any) -> Any:
        return http_date(value)

    def to_python(self, value: Any) -> Any:
        return parse_date(value)


class TaggedJSONSerializer:
    """Writes and reads tagged JSON."""

    __slots__ = ("order", "tags")

    default_tags: ClassVar[list[type[JSONTag]]] = [
        # It comes before other dictionaries, or what only looks tagged would be read as tagged.
        TagDict,
        PassDict,
        TagTuple,
        PassList,
        TagBytes,
        TagMarkup,
        TagUUID,
        TagDateTime,
    ]
    """The kinds of values; the first that a value is of is taken."""

    def __init__(self) -> None:
        self.tags: dict[str, JSONTag] = {}
        self.order: list[JSONTag] = []
        for tag_class in self.default_tags:
            self.register(tag_class)

    def register(
        self, tag_class: type[JSONTag], force: bool = False, index: int | None = None
    ) -> None:
        """Add a kind of value.

        :param force: Whether it may take the place of another with the same tag.
        :param index: Where in `order` it is put; at the end if it is not given.
        :raises KeyError: There is another with the same tag.
        """
        tag = tag_class(self)
        if tag.key:
            if tag.key in self.tags and not force:
                raise KeyError(f"The tag {tag.key!r} is registered already.")
            self.tags[tag.key] = tag
        self.order.insert(len(self.order) if index is None else index, tag)

    def tag(self, value: Any) -> Any:
        """Return what is written for *value*."""
        for tag in self.order:
            if tag.check(value):
                return tag.tag(value)
        return value

    def untag(self, value: dict[str, Any]) -> Any:
        """Return the value that an object stands for: itself, unless it is tagged."""
        if len(value) != 1:
            return value
        ((key, written),) = value.items()
        return self.tags[key].to_python(written) if key in self.tags else value

    def dumps(self, value: Any) -> str:
        """Write *value*.

        :raises TypeError: There is a value in it that has neither JSON nor a tag.
        """
        # Without spaces, since it goes into a cookie with each request.
        return dumps(self.tag(value), separators=(",", ":"))

    def loads(self, text: str | bytes) -> Any:
        """Read what `dumps` wrote."""
        # What is innermost comes first, so what a tag holds has been restored before.
        return loads(text, object_hook=self.untag)
