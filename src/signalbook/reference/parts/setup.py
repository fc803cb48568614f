"""What an application is before there is a request: its settings, rules, templates and URLs.

How a request goes through it is the subject of the module `app`.
What has no part in that, such as a blueprint or a logger, knows an application as this class.
"""

from __future__ import annotations

import logging
import os
import sys
import weakref
from collections.abc import Callable, Iterable
from functools import cached_property, partial
from typing import IO, Any, ClassVar, TypeVar, cast

from jinja2 import BaseLoader
from werkzeug.exceptions import Aborter
from werkzeug.routing import BuildError, Map, MapAdapter, Rule

from ..blueprints import Blueprint
from ..config import DEFAULTS, Config, ConfigAttribute, seconds
from ..globals import current_request_context, g
from ..helpers import get_debug_flag
from ..json.provider import DefaultJSONProvider, JSONProvider
from ..logging import create_logger
from ..sessions import SecureCookieSessionInterface, SessionInterface
from ..templating import DispatchingJinjaLoader, Environment, default_context
from ..wrappers import Request, Response
from .coroutines import is_coroutine_function, waiting
from .folders import instance_folder_of
from .routing import bind_urls, build_url, make_rule
from .scaffold import Scaffold, setup_method

__all__ = ["Application"]

Function = TypeVar("Function", bound=Callable[..., Any])


