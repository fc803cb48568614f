"""From what a view returns to a response."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NoReturn, cast

import werkzeug.exceptions
import werkzeug.utils
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from ..globals import current_app, request, request_context

if TYPE_CHECKING:
    from ..app import Flask
    from ..wrappers import Response

__all__ = ["abort", "make_response", "redirect", "response_from"]


def response_from(app: Flask, value: Any) -> Response:
    """Return the response that a view means by its return *value*.

    :param value: A string, bytes, an iterator of either, a dictionary or list for JSON, a response
        or a WSGI application; or a tuple of one of these and a status, headers, or both.
    :raises TypeError: It is none of these.
    """
    body, status, headers = _parts(value)
    if isinstance(body, str | bytes | bytearray | Iterator):
        # The class may make something of status and headers, and headers may come twice.
        content = bytes(body) if isinstance(body, bytearray) else body
        return app.response_class(content, status=status, headers=headers)
    response = _response_of(app, body)
    if isinstance(status, str | bytes | bytearray):
        response.status = status if isinstance(status, str) else status.decode()
    elif status is not None:
        response.status_code = status
    # It keeps its own headers, but for those that are given.
    if headers:
        response.headers.update(headers)
    return response


def _parts(value: Any) -> tuple[Any, Any, Any]:
    """Return body, status and headers of what a view returned."""
    if not isinstance(value, tuple):
        return value, None, None
    if len(value) == 3:
        return value
    if len(value) != 2:
        raise TypeError(
            "The view function did not return a valid response tuple."
            f" Got {len(value)} items, want (body, status, headers), (body, status) or"
            " (body, headers)."
        )
    body, other = value
    # A status is none of these.
    if isinstance(other, Headers | dict | tuple | list):
        return body, None, other
    return body, other, None


def _response_of(app: Flask, body: Any) -> Response:
    if isinstance(body, app.response_class):
        return body
    if isinstance(body, dict | list):
        return app.json.response(body)
    if isinstance(body, HTTPException) and type(body).__call__ is HTTPException.__call__:
        # What `force_type` does, without a WSGI server round the error.
        environ = request_context().request.environ
        parts = body.get_response(environ).get_wsgi_response(environ)
        return cast("Response", app.response_class.force_type(BaseResponse(*parts)))
    if isinstance(body, BaseResponse) or callable(body):
        return _forced(app, body)
    raise _invalid(body)


def _forced(app: Flask, body: Any) -> Response:
    try:
        response: Response = app.response_class.force_type(body, request.environ)  # type: ignore[assignment]
    except TypeError as error:
        raise _invalid(body) from error
    return response


def _invalid(body: Any) -> TypeError:
    got = "None" if body is None else f"{body!r}, a {type(body).__name__}"
    hint = " It may have ended without a return statement." if body is None else ""
    return TypeError(
        f"The view function for {request.endpoint!r} did not return a valid response: got {got}."
        " Want a string, bytes, an iterator, a dictionary, a list, a response, a WSGI application,"
        f" or a tuple of one of these with a status and headers.{hint}"
    )


def make_response(*parts: Any) -> Response:
    """Return the response that the current application makes of what a view might return.

    :param parts: The body, and optionally a status and headers.
    """
    if not parts:
        return current_app.response_class()
    return current_app.make_response(parts[0] if len(parts) == 1 else parts)


def abort(code: int | BaseResponse, /, *arguments: Any, **keywords: Any) -> NoReturn:
    """End the request with an HTTP error.

    :param code: A status code, or a response to give instead.
    :raises werkzeug.exceptions.HTTPException: Always: the exception of that code.
    :keeps: {clause}`got-request-exception.http-exceptions`
    """
    abort_with = current_app.aborter if current_app else werkzeug.exceptions.abort
    abort_with(code, *arguments, **keywords)


def redirect(
    location: str, code: int = 302, Response: type[BaseResponse] | None = None
) -> BaseResponse:
    """Return a response that sends the client elsewhere.

    :param location: The URL to go to.
    :param code: The status code.
    :param Response: The class of the response; by default the application decides.
    :keeps: {clause}`request-finished.answers`
    """
    if current_app and Response is None:
        return current_app.redirect(location, code)
    return werkzeug.utils.redirect(location, code, Response)
