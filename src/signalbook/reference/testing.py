"""Requests without a server, for tests."""

from __future__ import annotations

from contextlib import closing
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import werkzeug.test
from werkzeug.wrappers import Request as BaseRequest

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from .app import Flask

__all__ = ["EnvironBuilder", "FlaskClient"]


class EnvironBuilder(werkzeug.test.EnvironBuilder):
    """Builds the WSGI environment of a request to an application.

    :param app: The application; host, scheme and root come from its configuration, unless given.
    :param path: The path, or the whole URL, of the request.
    :param arguments: What Werkzeug's builder takes.
    """

    def __init__(
        self,
        app: Flask,
        path: str = "/",
        base_url: str | None = None,
        subdomain: str | None = None,
        url_scheme: str | None = None,
        *arguments: Any,
        **keywords: Any,
    ) -> None:
        if base_url is not None and (subdomain is not None or url_scheme is not None):
            raise TypeError("Give either a base_url, or a subdomain and url_scheme.")
        self.app = app
        if base_url is None:
            path, base_url = _split(app, path, subdomain, url_scheme)
        super().__init__(path, base_url, *arguments, **keywords)

    def json_dumps(self, obj: Any, **options: Any) -> str:
        """Write a JSON body the way of the application."""
        return self.app.json.dumps(obj, **options)


class FlaskClient(werkzeug.test.Client):
    """A client that calls an application directly, and keeps its cookies."""

    application: Flask

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.environ_base = {
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_USER_AGENT": f"Werkzeug/{version('werkzeug')}",
        }

    def open(self, *arguments: Any, **keywords: Any) -> TestResponse:
        """Make a request.

        :param arguments: What `EnvironBuilder` takes, or an environment, request or builder.
        :returns: The response, read to its end only as far as it is used.
        """
        options = {
            name: keywords.pop(name)
            for name in ("buffered", "follow_redirects")
            if name in keywords
        }
        if arguments and isinstance(
            arguments[0], werkzeug.test.EnvironBuilder | dict | BaseRequest
        ):
            response = super().open(*arguments, **keywords, **options)
        else:
            keywords["environ_base"] = {**self.environ_base, **keywords.get("environ_base", {})}
            with closing(EnvironBuilder(self.application, *arguments, **keywords)) as builder:
                response = super().open(builder, **options)
        response.json_module = self.application.json  # type: ignore[assignment]
        return response


def _split(app: Flask, path: str, subdomain: str | None, url_scheme: str | None) -> tuple[str, str]:
    """Return the path with its query, and the base URL, of a request."""
    host = app.config["SERVER_NAME"] or "localhost"
    if subdomain:
        host = f"{subdomain}.{host}"
    url = urlsplit(path)
    scheme = url.scheme or url_scheme or app.config["PREFERRED_URL_SCHEME"]
    root = app.config["APPLICATION_ROOT"].lstrip("/")
    query = f"?{url.query}" if url.query else ""
    return f"{url.path}{query}", f"{scheme}://{url.netloc or host}/{root}"
