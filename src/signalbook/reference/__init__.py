"""The reference: what Flask's signals mean, in code that can be read.

A small WSGI framework with Flask's interface, written for this book and not from Flask.
It keeps every clause that it has the names for; what it lacks, it doesn't pretend to have.

Its modules are those of Flask, by Flask's names; what they are made of is in `parts`,
the engine that sends the signals in `engine`, and what stands in for that in `fallback`.
As they are imported, each module is built on others, and none on one that is built on it.
In annotations they go in circles, since an application is handed to all that it is made of.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from . import ctx, json, typing
from .app import Flask
from .blueprints import Blueprint
from .config import Config
from .ctx import (
    after_this_request,
    copy_current_request_context,
    has_app_context,
    has_request_context,
)
from .globals import current_app, g, request, session
from .helpers import (
    abort,
    flash,
    get_flashed_messages,
    get_template_attribute,
    make_response,
    redirect,
    send_file,
    send_from_directory,
    stream_with_context,
    url_for,
)
from .json import jsonify
from .parts.lacking import lacking
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
from .templating import (
    render_template,
    render_template_string,
    stream_template,
    stream_template_string,
)
from .wrappers import Request, Response

if not TYPE_CHECKING:
    # It is there only where the engine can't be imported.
    with suppress(ImportError):
        from .signals import signals_available  # noqa: F401

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
    "copy_current_request_context",
    "ctx",
    "current_app",
    "flash",
    "g",
    "get_flashed_messages",
    "get_template_attribute",
    "got_request_exception",
    "has_app_context",
    "has_request_context",
    "json",
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
    "send_file",
    "send_from_directory",
    "session",
    "stream_template",
    "stream_template_string",
    "stream_with_context",
    "template_rendered",
    "typing",
    "url_for",
]

__getattr__ = lacking(__name__, "__version__", "sansio")
