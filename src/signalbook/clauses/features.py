"""The features that an implementation may do without, as a user would name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["FEATURES", "Feature"]


@dataclass(frozen=True)
class Feature:
    """Something that an implementation has or lacks as a whole.

    :param subject: What has it: `flask`, the framework, or `blinker`, the engine.
    :param words: What it is, in words that fit after "without".
    :param probes: The ids of checks that show it: who passes one of them has some of it, and who
        passes all has it.
    """

    name: str
    subject: str
    words: str
    probes: tuple[str, ...]


FEATURES: Mapping[str, Feature] = {
    feature.name: feature
    for feature in (
        Feature("sender", "blinker", "sender filtering", ()),
        Feature("any", "blinker", "`ANY`", ()),
        Feature("results", "blinker", "results of `send`", ()),
        Feature("disconnect", "blinker", "`disconnect`", ()),
        Feature("weak", "blinker", "weak references to receivers", ()),
        Feature("strong", "blinker", "`connect(weak=False)`", ()),
        Feature("data", "blinker", "keyword arguments of `send`", ()),
        Feature("connect-via", "blinker", "`connect_via`", ()),
        Feature("connected-to", "blinker", "`connected_to`", ()),
        Feature("muted", "blinker", "`muted`", ()),
        Feature("meta", "blinker", "meta-signals", ()),
        Feature("queries", "blinker", "questions about receivers", ()),
        Feature("named", "blinker", "named signals", ()),
        Feature("namespace", "blinker", "namespaces", ()),
        Feature("async", "blinker", "`send_async`", ()),
        Feature("sessions", "flask", "sessions", ()),
        Feature("templates", "flask", "templates", ()),
        Feature("flashing", "flask", "flashed messages", ()),
        Feature("blueprints", "flask", "blueprints", ()),
        Feature("streaming", "flask", "streamed responses", ()),
        Feature("commands", "flask", "commands", ()),
        Feature("async-views", "flask", "coroutine functions as views", ()),
        Feature("app-contexts", "flask", "application contexts of one's own", ()),
        Feature("hooks", "flask", "hooks", ()),
        Feature("wsgi", "flask", "WSGI", ()),
    )
}
"""Every feature, by name: those of the engine, then those of the framework.

Which ones a check needs is measured, and kept in `spec/features.json`.
"""
