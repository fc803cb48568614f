"""The names that mean the current application and the current request.

A proxy looks up its object in a context variable at each use.
So one name serves all threads and tasks.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

from werkzeug.local import LocalProxy

if TYPE_CHECKING:
    from .app import Flask
    from .ctx import AppContext, AppGlobals, RequestContext
    from .sessions import SessionMixin
    from .wrappers import Request

__all__ = [
    "app_ctx",
    "current_app",
    "g",
    "request",
    "request_ctx",
    "session",
]

_NO_APPLICATION = """\
Working outside of application context.

There is no current application here.
Enter one first: `with app.app_context(): ...`\
"""

_NO_REQUEST = """\
Working outside of request context.

There is no current request here.
Use the test client, or enter a request: `with app.test_request_context(): ...`\
"""

# In two variables, since an application can be current without a request.
current_app_context: ContextVar[AppContext] = ContextVar("signalbook.app_context")
current_request_context: ContextVar[RequestContext] = ContextVar("signalbook.request_context")

# To type checkers, each proxy is what it stands for.
app_ctx: AppContext = LocalProxy(  # type: ignore[assignment]
    current_app_context, unbound_message=_NO_APPLICATION
)
"""The current application context."""

current_app: Flask = LocalProxy(  # type: ignore[assignment]
    current_app_context, "app", unbound_message=_NO_APPLICATION
)
"""The current application; as a sender, `current_app._get_current_object()` is wanted.

:keeps: {clause}`core-signals.current-application`, {clause}`core-signals.proxy`
"""

g: AppGlobals = LocalProxy(  # type: ignore[assignment]
    current_app_context, "g", unbound_message=_NO_APPLICATION
)
"""A place for whatever is needed until the application context ends.

:keeps: {clause}`request-started.stores-on-g`, {clause}`appcontext-pushed.stores-on-g`
"""

request_ctx: RequestContext = LocalProxy(  # type: ignore[assignment]
    current_request_context, unbound_message=_NO_REQUEST
)
"""The current request context."""

request: Request = LocalProxy(  # type: ignore[assignment]
    current_request_context, "request", unbound_message=_NO_REQUEST
)
"""The current request.

:keeps: {clause}`request-started.bound`
"""

session: SessionMixin = LocalProxy(  # type: ignore[assignment]
    current_request_context, "session", unbound_message=_NO_REQUEST
)
"""The session of the current request.

:keeps: {clause}`request-started.session`
"""


def application() -> Flask:
    """Return the current application itself, never a proxy.

    :raises RuntimeError: There is no current application.
    """
    context = current_app_context.get(None)
    if context is None:
        raise RuntimeError(_NO_APPLICATION)
    return context.app


def request_context() -> RequestContext:
    """Return the current request context itself; quicker than the proxy, where it is used often.

    :raises RuntimeError: There is no current request.
    """
    context = current_request_context.get(None)
    if context is None:
        raise RuntimeError(_NO_REQUEST)
    return context


# Flask's own names for the two variables, by which some extensions ask for them.
_cv_app = current_app_context
_cv_request = current_request_context
