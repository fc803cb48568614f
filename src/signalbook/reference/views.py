"""Views that are classes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, ClassVar

from .globals import current_app, request

__all__ = ["MethodView", "View"]

_METHODS = frozenset({"get", "post", "head", "options", "delete", "put", "trace", "patch"})


class View:
    """A view whose instances answer requests; `as_view` makes the function for the rule."""

    methods: ClassVar[Collection[str] | None] = None
    """The methods of its rules."""

    provide_automatic_options: ClassVar[bool | None] = None
    """Whether `OPTIONS` is answered without it."""

    decorators: ClassVar[list[Callable[..., Any]]] = []
    """Called with the function, the first one first."""

    init_every_request: ClassVar[bool] = True
    """Whether each request has an instance of its own."""

    def dispatch_request(self, **values: Any) -> Any:
        """Answer the current request, like a view function.

        :param values: The values from the URL.
        """
        raise NotImplementedError

    @classmethod
    def as_view(cls, name: str, *arguments: Any, **keywords: Any) -> Callable[..., Any]:
        """Return a view function.

        :param name: The name of the function, and so of the endpoint.
        :param arguments: What instances are made with.
        """
        shared = None if cls.init_every_request else cls(*arguments, **keywords)

        def view(**values: Any) -> Any:
            # The function's own attribute, since that may have been replaced.
            one = shared or attributed.view_class(*arguments, **keywords)
            return current_app.ensure_sync(one.dispatch_request)(**values)

        attributed: Any = view
        _describe(attributed, cls, name)
        # A decorator may look at the class, and may return another function, which needs it too.
        decorated: Any = view
        for decorator in cls.decorators:
            decorated = decorator(decorated)
        _describe(decorated, cls, name)
        return decorated  # type: ignore[no-any-return]


class MethodView(View):
    """A view with a Python method for each HTTP method; `head` is answered by `get` if missing."""

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        # Methods that a class names itself stay as they are.
        if "methods" not in cls.__dict__:
            methods = {name.upper() for name in _METHODS if hasattr(cls, name)}
            for base in cls.__bases__:
                methods.update(getattr(base, "methods", None) or ())
            if methods:
                cls.methods = methods

    def dispatch_request(self, **values: Any) -> Any:
        """Call the method that is called like that of the request."""
        method = getattr(self, request.method.lower(), None)
        if method is None and request.method == "HEAD":
            method = getattr(self, "get", None)
        assert method is not None, f"Unimplemented method {request.method!r}"
        return current_app.ensure_sync(method)(**values)


def _describe(view: Any, cls: type[View], name: str) -> None:
    view.view_class = cls
    view.__name__ = name
    view.__doc__ = cls.__doc__
    view.__module__ = cls.__module__
    view.methods = cls.methods
    view.provide_automatic_options = cls.provide_automatic_options
