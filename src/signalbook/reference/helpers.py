"""Functions for views; what they do is found in `parts`, by subject."""

from __future__ import annotations

import os
from typing import Any

from .globals import application
from .parts.files import send_file, send_from_directory
from .parts.flashing import flash, get_flashed_messages
from .parts.lacking import lacking
from .parts.responses import abort, make_response, redirect
from .parts.routing import url_for
from .parts.streaming import stream_with_context

__all__ = [
    "abort",
    "flash",
    "get_debug_flag",
    "get_flashed_messages",
    "get_template_attribute",
    "make_response",
    "redirect",
    "send_file",
    "send_from_directory",
    "stream_with_context",
    "url_for",
]


def get_template_attribute(template_name: str, attribute: str) -> Any:
    """Return a macro or a variable that a template exports; no signal is sent.

    :param template_name: The name of the template.
    :param attribute: The name of the macro or variable.
    :keeps: {clause}`template-rendered.used`, {clause}`before-render-template.used`
    """
    return getattr(application().jinja_env.get_template(template_name).module, attribute)


def get_debug_flag() -> bool:
    """Tell whether `FLASK_DEBUG` is set to anything but `0`, `false` or `no`."""
    value: Any = os.environ.get("FLASK_DEBUG")
    return bool(value) and value.lower() not in {"0", "false", "no"}


__getattr__ = lacking(__name__, "get_load_dotenv", "get_root_path")
