"""What an application and a blueprint have in common: things are registered with them.

Hooks are kept by the name of the blueprint whose requests they are meant for.
Under `None` are those for all requests.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property, wraps
from typing import IO, TYPE_CHECKING, Any, TypeAlias, TypeVar

from jinja2 import BaseLoader, FileSystemLoader

from ..cli import AppGroup
from ..globals import current_app
from .error_handlers import ErrorHandler, ErrorHandlers, class_and_code
from .files import send_from_directory
from .folders import folder_of

if TYPE_CHECKING:
    from ..wrappers import Response

__all__ = ["Scaffold", "setup_method"]

Function = TypeVar("Function", bound=Callable[..., Any])
Registry: TypeAlias = defaultdict[str | None, list[Callable[..., Any]]]


def setup_method(method: Function) -> Function:
    """Make *method* fail once it is too late for it to have an effect on all requests."""

    @wraps(method)
    def checked(self: Scaffold, *arguments: Any, **keywords: Any) -> Any:
        self.check_setup_finished(method.__name__)
        return method(self, *arguments, **keywords)

    return checked  # type: ignore[return-value]


class Scaffold:
    """Something with routes, hooks, error handlers and template folders.

    :param import_name: The name of the module or package that it belongs to.
    :param static_folder: Where static files are, from `root_path`.
    :param static_url_path: The URL below which they are served.
    :param template_folder: Where templates are, from `root_path`.
    :param root_path: The folder of the module or package; found by its name if it is not given.
    """

    name: str
    """What it is called: in endpoints, and by its logger and commands."""

    import_name: str
    """The name of the module or package that it belongs to."""

    root_path: str
    """The folder of that module or package."""

    template_folder: str | os.PathLike[str] | None
    """Where templates are, from `root_path`."""

    view_functions: dict[str, Callable[..., Any]]
    """The views, by endpoint."""

    error_handler_spec: ErrorHandlers
    """The error handlers, by blueprint, status code and class."""

    before_request_funcs: Registry
    """The `before_request` functions, by blueprint; `None` stands for all requests."""

    after_request_funcs: Registry
    """The `after_request` functions, by blueprint; `None` stands for all requests."""

    teardown_request_funcs: Registry
    """The `teardown_request` functions, by blueprint; `None` stands for all requests."""

    template_context_processors: Registry
    """The `context_processor` functions, by blueprint; `None` stands for all templates."""

    url_value_preprocessors: Registry
    """The `url_value_preprocessor` functions, by blueprint; `None` stands for all requests."""

    url_default_functions: Registry
    """The `url_defaults` functions, by blueprint; `None` stands for all URLs."""

    _static_folder: str | None
    _static_url_path: str | None

    def __init__(
        self,
        import_name: str,
        static_folder: str | os.PathLike[str] | None = None,
        static_url_path: str | None = None,
        template_folder: str | os.PathLike[str] | None = None,
        root_path: str | None = None,
    ) -> None:
        self.import_name = import_name
        self.root_path = folder_of(import_name) if root_path is None else root_path
        self.template_folder = template_folder
        self.static_folder = static_folder
        self.static_url_path = static_url_path
        self.view_functions = {}
        self.error_handler_spec = {}
        self.url_value_preprocessors = defaultdict(list)
        self.before_request_funcs = defaultdict(list)
        self.after_request_funcs = defaultdict(list)
        self.teardown_request_funcs = defaultdict(list)
        self.template_context_processors = defaultdict(list)
        self.url_default_functions = defaultdict(list)

    @cached_property
    def cli(self) -> AppGroup:
        """The group of its commands."""
        # Only now, since a blueprint gets its name after this part of it is made.
        return AppGroup(self.name)

    def check_setup_finished(self, method: str) -> None:
        """Raise an `AssertionError` if it is too late to call *method*."""
        raise NotImplementedError

    @property
    def has_static_folder(self) -> bool:
        """Whether there are static files."""
        return self._static_folder is not None

    @property
    def static_folder(self) -> str | None:
        """Where static files are, or `None`."""
        if self._static_folder is None:
            return None
        return os.path.join(self.root_path, self._static_folder)

    @static_folder.setter
    def static_folder(self, value: str | os.PathLike[str] | None) -> None:
        self._static_folder = None if value is None else os.fspath(value).rstrip(r"\/")

    @property
    def static_url_path(self) -> str | None:
        """What their URLs begin with: by default, the name of the folder."""
        # Looked up each time, because the folder may be set later.
        if self._static_url_path is None and self.static_folder is not None:
            return f"/{os.path.basename(self.static_folder)}".rstrip("/")
        return self._static_url_path

    @static_url_path.setter
    def static_url_path(self, value: str | None) -> None:
        self._static_url_path = None if value is None else value.rstrip("/")

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """Return for how many seconds a client may keep a file, or `None` for until it changes."""
        age = current_app.config["SEND_FILE_MAX_AGE_DEFAULT"]
        return int(age.total_seconds()) if isinstance(age, timedelta) else age

    def send_static_file(self, filename: str) -> Response:
        """Return a response with a static file.

        :raises RuntimeError: There are no static files.
        """
        if self.static_folder is None:
            raise RuntimeError("There are no static files, since 'static_folder' is not set.")
        # The age is asked for here: a blueprint may have its own, whatever the application says.
        return send_from_directory(
            self.static_folder, filename, max_age=self.get_send_file_max_age(filename)
        )

    def open_resource(
        self, resource: str, mode: str = "rb", encoding: str | None = None
    ) -> IO[Any]:
        """Open a file below `root_path` for reading.

        :raises ValueError: The *mode* is not one for reading.
        """
        if mode not in {"r", "rt", "rb"}:
            raise ValueError(f"Resources can only be opened for reading; got the mode {mode!r}.")
        path = os.path.join(self.root_path, resource)
        return open(path, mode, encoding=None if mode == "rb" else encoding or "utf-8")

    @cached_property
    def jinja_loader(self) -> BaseLoader | None:
        """What loads templates from `template_folder`, or `None` without one."""
        if self.template_folder is None:
            return None
        return FileSystemLoader(os.path.join(self.root_path, self.template_folder))

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        """Have *view_func* called for requests to the URLs of *rule*.

        :param endpoint: The name of the rule; that of the function if it is not given.
        :param provide_automatic_options: Whether `OPTIONS` is answered without the function.
        :param options: What `werkzeug.routing.Rule` takes, as `methods` and `defaults`.
        :keeps: {clause}`plain.view`, {clause}`request-finished.requests`
        """
        raise NotImplementedError

    @setup_method
    def route(self, rule: str, **options: Any) -> Callable[[Function], Function]:
        """Return a decorator for `add_url_rule`.

        :keeps: {clause}`plain.view`, {clause}`request-finished.requests`
        """

        def decorator(view_func: Function) -> Function:
            self.add_url_rule(rule, options.pop("endpoint", None), view_func, **options)
            return view_func

        return decorator

    def _method_route(
        self, method: str, rule: str, options: dict[str, Any]
    ) -> Callable[[Function], Function]:
        if "methods" in options:
            raise TypeError("Use the 'route' decorator to use the 'methods' argument.")
        return self.route(rule, methods=[method], **options)

    @setup_method
    def get(self, rule: str, **options: Any) -> Callable[[Function], Function]:
        """Return a `route` decorator for the method `GET`."""
        return self._method_route("GET", rule, options)

    @setup_method
    def post(self, rule: str, **options: Any) -> Callable[[Function], Function]:
        """Return a `route` decorator for the method `POST`."""
        return self._method_route("POST", rule, options)

    @setup_method
    def put(self, rule: str, **options: Any) -> Callable[[Function], Function]:
        """Return a `route` decorator for the method `PUT`."""
        return self._method_route("PUT", rule, options)

    @setup_method
    def delete(self, rule: str, **options: Any) -> Callable[[Function], Function]:
        """Return a `route` decorator for the method `DELETE`."""
        return self._method_route("DELETE", rule, options)

    @setup_method
    def patch(self, rule: str, **options: Any) -> Callable[[Function], Function]:
        """Return a `route` decorator for the method `PATCH`."""
        return self._method_route("PATCH", rule, options)

    @setup_method
    def endpoint(self, endpoint: str) -> Callable[[Function], Function]:
        """Return a decorator that makes a function the view of the rules of *endpoint*."""

        def decorator(view_func: Function) -> Function:
            self.view_functions[endpoint] = view_func
            return view_func

        return decorator

    @setup_method
    def url_value_preprocessor(self, function: Function) -> Function:
        """Have *function* called with the endpoint and the URL's values, which it may change.

        :keeps: {clause}`answered.preprocessors`, {clause}`plain.first-registered-first`
        """
        self.url_value_preprocessors[None].append(function)
        return function

    @setup_method
    def url_defaults(self, function: Function) -> Function:
        """Have *function* called with the endpoint and values of a URL that is built."""
        self.url_default_functions[None].append(function)
        return function

    @setup_method
    def before_request(self, function: Function) -> Function:
        """Have *function* called before the view; what it returns is given as the response.

        :keeps: {clause}`answered.first`, {clause}`plain.first-registered-first`,
            {clause}`plain.blueprint-hooks`
        """
        self.before_request_funcs[None].append(function)
        return function

    @setup_method
    def after_request(self, function: Function) -> Function:
        """Have *function* called with the response; it returns the same or another.

        :keeps: {clause}`plain.last-registered-first`, {clause}`plain.response-passed-on`,
            {clause}`plain.blueprint-hooks`
        """
        self.after_request_funcs[None].append(function)
        return function

    @setup_method
    def teardown_request(self, function: Function) -> Function:
        """Have *function* called with the error or `None` when the request's context ends.

        :keeps: {clause}`plain.last-registered-first`,
            {clause}`request-tearing-down.after-teardown-request`
        """
        self.teardown_request_funcs[None].append(function)
        return function

    @setup_method
    def context_processor(self, function: Function) -> Function:
        """Have *function* called for names to add to the context of templates.

        :keeps: {clause}`template-rendered.context-processors`,
            {clause}`template-rendered.context-nearest`
        """
        self.template_context_processors[None].append(function)
        return function

    @setup_method
    def errorhandler(self, what: type[Exception] | int) -> Callable[[Function], Function]:
        """Return a decorator for `register_error_handler`.

        :keeps: {clause}`got-request-exception.handled`, {clause}`request-finished.error-pages`,
            {clause}`surroundings.error-handler`
        """

        def decorator(handler: Function) -> Function:
            self.register_error_handler(what, handler)
            return handler

        return decorator

    @setup_method
    def register_error_handler(self, what: type[Exception] | int, handler: ErrorHandler) -> None:
        """Have *handler* called for exceptions, and what it returns given as the response.

        :param what: An exception class, or the status code of an HTTP error.
        :raises TypeError: It is an exception object, or no class at all.
        :raises ValueError: It is a class of something else, or there is no error with that code.
        :keeps: {clause}`got-request-exception.handled`
        """
        kind, code = class_and_code(what)
        self.error_handler_spec.setdefault(None, {}).setdefault(code, {})[kind] = handler
