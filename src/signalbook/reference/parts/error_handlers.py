"""Which error handler is called for an exception.

Handlers are kept by blueprint, or `None` for the application,
then by status code, or `None` for exceptions without one, and then by exception class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from werkzeug.exceptions import HTTPException, default_exceptions

__all__ = ["ErrorHandler", "ErrorHandlers", "class_and_code", "find_error_handler"]

ErrorHandler: TypeAlias = Callable[[Any], Any]
ErrorHandlers: TypeAlias = dict[str | None, dict[int | None, dict[type[Exception], ErrorHandler]]]

_WANTED = "Handlers are registered for subclasses of Exception and for codes of HTTP errors."


def class_and_code(what: type[Exception] | int) -> tuple[type[Exception], int | None]:
    """Return the exception class that a handler is meant for, and its status code if it has one.

    :param what: An exception class or a status code.
    :raises TypeError: It is an exception object, or no class at all.
    :raises ValueError: It is a class of something else, or there is no error with that code.
    """
    if isinstance(what, int):
        if what not in default_exceptions:
            raise ValueError(
                f"{what} is not the code of an HTTP error. Use a subclass of HTTPException"
                " with that code instead."
            )
        return default_exceptions[what], what
    if not isinstance(what, type):
        raise TypeError(f"{what!r} is not a class. {_WANTED}")
    if not issubclass(what, Exception):
        raise ValueError(f"{what.__name__} is not a class of exceptions. {_WANTED}")
    return what, what.code if issubclass(what, HTTPException) else None


def find_error_handler(
    handlers: ErrorHandlers, error: Exception, blueprints: Iterable[str]
) -> ErrorHandler | None:
    """Return the handler for *error*, or `None`.

    Handlers for its status code come before handlers for classes,
    those of blueprints before those of the application, and those of the nearest class first.

    :param blueprints: The names of the request's blueprints, innermost first.
    """
    kind = type(error)
    # That of the class, as when handlers are registered; an object's own may be another.
    code = kind.code if isinstance(error, HTTPException) else None  # type: ignore[attr-defined]
    for one in (code, None) if code is not None else (None,):
        for name in (*blueprints, None):
            candidates = handlers.get(name, {}).get(one)
            if not candidates:
                continue
            for ancestor in kind.__mro__:
                if ancestor in candidates:
                    return candidates[ancestor]
    return None
