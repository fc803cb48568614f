"""The releases that an implementation of somebody's own claims to behave as."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from packaging.version import InvalidVersion, Version

from signalbook.implementations.implementation import UnknownImplementation
from signalbook.implementations.releases import newest_release, read_releases

__all__ = ["is_newer", "read_claims"]


def is_newer(subject: str, version: str) -> bool:
    """Tell whether *version* of *subject* is newer than any that the specification knows."""
    return _public(version) > Version(newest_release(subject).version)


def read_claims(texts: Sequence[str], subjects: Collection[str]) -> dict[str, str]:
    """Return the version that is claimed of each subject, from texts such as `flask==2.2.5`.

    :param subjects: What the implementation has: `flask`, `blinker` or both.
    :raises UnknownImplementation: If a text can't be read, is about what the implementation
        doesn't have, contradicts another, or names an older release that never was.
    """
    claims: dict[str, str] = {}
    for text in texts:
        subject, version = _read(text)
        if subject in claims:
            raise UnknownImplementation(
                f"the claim {text!r} is the second about {subject}; give one for each subject"
            )
        if subject not in subjects:
            raise UnknownImplementation(
                f"the claim {text!r} is about {subject}, and the implementation has nothing in"
                f" place of it; leave the claim out, or name the module with --{subject}"
            )
        if not (_is_known(subject, version) or is_newer(subject, version)):
            raise UnknownImplementation(
                f"the claim {text!r} names no release of {subject} with signals;"
                f" next to it are {' and '.join(_neighbours(subject, version))}"
            )
        claims[subject] = version
    return claims


def _read(text: str) -> tuple[str, str]:
    subject, _, version = text.partition("==")
    try:
        version = str(Version(version))
    except InvalidVersion:
        subject = ""
    if subject not in {"flask", "blinker"}:
        raise UnknownImplementation(
            f"the claim {text!r} can't be read; write for example 'flask==2.2.5'"
        )
    return subject, version


def _public(version: str) -> Version:
    """Return *version* without what a distributor appends, such as `+debian1`."""
    return Version(Version(version).public)


def _is_known(subject: str, version: str) -> bool:
    return _public(version) in map(Version, read_releases(subject))


def _neighbours(subject: str, version: str) -> list[str]:
    """Return the known releases before and after *version*, where there are such."""
    known = list(read_releases(subject))
    older = [one for one in known if Version(one) < Version(version)]
    return [*older[-1:], *known[len(older) : len(older) + 1]]
