"""The reference: what Flask's signals mean, in code that can be read.

A small WSGI framework with Flask's interface, written for this book and not from Flask.
It keeps every clause that it has the names for; what it lacks, it doesn't pretend to have.
"""

from __future__ import annotations

from typing import Any

from .app import Flask
from .blueprints import Blueprint
from .config import Config
from .context import after_this_request
from .flashing import flash, get_flashed_messages
from .globals import current_app, g, has_app_context, has_request_context, request, session
from .json import jsonify
from .responses import abort, make_response, redirect
from .routing import url_for
from .signals import (
    appcontext_popped,
    appcontext_pushed,
    appcontext_tearing_down,
    before_render_template,
    got_request_exception,
    message_flashed,
    request_finished,
    request_started,
    request_tearing_down,
    template_rendered,
)
from .templating import render_template, render_template_string
from .wrappers import Request, Response

__all__ = [
    "Blueprint",
    "Config",
    "Flask",
    "Request",
    "Response",
    "abort",
    "after_this_request",
    "appcontext_popped",
    "appcontext_pushed",
    "appcontext_tearing_down",
    "before_render_template",
    "current_app",
    "flash",
    "g",
    "get_flashed_messages",
    "got_request_exception",
    "has_app_context",
    "has_request_context",
    "jsonify",
    "make_response",
    "message_flashed",
    "redirect",
    "render_template",
    "render_template_string",
    "request",
    "request_finished",
    "request_started",
    "request_tearing_down",
    "session",
    "template_rendered",
    "url_for",
]

_LACKING = frozenset(
    {
        "copy_current_request_context",
        "get_template_attribute",
        "send_file",
        "send_from_directory",
        "stream_template",
        "stream_template_string",
        "stream_with_context",
    }
)
"""What Flask 3.1.3 has and the reference lacks."""


def __getattr__(name: str) -> Any:
    if name in _LACKING:
        raise AttributeError(f"Flask has {name!r}, but the reference implementation lacks it.")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
