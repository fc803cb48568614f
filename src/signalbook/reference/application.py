"""What an application is before there is a request: its settings, rules, templates and parts.

How a request goes through it is the subject of the module `app`.
"""

from __future__ import annotations

import inspect
import logging
import os
import sys
from collections.abc import Callable
from contextlib import closing
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from werkzeug.exceptions import Aborter
from werkzeug.routing import BuildError, Map, MapAdapter, Rule

from .blueprints import Blueprint
from .config import DEFAULTS, Config, ConfigAttribute
from .context import AppContext, AppGlobals, RequestContext
from .globals import current_request_context, request
from .json import JSONProvider
from .logging import create_logger
from .routing import bind_urls, build_url, make_rule
from .scaffold import Scaffold, setup_method
from .sessions import SecureCookieSessionInterface, SessionInterface
from .static import static_rule, static_view
from .templating import Environment, default_context
from .testing import EnvironBuilder, FlaskClient
from .wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from .app import Flask

__all__ = ["Application"]

Function = TypeVar("Function", bound=Callable[..., Any])


class Application(Scaffold):
    """Everything of an application that is settled before its first request."""

    request_class = Request
    response_class = Response
    app_ctx_globals_class = AppGlobals
    aborter_class = Aborter
    config_class = Config
    json_provider_class = JSONProvider
    jinja_environment = Environment
    session_interface: SessionInterface = SecureCookieSessionInterface()
    test_client_class: type[FlaskClient] | None = None
    url_map_class = Map
    url_rule_class = Rule

    testing = ConfigAttribute[bool]("TESTING")
    secret_key = ConfigAttribute[str | bytes | None]("SECRET_KEY")
    permanent_session_lifetime = ConfigAttribute[Any]("PERMANENT_SESSION_LIFETIME")

    def __init__(
        self,
        import_name: str,
        static_url_path: str | None = None,
        static_folder: str | os.PathLike[str] | None = "static",
        static_host: str | None = None,
        host_matching: bool = False,
        subdomain_matching: bool = False,
        template_folder: str | os.PathLike[str] | None = "templates",
        root_path: str | None = None,
    ) -> None:
        super().__init__(import_name, static_folder, static_url_path, template_folder, root_path)
        self.config = self.config_class(DEFAULTS)
        self.json = self.json_provider_class(self._itself)
        self.aborter = self.aborter_class()
        self.url_map = self.url_map_class(host_matching=host_matching)
        self.subdomain_matching = subdomain_matching
        self.blueprints: dict[str, Blueprint] = {}
        self.extensions: dict[str, Any] = {}
        self.teardown_appcontext_funcs: list[Callable[[BaseException | None], Any]] = []
        self.url_build_error_handlers: list[Callable[..., str]] = []
        self.template_context_processors[None].append(default_context)
        self._got_first_request = False
        if self.static_folder is not None:
            url = static_rule(self)
            self.add_url_rule(url, "static", static_view(self._itself, self), host=static_host)

    @property
    def _itself(self) -> Flask:
        return cast("Flask", self)

    @cached_property
    def name(self) -> str:  # type: ignore[override]
        """The import name, or for a script the name of its file."""
        if self.import_name != "__main__":
            return self.import_name
        file = getattr(sys.modules["__main__"], "__file__", None)
        return os.path.splitext(os.path.basename(file))[0] if file else "__main__"

    @cached_property
    def logger(self) -> logging.Logger:
        """The logger called like the application."""
        return create_logger(self._itself)

    @property
    def debug(self) -> bool:
        """Whether errors reach the server, and templates are read anew when they change."""
        return bool(self.config["DEBUG"])

    @debug.setter
    def debug(self, value: bool) -> None:
        self.config["DEBUG"] = value
        if self.config["TEMPLATES_AUTO_RELOAD"] is None and "jinja_env" in self.__dict__:
            self.jinja_env.auto_reload = value

    def check_setup_finished(self, method: str) -> None:
        """Raise an `AssertionError` if the application has handled its first request."""
        if self._got_first_request:
            raise AssertionError(
                f"The method {method!r} can't be called on the application any more: it has"
                " handled its first request, so there would be no consistent effect."
                " Call it before."
            )

    @setup_method
    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        """Add a rule: see `Scaffold.add_url_rule`.

        :raises AssertionError: The endpoint has another view already.
        """
        if endpoint is None:
            assert view_func is not None, "A rule needs an endpoint or a view function."
            endpoint = view_func.__name__
        made = make_rule(
            self._itself, rule, endpoint, view_func, provide_automatic_options, options
        )
        self.url_map.add(made)
        if view_func is not None:
            known = self.view_functions.setdefault(endpoint, view_func)
            if known is not view_func:
                raise AssertionError(f"The endpoint {endpoint!r} has another view: {known!r}.")

    @setup_method
    def register_blueprint(self, blueprint: Blueprint, **options: Any) -> None:
        """Add all that was registered with a blueprint.

        :param options: `name`, `url_prefix`, `subdomain` or `url_defaults`, in place of its own.
        """
        blueprint.register(self._itself, options)

    @setup_method
    def teardown_appcontext(self, function: Function) -> Function:
        """Have *function* called with the error or `None` when an application context ends."""
        self.teardown_appcontext_funcs.append(function)
        return function

    @setup_method
    def template_filter(self, name: str | None = None) -> Callable[[Function], Function]:
        """Return a decorator that makes a function a filter of templates."""
        return partial(_register, self.jinja_env.filters, name)

    @setup_method
    def template_test(self, name: str | None = None) -> Callable[[Function], Function]:
        """Return a decorator that makes a function a test of templates."""
        return partial(_register, self.jinja_env.tests, name)

    @setup_method
    def template_global(self, name: str | None = None) -> Callable[[Function], Function]:
        """Return a decorator that makes a function a global name of templates."""
        return partial(_register, self.jinja_env.globals, name)

    @cached_property
    def jinja_env(self) -> Environment:
        """The Jinja environment; made when it is first asked for."""
        reload = self.config["TEMPLATES_AUTO_RELOAD"]
        return self.jinja_environment(
            self._itself,
            autoescape=self.select_jinja_autoescape,
            auto_reload=self.debug if reload is None else reload,
        )

    def select_jinja_autoescape(self, filename: str | None) -> bool:
        """Tell whether a template's values are escaped: in markup, and in strings."""
        return filename is None or filename.endswith((".html", ".htm", ".xml", ".xhtml", ".svg"))

    def update_template_context(self, context: dict[str, Any]) -> None:
        """Add to *context* what the context processors give, and leave what is in it."""
        given = dict(context)
        names: list[str | None] = [None]
        if current_request_context.get(None) is not None:
            names += reversed(request.blueprints)
        for name in names:
            for function in self.template_context_processors.get(name, ()):
                context.update(self.ensure_sync(function)())
        context.update(given)

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return what matches and builds URLs for a request, or for an application context."""
        return bind_urls(self._itself, request)

    def inject_url_defaults(self, endpoint: str, values: dict[str, Any]) -> None:
        """Call the `url_defaults` functions for a URL that is built."""
        blueprint = endpoint.rpartition(".")[0]
        for name in (None, blueprint) if blueprint else (None,):
            for function in self.url_default_functions.get(name, ()):
                function(endpoint, values)

    def url_for(
        self,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str:
        """Return a URL that leads to an endpoint: see `signalbook.reference.url_for`."""
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

    def ensure_sync(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return *function* itself.

        :raises RuntimeError: It is a coroutine function, and the reference can't run those yet.
        """
        if inspect.iscoroutinefunction(function):
            raise RuntimeError(f"The reference doesn't run coroutine functions; got {function!r}.")
        return function

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

    def run(
        self,
        host: str = "127.0.0.1",
        port: int = 5000,
        debug: bool | None = None,
        **options: Any,
    ) -> None:
        """Serve the application with Werkzeug's development server, until it is interrupted."""
        from werkzeug.serving import run_simple

        if debug is not None:
            self.debug = debug
        options.setdefault("threaded", True)
        options.setdefault("use_debugger", self.debug)
        options.setdefault("use_reloader", self.debug)
        run_simple(host, port, cast(Any, self), **options)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"


def _register(registry: dict[str, Any], name: str | None, function: Function) -> Function:
    registry[name or function.__name__] = function
    return function
