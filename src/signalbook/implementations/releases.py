"""Real releases of Flask and blinker, installed from their pins into folders of their own."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
import tomllib
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from signalbook.implementations.interpreters import find_interpreter
from signalbook.implementations.model import Implementation
from signalbook.pages import specification_folder

__all__ = ["NotProvisioned", "Release", "UnknownRelease", "install", "provision", "read_releases"]


class UnknownRelease(LookupError):
    """The specification knows no such release."""


class NotProvisioned(RuntimeError):
    """A release could not be installed."""


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


@cache
def read_releases(subject: str = "flask", file: Path | None = None) -> dict[str, Release]:
    """Return every known release of *subject* by version, oldest first.

    :param file: By default the specification's own `releases.toml`.
    """
    text = (file or specification_folder() / "releases.toml").read_text(encoding="utf-8")
    return {
        version: Release(subject, version, entry["python"], tuple(entry["pins"]))
        for version, entry in tomllib.loads(text)[subject].items()
    }


def provision(version: str, *, subject: str = "flask", python: str | None = None) -> Implementation:
    """Install the release *version* of *subject* with its pins, unless it is in the cache.

    :param python: Another interpreter's version than the release is pinned to.
    :raises UnknownRelease: If the specification doesn't know the release.
    :raises MissingInterpreter: If the machine lacks the interpreter.
    :raises NotProvisioned: If installing fails; nothing is left in the cache then.
    """
    releases = read_releases(subject)
    if version not in releases:
        known = ", ".join(releases)
        name = "Flask" if subject == "flask" else subject
        raise UnknownRelease(f"there is no {name} {version!r} with signals; known are {known}")
    release = releases[version]
    return install(replace(release, python=python) if python else release)


def install(release: Release) -> Implementation:
    """Install *release* with its pins, unless it is in the cache.

    :raises MissingInterpreter: If the machine lacks the interpreter.
    :raises NotProvisioned: If installing fails; nothing is left in the cache then.
    """
    interpreter = find_interpreter(release.python)
    folder = _cache() / _folder_name(release)
    if not folder.is_dir():
        _install(release, interpreter, folder)
    subjects = {"flask", "blinker"} & set(release.versions)
    return Implementation(
        name=f"{release.subject}=={release.version}",
        flask="flask" if "flask" in subjects else None,
        python=interpreter,
        path=(str(folder),),
        claims={subject: release.versions[subject] for subject in sorted(subjects)},
    )


def _cache() -> Path:
    base = os.environ.get("SIGNALBOOK_CACHE") or os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "signalbook"


def _folder_name(release: Release) -> str:
    digest = hashlib.sha256("\n".join(release.pins).encode()).hexdigest()[:12]
    return f"{release.subject}-{release.version}-python{release.python}-{digest}"


def _install(release: Release, interpreter: str, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Into a folder beside it first: a cached folder is always complete.
    with tempfile.TemporaryDirectory(prefix=f"{folder.name}-", dir=folder.parent) as beside:
        half = Path(beside) / "packages"
        command = [_with_pip(interpreter, beside), "-m", "pip", "install", "--quiet"]
        command += ["--disable-pip-version-check", "--no-deps", "--target", str(half)]
        done = _run([*command, *release.pins], beside)
        if done.returncode:
            last = done.stderr.strip().rsplit("\n", 1)[-1]
            raise NotProvisioned(
                f"{release.subject} {release.version} could not be installed for {interpreter}:"
                f" {last}; run it by hand: {' '.join([*command, *release.pins])}"
            )
        with suppress(OSError):  # Somebody else was quicker.
            half.rename(folder)


def _with_pip(interpreter: str, folder: str) -> str:
    """Return *interpreter* if it has pip, and else one of a new environment of it that has.

    :raises NotProvisioned: If it can't make such an environment either.
    """
    if _run([interpreter, "-m", "pip", "--version"], folder).returncode == 0:
        return interpreter
    # Environments that uv makes have none, and Debian's Python hasn't either.
    if _run([interpreter, "-m", "venv", "environment"], folder).returncode:
        raise NotProvisioned(
            f"{interpreter} has neither pip nor a working venv; install pip for it, on Debian"
            " with the package python3-venv"
        )
    return str(Path(folder) / "environment" / "bin" / "python")


def _run(command: list[str], folder: str) -> subprocess.CompletedProcess[str]:
    """Run a command in *folder*: with -m, modules in the current one would shadow Python's."""
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    environment.pop("PYTHONPATH", None)
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder)
