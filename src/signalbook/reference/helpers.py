"""Functions for views, under the name by which Flask has them."""

from __future__ import annotations

import os
from typing import Any

from .parts.files import send_file, send_from_directory
from .parts.flashing import flash, get_flashed_messages
from .parts.lacking import lacking
from .parts.responses import abort, make_response, redirect
from .parts.routing import url_for
from .parts.streaming import stream_with_context
from .templating import get_template_attribute

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


def get_debug_flag() -> bool:
    """Tell whether `FLASK_DEBUG` is set to anything but `0`, `false` or `no`."""
    value: Any = os.environ.get("FLASK_DEBUG")
    return bool(value) and value.lower() not in {"0", "false", "no"}


__getattr__ = lacking(__name__, "get_load_dotenv", "get_root_path")
