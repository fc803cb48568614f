"""What is under test: two module names, an interpreter, a search path, the releases it claims.

Real releases of Flask and blinker are provisioned from the pins in `spec/releases.toml`, and only
from the files whose hashes are in `spec/hashes.txt`.
"""

from signalbook.implementations.cache import cache_folder
from signalbook.implementations.claimed_releases import is_newer
from signalbook.implementations.implementation import (
    FLASK,
    REFERENCE,
    Implementation,
    UnknownImplementation,
)
from signalbook.implementations.interpreters import MissingInterpreter, find_interpreter
from signalbook.implementations.named import custom, known, without_blinker
from signalbook.implementations.provisioning import NotProvisioned, install, provision
from signalbook.implementations.releases import (
    Release,
    ReleasesError,
    UnknownRelease,
    is_version,
    newest_release,
    read_combinations,
    read_releases,
)

__all__ = [
    "FLASK",
    "REFERENCE",
    "Implementation",
    "MissingInterpreter",
    "NotProvisioned",
    "Release",
    "ReleasesError",
    "UnknownImplementation",
    "UnknownRelease",
    "cache_folder",
    "custom",
    "find_interpreter",
    "install",
    "is_newer",
    "is_version",
    "known",
    "newest_release",
    "provision",
    "read_combinations",
    "read_releases",
    "without_blinker",
]
