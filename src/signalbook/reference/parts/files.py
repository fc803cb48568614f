"""Files that are sent as they are, and those of an application or a blueprint."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import IO, TYPE_CHECKING, Any

import werkzeug.utils

from ..globals import current_app, request

if TYPE_CHECKING:
    from ..wrappers import Response

__all__ = ["StaticFiles", "send_file", "send_from_directory"]


class StaticFiles:
    """Something with a folder, and below it one for files that are sent as they are."""

    root_path: str
    """The folder of the module or package."""

    _static_folder: str | None = None
    _static_url_path: str | None = None

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
        return send_from_directory(
            self.static_folder, filename, max_age=self.get_send_file_max_age(filename)
        )

    def open_resource(
        self, resource: str, mode: str = "rb", encoding: str | None = None
    ) -> IO[Any]:
        """Open a file below `root_path` for reading.

        :raises ValueError: The *mode* is not one for reading.
        """
        return open_to_read(os.path.join(self.root_path, resource), mode, encoding)


def open_to_read(path: str, mode: str, encoding: str | None) -> IO[Any]:
    """Open a file for reading.

    :raises ValueError: The *mode* is not one for reading.
    """
    if mode not in {"r", "rt", "rb"}:
        raise ValueError(f"Resources can only be opened for reading; got the mode {mode!r}.")
    return open(path, mode, encoding=None if mode == "rb" else encoding or "utf-8")


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
        "_root_path": current_app.root_path,
    }
