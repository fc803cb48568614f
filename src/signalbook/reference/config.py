"""The configuration of an application."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from types import ModuleType
from typing import IO, Any, Generic, TypeVar, overload

from werkzeug.utils import import_string

__all__ = ["DEFAULTS", "Config", "ConfigAttribute", "seconds"]

Value = TypeVar("Value")

DEFAULTS: Mapping[str, Any] = {
    "APPLICATION_ROOT": "/",
    "DEBUG": False,
    "EXPLAIN_TEMPLATE_LOADING": False,
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
"""What Flask 3.1.3 starts with."""


class Config(dict[str, Any]):
    """A dictionary of settings; only names in capitals are taken from elsewhere.

    :param root_path: The folder that files are looked for in.
    :param defaults: The settings to begin with.
    """

    def __init__(
        self, root_path: str | os.PathLike[str], defaults: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(defaults or {})
        self.root_path = root_path

    def from_mapping(
        self,
        mapping: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None,
        **settings: Any,
    ) -> bool:
        """Take the settings in capitals from *mapping* and from the keyword arguments.

        :returns: `True`.
        """
        for name, value in {**dict(mapping or {}), **settings}.items():
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
        # Attributes are looked up by name, so those of base classes count.
        self.from_mapping({name: getattr(source, name) for name in dir(source) if name.isupper()})

    def from_pyfile(self, filename: str | os.PathLike[str], silent: bool = False) -> bool:
        """Run a Python file, and take the names in capitals that it defines.

        :param silent: Whether a missing file is nothing to complain of.
        :returns: Whether there was such a file.
        :raises OSError: There is none.
        """
        path = os.path.join(self.root_path, filename)
        module = ModuleType("config")
        module.__file__ = str(filename)
        found, source = _read(path, "rb", None, silent)
        if found:
            exec(compile(source, path, "exec"), module.__dict__)
            self.from_object(module)
        return found

    def from_envvar(self, variable_name: str, silent: bool = False) -> bool:
        """Run the Python file that an environment variable names: see `from_pyfile`.

        :raises RuntimeError: There is no such variable.
        """
        filename = os.environ.get(variable_name)
        if filename:
            return self.from_pyfile(filename, silent)
        if silent:
            return False
        raise RuntimeError(
            f"The environment variable {variable_name!r} is not set, so it names no"
            " configuration file. Set it to the path of one."
        )

    def from_file(
        self,
        filename: str | os.PathLike[str],
        load: Callable[[IO[Any]], Mapping[str, Any]],
        silent: bool = False,
        text: bool = True,
    ) -> bool:
        """Take the settings in capitals from a file.

        :param load: Reads the file, as `json.load` does.
        :param silent: Whether a missing file is nothing to complain of.
        :param text: Whether it is opened as text.
        :returns: Whether there was such a file.
        :raises OSError: There is none.
        """
        path = os.path.join(self.root_path, filename)
        found, settings = _read(path, "r" if text else "rb", load, silent)
        return self.from_mapping(settings) if found else False

    def from_prefixed_env(
        self, prefix: str = "FLASK", *, loads: Callable[[str], Any] = json.loads
    ) -> bool:
        """Take the environment variables whose names begin with *prefix* and an underscore.

        Two underscores in a name lead into a dictionary.

        :param loads: Reads a value; one that it refuses is taken as a string.
        :returns: `True`.
        """
        start = f"{prefix}_"
        # Sorted, so that a dictionary is there before what goes into it.
        for variable in sorted(os.environ):
            if variable.startswith(start):
                value: Any = os.environ[variable]
                # A string needs no quotes: what can't be read as anything else is one.
                with suppress(Exception):
                    value = loads(value)
                self._set_nested(variable.removeprefix(start).split("__"), value)
        return True

    def _set_nested(self, keys: list[str], value: Any) -> None:
        settings: dict[str, Any] = self
        for key in keys[:-1]:
            settings = settings.setdefault(key, {})
        settings[keys[-1]] = value

    def get_namespace(
        self, namespace: str, lowercase: bool = True, trim_namespace: bool = True
    ) -> dict[str, Any]:
        """Return the settings whose names begin alike.

        :param namespace: What they begin with.
        :param lowercase: Whether the names that are returned are in small letters.
        :param trim_namespace: Whether they are without what they begin with.
        """
        found = {}
        for name, value in self.items():
            if name.startswith(namespace):
                short = name.removeprefix(namespace) if trim_namespace else name
                found[short.lower() if lowercase else short] = value
        return found

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {dict.__repr__(self)}>"


def _read(
    path: str, mode: str, load: Callable[[IO[Any]], Any] | None, silent: bool
) -> tuple[bool, Any]:
    """Return whether there is a file, and what is in it."""
    try:
        with open(path, mode) as file:
            return True, file.read() if load is None else load(file)
    except OSError as error:
        if silent and isinstance(error, FileNotFoundError | IsADirectoryError | NotADirectoryError):
            return False, None
        # The error itself names the file, but not what it was wanted for.
        error.strerror = f"Unable to load configuration file ({error.strerror})"
        raise


def seconds(value: timedelta | int) -> timedelta:
    """Return a time, where a number is one in seconds."""
    return value if isinstance(value, timedelta) else timedelta(seconds=value)


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
