"""Commands of an application, run with it as the current one."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from .globals import current_app
from .helpers import get_debug_flag
from .parts.lacking import lacking

if TYPE_CHECKING:
    from .app import Flask

__all__ = [
    "AppGroup",
    "FlaskGroup",
    "NoAppException",
    "ScriptInfo",
    "pass_script_info",
    "with_appcontext",
]

Function = TypeVar("Function", bound=Callable[..., Any])

_DEFAULT_COMMANDS = frozenset({"routes", "run", "shell"})


class NoAppException(click.UsageError):
    """There is no application."""


class ScriptInfo:
    """What a command knows of its application.

    :param app_import_path: Not supported: the reference doesn't look for applications.
    :param create_app: Returns the application.
    :param set_debug_flag: Whether `FLASK_DEBUG` decides on the debug mode.
    """

    def __init__(
        self,
        app_import_path: str | None = None,
        create_app: Callable[..., Flask] | None = None,
        set_debug_flag: bool = True,
        load_dotenv_defaults: bool = True,
    ) -> None:
        self.app_import_path = app_import_path
        self.create_app = create_app
        self.set_debug_flag = set_debug_flag
        self.load_dotenv_defaults = load_dotenv_defaults
        self.data: dict[Any, Any] = {}
        self._app: Flask | None = None

    def load_app(self) -> Flask:
        """Return the application; it is made once.

        :raises NoAppException: Nothing makes one.
        """
        if self._app is None:
            if self.create_app is None:
                raise NoAppException(
                    "Flask looks for an application in FLASK_APP, wsgi.py and app.py, but the"
                    " reference implementation lacks that. Give a 'create_app' function."
                )
            self._app = self.create_app()
            if self.set_debug_flag:
                self._app.debug = get_debug_flag()
        return self._app


pass_script_info = click.make_pass_decorator(ScriptInfo, ensure=True)
"""A decorator that hands a command its `ScriptInfo`."""


def with_appcontext(function: Function) -> Function:
    """Have a command called in an application context, which is torn down after it.

    If the application is the current one already, nothing is pushed.
    """

    @click.pass_context
    def called(context: click.Context, /, *arguments: Any, **keywords: Any) -> Any:
        _enter(context)
        return context.invoke(function, *arguments, **keywords)

    return cast(Function, update_wrapper(called, function))


def _enter(context: click.Context) -> None:
    if not current_app:
        app = context.ensure_object(ScriptInfo).load_app()
        context.with_resource(app.app_context())


class AppGroup(click.Group):
    """A group whose commands are called in an application context."""

    def command(self, *arguments: Any, **keywords: Any) -> Any:
        """Return a decorator that makes a function a command.

        :param with_appcontext: Whether it is called in an application context; it is by default.
        """
        wrap = keywords.pop("with_appcontext", True)
        make = super().command

        def decorator(function: Callable[..., Any]) -> click.Command:
            wrapped = with_appcontext(function) if wrap else function
            return cast(click.Command, make(*arguments, **keywords)(wrapped))

        return decorator

    def group(self, *arguments: Any, **keywords: Any) -> Any:
        """Return a decorator that makes a function a group of commands."""
        keywords.setdefault("cls", AppGroup)
        return super().group(*arguments, **keywords)


class FlaskGroup(AppGroup):
    """A group that has the commands of an application besides its own.

    Flask's has the commands `routes`, `run` and `shell`, too, and these are missing here.

    :param create_app: Returns the application.
    :param set_debug_flag: Whether `FLASK_DEBUG` decides on the debug mode.
    :param options: What `click.Group` takes.
    """

    def __init__(
        self,
        add_default_commands: bool = True,
        create_app: Callable[..., Flask] | None = None,
        add_version_option: bool = True,
        load_dotenv: bool = True,
        set_debug_flag: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.create_app = create_app
        self.set_debug_flag = set_debug_flag

    def make_context(self, *arguments: Any, **keywords: Any) -> click.Context:
        """Return a context that knows the application."""
        if "obj" not in keywords and "obj" not in self.context_settings:
            keywords["obj"] = ScriptInfo(
                create_app=self.create_app, set_debug_flag=self.set_debug_flag
            )
        return super().make_context(*arguments, **keywords)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return the group's own command of that name, or else the application's."""
        # The group's own come first: they work where there is no application.
        own = super().get_command(context, name)
        if own is not None:
            return own
        if name in _DEFAULT_COMMANDS:
            raise click.UsageError(
                f"Flask has the command {name!r}, but the reference implementation lacks it."
            )
        try:
            app = context.ensure_object(ScriptInfo).load_app()
        except NoAppException as error:
            click.secho(f"Error: {error.format_message()}\n", err=True, fg="red")
            return None
        if not current_app or current_app._get_current_object() is not app:  # type: ignore[attr-defined]
            context.with_resource(app.app_context())
        return app.cli.get_command(context, name)

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of the group's own commands and of the application's."""
        names = set(super().list_commands(context))
        try:
            names.update(context.ensure_object(ScriptInfo).load_app().cli.list_commands(context))
        except NoAppException as error:
            # Help is still shown, with the commands that there are.
            click.secho(f"Error: {error.format_message()}\n", err=True, fg="red")
        except Exception:
            click.secho(f"{traceback.format_exc()}\n", err=True, fg="red")
        return sorted(names)


__getattr__ = lacking(
    __name__,
    "CertParamType",
    "SeparatedPathType",
    "cli",
    "find_app_by_string",
    "find_best_app",
    "get_version",
    "load_dotenv",
    "locate_app",
    "main",
    "prepare_import",
    "routes_command",
    "run_command",
    "shell_command",
    "show_server_banner",
    "version_option",
)
