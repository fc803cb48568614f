"""Files that are sent as they are."""

from __future__ import annotations

import os
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

import werkzeug.utils

from ..globals import current_app, request

if TYPE_CHECKING:
    from ..wrappers import Response

__all__ = ["send_file", "send_from_directory"]


def send_file(
    path_or_file: str | os.PathLike[str] | IO[bytes],
    mimetype: str | None = None,
    as_attachment: bool = False,
    download_name: str | None = None,
    conditional: bool = True,
    etag: bool | str = True,
    last_modified: datetime | int | float | None = None,
    max_age: Any = None,
) -> Response:
    """Return a response with a file.

    :param path_or_file: Its path, from the application's folder; or an open file.
        See `werkzeug.utils.send_file` for this and all else.
    :keeps: {clause}`request-finished.answers`
    """
    return werkzeug.utils.send_file(  # type: ignore[return-value]
        path_or_file,
        mimetype=mimetype,
        as_attachment=as_attachment,
        download_name=download_name,
        conditional=conditional,
        etag=etag,
        last_modified=last_modified,
        **_sending(max_age),
    )


def send_from_directory(
    directory: str | os.PathLike[str], path: str | os.PathLike[str], **options: Any
) -> Response:
    """Return a response with a file of a folder.

    :param directory: The folder, from the application's folder.
    :param path: The path of the file in it; none outside of the folder is sent.
    :param options: What `send_file` takes.
    :raises werkzeug.exceptions.NotFound: There is no such file in the folder.
    """
    sending = _sending(options.get("max_age"))
    return werkzeug.utils.send_from_directory(  # type: ignore[return-value]
        directory, path, **{**options, **sending}
    )


def _sending(max_age: Any) -> dict[str, Any]:
    return {
        "environ": request.environ,
        "max_age": current_app.get_send_file_max_age if max_age is None else max_age,
        "use_x_sendfile": current_app.config["USE_X_SENDFILE"],
        "response_class": current_app.response_class,
        # So a relative path means the same wherever the process was started.
        "_root_path": current_app.root_path,
    }
