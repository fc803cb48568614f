"""Real releases of Flask and blinker, installed from their pins into folders of their own."""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
from pathlib import Path

from signalbook.implementations.cache import cache_folder, keep
from signalbook.implementations.implementation import Implementation
from signalbook.implementations.interpreters import find_interpreter
from signalbook.implementations.releases import (
    Release,
    ReleasesError,
    UnknownRelease,
    read_hashes,
    read_releases,
)

__all__ = ["NotProvisioned", "install", "provision"]


class NotProvisioned(RuntimeError):
    """A release could not be installed."""


def provision(version: str, *, subject: str = "flask") -> Implementation:
    """Install the release *version* of *subject* with its pins, unless it is in the cache.

    :raises UnknownRelease: If the specification doesn't know the release.
    :raises MissingInterpreter: If the machine lacks the interpreter.
    :raises NotProvisioned: If installing fails; nothing of it is left in the cache then.
    """
    releases = read_releases(subject)
    if version not in releases:
        known = ", ".join(releases)
        name = "Flask" if subject == "flask" else subject
        raise UnknownRelease(f"there is no {name} {version!r} with signals; known are {known}")
    return install(releases[version])


def install(release: Release) -> Implementation:
    """Install *release* with its pins, unless it is in the cache as it was installed.

    :raises ReleasesError: If the hashes of a pin's files aren't known.
    :raises MissingInterpreter: If the machine lacks the interpreter.
    :raises NotProvisioned: If installing fails; nothing of it is left in the cache then.
    """
    interpreter = find_interpreter(release.python)
    requirements = "".join(f"{_requirement(pin)}\n" for pin in release.pins)
    digest = hashlib.sha256(requirements.encode()).hexdigest()[:12]
    name = f"{release.subject}-{release.version}-python{release.python}-{digest}"

    def fill(folder: Path) -> None:
        (folder / "requirements.txt").write_text(requirements, encoding="utf-8")
        _install(release, interpreter, folder)

    try:
        cache = cache_folder()
    except RuntimeError as error:
        raise NotProvisioned(f"{error}; name a folder in SIGNALBOOK_CACHE") from error
    try:
        packages = keep(cache / name, fill)
    except OSError as error:
        raise NotProvisioned(
            f"{release.subject} {release.version} can't be kept in the cache {str(cache)!r}"
            f" ({error.strerror}); make that a folder with room in it, or name another in"
            " SIGNALBOOK_CACHE"
        ) from error
    return Implementation(
        name=f"{release.subject}=={release.version}",
        flask="flask" if "flask" in release.stands_for else None,
        python=interpreter,
        path=(str(packages),),
        claims=release.stands_for,
    )


def _requirement(pin: str) -> str:
    try:
        return read_hashes()[pin]
    except KeyError as error:
        raise ReleasesError(
            f"the hashes of {pin!r} are not in hashes.txt, which is beside releases.toml;"
            " write them with 'nox -s lock'"
        ) from error


def _install(release: Release, interpreter: str, folder: Path) -> None:
    python = _with_pip(interpreter, folder)
    command = [python, "-m", "pip", "install", "--no-deps", "--target", "packages"]
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes"]
    # What pip would fetch to build an old release with has no hash.
    options += ["--no-build-isolation", "--requirement", "requirements.txt"]
    done = _run([*command, *options], folder)
    if done.returncode:
        by_hand = shlex.join([*command, *release.pins])
        if python != interpreter:
            by_hand = f"{shlex.join([interpreter, '-m', 'venv', 'environment'])} && {by_hand}"
        raise NotProvisioned(
            f"{release.subject} {release.version} could not be installed for {interpreter}:"
            f" {_reason(done.stderr)}; run it by hand: {by_hand}"
        )


def _reason(said: str) -> str:
    """Say in a few words what happened, and then what pip says at last."""
    if "DO NOT MATCH THE HASHES" in said:
        reason = "a file is not the one whose hash is in hashes.txt"
    elif "No matching distribution found" in said:
        reason = "the package index could not be reached, or has no such file"
    else:
        reason = "pip failed"
    words = " | ".join([line.strip() for line in said.splitlines() if line.strip()][-3:])
    return f"{reason}; pip says: {words or 'nothing'}"


def _with_pip(interpreter: str, folder: Path) -> str:
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
    return os.path.join("environment", "bin", "python")


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in *folder*: with -m, modules in the current one would shadow Python's."""
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    environment.pop("PYTHONPATH", None)
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        env=environment,
        cwd=folder,
    )
