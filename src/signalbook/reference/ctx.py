"""The contexts: what is current, from when, and until when.

A request context brings an application context with it when its application has none yet.
Contexts nest; the tear-down functions run when the outermost push of a context is undone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextvars import Token
from functools import update_wrapper
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from werkzeug.exceptions import HTTPException

from .globals import current_app_context, current_request_context
from .signals import appcontext_popped, appcontext_pushed

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from .app import Flask
    from .sessions import SessionMixin
    from .wrappers import Request, Response

__all__ = [
    "AppContext",
    "AppGlobals",
    "RequestContext",
    "after_this_request",
    "copy_current_request_context",
    "has_app_context",
    "has_request_context",
]

Function = TypeVar("Function", bound=Callable[..., Any])

_CURRENT_ERROR: Final[Any] = object()
"""The default of `pop`: the exception that is being handled where it is called."""


class AppGlobals:
    """A namespace for the length of an application context: the object behind `g`."""

    # These two tell type checkers that any name may be there.
    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def __setattr__(self, name: str, value: Any) -> None:
        self.__dict__[name] = value

    def get(self, name: str, default: Any = None) -> Any:
        """Return the attribute *name*, or *default*."""
        return self.__dict__.get(name, default)

    def pop(self, name: str, *default: Any) -> Any:
        """Remove and return the attribute *name*.

        :raises KeyError: There is no such attribute, and no default.
        """
        return self.__dict__.pop(name, *default)

    def setdefault(self, name: str, default: Any = None) -> Any:
        """Return the attribute *name*, after setting it to *default* if it is missing."""
        return self.__dict__.setdefault(name, default)

    def __contains__(self, name: str) -> bool:
        return name in self.__dict__

    def __iter__(self) -> Iterator[str]:
        return iter(self.__dict__)

    def __repr__(self) -> str:
        context = current_app_context.get(None)
        return f"<flask.g of {context.app.name!r}>" if context else object.__repr__(self)


# Flask's name for it, by which applications annotate a `g` of their own.
_AppCtxGlobals = AppGlobals


class _Context:
    """What both contexts have in common: they are left as a `with` block is."""

    def push(self) -> None:
        raise NotImplementedError

    def pop(self, exc: BaseException | None = _CURRENT_ERROR) -> None:
        raise NotImplementedError

    def __enter__(self) -> Any:
        self.push()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.pop(exc)


class AppContext(_Context):
    """The time during which an application is the current one.

    :param app: The application.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.g = app.app_ctx_globals_class()
        self.url_adapter = app.create_url_adapter(None)
        # One for each push, since it may be pushed again before it is popped, as by a stream.
        self._tokens: list[Token[AppContext]] = []

    def push(self) -> None:
        """Make the application the current one, and send `appcontext_pushed`.

        :keeps: {clause}`appcontext-pushed.sent`, {clause}`appcontext-pushed.bound`,
            {clause}`appcontext-pushed.arguments`
        """
        self._tokens.append(current_app_context.set(self))
        appcontext_pushed.send(self.app, _async_wrapper=self.app.ensure_sync)

    def pop(self, exc: BaseException | None = _CURRENT_ERROR) -> None:
        """Tear the application context down, and send `appcontext_popped`.

        :param exc: The error that ended it, or `None`.
        :keeps: {clause}`appcontext-popped.sent`, {clause}`appcontext-popped.outer`,
            {clause}`appcontext-tearing-down.exc-popped`,
            {clause}`appcontext-tearing-down.popped-anyway`
        """
        try:
            if len(self._tokens) == 1:
                self.app.do_teardown_appcontext(_error(exc))
        finally:
            context = current_app_context.get()
            current_app_context.reset(self._tokens.pop())
        _check_popped(context, self)
        appcontext_popped.send(self.app, _async_wrapper=self.app.ensure_sync)


