"""The templates of an application: their environment, and what they find in their context."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any, ClassVar, TypeVar

from jinja2 import BaseLoader

from .globals import current_request_context
from .parts.scaffold import setup_method
from .parts.setup import Application
from .templating import DispatchingJinjaLoader, Environment, default_context

__all__ = ["TemplatingApplication"]

Function = TypeVar("Function", bound=Callable[..., Any])


class TemplatingApplication(Application):
    """An application with templates."""

    jinja_environment = Environment
    jinja_options: ClassVar[dict[str, Any]] = {}
    """What the environment is made with, besides the rest."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.template_context_processors[None].append(default_context)

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
        return self.jinja_environment(self._itself, **options)

    def create_global_jinja_loader(self) -> BaseLoader:
        """Return what looks for templates: in the application, and then in its blueprints."""
        return DispatchingJinjaLoader(self._itself)

    def select_jinja_autoescape(self, filename: str | None) -> bool:
        """Tell whether a template's values are escaped: in markup, and in strings."""
        return filename is None or filename.endswith((".html", ".htm", ".xml", ".xhtml", ".svg"))

    def update_template_context(self, context: dict[str, Any]) -> None:
        """Add to *context* what the context processors give, and leave what is in it."""
        given = dict(context)
        names: list[str | None] = [None]
        request_context = current_request_context.get(None)
        if request_context is not None:
            names += reversed(request_context.request.blueprints)
        for name in names:
            for function in self.template_context_processors.get(name, ()):
                context.update(self.ensure_sync(function)())
        context.update(given)

    def ensure_sync(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that can be called like any other."""
        raise NotImplementedError

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


def _registered(
    register: Callable[[Any, str | None], None], name: str | None, function: Function
) -> Function:
    register(function, name)
    return function
