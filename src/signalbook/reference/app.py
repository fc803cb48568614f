"""The life of a request.

From top to bottom: what `wsgi_app` does, what that calls, and so on; then the other ways in.
The ten signals are sent here, by the contexts, by rendering and by flashing.
What an application is before its requests is the subject of `parts.setup`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import closing
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, cast

import werkzeug.utils
from werkzeug.exceptions import BadRequest, BadRequestKeyError, HTTPException, InternalServerError
from werkzeug.routing import RequestRedirect, RoutingException
from werkzeug.wrappers import Response as BaseResponse

from .ctx import AppContext, AppGlobals, RequestContext
from .debughelpers import raise_for_form
from .globals import current_app_context, current_request_context, request_context
from .helpers import get_debug_flag
from .parts.error_handlers import ErrorHandler, find_error_handler
from .parts.responses import response_from
from .parts.setup import Application
from .signals import (
    appcontext_tearing_down,
    got_request_exception,
    request_finished,
    request_started,
    request_tearing_down,
)
from .testing import PRESERVE_CONTEXT, EnvironBuilder, FlaskClient, FlaskCliRunner
from .wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from .sessions import SessionMixin

__all__ = ["Flask"]


class Flask(Application):
    """A WSGI application with the interface of Flask 3.1.3.

    :param import_name: The name of the module or package that it belongs to, usually `__name__`.
    :param static_url_path: The URL below which static files are served.
    :param static_folder: Where static files are, from `root_path`; `None` for nowhere.
    :param static_host: The host that serves them, with *host_matching*.
    :param host_matching: Whether rules are matched by host.
    :param subdomain_matching: Whether rules are matched by subdomain.
    :param template_folder: Where templates are, from `root_path`.
    :param instance_path: The folder for what belongs to one installation; found by its name if it
        is not given.
    :param instance_relative_config: Whether files of settings are looked for in that folder.
    :param root_path: The folder of the module or package; found by its name if it is not given.
    :raises ValueError: The instance path is not absolute.
    """

    app_ctx_globals_class = AppGlobals
    """The class of `g`."""

    test_client_class: type[FlaskClient] | None = None
    """The class of its test clients; `None` stands for `FlaskClient`."""

    test_cli_runner_class: type[FlaskCliRunner] | None = None
    """The class of what runs its commands in tests; `None` stands for `FlaskCliRunner`."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, through what middleware made of `wsgi_app`."""
        return self.wsgi_app(environ, start_response)

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request: push its context, dispatch it, and pop its context.

        The body of the response is read after that, by the server.
        Middleware takes the place of this method, and what it answers itself sends no signal
        (Flask 3.1.3; {clause}`request-started.no-request`).

        :keeps: {clause}`request-tearing-down.once`,
            {clause}`request-tearing-down.after-start-response`,
            {clause}`request-finished.middleware`
        """
        # A request that can't be made has no context, so that is the server's own matter.
        context = self.request_context(environ)
        error: BaseException | None = None
        try:
            try:
                context.push()
                response = self.full_dispatch_request()
            except Exception as raised:
                error = raised
                response = self.handle_exception(raised)
            except BaseException as raised:
                error = raised
                raise
            return response(environ, start_response)
        finally:
            keep = environ.get(PRESERVE_CONTEXT)
            if keep is not None:
                # A client in a `with` block pushes them once more after this.
                keep(current_app_context.get())
                keep(current_request_context.get())
            # Tear-down functions hear of it all the same if nobody answers it, such as SystemExit.
            context.pop(None if error and self.should_ignore_error(error) else error)

    def full_dispatch_request(self) -> Response:
        """Answer the current request, with hooks and error handlers.

        `request_started` is sent once, before any hook ({clause}`request-started.once`,
        {clause}`core-signals.sender`, {clause}`request-started.arguments`,
        {clause}`request-started.before-functions`,
        {clause}`request-started.before-functions`).
        A receiver of it that raises is treated like a view that raises (Flask 3.1.3;
        {clause}`request-started.receiver-raises`, {clause}`request-started.receiver-raises`,
        {clause}`request-started.receiver-raises`).

        :raises Exception: What no error handler took care of.
        """
        # From here on, what is registered would be missing from a request.
        self._got_first_request = True
        try:
            request_started.send(self, _async_wrapper=self.ensure_sync)
            value = self.preprocess_request()
            if value is None:
                value = self.dispatch_request()
        except Exception as error:
            value = self.handle_user_exception(error)
        return self.finalize_request(value)

    def preprocess_request(self) -> Any:
        """Call the `url_value_preprocessor` functions, and then the `before_request` functions.

        Sends no signal (Flask 3.1.3; {clause}`request-started.no-request`).
        The application's come before the blueprint's.

        :returns: What the first `before_request` function returned that was not `None`.
        :keeps: {clause}`answered.first`, {clause}`answered.preprocessors`
        """
        request = request_context().request
        names = (None, *reversed(request.blueprints))
        # From the outside to the inside; a request names its blueprints the other way round.
        for name in names:
            for preprocess in self.url_value_preprocessors.get(name, ()):
                preprocess(request.endpoint, request.view_args)
        for name in names:
            for before in self.before_request_funcs.get(name, ()):
                value = self.ensure_sync(before)()
                if value is not None:
                    return value
        return None

    def dispatch_request(self) -> Any:
        """Call the view.

        :returns: What the view returned.
        :raises HTTPException: No rule matched the URL.
        """
        request = request_context().request
        if request.routing_exception is not None:
            self.raise_routing_exception(request)
        rule = request.url_rule
        assert rule is not None
        # A rule that was put into the map by hand lacks the attribute.
        if request.method == "OPTIONS" and getattr(rule, "provide_automatic_options", False):
            return self.make_default_options_response()
        return self.ensure_sync(self.view_functions[rule.endpoint])(**(request.view_args or {}))

    def raise_routing_exception(self, request: Request) -> NoReturn:
        """Raise what kept the URL from being matched.

        :raises FormDataRoutingRedirect: In debug mode, for a form that would be lost.
        """
        error = request.routing_exception
        assert error is not None
        if self.debug and isinstance(error, RequestRedirect):
            raise_for_form(request, error)
        raise error

    def make_default_options_response(self) -> Response:
        """Return a response that names the methods of the URL."""
        adapter = request_context().url_adapter
        assert adapter is not None
        response = self.response_class()
        response.allow.update(adapter.allowed_methods())
        return response

    def make_response(self, value: Any) -> Response:
        """Return the response that a view means by what it returned.

        :raises TypeError: It is nothing that a response can be made of.
        :keeps: {clause}`request-finished.answers`,
            {clause}`got-request-exception.view-returns-none`
        """
        return response_from(self, value)

    def redirect(self, location: str, code: int = 302) -> BaseResponse:
        """Return a response that sends the client to another URL."""
        return werkzeug.utils.redirect(location, code, self.response_class)

    def finalize_request(self, value: Any, from_error_handler: bool = False) -> Response:
        """Make a response of what a view returned, call the hooks, and send `request_finished`.

        The signal is sent last ({clause}`request-finished.after`,
        {clause}`request-finished.before`), with what the hooks made of the response
        ({clause}`request-finished.response-object`).
        A receiver of it that raises is an unhandled error, so it is sent once more
        (Flask 3.1.3; {clause}`request-finished.receiver-raises-sent-again`).

        :param from_error_handler: Whether this is the answer to an unhandled error
            ({clause}`request-finished.unhandled`).
            What fails then is logged, and the response given nevertheless
            ({clause}`request-finished.second-failure`).
        """
        # Not in the block: without a response there is nothing to give nevertheless.
        response = self.make_response(value)
        try:
            response = self.process_response(response)
            request_finished.send(self, _async_wrapper=self.ensure_sync, response=response)
        except Exception:
            if not from_error_handler:
                raise
            self.logger.exception("A hook or receiver failed after an error had been handled.")
        return response

    def process_response(self, response: Response) -> Response:
        """Call the `after_request` functions, and save the session.

        Those of `after_this_request` come first, then the blueprint's, then the application's;
        of several, the last registered comes first.

        :keeps: {clause}`plain.response-passed-on`, {clause}`plain.last-registered-first`,
            {clause}`request-finished.session-cookie`
        """
        context = request_context()
        for function in context.after_request_functions:
            response = self.ensure_sync(function)(response)
        for name in (*context.request.blueprints, None):
            for function in reversed(self.after_request_funcs.get(name, ())):
                response = self.ensure_sync(function)(response)
        # Saving is no access: the context's own attribute would count it.
        # If it couldn't be opened it is `None`, and saving fails unless the interface expects that.
        session = cast("SessionMixin", context._session)
        if not self.session_interface.is_null_session(session):
            self.session_interface.save_session(self, session, response)
        return response

    def handle_user_exception(self, error: Exception) -> Any:
        """Return what the error handler returns for an exception from a view, hook or receiver.

        :raises Exception: The same, if there is no handler and it is no HTTP error.
        :keeps: {clause}`got-request-exception.handled`,
            {clause}`got-request-exception.debug-bad-request-key`
        """
        if isinstance(error, BadRequestKeyError) and (
            self.debug or self.config["TRAP_BAD_REQUEST_ERRORS"]
        ):
            # The answer then names the key, which is for developers only.
            error.show_exception = True
        if isinstance(error, HTTPException) and not self.trap_http_exception(error):
            return self.handle_http_exception(error)
        handler = self._find_error_handler(error)
        if handler is None:
            raise
        return self.ensure_sync(handler)(error)

    def handle_http_exception(self, error: HTTPException) -> Any:
        """Return what the error handler returns for an HTTP error, or else the error itself.

        Redirections by the URL map, and errors without a code, are no errors.

        :keeps: {clause}`got-request-exception.http-exceptions`,
            {clause}`got-request-exception.redirections`
        """
        # An `abort` with a response has no code: it is that response, and no error.
        if error.code is None or isinstance(error, RoutingException):
            return error
        handler = self._find_error_handler(error)
        return error if handler is None else self.ensure_sync(handler)(error)

    def trap_http_exception(self, error: Exception) -> bool:
        """Tell whether an HTTP error is to be treated like any other exception.

        With `TRAP_HTTP_EXCEPTIONS` all are, with `TRAP_BAD_REQUEST_ERRORS` those of status 400,
        and in debug mode a missing key of the request's data, unless the latter is false.

        :keeps: {clause}`got-request-exception.trap-http-exceptions`,
            {clause}`got-request-exception.trap-bad-request-errors`,
            {clause}`got-request-exception.debug-bad-request-key`
        """
        if self.config["TRAP_HTTP_EXCEPTIONS"]:
            return True
        trap = self.config["TRAP_BAD_REQUEST_ERRORS"]
        if trap is None:
            return self.debug and isinstance(error, BadRequestKeyError)
        return bool(trap) and isinstance(error, BadRequest)

    def handle_exception(self, error: Exception) -> Response:
        """Send `got_request_exception`, and answer with an internal server error.

        A handler for 500 or `InternalServerError` gets that error, with the exception as its
        `original_exception`.

        :raises Exception: The same, when exceptions propagate:
            in tests and in debug mode, unless `PROPAGATE_EXCEPTIONS` says otherwise.
        :keeps: {clause}`got-request-exception.handle-exception`,
            {clause}`got-request-exception.unhandled`, {clause}`got-request-exception.propagated`,
            {clause}`got-request-exception.server-error-handler`,
            {clause}`got-request-exception.original-exception`
        """
        # Of the error being handled; whoever calls this may give another one.
        raised = sys.exc_info()
        # Before it is known whether the error propagates: it is sent in either case.
        got_request_exception.send(self, _async_wrapper=self.ensure_sync, exception=error)
        propagate = self.config["PROPAGATE_EXCEPTIONS"]
        if propagate is None:
            propagate = self.testing or self.debug
        if propagate:
            if raised[1] is error:
                raise
            raise error
        self.log_exception(raised)
        server_error = InternalServerError(original_exception=error)
        handler = self._find_error_handler(server_error)
        value = server_error if handler is None else self.ensure_sync(handler)(server_error)
        return self.finalize_request(value, from_error_handler=True)

    def _find_error_handler(self, error: Exception) -> ErrorHandler | None:
        blueprints = request_context().request.blueprints
        return find_error_handler(self.error_handler_spec, error, blueprints)

    def log_exception(
        self,
        exc_info: tuple[type[BaseException], BaseException, TracebackType] | tuple[Any, ...],
    ) -> None:
        """Log an unhandled exception.

        :param exc_info: What `sys.exc_info` gives.
        """
        request = request_context().request
        self.logger.error(
            "Exception on %s [%s]", request.path, request.method, exc_info=cast(Any, exc_info)
        )

    def should_ignore_error(self, error: BaseException) -> bool:
        """Tell whether the contexts are torn down as if *error* had not happened: never.

        :keeps: {clause}`request-tearing-down.exc-ignored`
        """
        return False

    def do_teardown_request(self, exc: BaseException | None = None) -> None:
        """Call the `teardown_request` functions, and send `request_tearing_down`.

        The blueprint's come before the application's, the last registered first.
        A function that raises ends this, and the signal isn't sent.

        :keeps: {clause}`request-tearing-down.after-teardown-request`,
            {clause}`request-tearing-down.arguments`,
            {clause}`request-tearing-down.teardown-request-raises`
        """
        for name in (*request_context().request.blueprints, None):
            for function in reversed(self.teardown_request_funcs.get(name, ())):
                self.ensure_sync(function)(exc)
        request_tearing_down.send(self, _async_wrapper=self.ensure_sync, exc=exc)

    def do_teardown_appcontext(self, exc: BaseException | None = None) -> None:
        """Call the `teardown_appcontext` functions, and send `appcontext_tearing_down`.

        The last registered comes first.
        A function that raises ends this, and the signal isn't sent.

        :keeps: {clause}`appcontext-tearing-down.after-teardown-appcontext`,
            {clause}`appcontext-tearing-down.arguments`,
            {clause}`appcontext-tearing-down.teardown-appcontext-raises`
        """
        for function in reversed(self.teardown_appcontext_funcs):
            self.ensure_sync(function)(exc)
        appcontext_tearing_down.send(self, _async_wrapper=self.ensure_sync, exc=exc)

    def app_context(self) -> AppContext:
        """Return a context in which the application is the current one, for a `with` block.

        :keeps: {clause}`outside-a-request.timeline`, {clause}`appcontext-pushed.sent`
        """
        return AppContext(self)

    def request_context(self, environ: WSGIEnvironment) -> RequestContext:
        """Return a context in which the request of *environ* is the current one.

        :keeps: {clause}`request-tearing-down.context`, {clause}`request-started.no-request`
        """
        return RequestContext(self, environ)

    def test_request_context(
        self,
        path: str = "/",
        base_url: str | None = None,
        subdomain: str | None = None,
        url_scheme: str | None = None,
        *arguments: Any,
        **keywords: Any,
    ) -> RequestContext:
        """Return the context of a made-up request; nothing is dispatched.

        :param path: The path, or the whole URL, of the request.
        :param base_url: Scheme, host and root of the URL; by default from the configuration.
        :param subdomain: The subdomain before the configured host.
        :param url_scheme: The scheme, in place of the configured one.
        :param arguments: What `werkzeug.test.EnvironBuilder` takes besides.
        :keeps: {clause}`outside-a-request.timeline-of-a-request-context`,
            {clause}`request-started.no-request`
        """
        place = path, base_url, subdomain, url_scheme
        with closing(EnvironBuilder(self, *place, *arguments, **keywords)) as builder:
            return self.request_context(builder.get_environ())

    def test_client(self, use_cookies: bool = True, **options: Any) -> FlaskClient:
        """Return a client that makes requests to the application without a server.

        :keeps: {clause}`test-client-block.bound`
        """
        client_class = self.test_client_class or FlaskClient
        return client_class(self, self.response_class, use_cookies=use_cookies, **options)

    def test_cli_runner(self, **options: Any) -> FlaskCliRunner:
        """Return what runs the commands of the application without a terminal.

        :keeps: {clause}`request-started.no-request`
        """
        runner_class = self.test_cli_runner_class or FlaskCliRunner
        return runner_class(self, **options)

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
