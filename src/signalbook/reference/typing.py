"""The types of what is registered with an application, and of what views return."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

__all__ = [
    "AfterRequestCallable",
    "BeforeRequestCallable",
    "ErrorHandlerCallable",
    "HeadersValue",
    "ResponseReturnValue",
    "ResponseValue",
    "RouteCallable",
    "StatusCode",
    "TeardownCallable",
    "TemplateContextProcessorCallable",
    "TemplateFilterCallable",
    "TemplateGlobalCallable",
    "TemplateTestCallable",
    "URLDefaultCallable",
    "URLValuePreprocessorCallable",
]

ResponseValue: TypeAlias = (
    Response | str | bytes | list[Any] | Mapping[str, Any] | Iterable[str] | Iterable[bytes]
)
"""What a response is made of."""

HeadersValue: TypeAlias = Headers | Mapping[str, Any] | Iterable[tuple[str, Any]]
"""The headers of a response."""

StatusCode: TypeAlias = int
"""The status of a response."""

ResponseReturnValue: TypeAlias = Any
"""A `ResponseValue`; a tuple of one and a status, headers or both; or a WSGI application."""

AfterRequestCallable: TypeAlias = Callable[[Any], Any]
"""Takes the response, and returns the same or another."""

BeforeRequestCallable: TypeAlias = Callable[[], Any]
"""Returns a response, or `None` for the view to be called."""

ErrorHandlerCallable: TypeAlias = Callable[[Any], Any]
"""Takes the exception, and returns a response."""

RouteCallable: TypeAlias = Callable[..., Any]
"""A view: takes the values from the URL, and returns a response."""

TeardownCallable: TypeAlias = Callable[[BaseException | None], Any]
"""Takes the error, or `None`."""

TemplateContextProcessorCallable: TypeAlias = Callable[[], Any]
"""Returns names for the context of templates."""

TemplateFilterCallable: TypeAlias = Callable[..., Any]
"""A filter of templates."""

TemplateGlobalCallable: TypeAlias = Callable[..., Any]
"""A global name of templates that can be called."""

TemplateTestCallable: TypeAlias = Callable[..., bool]
"""A test of templates."""

URLDefaultCallable: TypeAlias = Callable[[str, dict[str, Any]], None]
"""Takes the endpoint and the values of a URL that is built, and may change them."""

URLValuePreprocessorCallable: TypeAlias = Callable[[str | None, dict[str, Any] | None], None]
"""Takes the endpoint and the URL's values, and may change them."""
