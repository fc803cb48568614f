"""URLs: which view a URL leads to, and which URL leads to a view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from werkzeug.routing import MapAdapter, Rule

from ..globals import current_app, current_app_context, current_request_context

if TYPE_CHECKING:
    from ..wrappers import Request
    from .setup import Application

__all__ = ["bind_urls", "build_url", "make_rule", "url_for"]

_ANCHOR_SAFE = "%!#$&'()*+,/:;=?@"


def make_rule(
    app: Application,
    rule: str,
    endpoint: str,
    view_func: Any,
    automatic_options: bool | None,
    options: dict[str, Any],
) -> Rule:
    """Return the rule for a view.

    Methods come from *options*, else from the view's attribute `methods`, else it is `GET`;
    those of the view's attribute `required_methods` come in addition.

    :param automatic_options: Whether `OPTIONS` is answered without the view;
        `None` for yes, unless the view or the configuration says otherwise.
    """
    methods = options.pop("methods", None) or getattr(view_func, "methods", None) or ("GET",)
    # A string would be taken as a list of letters.
    if isinstance(methods, str):
        raise TypeError(f"The methods of a rule are a list of strings; got {methods!r}.")
    allowed = {method.upper() for method in methods}
    required = set(getattr(view_func, "required_methods", ()))
    if automatic_options is None:
        automatic_options = getattr(view_func, "provide_automatic_options", None)
    if automatic_options is None:
        # A view that is there for OPTIONS answers it itself.
        automatic_options = "OPTIONS" not in allowed and app.config["PROVIDE_AUTOMATIC_OPTIONS"]
    if automatic_options:
        required.add("OPTIONS")
    made = app.url_rule_class(rule, methods=allowed | required, endpoint=endpoint, **options)
    made.provide_automatic_options = automatic_options  # type: ignore[attr-defined]
    return made


def bind_urls(app: Application, request: Request | None) -> MapAdapter | None:
    """Return what matches and builds URLs for a request.

    :param request: The request, or `None` for an application context alone.
    :returns: `None` when there is neither a request nor a `SERVER_NAME`.
    :raises werkzeug.exceptions.SecurityError: The host of the request is not a trusted one.
    """
    server_name = app.config["SERVER_NAME"]
    if request is None:
        if server_name is None:
            return None
        return app.url_map.bind(
            server_name,
            script_name=app.config["APPLICATION_ROOT"],
            url_scheme=app.config["PREFERRED_URL_SCHEME"],
        )
    if request.trusted_hosts is None:
        request.trusted_hosts = app.config["TRUSTED_HOSTS"]
    # Asking for the host is what checks it against the trusted ones.
    host, environ = request.host, request.environ
    if app.url_map.host_matching:
        return app.url_map.bind_to_environ(environ, server_name=None)
    subdomain = None if app.subdomain_matching else app.url_map.default_subdomain or ""
    if server_name is not None or subdomain is None or "HTTP_UPGRADE" in environ:
        return app.url_map.bind_to_environ(environ, server_name=server_name, subdomain=subdomain)
    # The same without asking for the host again, which is most of the work.
    return app.url_map.bind(
        host,
        environ.get("SCRIPT_NAME", "").encode("latin1").decode(errors="replace"),
        subdomain,
        request.scheme,
        request.method,
        request.path,
        environ.get("QUERY_STRING", "").encode("latin1").decode(errors="replace"),
    )


def build_url(
    app: Application,
    endpoint: str,
    anchor: str | None,
    method: str | None,
    scheme: str | None,
    external: bool,
    values: dict[str, Any],
) -> str:
    """Return a URL for an endpoint: see `url_for`."""
    context = current_request_context.get(None)
    if context is not None:
        adapter, blueprint = context.url_adapter, context.request.blueprint
        if endpoint.startswith("."):
            endpoint = f"{blueprint}{endpoint}" if blueprint else endpoint[1:]
    else:
        # Outside of any context a URL can be built too, if SERVER_NAME says where it leads.
        app_context = current_app_context.get(None)
        adapter = app_context.url_adapter if app_context else app.create_url_adapter(None)
    if adapter is None:
        raise RuntimeError(
            "URLs can't be built outside of a request unless SERVER_NAME is configured."
        )
    if scheme is not None and not external:
        raise ValueError("A URL with _scheme is external; _external can't be false.")
    app.inject_url_defaults(endpoint, values)
    url = adapter.build(endpoint, values, method, external, url_scheme=scheme)
    return url if anchor is None else f"{url}#{quote(anchor, safe=_ANCHOR_SAFE)}"


def url_for(
    endpoint: str,
    *,
    _anchor: str | None = None,
    _method: str | None = None,
    _scheme: str | None = None,
    _external: bool | None = None,
    **values: Any,
) -> str:
    """Return a URL that leads to an endpoint of the current application.

    :param endpoint: The endpoint; with a dot in front, one of the current blueprint.
    :param _anchor: What follows after `#`.
    :param _method: The method, where an endpoint has a rule for each.
    :param _scheme: The scheme of an external URL.
    :param _external: Whether it has scheme and host; it has, outside of a request.
    :param values: The values for the rule; those it has no place for become the query.
    :raises werkzeug.routing.BuildError: No rule fits.
    """
    return current_app.url_for(
        endpoint,
        _anchor=_anchor,
        _method=_method,
        _scheme=_scheme,
        _external=_external,
        **values,
    )
