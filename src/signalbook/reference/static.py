"""Static files: those in the folder of an application or a blueprint."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from werkzeug.utils import send_from_directory

from .globals import request

if TYPE_CHECKING:
    from .app import Flask
    from .scaffold import Scaffold

__all__ = ["static_rule", "static_view"]


def static_rule(scaffold: Scaffold) -> str:
    """Return the rule for static files, whose URLs begin with the folder's name by default."""
    if scaffold.static_url_path is None:
        assert scaffold.static_folder is not None
        scaffold.static_url_path = f"/{os.path.basename(scaffold.static_folder)}"
    return f"{scaffold.static_url_path.rstrip('/')}/<path:filename>"


def static_view(app: Flask, scaffold: Scaffold) -> Callable[..., Any]:
    """Return the view that serves static files."""

    def send_static_file(filename: str) -> Any:
        assert scaffold.static_folder is not None
        return send_from_directory(
            scaffold.static_folder,
            filename,
            request.environ,
            max_age=app.config["SEND_FILE_MAX_AGE_DEFAULT"],
            use_x_sendfile=app.config["USE_X_SENDFILE"],
            response_class=app.response_class,
        )

    return send_static_file