class Application(Scaffold):
    """An application as it is set up, whether or not it ever answers a request."""

    request_class: type[Request] = Request
    """The class of its requests."""

    response_class: type[Response] = Response
    """The class of its responses."""

    aborter_class = Aborter
    """The class of its `aborter`."""

    config_class = Config
    """The class of its `config`."""

    default_config: ClassVar[dict[str, Any]] = dict(DEFAULTS)
    """The settings that it begins with."""

    json_provider_class: type[JSONProvider] = DefaultJSONProvider
    """The class of its `json`."""

    # One for all, since it keeps nothing between two requests.
    session_interface: SessionInterface = SecureCookieSessionInterface()
    """Where its sessions come from and go to."""

    url_map_class = Map
    """The class of its `url_map`."""

    url_rule_class = Rule
    """The class of its URL rules."""

    jinja_environment = Environment
    """The class of its `jinja_env`."""

    jinja_options: ClassVar[dict[str, Any]] = {}
    """What the environment is made with, besides the rest."""

    testing = ConfigAttribute[bool]("TESTING")
    """Whether exceptions reach whoever calls it; the setting `TESTING`."""

    secret_key = ConfigAttribute[str | bytes | None]("SECRET_KEY")
    """What signs sessions; the setting `SECRET_KEY`."""

    permanent_session_lifetime = ConfigAttribute[Any]("PERMANENT_SESSION_LIFETIME", seconds)
    """How long a permanent session lasts; the setting `PERMANENT_SESSION_LIFETIME`."""

    config: Config
    """Its settings."""

    instance_path: str
    """The folder for what belongs to one installation of it."""

    json: JSONProvider
    """What writes and reads its JSON."""

    aborter: Aborter
    """What `abort` raises errors with."""

    url_map: Map
    """Its URL rules."""

    subdomain_matching: bool
    """Whether rules are matched by subdomain."""

    blueprints: dict[str, Blueprint]
    """Its blueprints, by the names under which they are registered."""

    extensions: dict[str, Any]
    """What its extensions keep, by the extension's name."""

    teardown_appcontext_funcs: list[Callable[[BaseException | None], Any]]
    """The `teardown_appcontext` functions."""

    shell_context_processors: list[Callable[[], dict[str, Any]]]
    """The `shell_context_processor` functions."""

    url_build_error_handlers: list[Callable[..., str]]
    """Called with error, endpoint and values of a URL that can't be built."""

    def __init__(
        self,
        import_name: str,
        static_url_path: str | None = None,
        static_folder: str | os.PathLike[str] | None = "static",
        static_host: str | None = None,
        host_matching: bool = False,
        subdomain_matching: bool = False,
        template_folder: str | os.PathLike[str] | None = "templates",
        instance_path: str | None = None,
        instance_relative_config: bool = False,
        root_path: str | None = None,
    ) -> None:
        super().__init__(import_name, static_folder, static_url_path, template_folder, root_path)
        if instance_path is None:
            instance_path = self.auto_find_instance_path()
        elif not os.path.isabs(instance_path):
            raise ValueError(f"The instance path must be absolute; got {instance_path!r}.")
        self.instance_path = instance_path
        self.config = self.make_config(instance_relative_config)
        self.aborter = self.make_aborter()
        self.json = self.json_provider_class(self)
        self.url_map = self.url_map_class(host_matching=host_matching)
        self.subdomain_matching = subdomain_matching
        self.blueprints = {}
        self.extensions = {}
        self.teardown_appcontext_funcs = []
        self.shell_context_processors = []
        self.url_build_error_handlers = []
        self.template_context_processors[None].append(default_context)
        self._got_first_request = False
        self._add_static_rule(static_host, host_matching)

    def _add_static_rule(self, host: str | None, host_matching: bool) -> None:
        if not self.has_static_folder:
            return
        assert bool(host) == host_matching, "Host matching needs 'static_host', and the reverse."
        # Not the method itself, which would make a cycle that only a collector can free.
        itself = weakref.proxy(self)
        self.add_url_rule(
            f"{self.static_url_path}/<path:filename>",
            "static",
            lambda **values: itself.send_static_file(**values),
            host=host,
        )

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
        return create_logger(self)

    @property
    def debug(self) -> bool:
        """Whether errors reach the server, and templates are read anew when they change."""
        return cast(bool, self.config["DEBUG"])

    @debug.setter
    def debug(self, value: bool) -> None:
        self.config["DEBUG"] = value
        # The attribute would make an environment, which is too early for its options.
        if self.config["TEMPLATES_AUTO_RELOAD"] is None and "jinja_env" in self.__dict__:
            self.__dict__["jinja_env"].auto_reload = value

    def make_config(self, instance_relative: bool = False) -> Config:
        """Return the configuration to begin with.

        :param instance_relative: Whether its files are looked for in `instance_path`.
        """
        root = self.instance_path if instance_relative else self.root_path
        return self.config_class(root, {**self.default_config, "DEBUG": get_debug_flag()})

    def make_aborter(self) -> Aborter:
        """Return what `abort` raises errors with."""
        return self.aborter_class()

    def auto_find_instance_path(self) -> str:
        """Return the folder for what belongs to one installation of the application."""
        return instance_folder_of(self.import_name)

    def open_instance_resource(
        self, resource: str, mode: str = "rb", encoding: str | None = "utf-8"
    ) -> IO[Any]:
        """Open a file below `instance_path`, for reading or writing."""
        path = os.path.join(self.instance_path, resource)
        return open(path, mode, encoding=None if "b" in mode else encoding)

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
        :keeps: {clause}`plain.view`, {clause}`request-finished.requests`
        """
        if endpoint is None:
            assert view_func is not None, "A rule needs an endpoint or a view function."
            endpoint = view_func.__name__
        made = make_rule(self, rule, endpoint, view_func, provide_automatic_options, options)
        self.url_map.add(made)
        if view_func is not None:
            known = self.view_functions.setdefault(endpoint, view_func)
            # A method is another object each time it is looked up, and equal all the same.
            if known is not view_func and known != view_func:
                raise AssertionError(f"The endpoint {endpoint!r} has another view: {known!r}.")

    @setup_method
    def register_blueprint(self, blueprint: Blueprint, **options: Any) -> None:
        """Add all that was registered with a blueprint.

        :param options: `name`, `url_prefix`, `subdomain`, `url_defaults` or `cli_group`,
            in place of its own.
        :keeps: {clause}`core-signals.blueprint`
        """
        blueprint.register(self, options)

    def iter_blueprints(self) -> Iterable[Blueprint]:
        """Return the blueprints in the order of their registration."""
        return self.blueprints.values()

    @setup_method
    def teardown_appcontext(self, function: Function) -> Function:
        """Have *function* called with the error or `None` when an application context ends.

        :keeps: {clause}`appcontext-tearing-down.after-teardown-appcontext`,
            {clause}`plain.last-registered-first`
        """
        self.teardown_appcontext_funcs.append(function)
        return function

    @setup_method
    def shell_context_processor(self, function: Function) -> Function:
        """Have *function* called for names that a shell begins with."""
        self.shell_context_processors.append(function)
        return function

    def make_shell_context(self) -> dict[str, Any]:
        """Return the names that a shell begins with."""
        names: dict[str, Any] = {"app": self, "g": g}
        for function in self.shell_context_processors:
            names.update(function())
        return names

    def ensure_sync(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return *function* itself, or for a coroutine function one that waits for it.

        :keeps: {clause}`core-signals.async-ensure-sync`
        """
        return self.async_to_sync(function) if is_coroutine_function(function) else function

    def async_to_sync(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that calls a coroutine function and waits for its result.

        :raises RuntimeError: asgiref is not installed.
        :keeps: {clause}`core-signals.async-without-asgiref`
        """
        return waiting(function)

    @cached_property
    def jinja_env(self) -> Environment:
        """The Jinja environment; made when it is first asked for."""
        return self.create_jinja_environment()

    def create_jinja_environment(self) -> Environment:
        """Return a Jinja environment."""
        options = dict(self.jinja_options)
        options.setdefault("autoescape", self.select_jinja_autoescape)
        reload = self.config["TEMPLATES_AUTO_RELOAD"]
        options.setdefault("auto_reload", self.debug if reload is None else reload)
        return self.jinja_environment(self, **options)

    def create_global_jinja_loader(self) -> BaseLoader:
        """Return what looks for templates: in the application, and then in its blueprints."""
        return DispatchingJinjaLoader(self)

    def select_jinja_autoescape(self, filename: str | None) -> bool:
        """Tell whether a template's values are escaped: in markup, and in strings."""
        return filename is None or filename.endswith((".html", ".htm", ".xml", ".xhtml", ".svg"))

    def update_template_context(self, context: dict[str, Any]) -> None:
        """Add to *context* what the context processors give, and leave what is in it.

        :keeps: {clause}`template-rendered.context-processors`,
            {clause}`template-rendered.context-nearest`,
            {clause}`template-rendered.context-of-its-own`
        """
        given = dict(context)
        names: list[str | None] = [None]
        request_context = current_request_context.get(None)
        if request_context is not None:
            names += reversed(request_context.request.blueprints)
        for name in names:
            for function in self.template_context_processors.get(name, ()):
                context.update(self.ensure_sync(function)())
        # Only now, since a processor overrides those before it, but never the caller.
        context.update(given)

    @setup_method
    def template_filter(self, name: str | None = None) -> Callable[[Function], Function]:
        """Return a decorator for `add_template_filter`."""
        return partial(_registered, self.add_template_filter, name)

    @setup_method
    def add_template_filter(self, function: Callable[..., Any], name: str | None = None) -> None:
        """Make a function a filter of templates."""
        self.jinja_env.filters[name or function.__name__] = function

    @setup_method
    def template_test(self, name: str | None = None) -> Callable[[Function], Function]:
        """Return a decorator for `add_template_test`."""
        return partial(_registered, self.add_template_test, name)

    @setup_method
    def add_template_test(self, function: Callable[..., Any], name: str | None = None) -> None:
        """Make a function a test of templates."""
        self.jinja_env.tests[name or function.__name__] = function

    @setup_method
    def template_global(self, name: str | None = None) -> Callable[[Function], Function]:
        """Return a decorator for `add_template_global`."""
        return partial(_registered, self.add_template_global, name)

    @setup_method
    def add_template_global(self, function: Callable[..., Any], name: str | None = None) -> None:
        """Make a function a global name of templates."""
        self.jinja_env.globals[name or function.__name__] = function

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return what matches and builds URLs for a request, or for an application context."""
        return bind_urls(self, request)

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
            # Outside of a request there is no page for a URL to be relative to.
            _external = _scheme is not None or current_request_context.get(None) is None
        try:
            return build_url(self, endpoint, _anchor, _method, _scheme, _external, values)
        except BuildError as error:
            values.update(_anchor=_anchor, _method=_method, _scheme=_scheme, _external=_external)
            return self.handle_url_build_error(error, endpoint, values)

    def handle_url_build_error(
        self, error: BuildError, endpoint: str, values: dict[str, Any]
    ) -> str:
        """Return the URL of the first `url_build_error_handlers` function that knows one.

        :raises werkzeug.routing.BuildError: There is none.
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

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"


def _registered(
    register: Callable[[Any, str | None], None], name: str | None, function: Function
) -> Function:
    register(function, name)
    return function
