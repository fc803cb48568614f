"""Finds CPython interpreters by version."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

__all__ = ["MissingInterpreter", "find_interpreter"]


class MissingInterpreter(LookupError):
    """This machine has no such interpreter."""


@cache
def find_interpreter(version: str) -> str:
    """Return the path of an interpreter of *version*, such as `"3.9"`.

    Looked for on PATH, among pyenv's and uv's, and with the launcher `py`.
    One counts only if it starts and says so itself.

    :raises MissingInterpreter: If there is none.
    """
    for candidate in _candidates(version):
        if _version_of(candidate) == version:
            return candidate
    raise MissingInterpreter(
        f"CPython {version} is not on this machine;"
        f" install it, and put its folder on PATH as 'python{version}'"
    )


def _candidates(version: str) -> Iterator[str]:
    yield sys.executable
    for folder in os.get_exec_path():
        if found := shutil.which(f"python{version}", path=folder):
            yield found
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from map(str, sorted(root.glob(f"versions/{version}.*/bin/python")))
    for command in (
        ["uv", "python", "find", "--no-python-downloads", version],
        ["py", f"-{version}", "-c", "import sys; print(sys.executable)"],
    ):
        if shutil.which(command[0]) and (found := _output(command)):
            yield found


def _version_of(python: str) -> str | None:
    # A shim of pyenv's may be there and fail.
    return _output([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])


def _output(command: list[str]) -> str | None:
    """Return what *command* prints, or `None` if it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