class RequestContext(_Context):
    """The time during which a request is the current one.

    :param app: The application that answers the request.
    :param environ: The WSGI environment of the request.
    :param request: The request, if it was made already.
    :param session: The session, if it was opened already.
    """

    def __init__(
        self,
        app: Flask,
        environ: WSGIEnvironment,
        request: Request | None = None,
        session: SessionMixin | None = None,
    ) -> None:
        self.app = app
        self.request = app.request_class(environ) if request is None else request
        self.request.json_module = app.json
        self.url_adapter = None
        try:
            self.url_adapter = app.create_url_adapter(self.request)
        except HTTPException as error:
            self.request.routing_exception = error
        # Taken out of the session once, and kept for whoever asks again during the request.
        self.flashes: list[tuple[str, str]] | None = None
        self.after_request_functions: list[Callable[[Response], Response]] = []
        self._session = session
        self._tokens: list[tuple[Token[RequestContext], AppContext | None]] = []

    @property
    def session(self) -> SessionMixin:
        """The session. Asking for it counts as access, so that the response varies by cookie."""
        assert self._session is not None, "the session is opened when the context is pushed"
        self._session.accessed = True
        return self._session

    def push(self) -> None:
        """Make the request the current one, then open its session and match its URL.

        All that is done when `request_started` is sent (Flask 3.1.3;
        {clause}`request-started.matched`, {clause}`request-started.session`,
        {clause}`request-started.after-appcontext-pushed`, {clause}`request-started.bound`).
        """
        app_context = current_app_context.get(None)
        own_app_context = None
        # That of another application doesn't count, where one application calls another.
        if app_context is None or app_context.app is not self.app:
            own_app_context = self.app.app_context()
            own_app_context.push()
        self._tokens.append((current_request_context.set(self), own_app_context))
        # It is open already when the context is pushed again, or was copied.
        if self._session is None:
            self._open_session()
        if self.url_adapter is not None:
            # Not earlier, so that URL converters can look into the session.
            self.match_request()

    def copy(self) -> RequestContext:
        """Return another context of the same request and session, for another thread."""
        return type(self)(self.app, self.request.environ, self.request, self._session)

    def _open_session(self) -> None:
        interface = self.app.session_interface
        self._session = interface.open_session(self.app, self.request)
        if self._session is None:
            self._session = interface.make_null_session(self.app)

    def match_request(self) -> None:
        """Find the rule for the URL.

        A failure is kept, and raised by `dispatch_request` ({clause}`request-started.once`).
        """
        assert self.url_adapter is not None
        try:
            rule, view_args = self.url_adapter.match(return_rule=True)
        except HTTPException as error:
            self.request.routing_exception = error
        else:
            self.request.url_rule, self.request.view_args = rule, dict(view_args)

    def pop(self, exc: BaseException | None = _CURRENT_ERROR) -> None:
        """Tear the request down, and then the application context that came with it.

        :param exc: The error that ended it, or `None`.
        :keeps: {clause}`request-tearing-down.context`,
            {clause}`request-tearing-down.pushed-twice`,
            {clause}`request-tearing-down.exc-of-context`,
            {clause}`appcontext-tearing-down.after-request`
        """
        exc = _error(exc)
        outermost = len(self._tokens) == 1
        try:
            if outermost:
                self.app.do_teardown_request(exc)
                self.request.close()
        finally:
            context = current_request_context.get()
            token, own_app_context = self._tokens.pop()
            current_request_context.reset(token)
            if outermost:
                # The environment would otherwise hold the request, which holds the environment.
                self.request.environ["werkzeug.request"] = None
            if own_app_context is not None:
                own_app_context.pop(exc)
        _check_popped(context, self)

    def __repr__(self) -> str:
        return f"<RequestContext {self.request.url!r} [{self.request.method}] of {self.app.name!r}>"


def has_app_context() -> bool:
    """Tell whether there is a current application.

    :keeps: {clause}`appcontext-popped.unbound`
    """
    return current_app_context.get(None) is not None


def has_request_context() -> bool:
    """Tell whether there is a current request.

    :keeps: {clause}`streamed.contexts`, {clause}`appcontext-tearing-down.no-request`,
        {clause}`request-tearing-down.contexts-end`
    """
    return current_request_context.get(None) is not None


def after_this_request(function: Function) -> Function:
    """Have *function* called with the response of the current request.

    :param function: Takes the response and returns the same or another.
    :returns: *function* itself.
    :raises RuntimeError: There is no current request.
    :keeps: {clause}`plain.once`, {clause}`plain.first-registered-first`
    """
    context = current_request_context.get(None)
    if context is None:
        raise RuntimeError("after_this_request can only be used while a request is handled.")
    context.after_request_functions.append(function)
    return function


def copy_current_request_context(function: Function) -> Function:
    """Return a function that can be called elsewhere, with the request of now as the current one.

    Its context is a copy, which is torn down after each call.

    :param function: The function to call.
    :raises RuntimeError: There is no current request.
    :keeps: {clause}`request-tearing-down.copied-context`
    """
    current = current_request_context.get(None)
    if current is None:
        raise RuntimeError(
            "copy_current_request_context can only be used while a request is handled."
        )
    # Not when it is called: the request may be over by then.
    context = current.copy()

    def called(*arguments: Any, **keywords: Any) -> Any:
        with context:
            return context.app.ensure_sync(function)(*arguments, **keywords)

    return cast(Function, update_wrapper(called, function))


def _error(exc: BaseException | None) -> BaseException | None:
    return sys.exc_info()[1] if exc is _CURRENT_ERROR else exc


def _check_popped(popped: object, wanted: object) -> None:
    if popped is not wanted:
        raise AssertionError(f"Popped the context {popped!r}, but {wanted!r} was to be popped.")
