"""The ways into an application: contexts, URLs, clients, commands and the server."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import closing
from types import FunctionType
from typing import TYPE_CHECKING, Any, cast

import werkzeug.utils
from werkzeug.routing import BuildError, MapAdapter
from werkzeug.wrappers import Response as BaseResponse

from .ctx import AppContext, AppGlobals, RequestContext, has_request_context
from .helpers import get_debug_flag
from .parts.routing import bind_urls, build_url
from .templates import TemplatingApplication
from .testing import EnvironBuilder, FlaskClient, FlaskCliRunner
from .wrappers import Request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["Entrances"]


class Entrances(TemplatingApplication):
    """An application that can be entered."""

    app_ctx_globals_class = AppGlobals
    test_client_class: type[FlaskClient] | None = None
    test_cli_runner_class: type[FlaskCliRunner] | None = None

    def app_context(self) -> AppContext:
        """Return a context in which the application is the current one, for a `with` block."""
        return AppContext(self._itself)

    def request_context(self, environ: WSGIEnvironment) -> RequestContext:
        """Return a context in which the request of *environ* is the current one."""
        return RequestContext(self._itself, environ)

    def test_request_context(self, *arguments: Any, **keywords: Any) -> RequestContext:
        """Return the context of a made-up request; nothing is dispatched.

        :param arguments: What `EnvironBuilder` takes after the application.
        """
        with closing(EnvironBuilder(self._itself, *arguments, **keywords)) as builder:
            return self.request_context(builder.get_environ())

    def test_client(self, use_cookies: bool = True, **options: Any) -> FlaskClient:
        """Return a client that makes requests to the application without a server."""
        client_class = self.test_client_class or FlaskClient
        return client_class(self, self.response_class, use_cookies=use_cookies, **options)

    def test_cli_runner(self, **options: Any) -> FlaskCliRunner:
        """Return what runs the commands of the application without a terminal."""
        runner_class = self.test_cli_runner_class or FlaskCliRunner
        return runner_class(self._itself, **options)

    def run(
        self,
        host: str | None = None,
        port: int | None = None,
        debug: bool | None = None,
        load_dotenv: bool = True,
        **options: Any,
    ) -> None:
        """Serve the application with Werkzeug's development server, until it is interrupted.

        :param host: The address; by default that of `SERVER_NAME`, or else `127.0.0.1`.
        :param port: The port; by default that of `SERVER_NAME`, or else 5000.
        :param load_dotenv: Has no effect: the reference reads no `.env` files.
        :param options: What `werkzeug.serving.run_simple` takes.
        """
        from werkzeug.serving import run_simple

        if debug is not None:
            self.debug = bool(debug)
        elif get_debug_flag():
            self.debug = True
        name, _, own_port = (self.config["SERVER_NAME"] or "").partition(":")
        options.setdefault("threaded", True)
        options.setdefault("use_debugger", self.debug)
        options.setdefault("use_reloader", self.debug)
        number = int(own_port or 5000) if port is None else int(port)
        try:
            run_simple(host or name or "127.0.0.1", number, cast(Any, self), **options)
        finally:
            # It may be used in other ways afterwards, where it is set up again.
            self._got_first_request = False

    def ensure_sync(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return *function* itself, or for a coroutine function one that waits for it."""
        return self.async_to_sync(function) if _is_coroutine_function(function) else function

    def async_to_sync(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that calls a coroutine function and waits for its result.

        :raises RuntimeError: asgiref is not installed.
        """
        try:
            from asgiref.sync import async_to_sync
        except ImportError:
            raise RuntimeError(
                f"{function!r} is a coroutine function, and to call those asgiref is needed."
                " Install asgiref."
            ) from None
        return async_to_sync(function)

    def redirect(self, location: str, code: int = 302) -> BaseResponse:
        """Return a response that sends the client to another URL."""
        return werkzeug.utils.redirect(location, code, self.response_class)

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return what matches and builds URLs for a request, or for an application context."""
        return bind_urls(self._itself, request)

    def inject_url_defaults(self, endpoint: str, values: dict[str, Any]) -> None:
        """Call the `url_defaults` functions for a URL that is built."""
        names: list[str | None] = [None]
        parts = endpoint.split(".")[:-1]
        names += [".".join(parts[: length + 1]) for length in range(len(parts))]
        for name in names:
            for function in self.url_default_functions.get(name, ()):
                function(endpoint, values)

    def url_for(
        self,
        /,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str:
        """Return a URL that leads to an endpoint: see `signalbook.reference.url_for`."""
        if _external is None:
            _external = _scheme is not None or not has_request_context()
        try:
            return build_url(self._itself, endpoint, _anchor, _method, _scheme, _external, values)
        except BuildError as error:
            values.update(_anchor=_anchor, _method=_method, _scheme=_scheme, _external=_external)
            return self.handle_url_build_error(error, endpoint, values)

    def handle_url_build_error(
        self, error: BuildError, endpoint: str, values: dict[str, Any]
    ) -> str:
        """Return the URL of the first `url_build_error_handlers` function that knows one.

        :raises BuildError: There is none.
        """
        for handler in self.url_build_error_handlers:
            try:
                url = handler(error, endpoint, values)
            except BuildError as own:
                error = own
            else:
                if url is not None:
                    return url
        raise error


def _is_coroutine_function(function: Callable[..., Any]) -> bool:
    if type(function) is FunctionType and not function.__dict__:
        # Nothing is marked on it, so its code says all that `inspect` would find out.
        return bool(function.__code__.co_flags & inspect.CO_COROUTINE)
    return inspect.iscoroutinefunction(function)
