"""The ten core signals.

Each is sent from the application itself, never from a proxy.
What is sent when, and with what, is stated in `spec/signals/`, on a page for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

# Type checkers are shown one class, whichever is there when it runs.
if TYPE_CHECKING:
    from .engine import Namespace
else:
    try:
        from .engine import Namespace
    except ImportError:
        from .fallback import Namespace

        # By this name Flask said so, up to 2.2; later ones can't do without an engine at all.
        signals_available = False

__all__ = [
    "Namespace",
    "appcontext_popped",
    "appcontext_pushed",
    "appcontext_tearing_down",
    "before_render_template",
    "got_request_exception",
    "message_flashed",
    "request_finished",
    "request_started",
    "request_tearing_down",
    "template_rendered",
]

_signals = Namespace()

before_render_template = _signals.signal(
    "before-render-template", "Sent with `template` and `context` before a template is rendered."
)

template_rendered = _signals.signal(
    "template-rendered", "Sent with `template` and `context` after a template was rendered."
)

request_started = _signals.signal(
    "request-started", "Sent when the handling of a request begins, before any hook."
)

request_finished = _signals.signal(
    "request-finished", "Sent with the `response` after the last hook that may change it."
)

got_request_exception = _signals.signal(
    "got-request-exception", "Sent with an `exception` that no error handler took care of."
)

request_tearing_down = _signals.signal(
    "request-tearing-down", "Sent with `exc`, the error or `None`, when a request context ends."
)

appcontext_pushed = _signals.signal(
    "appcontext-pushed", "Sent after an application context was made the current one."
)

appcontext_tearing_down = _signals.signal(
    "appcontext-tearing-down",
    "Sent with `exc`, the error or `None`, when an application context ends.",
)

appcontext_popped = _signals.signal(
    "appcontext-popped", "Sent after an application context has ceased to be the current one."
)

message_flashed = _signals.signal(
    "message-flashed", "Sent with `message` and `category` after a message was flashed."
)
