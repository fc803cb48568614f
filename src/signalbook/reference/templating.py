"""Templates, and the two signals round each rendering."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2 import BaseLoader, Template, TemplateNotFound

from .globals import (
    application,
    current_app_context,
    current_request_context,
    g,
    request,
    session,
)
from .parts.flashing import get_flashed_messages
from .parts.streaming import stream_with_context
from .signals import before_render_template, template_rendered

if TYPE_CHECKING:
    from .app import Flask
    from .parts.setup import Application

__all__ = [
    "DispatchingJinjaLoader",
    "Environment",
    "render_template",
    "render_template_string",
    "stream_template",
    "stream_template_string",
]


class Environment(jinja2.Environment):
    """A Jinja environment that knows its application.

    :param app: The application.
    :param options: What `jinja2.Environment` takes.
    """

    def __init__(self, app: Application, **options: Any) -> None:
        options.setdefault("loader", app.create_global_jinja_loader())
        super().__init__(**options)
        self.app = app
        self.policies["json.dumps_function"] = app.json.dumps
        # A template that is imported has no context, and finds the proxies here all the same.
        self.globals.update(
            config=app.config,
            g=g,
            get_flashed_messages=get_flashed_messages,
            request=request,
            session=session,
            url_for=app.url_for,
        )


class DispatchingJinjaLoader(BaseLoader):
    """Looks for a template in the application's folder, and then in those of its blueprints."""

    def __init__(self, app: Application) -> None:
        self.app = app

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return the source of a template, its file, and what tells whether it is up to date.

        :raises TemplateNotFound: It is in none of the folders.
        """
        # That way looks in every folder, which costs too much to be done each time.
        if self.app.config["EXPLAIN_TEMPLATE_LOADING"]:
            return self._get_source_explained(environment, template)
        for _, loader in self._loaders():
            try:
                return loader.get_source(environment, template)
            except TemplateNotFound:
                continue
        raise TemplateNotFound(template)

    def _get_source_explained(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Look in all folders, and log where the template is."""
        found, lines = [], [f"Looking for the template {template!r}:"]
        for whose, loader in self._loaders():
            try:
                found.append(loader.get_source(environment, template))
                lines.append(f"  {whose}: {found[-1][1] or 'found'}")
            except TemplateNotFound:
                lines.append(f"  {whose}: not found")
        self.app.logger.info("\n".join(lines))
        if not found:
            raise TemplateNotFound(template)
        return found[0]

    def list_templates(self) -> list[str]:
        """Return the names of all templates."""
        return sorted({name for _, loader in self._loaders() for name in loader.list_templates()})

    def _loaders(self) -> Iterator[tuple[str, BaseLoader]]:
        if self.app.jinja_loader is not None:
            yield f"application {self.app.name!r}", self.app.jinja_loader
        for blueprint in self.app.iter_blueprints():
            if blueprint.jinja_loader is not None:
                yield f"blueprint {blueprint.name!r}", blueprint.jinja_loader


def default_context() -> dict[str, Any]:
    """Return what every template finds in its context, besides the globals."""
    names: dict[str, Any] = {}
    app_context = current_app_context.get(None)
    if app_context is not None:
        names["g"] = app_context.g
    request_context = current_request_context.get(None)
    if request_context is not None:
        names["request"] = request_context.request
    return names


def render_template(
    template_name_or_list: str | Template | list[str | Template], **context: Any
) -> str:
    """Render a template, and send `before_render_template` and `template_rendered`.

    :param template_name_or_list: The name of a template, or a template.
        Of a list of them, the first that is there is taken.
    :param context: The names that the template can use.
    :raises TemplateNotFound: There is no such template; no signal is sent then.
    :keeps: {clause}`before-render-template.sent`, {clause}`template-rendered.sent`,
        {clause}`template-rendered.arguments`, {clause}`before-render-template.nothing-to-render`
    """
    app = application()
    return _render(app, app.jinja_env.get_or_select_template(template_name_or_list), context)


def render_template_string(source: str, **context: Any) -> str:
    """Render a template from its source, like `render_template`.

    :param source: The text of the template.
    :param context: The names that the template can use.
    :keeps: {clause}`before-render-template.sent`, {clause}`template-rendered.sent`
    """
    app = application()
    return _render(app, app.jinja_env.from_string(source), context)


def _render(app: Flask, template: Template, context: dict[str, Any]) -> str:
    app.update_template_context(context)
    before_render_template.send(
        app, _async_wrapper=app.ensure_sync, template=template, context=context
    )
    text = template.render(context)
    template_rendered.send(app, _async_wrapper=app.ensure_sync, template=template, context=context)
    return text


def stream_template(
    template_name_or_list: str | Template | list[str | Template], **context: Any
) -> Iterator[str]:
    """Render a template piece by piece, while the response is sent.

    `before_render_template` is sent by this call, and `template_rendered` after the last piece.

    :param template_name_or_list: The name of a template, or a template, or a list of them.
    :param context: The names that the template can use.
    :keeps: {clause}`before-render-template.stream`, {clause}`template-rendered.stream`,
        {clause}`template-rendered.stream-unfinished`
    """
    app = application()
    return _stream(app, app.jinja_env.get_or_select_template(template_name_or_list), context)


def stream_template_string(source: str, **context: Any) -> Iterator[str]:
    """Render a template from its source, like `stream_template`.

    :param source: The text of the template.
    :param context: The names that the template can use.
    :keeps: {clause}`before-render-template.stream`, {clause}`template-rendered.stream`
    """
    app = application()
    return _stream(app, app.jinja_env.from_string(source), context)


def _stream(app: Flask, template: Template, context: dict[str, Any]) -> Iterator[str]:
    app.update_template_context(context)
    before_render_template.send(
        app, _async_wrapper=app.ensure_sync, template=template, context=context
    )

    def pieces() -> Iterator[str]:
        # Nothing is rendered before the first piece is asked for.
        yield from template.generate(context)
        template_rendered.send(
            app, _async_wrapper=app.ensure_sync, template=template, context=context
        )

    # Then there is nothing to be pushed again while it is sent.
    if current_request_context.get(None) is None:
        return pieces()
    return stream_with_context(pieces())  # type: ignore[no-any-return]
