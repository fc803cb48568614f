"""The releases of Flask and blinker that the specification knows, and the hashes of their files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from signalbook.clauses import AXES, SUBJECTS
from signalbook.pages import specification_folder

__all__ = [
    "Release",
    "ReleasesError",
    "UnknownRelease",
    "is_version",
    "newest_release",
    "read_combinations",
    "read_hashes",
    "read_releases",
]

_COMBINATIONS = "flask-with-others"
_REMEDY = "restore it from version control, or install signalbook again"


class ReleasesError(ValueError):
    """`releases.toml` or `hashes.txt` says something that can't be."""


class UnknownRelease(LookupError):
    """The specification knows no such release."""


@dataclass(frozen=True)
class Release:
    """A release of Flask or blinker, and with what it was seen to run.

    :param subject: `flask` or `blinker`.
    :param version: The subject's own version.
    :param python: The version of the interpreter, such as `2.7`.
    :param pins: Requirements, each with its exact version.
    """

    subject: str
    version: str
    python: str
    pins: tuple[str, ...]

    @property
    def versions(self) -> dict[str, str]:
        """The pinned version of every distribution, by name."""
        return dict(pin.split("==") for pin in self.pins)

    @property
    def stands_for(self) -> dict[str, str]:
        """The version of each subject that is in it."""
        versions = self.versions
        return {subject: versions[subject] for subject in SUBJECTS if subject in versions}

    @property
    def axes(self) -> dict[str, str]:
        """The version on each axis that ranges go by."""
        return {**self.stands_for, "python": self.python}


@cache
def read_releases(subject: str = "flask", file: Path | None = None) -> dict[str, Release]:
    """Return every known release of *subject* by version, oldest first.

    :param file: By default the specification's own `releases.toml`.
    :raises ReleasesError: If it can't be read, or an entry is no release.
    """
    file = file or _own_file()
    entries = _tables(file).get(subject)
    if not (isinstance(entries, dict) and entries):
        raise ReleasesError(f"{file}: there is no release of {subject} in it; {_REMEDY}")
    for version, entry in entries.items():
        if problem := _problem(entry) or _problem_of_pins(entry["pins"], f"{subject}=={version}"):
            raise _malformed(file, f'{subject}."{version}"', problem)
    return {version: _release(subject, version, entry) for version, entry in entries.items()}


@cache
def read_combinations(file: Path | None = None) -> dict[str, Release]:
    """Return the releases of Flask with another blinker or Python than their own.

    :param file: By default the specification's own `releases.toml`, which need not have any.
    :returns: By the version and all that it has instead of its own: `2.2.5/blinker==1.9.0`,
        `2.2.5/python==3.12`, or `0.12.5/blinker==1.9.0/python==3.9`.
    :raises ReleasesError: If it can't be read, or an entry is no such combination.
    """
    file = file or _own_file()
    entries = _tables(file).get(_COMBINATIONS, {})
    if not isinstance(entries, dict):
        raise ReleasesError(f"{file}: {_COMBINATIONS!r} is no table; {_REMEDY}")
    releases = read_releases(file=file) if entries else {}
    for name, entry in entries.items():
        if problem := _problem(entry) or _problem_of_combination(name, entry, releases):
            raise _malformed(file, f'{_COMBINATIONS}."{name}"', problem)
    return {
        name: _release("flask", name.partition("/")[0], entry) for name, entry in entries.items()
    }


def newest_release(subject: str = "flask") -> Release:
    """Return the newest known release of *subject*.

    :raises ReleasesError: If the releases can't be read.
    """
    return next(reversed(read_releases(subject).values()))


def _own_file() -> Path:
    return specification_folder() / "releases.toml"


def _tables(file: Path) -> dict[str, Any]:
    text = _text(file)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReleasesError(f"{file}: this is no TOML ({error}); {_REMEDY}") from error


def _malformed(file: Path, table: str, problem: str) -> ReleasesError:
    return ReleasesError(f"{file}: [{table}]: {problem}; mend the entry, or {_REMEDY}")


def _release(subject: str, version: str, entry: Mapping[str, Any]) -> Release:
    return Release(subject, version, entry["python"], tuple(entry["pins"]))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReleasesError(f"{file}: can't be read ({error}); {_REMEDY}") from error


def _problem(entry: object) -> str | None:
    """Say why *entry* can't be a release, if so."""
    if not (isinstance(entry, dict) and set(entry) == {"python", "pins"}):
        return "a release has 'python' and 'pins', and nothing else"
    python, pins = entry["python"], entry["pins"]
    if not (isinstance(python, str) and re.fullmatch(r"\d+\.\d+", python)):
        return f"'python' is {python!r}, and not the version of an interpreter such as \"3.9\""
    if not (isinstance(pins, list) and all(isinstance(pin, str) for pin in pins)):
        return f"'pins' is {pins!r}, and not a list of requirements"
    return None


def _problem_of_combination(
    name: str, entry: Mapping[str, Any], releases: Mapping[str, Release]
) -> str | None:
    """Say why *entry* isn't what *name* says, if so."""
    version = name.partition("/")[0]
    if version not in releases:
        return f"there is no release {version!r} of Flask that it could be of"
    if problem := _problem_of_pins(entry["pins"], f"flask=={version}"):
        return problem
    own, other = releases[version].axes, _release("flask", version, entry).axes
    parts = [f"{axis}=={other.get(axis)}" for axis in AXES if other.get(axis) != own.get(axis)]
    if not parts:
        return "it has the blinker and the Python of the release itself"
    called = "/".join([version, *parts])
    return None if name == called else f"by what it has, its name is {called!r}"


def _problem_of_pins(pins: Sequence[str], own: str) -> str | None:
    """Say why *pins* can't be those of the release *own*, if so."""
    names = set()
    for pin in pins:
        name, _, version = pin.partition("==")
        if not (re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) and is_version(version)):
            return f"the pin {pin!r} isn't a name in small letters, '==' and a version"
        if name in names:
            return f"there are two pins of {name!r}"
        names.add(name)
    return None if own in pins else f"it doesn't pin {own}, which is the release itself"


def is_version(text: str) -> bool:
    """Tell whether *text* is a version as Python's packages have them."""
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


@cache
def read_hashes(file: Path | None = None) -> Mapping[str, str]:
    """Return for each pin, such as `flask==3.1.3`, the requirement that admits its files only.

    :param file: By default the specification's own `hashes.txt`, in pip's format.
    :raises ReleasesError: If it can't be read, or a line is no such requirement.
    """
    file = file or specification_folder() / "hashes.txt"
    requirements = {}
    for line in _text(file).replace("\\\n", "").splitlines():
        if line.strip() and not line.startswith("#"):
            pin, *hashes = line.split()
            wanted = r"--hash=sha256:[0-9a-f]{64}"
            if not (hashes and all(re.fullmatch(wanted, word) for word in hashes)):
                raise ReleasesError(
                    f"{file}: the requirement {pin!r} has something else than hashes, or none;"
                    f" write it with 'nox -s lock', or {_REMEDY}"
                )
            requirements[pin] = " ".join([pin, *hashes])
    return requirements
