"""The ten core signals.

Each is sent from the application itself, never from a proxy.
What is sent when, and with what, is stated in {doc}`/spec/signals/index`, on a page for each.
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
"""Sent before a template is rendered, with `template` and `context`, which a receiver may change.

All its rules: {doc}`/spec/signals/before-render-template`.

:keeps: {clause}`core-signals.sender.before-render-template`,
    {clause}`before-render-template.sent`, {clause}`before-render-template.arguments`,
    {clause}`before-render-template.moment`, {clause}`before-render-template.context-change`,
    {clause}`before-render-template.application`
"""

template_rendered = _signals.signal(
    "template-rendered", "Sent with `template` and `context` after a template was rendered."
)
"""Sent after a template was rendered, with `template` and `context`.

All its rules: {doc}`/spec/signals/template-rendered`.

:keeps: {clause}`core-signals.sender.template-rendered`, {clause}`template-rendered.sent`,
    {clause}`template-rendered.arguments`, {clause}`template-rendered.moment`,
    {clause}`template-rendered.context-change`, {clause}`template-rendered.application`
"""

request_started = _signals.signal(
    "request-started", "Sent when the handling of a request begins, before any hook."
)
"""Sent when the handling of a request begins, before any hook.

All its rules: {doc}`/spec/signals/request-started`.

:keeps: {clause}`core-signals.sender.request-started`, {clause}`request-started.once`,
    {clause}`request-started.arguments`, {clause}`request-started.bound`,
    {clause}`request-started.before-functions`, {clause}`request-started.receiver-raises`
"""

request_finished = _signals.signal(
    "request-finished", "Sent with the `response` after the last hook that may change it."
)
"""Sent with the `response` after the last hook that may change it.

All its rules: {doc}`/spec/signals/request-finished`.

:keeps: {clause}`core-signals.sender.request-finished`, {clause}`request-finished.requests`,
    {clause}`request-finished.arguments`, {clause}`request-finished.after`,
    {clause}`request-finished.before`, {clause}`request-finished.unhandled`
"""

got_request_exception = _signals.signal(
    "got-request-exception", "Sent with an `exception` that no error handler took care of."
)
"""Sent with an `exception` that no error handler took care of.

All its rules: {doc}`/spec/signals/got-request-exception`.

:keeps: {clause}`core-signals.sender.got-request-exception`,
    {clause}`got-request-exception.unhandled`, {clause}`got-request-exception.handled`,
    {clause}`got-request-exception.arguments`, {clause}`got-request-exception.very-object`,
    {clause}`got-request-exception.propagated`
"""

request_tearing_down = _signals.signal(
    "request-tearing-down", "Sent with `exc`, the error or `None`, when a request context ends."
)
"""Sent with `exc`, the error or `None`, when a request context ends.

All its rules: {doc}`/spec/signals/request-tearing-down`.

:keeps: {clause}`core-signals.sender.request-tearing-down`, {clause}`request-tearing-down.once`,
    {clause}`request-tearing-down.context`, {clause}`request-tearing-down.arguments`,
    {clause}`request-tearing-down.exc-unhandled`,
    {clause}`request-tearing-down.after-teardown-request`
"""

appcontext_pushed = _signals.signal(
    "appcontext-pushed", "Sent after an application context was made the current one."
)
"""Sent after an application context was made the current one.

All its rules: {doc}`/spec/signals/appcontext-pushed`.

:keeps: {clause}`core-signals.sender.appcontext-pushed`, {clause}`appcontext-pushed.sent`,
    {clause}`appcontext-pushed.arguments`, {clause}`appcontext-pushed.bound`,
    {clause}`appcontext-pushed.before-request`
"""

appcontext_tearing_down = _signals.signal(
    "appcontext-tearing-down",
    "Sent with `exc`, the error or `None`, when an application context ends.",
)
"""Sent with `exc`, the error or `None`, when an application context ends.

All its rules: {doc}`/spec/signals/appcontext-tearing-down`.

:keeps: {clause}`core-signals.sender.appcontext-tearing-down`,
    {clause}`appcontext-tearing-down.sent`, {clause}`appcontext-tearing-down.arguments`,
    {clause}`appcontext-tearing-down.exc-request`,
    {clause}`appcontext-tearing-down.after-teardown-appcontext`
"""

appcontext_popped = _signals.signal(
    "appcontext-popped", "Sent after an application context has ceased to be the current one."
)
"""Sent after an application context has ceased to be the current one.

All its rules: {doc}`/spec/signals/appcontext-popped`.

:keeps: {clause}`core-signals.sender.appcontext-popped`, {clause}`appcontext-popped.sent`,
    {clause}`appcontext-popped.arguments`, {clause}`appcontext-popped.unbound`,
    {clause}`appcontext-popped.last`
"""

message_flashed = _signals.signal(
    "message-flashed", "Sent with `message` and `category` after a message was flashed."
)
"""Sent after a message was flashed, with `message` and `category`.

All its rules: {doc}`/spec/signals/message-flashed`.

:keeps: {clause}`core-signals.sender.message-flashed`, {clause}`message-flashed.once`,
    {clause}`message-flashed.arguments`, {clause}`message-flashed.after-kept`,
    {clause}`message-flashed.before-return`
"""
