"""What an application is before there is a request: its settings, rules and parts.

How a request goes through it is the subject of the module `app`.
"""

from __future__ import annotations

import logging
import os
import sys
import weakref
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from werkzeug.exceptions import Aborter
from werkzeug.routing import Map, Rule

from ..blueprints import Blueprint
from ..config import DEFAULTS, Config, ConfigAttribute, seconds
from ..helpers import get_debug_flag
from ..json.provider import DefaultJSONProvider, JSONProvider
from ..logging import create_logger
from ..sessions import SecureCookieSessionInterface, SessionInterface
from ..wrappers import Request, Response
from .folders import instance_folder_of
from .routing import make_rule
from .scaffold import Scaffold, setup_method

if TYPE_CHECKING:
    from ..app import Flask

__all__ = ["Application"]

Function = TypeVar("Function", bound=Callable[..., Any])


class Application(Scaffold):
    """Everything of an application that is settled before its first request."""

    request_class: type[Request] = Request
    response_class: type[Response] = Response
    aborter_class = Aborter
    config_class = Config
    default_config: ClassVar[dict[str, Any]] = dict(DEFAULTS)
    json_provider_class: type[JSONProvider] = DefaultJSONProvider
    session_interface: SessionInterface = SecureCookieSessionInterface()
    url_map_class = Map
    url_rule_class = Rule

    testing = ConfigAttribute[bool]("TESTING")
    secret_key = ConfigAttribute[str | bytes | None]("SECRET_KEY")
    permanent_session_lifetime = ConfigAttribute[Any]("PERMANENT_SESSION_LIFETIME", seconds)

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
        self.json = self.json_provider_class(self._itself)
        self.url_map = self.url_map_class(host_matching=host_matching)
        self.subdomain_matching = subdomain_matching
        self.blueprints: dict[str, Blueprint] = {}
        self.extensions: dict[str, Any] = {}
        self.teardown_appcontext_funcs: list[Callable[[BaseException | None], Any]] = []
        self.shell_context_processors: list[Callable[[], dict[str, Any]]] = []
        self.url_build_error_handlers: list[Callable[..., str]] = []
        self._got_first_request = False
        self._add_static_rule(static_host, host_matching)

    def _add_static_rule(self, host: str | None, host_matching: bool) -> None:
        if not self.has_static_folder:
            return
        assert bool(host) == host_matching, "Host matching needs 'static_host', and the reverse."
        # Not the method itself, so that an application can be dropped without a collector.
        itself = weakref.ref(self)
        self.add_url_rule(
            f"{self.static_url_path}/<path:filename>",
            "static",
            lambda **values: cast(Application, itself()).send_static_file(**values),
            host=host,
        )

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
        return cast(bool, self.config["DEBUG"])

    @debug.setter
    def debug(self, value: bool) -> None:
        self.config["DEBUG"] = value
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
            if known is not view_func and known != view_func:
                raise AssertionError(f"The endpoint {endpoint!r} has another view: {known!r}.")

    @setup_method
    def register_blueprint(self, blueprint: Blueprint, **options: Any) -> None:
        """Add all that was registered with a blueprint.

        :param options: `name`, `url_prefix`, `subdomain`, `url_defaults` or `cli_group`,
            in place of its own.
        """
        blueprint.register(self._itself, options)

    def iter_blueprints(self) -> Iterable[Blueprint]:
        """Return the blueprints in the order of their registration."""
        return self.blueprints.values()

    @setup_method
    def teardown_appcontext(self, function: Function) -> Function:
        """Have *function* called with the error or `None` when an application context ends."""
        self.teardown_appcontext_funcs.append(function)
        return function

    @setup_method
    def shell_context_processor(self, function: Function) -> Function:
        """Have *function* called for names that a shell begins with."""
        self.shell_context_processors.append(function)
        return function

    def make_shell_context(self) -> dict[str, Any]:
        """Return the names that a shell begins with."""
        from ..globals import g

        names: dict[str, Any] = {"app": self, "g": g}
        for function in self.shell_context_processors:
            names.update(function())
        return names

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"
