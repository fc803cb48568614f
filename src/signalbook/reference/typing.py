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
HeadersValue: TypeAlias = Headers | Mapping[str, Any] | Iterable[tuple[str, Any]]
StatusCode: TypeAlias = int
ResponseReturnValue: TypeAlias = Any
"""A `ResponseValue`; a tuple of one and a status, headers or both; or a WSGI application."""

AfterRequestCallable: TypeAlias = Callable[[Any], Any]
BeforeRequestCallable: TypeAlias = Callable[[], Any]
ErrorHandlerCallable: TypeAlias = Callable[[Any], Any]
RouteCallable: TypeAlias = Callable[..., Any]
TeardownCallable: TypeAlias = Callable[[BaseException | None], Any]
TemplateContextProcessorCallable: TypeAlias = Callable[[], Any]
TemplateFilterCallable: TypeAlias = Callable[..., Any]
TemplateGlobalCallable: TypeAlias = Callable[..., Any]
TemplateTestCallable: TypeAlias = Callable[..., bool]
URLDefaultCallable: TypeAlias = Callable[[str, dict[str, Any]], None]
URLValuePreprocessorCallable: TypeAlias = Callable[[str | None, dict[str, Any] | None], None]
