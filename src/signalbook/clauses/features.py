"""The features that an engine may do without, as a user would name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["FEATURES", "Feature"]


@dataclass(frozen=True)
class Feature:
    """Something that an engine has or lacks as a whole.

    :param words: What it is, in words that fit after "without".
    :param probes: The ids of checks that show it: who passes one of them has some of it, and who
        passes all has it.
    """

    name: str
    words: str
    probes: tuple[str, ...]


_ENGINE = {
    "sender": ("sender filtering", "connecting.senders.object connecting.senders.string"),
    "any": ("`ANY`", "senders.any.by-name"),
    "results": ("results of `send`", "sending.result.function sending.result.method"),
    "disconnect": (
        "`disconnect`",
        "disconnecting.others-stay.receiver",
    ),
    "weak": ("weak references to receivers", "lifetime.weak.function lifetime.weak.method"),
    "strong": ("`connect(weak=False)`", "lifetime.strong.function lifetime.strong.lambda"),
    "data": ("keyword arguments of `send`", "connecting.arguments.keywords"),
    "connect-via": ("`connect_via`", "temporary.connect-via.any"),
    "connected-to": ("`connected_to`", "temporary.connected-to-alive.function"),
    "muted": ("`muted`", "sending.independent.mutes"),
    "meta": ("meta-signals", "meta-signals.by-then.connect"),
    "queries": (
        "questions about receivers",
        "querying.has-receivers-for.nothing querying.receivers.sent",
    ),
    "named": ("named signals", "namespaces.name.by-hand"),
    "namespace": ("namespaces", "namespaces.new-signal.another-name namespaces.dict.get"),
    "async": ("`send_async`", "async.at-once.plain-send async.error.value-error"),
}

FEATURES: Mapping[str, Feature] = {
    name: Feature(name, words, tuple(probes.split())) for name, (words, probes) in _ENGINE.items()
}
"""Every feature, by name.

Which ones a check needs is measured, and kept in `spec/features.json`.
"""
