"""The logger of an application."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, TextIO, cast

from werkzeug.local import LocalProxy

from .globals import request

if TYPE_CHECKING:
    from .parts.setup import Application

__all__ = ["create_logger", "default_handler", "has_level_handler", "wsgi_errors_stream"]


def _errors_stream() -> TextIO:
    return request.environ["wsgi.errors"] if request else sys.stderr


wsgi_errors_stream = cast(TextIO, LocalProxy(_errors_stream))
"""The error stream of the current request, or else of the process."""

default_handler: logging.Handler = logging.StreamHandler(wsgi_errors_stream)
"""Writes to `wsgi_errors_stream`."""

default_handler.setFormatter(
    logging.Formatter("[%(asctime)s] %(levelname)s in %(module)s: %(message)s")
)


def create_logger(app: Application) -> logging.Logger:
    """Return the logger called like *app*, with `default_handler` if nothing else handles it."""
    logger = logging.getLogger(app.name)
    # A level that somebody has set stays.
    if app.debug and not logger.level:
        logger.setLevel(logging.DEBUG)
    if not has_level_handler(logger):
        logger.addHandler(default_handler)
    return logger


def has_level_handler(logger: logging.Logger) -> bool:
    """Tell whether anything handles what *logger* is given at its own level."""
    level = logger.getEffectiveLevel()
    current: logging.Logger | None = logger
    while current is not None:
        if any(handler.level <= level for handler in current.handlers):
            return True
        current = current.parent if current.propagate else None
    return False
