"""Functions for views, under the name by which Flask has them."""

from __future__ import annotations

import os
from typing import Any

from .flashing import flash, get_flashed_messages
from .lacking import lacking
from .responses import abort, make_response, redirect
from .routing import url_for
from .static import send_file, send_from_directory
from .streaming import stream_with_context
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
