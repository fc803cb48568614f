"""Blueprints: parts of an application that are registered with it as a whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import ErrorHandler
from .scaffold import Registry, Scaffold, setup_method
from .static import static_rule, static_view

if TYPE_CHECKING:
    from .app import Flask

__all__ = ["Blueprint", "BlueprintSetupState"]

Function = TypeVar("Function", bound=Callable[..., Any])


class BlueprintSetupState:
    """One registration of a blueprint with an application.

    :param blueprint: The blueprint.
    :param app: The application.
    :param options: What `register_blueprint` was given.
    :param first_registration: Whether the application didn't have the blueprint before.
    """

    def __init__(
        self, blueprint: Blueprint, app: Flask, options: dict[str, Any], first_registration: bool
    ) -> None:
        self.blueprint = blueprint
        self.app = app
        self.options = options
        self.first_registration = first_registration
        self.name: str = options.get("name", blueprint.name)
        self.subdomain: str | None = options.get("subdomain", blueprint.subdomain)
        self.url_prefix: str | None = options.get("url_prefix", blueprint.url_prefix)
        self.url_defaults = {**blueprint.url_values_defaults, **options.get("url_defaults", {})}

    def add_url_rule(
        self, rule: str, endpoint: str | None, view_func: Callable[..., Any] | None, **options: Any
    ) -> None:
        """Add a rule of the blueprint to the application, below prefix and name."""
        if self.url_prefix is not None:
            joined = f"{self.url_prefix.rstrip('/')}/{rule.lstrip('/')}"
            rule = joined if rule else self.url_prefix
        options.setdefault("subdomain", self.subdomain)
        if endpoint is None:
            endpoint = view_func.__name__ if view_func is not None else ""
        defaults = {**self.url_defaults, **(options.pop("defaults", None) or {})}
        self.app.add_url_rule(
            rule, f"{self.name}.{endpoint}", view_func, defaults=defaults or None, **options
        )


class Blueprint(Scaffold):
    """Routes, hooks and error handlers that wait to be registered with an application.

    :param name: The name, which its endpoints begin with.
    :param url_prefix: What its URLs begin with.
    :param subdomain: The subdomain of its URLs.
    :param url_defaults: Values for its views that its URLs don't have.
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
    ) -> None:
        super().__init__(import_name, static_folder, static_url_path, template_folder, root_path)
        if not name or "." in name:
            raise ValueError(f"The name of a blueprint has no dots and is not empty; got {name!r}.")
        self.name = name
        self.url_prefix = url_prefix
        self.subdomain = subdomain
        self.url_values_defaults = url_defaults or {}
        self.deferred_functions: list[Callable[[BlueprintSetupState], None]] = []
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
        """Have *function* called with the state of the first registration with an application."""

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
        for part in (endpoint, getattr(view_func, "__name__", None)):
            if part and "." in part:
                raise ValueError(f"An endpoint of a blueprint has no dots; got {part!r}.")
        options["provide_automatic_options"] = provide_automatic_options
        self.record(lambda state: state.add_url_rule(rule, endpoint, view_func, **options))

    def register(self, app: Flask, options: dict[str, Any]) -> None:
        """Add all that was registered with the blueprint to *app*.

        :raises ValueError: The application has another blueprint of that name, or this one twice.
        """
        name = options.get("name", self.name)
        if name in app.blueprints:
            whose = "this" if app.blueprints[name] is self else "another"
            raise ValueError(
                f"The name {name!r} is already registered for {whose} blueprint."
                " Use 'name=' to register it under a name of its own."
            )
        state = BlueprintSetupState(self, app, options, self not in app.blueprints.values())
        app.blueprints[name] = self
        self._registered = True
        if self.static_folder is not None:
            state.add_url_rule(static_rule(self), "static", static_view(app, self))
        self._merge_into(app, name)
        for function in self.deferred_functions:
            function(state)

    def _merge_into(self, app: Flask, name: str) -> None:
        """Give the application, under *name*, what is to be called for requests to *name* only."""
        for attribute in _REGISTRIES:
            ours: Registry = getattr(self, attribute)
            theirs: Registry = getattr(app, attribute)
            theirs[name].extend(ours[None])
        for code, handlers in self.error_handler_spec.get(None, {}).items():
            app.error_handler_spec.setdefault(name, {}).setdefault(code, {}).update(handlers)
        for endpoint, view_func in self.view_functions.items():
            app.view_functions[f"{name}.{endpoint}"] = view_func

    def _for_all_requests(self, registry: str, function: Function) -> Function:
        self.record_once(lambda state: getattr(state.app, registry)[None].append(function))
        return function

    @setup_method
    def before_app_request(self, function: Function) -> Function:
        """Like `before_request`, for all requests of the application."""
        return self._for_all_requests("before_request_funcs", function)

    @setup_method
    def after_app_request(self, function: Function) -> Function:
        """Like `after_request`, for all requests of the application."""
        return self._for_all_requests("after_request_funcs", function)

    @setup_method
    def teardown_app_request(self, function: Function) -> Function:
        """Like `teardown_request`, for all requests of the application."""
        return self._for_all_requests("teardown_request_funcs", function)

    @setup_method
    def app_context_processor(self, function: Function) -> Function:
        """Like `context_processor`, for all templates of the application."""
        return self._for_all_requests("template_context_processors", function)

    @setup_method
    def app_url_value_preprocessor(self, function: Function) -> Function:
        """Like `url_value_preprocessor`, for all requests of the application."""
        return self._for_all_requests("url_value_preprocessors", function)

    @setup_method
    def app_url_defaults(self, function: Function) -> Function:
        """Like `url_defaults`, for all URLs of the application."""
        return self._for_all_requests("url_default_functions", function)

    @setup_method
    def app_errorhandler(self, what: type[Exception] | int) -> Callable[[ErrorHandler], Any]:
        """Like `errorhandler`, for all requests of the application."""

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
