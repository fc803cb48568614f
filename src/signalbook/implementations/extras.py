"""What the reference stands on, and the kit itself does without."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata

from packaging.requirements import Requirement

from signalbook.implementations.provisioning import NotProvisioned

__all__ = ["require_reference"]


def require_reference() -> None:
    """Check that what the reference implementation stands on is installed beside the kit.

    :raises NotProvisioned: If it isn't; the kit itself does without.
    """
    lacking = [str(requirement) for requirement in _extra("reference") if _is_lacking(requirement)]
    if lacking:
        raise NotProvisioned(
            f"the reference needs {', '.join(lacking)}; get what it needs with"
            " \"pip install 'signalbook[reference]'\", best in an environment of its own"
        )


def _extra(name: str) -> Iterator[Requirement]:
    try:
        needed = metadata.requires("signalbook") or ()
    except metadata.PackageNotFoundError:  # It is run from the tree, and not installed.
        return
    for requirement in map(Requirement, needed):
        if requirement.marker and requirement.marker.evaluate({"extra": name}):
            requirement.marker = None
            yield requirement


def _is_lacking(requirement: Requirement) -> bool:
    try:
        version = metadata.version(requirement.name)
        return not requirement.specifier.contains(version, prereleases=True)
    except metadata.PackageNotFoundError:
        return True
