"""Requests and responses: Werkzeug's, with what an application adds to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import werkzeug.wrappers
from werkzeug.exceptions import BadRequest, HTTPException

from .config import DEFAULTS
from .debughelpers import FilesOfOtherForm
from .globals import current_app

if TYPE_CHECKING:
    from werkzeug.routing import Rule

__all__ = ["Request", "Response"]


class _Limit:
    """A limit that a request has from the configuration, unless it was given one of its own."""

    def __init__(self, setting: str) -> None:
        self.setting = setting

    def __get__(self, request: Request, owner: type[Request]) -> Any:
        settings = current_app.config if current_app else DEFAULTS
        return request.__dict__.get(self.setting, settings[self.setting])

    def __set__(self, request: Request, value: int | None) -> None:
        request.__dict__[self.setting] = value


class Request(werkzeug.wrappers.Request):
    """A request, and the rule that its URL matched."""

    # Its context sets it: each application has a JSON provider of its own.
    json_module: Any
    """What reads its JSON: the application's provider."""

    url_rule: Rule | None = None
    """The rule that matched, or `None`."""

    view_args: dict[str, Any] | None = None
    """The values from the URL, or `None` if no rule matched."""

    routing_exception: HTTPException | None = None
    """Why no rule matched; raised when the request is dispatched."""

    @property
    def endpoint(self) -> str | None:
        """The endpoint of the rule that matched, or `None`."""
        return None if self.url_rule is None else self.url_rule.endpoint

    @property
    def blueprint(self) -> str | None:
        """The name of the blueprint that the endpoint belongs to, or `None`."""
        rule = self.url_rule
        if rule is None or "." not in rule.endpoint:
            return None
        return str(rule.endpoint).rpartition(".")[0]

    @property
    def blueprints(self) -> list[str]:
        """The names of the blueprint and of those around it, innermost first."""
        names: list[str] = []
        inner = self.blueprint
        while inner:
            names.append(inner)
            inner = inner.rpartition(".")[0]
        return names

    max_content_length = _Limit("MAX_CONTENT_LENGTH")
    """How many bytes its body may have; from the setting, unless it is set here."""

    max_form_memory_size = _Limit("MAX_FORM_MEMORY_SIZE")
    """How many bytes a field of a form may have; from the setting, unless it is set here."""

    max_form_parts = _Limit("MAX_FORM_PARTS")
    """How many parts a form may have; from the setting, unless it is set here."""

    def _load_form_data(self) -> None:
        super()._load_form_data()
        # A form without files, where a file will be asked for, is explained in debug mode.
        without_files = self.mimetype != "multipart/form-data" and not self.files
        if without_files and current_app and current_app.debug:
            self.files = FilesOfOtherForm()

    def on_json_loading_failed(self, e: ValueError | None) -> Any:
        """Raise what `request.json` raises for a body that is no JSON.

        :raises BadRequest: Without details, unless the application is in debug mode.
        """
        try:
            return super().on_json_loading_failed(e)
        except BadRequest as error:
            if current_app and current_app.debug:
                raise
            # What is wrong with a body is told to developers, not to whoever sent it.
            raise BadRequest() from error


class Response(werkzeug.wrappers.Response):
    """A response; HTML unless said otherwise."""

    default_mimetype = "text/html"
    """The type of a response that is given none."""

    # A redirection may be to a relative URL, and stays so.
    autocorrect_location_header = False
    json_module: Any

    @property
    def max_cookie_size(self) -> int:  # type: ignore[override]
        """From how many bytes on a cookie is warned of; from `MAX_COOKIE_SIZE`."""
        settings = current_app.config if current_app else DEFAULTS
        size: int = settings["MAX_COOKIE_SIZE"]
        return size
