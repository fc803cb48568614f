"""Errors that exist in debug mode only, to explain a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import ImmutableMultiDict

from .globals import request_ctx
from .parts.lacking import lacking

if TYPE_CHECKING:
    from werkzeug.routing import RequestRedirect

    from .wrappers import Request

__all__ = ["DebugFilesKeyError", "FormDataRoutingRedirect"]


class DebugFilesKeyError(KeyError, AssertionError):
    """A file was asked for, but the form was sent without files.

    :param request: The request.
    :param key: The name of the file.
    """

    def __init__(self, request: Request, key: str) -> None:
        super().__init__(
            f"There is no file {key!r}, since the form was sent as {request.mimetype!r}."
            ' Files are sent by a form with enctype="multipart/form-data".'
        )

    # A KeyError would show the text in quotes, as if it were the key.
    def __str__(self) -> str:
        return str(self.args[0])


class FormDataRoutingRedirect(AssertionError):
    """A form was sent to a URL that is redirected, so that its data would be lost.

    :param request: The request.
    """

    def __init__(self, request: Request) -> None:
        redirect = request.routing_exception
        super().__init__(
            f"A {request.method} request was sent to {request.url}, from which the routing"
            f" redirects to {getattr(redirect, 'new_url', None)!r}. Not all clients would send"
            " the data again; send the request there in the first place."
        )


class FilesOfOtherForm(ImmutableMultiDict[str, Any]):
    """The files of a form that was sent without files."""

    def __getitem__(self, key: str) -> Any:
        """Raise what explains the missing file.

        :raises DebugFilesKeyError: A field of the form has that name.
        """
        try:
            return super().__getitem__(key)
        except KeyError as error:
            request = request_ctx.request
            # Not a file that was sent as a mere field: nobody sent it at all.
            if key not in request.form:
                raise
            raise DebugFilesKeyError(request, key) from error


def raise_for_form(request: Request, redirect: RequestRedirect) -> None:
    """Raise an error for a form that would be lost on the way to another URL.

    :raises FormDataRoutingRedirect: It would.
    """
    # For these two codes clients send the same request again, with its body.
    keeps_data = redirect.code in {307, 308}
    if not keeps_data and request.method not in {"GET", "HEAD", "OPTIONS"}:
        raise FormDataRoutingRedirect(request)


__getattr__ = lacking(
    __name__,
    "UnexpectedUnicodeError",
    "attach_enctype_error_multidict",
    "explain_template_loading_attempts",
)
