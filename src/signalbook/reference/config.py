"""The configuration of an application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Generic, TypeVar, overload

from werkzeug.utils import import_string

__all__ = ["Config", "ConfigAttribute"]

Value = TypeVar("Value")

DEFAULTS: Mapping[str, Any] = {
    "APPLICATION_ROOT": "/",
    "DEBUG": False,
    "MAX_CONTENT_LENGTH": None,
    "MAX_COOKIE_SIZE": 4093,
    "MAX_FORM_MEMORY_SIZE": 500_000,
    "MAX_FORM_PARTS": 1_000,
    "PERMANENT_SESSION_LIFETIME": timedelta(days=31),
    "PREFERRED_URL_SCHEME": "http",
    "PROPAGATE_EXCEPTIONS": None,
    "PROVIDE_AUTOMATIC_OPTIONS": True,
    "SECRET_KEY": None,
    "SECRET_KEY_FALLBACKS": None,
    "SEND_FILE_MAX_AGE_DEFAULT": None,
    "SERVER_NAME": None,
    "SESSION_COOKIE_DOMAIN": None,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_NAME": "session",
    "SESSION_COOKIE_PARTITIONED": False,
    "SESSION_COOKIE_PATH": None,
    "SESSION_COOKIE_SAMESITE": None,
    "SESSION_COOKIE_SECURE": False,
    "SESSION_REFRESH_EACH_REQUEST": True,
    "TEMPLATES_AUTO_RELOAD": None,
    "TESTING": False,
    "TRAP_BAD_REQUEST_ERRORS": None,
    "TRAP_HTTP_EXCEPTIONS": False,
    "TRUSTED_HOSTS": None,
    "USE_X_SENDFILE": False,
}
"""What Flask 3.1.3 starts with, but for what nothing here reads."""


class Config(dict[str, Any]):
    """A dictionary of settings; only names in capitals are taken from elsewhere."""

    def from_mapping(self, mapping: Mapping[str, Any] | None = None, **settings: Any) -> bool:
        """Take the settings in capitals from *mapping* and from the keyword arguments.

        :returns: `True`.
        """
        for name, value in {**(mapping or {}), **settings}.items():
            if name.isupper():
                self[name] = value
        return True

    def from_object(self, source: object) -> None:
        """Take the attributes in capitals of an object.

        :param source: A class, a module or another object, or its import name.
        :raises ImportError: Nothing has that import name.
        """
        if isinstance(source, str):
            source = import_string(source)
        self.from_mapping({name: getattr(source, name) for name in dir(source) if name.isupper()})


class ConfigAttribute(Generic[Value]):
    """An attribute of an application that is kept in its configuration.

    :param name: The name of the setting.
    :param convert: Called with the setting when it is read.
    """

    def __init__(self, name: str, convert: Callable[[Any], Value] | None = None) -> None:
        self.name = name
        self.convert = convert

    @overload
    def __get__(self, holder: None, owner: type) -> ConfigAttribute[Value]: ...
    @overload
    def __get__(self, holder: Any, owner: type) -> Value: ...
    def __get__(self, holder: Any, owner: type) -> ConfigAttribute[Value] | Value:
        if holder is None:
            return self
        value: Value = holder.config[self.name]
        return value if self.convert is None else self.convert(value)

    def __set__(self, holder: Any, value: Any) -> None:
        holder.config[self.name] = value
