"""What is under test: two module names, an interpreter, a search path, the releases it claims.

Real releases of Flask and blinker are provisioned from the pins in `spec/releases.toml`.
"""

from signalbook.implementations.claims import is_newer, newest
from signalbook.implementations.interpreters import MissingInterpreter, find_interpreter
from signalbook.implementations.model import (
    FLASK,
    REFERENCE,
    Implementation,
    UnknownImplementation,
)
from signalbook.implementations.named import custom, known, without_blinker
from signalbook.implementations.releases import (
    NotProvisioned,
    Release,
    UnknownRelease,
    install,
    provision,
    read_releases,
)

__all__ = [
    "FLASK",
    "REFERENCE",
    "Implementation",
    "MissingInterpreter",
    "NotProvisioned",
    "Release",
    "UnknownImplementation",
    "UnknownRelease",
    "custom",
    "find_interpreter",
    "install",
    "is_newer",
    "known",
    "newest",
    "provision",
    "read_releases",
    "without_blinker",
]
