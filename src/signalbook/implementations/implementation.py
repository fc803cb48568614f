"""The record of an implementation, and the two that every kit knows."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

__all__ = ["FLASK", "REFERENCE", "Implementation", "UnknownImplementation"]

# It is data, since importing the reference here would take what it needs, and trust it.
_REFERENCE_CLAIMS = Path(__file__).parents[1] / "reference" / "claims.toml"


class UnknownImplementation(LookupError):
    """A name, or a combination of options, that means no implementation."""


@dataclass(frozen=True, kw_only=True)
class Implementation:
    """What a run is about.

    :param name: What reports call it.
    :param flask: The module that stands in for `flask`; `None` if it is an engine only.
    :param blinker: The module that stands in for `blinker`; `None` runs without an engine.
    :param engine: The module from which the framework itself imports its engine.
    :param inject_engine: Whether the framework gets *blinker* in place of its *engine*.
    :param without_engine: Whether importing an engine fails, in the framework and in examples.
    :param python: The interpreter that has the implementation.
    :param path: Folders put before that interpreter's own search path.
    :param lacks: The features that it does without, by name.
    :param setup: The function that is called with each application, such as
        `package.module:function`, if any.
    :param claims: The release that each subject claims to behave as, such as
        `{"flask": "2.2.5"}`; what isn't named is measured, or taken for the newest release.
    """

    name: str
    flask: str | None = "flask"
    blinker: str | None = "blinker"
    engine: str = "blinker"
    inject_engine: bool = False
    without_engine: bool = False
    python: str = sys.executable
    path: tuple[str, ...] = ()
    lacks: frozenset[str] = frozenset()
    setup: str | None = None
    claims: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def subjects(self) -> frozenset[str]:
        """Those of `flask` and `blinker` that it has."""
        return frozenset(name for name in ("flask", "blinker") if getattr(self, name))

    @property
    def replaced(self) -> dict[str, str | None]:
        """What importing a module gives instead of it; `None` if it must fail."""
        if self.without_engine:
            return {"blinker": None, self.engine: None}
        return {self.engine: self.blinker} if self.inject_engine else {}


REFERENCE = Implementation(
    name="reference",
    flask="signalbook.reference",
    blinker="signalbook.reference.engine",
    engine="signalbook.reference.engine",
    claims=tomllib.loads(_REFERENCE_CLAIMS.read_text(encoding="utf-8")),
)
"""The reference implementation, as it comes with the kit, and as what it says itself that it is."""

FLASK = Implementation(name="flask")
"""The Flask and blinker that are installed beside the kit."""
