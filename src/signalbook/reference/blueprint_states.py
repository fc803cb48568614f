"""One registration of a blueprint, and how its URLs and names are put together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .app import Flask
    from .blueprints import Blueprint

__all__ = ["BlueprintSetupState", "nested_options"]


class BlueprintSetupState:
    """One registration of a blueprint with an application.

    :param blueprint: The blueprint.
    :param app: The application.
    :param options: What `register_blueprint` was given.
    :param first_registration: Whether the application didn't have the blueprint before.
    """

    def __init__(
        self, blueprint: Blueprint, app: Flask, options: dict[str, Any], first_registration: bool
    ) -> None:
        self.blueprint = blueprint
        self.app = app
        self.options = options
        self.first_registration = first_registration
        self.name: str = options.get("name", blueprint.name)
        self.name_prefix: str = options.get("name_prefix", "")
        self.subdomain: str | None = _given(options, "subdomain", blueprint.subdomain)
        self.url_prefix: str | None = _given(options, "url_prefix", blueprint.url_prefix)
        self.url_defaults = {
            **blueprint.url_values_defaults,
            **(options.get("url_defaults") or {}),
        }

    @property
    def full_name(self) -> str:
        """The name, after those of the blueprints around it."""
        return f"{self.name_prefix}.{self.name}".lstrip(".")

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        **options: Any,
    ) -> None:
        """Add a rule of the blueprint to the application, below prefix and name."""
        if self.url_prefix is not None:
            rule = _joined(self.url_prefix, rule) if rule else self.url_prefix
        options.setdefault("subdomain", self.subdomain)
        if endpoint is None:
            endpoint = view_func.__name__ if view_func is not None else ""
        defaults = {**self.url_defaults, **(options.pop("defaults", None) or {})}
        self.app.add_url_rule(
            rule, f"{self.full_name}.{endpoint}", view_func, defaults=defaults or None, **options
        )


def _given(options: dict[str, Any], name: str, default: str | None) -> str | None:
    value: str | None = options.get(name)
    return default if value is None else value


def _joined(prefix: str, path: str) -> str:
    return f"{prefix.rstrip('/')}/{path.lstrip('/')}"


def nested_options(
    outer: BlueprintSetupState, blueprint: Blueprint, options: dict[str, Any]
) -> dict[str, Any]:
    """Return the options of a blueprint that is registered with another one."""
    prefix = _given(options, "url_prefix", blueprint.url_prefix)
    if outer.url_prefix is not None:
        prefix = outer.url_prefix if prefix is None else _joined(outer.url_prefix, prefix)
    subdomain = _given(options, "subdomain", blueprint.subdomain)
    if outer.subdomain is not None:
        subdomain = outer.subdomain if subdomain is None else f"{subdomain}.{outer.subdomain}"
    return {
        **options,
        "name_prefix": outer.full_name,
        "subdomain": subdomain,
        "url_prefix": prefix,
    }
