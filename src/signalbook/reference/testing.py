"""Requests without a server, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from functools import cache
from importlib.metadata import version
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

import werkzeug.test
from click.testing import CliRunner, Result
from werkzeug.wrappers import Request as BaseRequest

from .cli import ScriptInfo

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from .app import Flask
    from .sessions import SessionMixin
    from .wrappers import Response

__all__ = ["EnvironBuilder", "FlaskCliRunner", "FlaskClient"]

PRESERVE_CONTEXT: Final = "werkzeug.debug.preserve_context"
"""Where a server puts a function into the environment that keeps the request's contexts."""


class EnvironBuilder(werkzeug.test.EnvironBuilder):
    """Builds the WSGI environment of a request to an application.

    :param app: The application; host, scheme and root come from its configuration, unless given.
    :param path: The path, or the whole URL, of the request.
    :param arguments: What Werkzeug's builder takes.
    """

    def __init__(
        self,
        app: Flask,
        path: str = "/",
        base_url: str | None = None,
        subdomain: str | None = None,
        url_scheme: str | None = None,
        *arguments: Any,
        **keywords: Any,
    ) -> None:
        if base_url is not None and (subdomain is not None or url_scheme is not None):
            raise TypeError("Give either a base_url, or a subdomain and url_scheme.")
        self.app = app
        if base_url is None:
            path, base_url = _split(app, path, subdomain, url_scheme)
        super().__init__(path, base_url, *arguments, **keywords)

    def json_dumps(self, obj: Any, **options: Any) -> str:
        """Write a JSON body the way of the application."""
        return self.app.json.dumps(obj, **options)


class FlaskClient(werkzeug.test.Client):
    """A client that calls an application directly, and keeps its cookies.

    In a `with` block, the contexts of the last request are pushed again after it,
    until the next request or the end of the block.

    :param response_wrapper: The class that responses are made of.
    :param use_cookies: Whether cookies are kept from one request to the next.
    :param allow_subdomain_redirects: Whether redirections to subdomains are followed.
    :keeps: {clause}`test-client-block.bound`, {clause}`test-client-block.torn-down`,
        {clause}`test-client-block.timeline-of-two-requests`
    """

    application: Flask
    """The application."""

    def __init__(
        self,
        application: Flask,
        response_wrapper: type[Response] | None = None,
        use_cookies: bool = True,
        allow_subdomain_redirects: bool = False,
    ) -> None:
        super().__init__(application, response_wrapper, use_cookies, allow_subdomain_redirects)
        self.preserve_context = False
        self.environ_base = {
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_USER_AGENT": _user_agent(),
        }
        # What a request leaves behind; it is pushed after that, and popped before the next.
        self._kept: list[AbstractContextManager[Any]] = []
        self._pushed = ExitStack()

    def __enter__(self) -> Self:
        if self.preserve_context:
            raise RuntimeError("The client is in a 'with' block already; these can't be nested.")
        self.preserve_context = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.preserve_context = False
        self._pushed.close()

    def open(
        self,
        *arguments: Any,
        buffered: bool = False,
        follow_redirects: bool = False,
        **keywords: Any,
    ) -> TestResponse:
        """Make a request.

        :param arguments: What `EnvironBuilder` takes, or an environment, request or builder.
        :param buffered: Whether the body is read at once.
        :param follow_redirects: Whether to make further requests until there is no redirect.
        :returns: The response, whose body is read as far as it is used.
        :keeps: {clause}`test-client-block.bound`, {clause}`test-client-block.redirections`
        """
        self._pushed.close()
        request = self._request(arguments, keywords)
        response = super().open(request, buffered=buffered, follow_redirects=follow_redirects)
        response.json_module = self.application.json  # type: ignore[assignment]
        # The application context comes first, and the request finds it.
        while self._kept:
            self._pushed.enter_context(self._kept.pop(0))
        return response

    def _request(self, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> BaseRequest:
        """Return the request that `open` is to make."""
        first = arguments[0] if arguments else None
        if isinstance(first, werkzeug.test.EnvironBuilder):
            environ = first.get_environ()
        elif isinstance(first, BaseRequest):
            environ = {**first.environ}
        elif isinstance(first, dict):
            with closing(
                EnvironBuilder.from_environ(first, app=self.application, environ_base={})
            ) as builder:
                environ = builder.get_environ()
        else:
            base = {**self.environ_base, **keywords.pop("environ_base", {})}
            with closing(
                EnvironBuilder(self.application, *arguments, environ_base=base, **keywords)
            ) as builder:
                environ = builder.get_environ()
        # What the caller has put into it counts more than what the client puts there.
        environ = {**self.environ_base, **environ}
        if self.preserve_context:
            environ[PRESERVE_CONTEXT] = self._kept.append
        return BaseRequest(environ)

    @contextmanager
    def session_transaction(self, *arguments: Any, **keywords: Any) -> Iterator[SessionMixin]:
        """Open the session of the client's cookie for a `with` block, and save it after that.

        The session is opened and saved in a request's context, which is popped before the block.

        :param arguments: What `Flask.test_request_context` takes.
        :raises TypeError: The client has no cookies.
        :raises RuntimeError: The session could not be opened.
        :keeps: {clause}`request-tearing-down.session-transaction`,
            {clause}`appcontext-pushed.session-transaction`,
            {clause}`test-client-block.timeline-of-a-session-transaction`,
            {clause}`fallback.sessions`
        """
        if self._cookies is None:
            raise TypeError("Cookies are disabled. Create a client with 'use_cookies=True'.")
        app = self.application
        context = app.test_request_context(*arguments, **keywords)
        self._add_cookies_to_wsgi(context.request.environ)
        with context:
            session = app.session_interface.open_session(app, context.request)
        if session is None:
            raise RuntimeError("The session interface opened no session.")
        yield session
        response = app.response_class()
        if app.session_interface.is_null_session(session):
            return
        with context:
            app.session_interface.save_session(app, session, response)
        self._update_cookies_from_response(
            # Cookies are kept by host, whatever its port.
            context.request.host.partition(":")[0],
            context.request.path,
            response.headers.getlist("Set-Cookie"),
        )


class FlaskCliRunner(CliRunner):
    """Runs the commands of an application.

    :param app: The application.
    :param options: What `click.testing.CliRunner` takes.
    """

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(**options)
        self.app = app

    def invoke(self, cli: Any = None, args: Any = None, **options: Any) -> Result:  # type: ignore[override]
        """Run a command.

        :param cli: The command; by default the group of the application's commands.
        :param args: The arguments.
        :param options: What `click.testing.CliRunner.invoke` takes.
        """
        if cli is None:
            cli = self.app.cli
        if "obj" not in options:
            options["obj"] = ScriptInfo(create_app=lambda: self.app)
        return super().invoke(cli, args, **options)


@cache
def _user_agent() -> str:
    """Return what a client calls itself; the version is read from a file, so only once."""
    return f"Werkzeug/{version('werkzeug')}"


def _split(app: Flask, path: str, subdomain: str | None, url_scheme: str | None) -> tuple[str, str]:
    """Return the path with its query, and the base URL, of a request."""
    host = app.config["SERVER_NAME"] or "localhost"
    if subdomain:
        host = f"{subdomain}.{host}"
    url = urlsplit(path)
    scheme = url.scheme or url_scheme or app.config["PREFERRED_URL_SCHEME"]
    root = app.config["APPLICATION_ROOT"].lstrip("/")
    query = f"?{url.query}" if url.query else ""
    return f"{url.path}{query}", f"{scheme}://{url.netloc or host}/{root}"
