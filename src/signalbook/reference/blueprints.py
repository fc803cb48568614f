"""Blueprints: parts of an application that are registered with it as a whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from .parts.error_handlers import ErrorHandler
from .parts.scaffold import Registry, Scaffold, setup_method

if TYPE_CHECKING:
    from .parts.setup import Application

__all__ = ["Blueprint", "BlueprintSetupState"]

Function = TypeVar("Function", bound=Callable[..., Any])

# Not `None`, which asks for no group at all.
_OWN_NAME: Final[Any] = object()


class BlueprintSetupState:
    """One registration of a blueprint with an application.

    :param blueprint: The blueprint.
    :param app: The application.
    :param options: What `register_blueprint` was given.
    :param first_registration: Whether the application didn't have the blueprint before.
    """

    def __init__(
        self,
        blueprint: Blueprint,
        app: Application,
        options: dict[str, Any],
        first_registration: bool,
    ) -> None:
        self.blueprint = blueprint
        self.app = app
        self.options = options
        self.first_registration = first_registration
        self.name: str = options.get("name", blueprint.name)
        self.name_prefix: str = options.get("name_prefix", "")
        self.subdomain: str | None = _given(options, "subdomain", blueprint.subdomain)
        self.url_prefix: str | None = _given(options, "url_prefix", blueprint.url_prefix)
        self.url_defaults = {
            **blueprint.url_values_defaults,
            **(options.get("url_defaults") or {}),
        }

    @property
    def full_name(self) -> str:
        """The name, after those of the blueprints around it."""
        return f"{self.name_prefix}.{self.name}".lstrip(".")

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        **options: Any,
    ) -> None:
        """Add a rule of the blueprint to the application, below prefix and name."""
        if self.url_prefix is not None:
            rule = _joined(self.url_prefix, rule) if rule else self.url_prefix
        options.setdefault("subdomain", self.subdomain)
        if endpoint is None:
            endpoint = view_func.__name__ if view_func is not None else ""
        defaults = {**self.url_defaults, **(options.pop("defaults", None) or {})}
        self.app.add_url_rule(
            rule, f"{self.full_name}.{endpoint}", view_func, defaults=defaults or None, **options
        )


class Blueprint(Scaffold):
    """Routes, hooks and error handlers that wait to be registered with an application.

    :param name: The name, which its endpoints begin with.
    :param import_name: The name of the module or package that it belongs to, usually `__name__`.
    :param static_folder: Where static files are, from `root_path`.
    :param static_url_path: The URL below which they are served.
    :param template_folder: Where templates are, from `root_path`.
    :param url_prefix: What its URLs begin with.
    :param subdomain: The subdomain of its URLs.
    :param url_defaults: Values for its views that its URLs don't have.
    :param root_path: The folder of the module or package; found by its name if it is not given.
    :param cli_group: The name of the group of its commands; `None` to have them among the
        application's. By default it is that of the blueprint.
    """

    def __init__(
        self,
        name: str,
        import_name: str,
        static_folder: str | os.PathLike[str] | None = None,
        static_url_path: str | None = None,
        template_folder: str | os.PathLike[str] | None = None,
        url_prefix: str | None = None,
        subdomain: str | None = None,
        url_defaults: dict[str, Any] | None = None,
        root_path: str | None = None,
        cli_group: str | None = _OWN_NAME,
    ) -> None:
        super().__init__(import_name, static_folder, static_url_path, template_folder, root_path)
        if not name or "." in name:
            raise ValueError(f"The name of a blueprint has no dots and is not empty; got {name!r}.")
        self.name = name
        self.url_prefix = url_prefix
        self.subdomain = subdomain
        self.url_values_defaults = url_defaults or {}
        self.cli_group = cli_group
        self.deferred_functions: list[Callable[[BlueprintSetupState], None]] = []
        self._blueprints: list[tuple[Blueprint, dict[str, Any]]] = []
        self._registered = False

    def check_setup_finished(self, method: str) -> None:
        """Raise an `AssertionError` if the blueprint was registered already."""
        if self._registered:
            raise AssertionError(
                f"The method {method!r} can't be called on the blueprint {self.name!r} any more:"
                " it was registered already, so there would be no effect. Call it before."
            )

    @setup_method
    def record(self, function: Callable[[BlueprintSetupState], None]) -> None:
        """Have *function* called with the state of each registration."""
        self.deferred_functions.append(function)

    @setup_method
    def record_once(self, function: Callable[[BlueprintSetupState], None]) -> None:
        """Have *function* called with the state of the first registration with an application.

        :keeps: {clause}`plain.blueprint-registered-twice`
        """

        def first_time(state: BlueprintSetupState) -> None:
            if state.first_registration:
                function(state)

        self.record(first_time)

    @setup_method
    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        """Add a rule once the blueprint is registered: see `Scaffold.add_url_rule`."""
        # In an endpoint, dots come between the names of nested blueprints.
        for part in (endpoint, getattr(view_func, "__name__", None)):
            if part and "." in part:
                raise ValueError(f"An endpoint of a blueprint has no dots; got {part!r}.")
        options["provide_automatic_options"] = provide_automatic_options
        self.record(lambda state: state.add_url_rule(rule, endpoint, view_func, **options))

    @setup_method
    def register_blueprint(self, blueprint: Blueprint, **options: Any) -> None:
        """Have another blueprint registered with this one, below its prefix and its name.

        :param options: What `Flask.register_blueprint` takes.
        :raises ValueError: It is the same blueprint.
        """
        if blueprint is self:
            raise ValueError("A blueprint can't be registered with itself.")
        self._blueprints.append((blueprint, options))

    def make_setup_state(
        self, app: Application, options: dict[str, Any], first_registration: bool = False
    ) -> BlueprintSetupState:
        """Return what the functions of `record` get."""
        return BlueprintSetupState(self, app, options, first_registration)

    def register(self, app: Application, options: dict[str, Any]) -> None:
        """Add all that was registered with the blueprint to *app*.

        :raises ValueError: The application has another blueprint of that name, or this one twice.
        """
        first = not any(known is self for known in app.blueprints.values())
        state = self.make_setup_state(app, options, first)
        name = state.full_name
        if name in app.blueprints:
            whose = "this" if app.blueprints[name] is self else "another"
            raise ValueError(
                f"The name {name!r} is already registered for {whose} blueprint."
                " Use 'name=' to register it under a name of its own."
            )
        app.blueprints[name] = self
        self._registered = True
        if self.has_static_folder:
            rule = f"{self.static_url_path}/<path:filename>"
            state.add_url_rule(rule, "static", self.send_static_file)
        self._merge_into(app, name)
        for function in self.deferred_functions:
            function(state)
        # A group without commands would only be in the way.
        if self.cli.commands:
            self._add_commands(app, options)
        for blueprint, own in self._blueprints:
            blueprint.register(app, _nested_options(state, blueprint, own))

    def _add_commands(self, app: Application, options: dict[str, Any]) -> None:
        group = options.get("cli_group", self.cli_group)
        if group is None:
            app.cli.commands.update(self.cli.commands)
        else:
            self.cli.name = self.name if group is _OWN_NAME else group
            app.cli.add_command(self.cli)

    def _merge_into(self, app: Application, name: str) -> None:
        """Give the application, under *name*, what is to be called for requests to *name* only."""
        for attribute in _REGISTRIES:
            ours: Registry = getattr(self, attribute)
            theirs: Registry = getattr(app, attribute)
            theirs[name].extend(ours[None])
        for code, handlers in self.error_handler_spec.get(None, {}).items():
            app.error_handler_spec.setdefault(name, {}).setdefault(code, {}).update(handlers)
        # These are from `endpoint`, which is given the whole name.
        app.view_functions.update(self.view_functions)

    def _for_all_requests(self, registry: str, function: Function) -> Function:
        self.record_once(lambda state: getattr(state.app, registry)[None].append(function))
        return function

    @setup_method
    def before_app_request(self, function: Function) -> Function:
        """Like `before_request`, for all requests of the application.

        :keeps: {clause}`plain.first-registered-first`, {clause}`plain.blueprint-registered-twice`
        """
        return self._for_all_requests("before_request_funcs", function)

    @setup_method
    def after_app_request(self, function: Function) -> Function:
        """Like `after_request`, for all requests of the application.

        :keeps: {clause}`plain.last-registered-first`, {clause}`plain.blueprint-registered-twice`
        """
        return self._for_all_requests("after_request_funcs", function)

    @setup_method
    def teardown_app_request(self, function: Function) -> Function:
        """Like `teardown_request`, for all requests of the application.

        :keeps: {clause}`plain.last-registered-first`, {clause}`plain.blueprint-registered-twice`
        """
        return self._for_all_requests("teardown_request_funcs", function)

    @setup_method
    def app_context_processor(self, function: Function) -> Function:
        """Like `context_processor`, for all templates of the application.

        :keeps: {clause}`template-rendered.context-processors`
        """
        return self._for_all_requests("template_context_processors", function)

    @setup_method
    def app_url_value_preprocessor(self, function: Function) -> Function:
        """Like `url_value_preprocessor`, for all requests of the application.

        :keeps: {clause}`plain.blueprint-registered-twice`
        """
        return self._for_all_requests("url_value_preprocessors", function)

    @setup_method
    def app_url_defaults(self, function: Function) -> Function:
        """Like `url_defaults`, for all URLs of the application."""
        return self._for_all_requests("url_default_functions", function)

    @setup_method
    def app_template_filter(self, name: str | None = None) -> Callable[[Function], Function]:
        """Like `Flask.template_filter`."""
        return partial(self._for_templates, "add_template_filter", name)

    @setup_method
    def add_app_template_filter(self, function: Function, name: str | None = None) -> None:
        """Like `Flask.add_template_filter`."""
        self._for_templates("add_template_filter", name, function)

    @setup_method
    def app_template_test(self, name: str | None = None) -> Callable[[Function], Function]:
        """Like `Flask.template_test`."""
        return partial(self._for_templates, "add_template_test", name)

    @setup_method
    def add_app_template_test(self, function: Function, name: str | None = None) -> None:
        """Like `Flask.add_template_test`."""
        self._for_templates("add_template_test", name, function)

    @setup_method
    def app_template_global(self, name: str | None = None) -> Callable[[Function], Function]:
        """Like `Flask.template_global`."""
        return partial(self._for_templates, "add_template_global", name)

    @setup_method
    def add_app_template_global(self, function: Function, name: str | None = None) -> None:
        """Like `Flask.add_template_global`."""
        self._for_templates("add_template_global", name, function)

    def _for_templates(self, method: str, name: str | None, function: Function) -> Function:
        self.record_once(lambda state: getattr(state.app, method)(function, name))
        return function

    @setup_method
    def app_errorhandler(self, what: type[Exception] | int) -> Callable[[ErrorHandler], Any]:
        """Like `errorhandler`, for all requests of the application.

        :keeps: {clause}`got-request-exception.handled`, {clause}`request-finished.error-pages`
        """

        def decorator(handler: ErrorHandler) -> ErrorHandler:
            self.record_once(lambda state: state.app.register_error_handler(what, handler))
            return handler

        return decorator


_REGISTRIES = (
    "after_request_funcs",
    "before_request_funcs",
    "teardown_request_funcs",
    "template_context_processors",
    "url_default_functions",
    "url_value_preprocessors",
)


def _given(options: dict[str, Any], name: str, default: str | None) -> str | None:
    value: str | None = options.get(name)
    return default if value is None else value


def _joined(prefix: str, path: str) -> str:
    # One slash between the two, whichever of them brings it.
    return f"{prefix.rstrip('/')}/{path.lstrip('/')}"


def _nested_options(
    outer: BlueprintSetupState, blueprint: Blueprint, options: dict[str, Any]
) -> dict[str, Any]:
    """Return the options of a blueprint that is registered with another one."""
    prefix = _given(options, "url_prefix", blueprint.url_prefix)
    if outer.url_prefix is not None:
        prefix = outer.url_prefix if prefix is None else _joined(outer.url_prefix, prefix)
    subdomain = _given(options, "subdomain", blueprint.subdomain)
    if outer.subdomain is not None:
        subdomain = outer.subdomain if subdomain is None else f"{subdomain}.{outer.subdomain}"
    return {
        **options,
        "name_prefix": outer.full_name,
        "subdomain": subdomain,
        "url_prefix": prefix,
    }
