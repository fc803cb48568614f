"""Finds CPython interpreters by version."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
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
            # PATH may name folders from here, and an interpreter is started elsewhere.
            yield os.path.abspath(found)
    root = Path(os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv"))
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
    # Into a file: a pipe would stay open as long as anything lives that the command has started.
    with tempfile.TemporaryFile() as printed:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.DEVNULL,
                timeout=30,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        printed.seek(0)
        return printed.read().decode("utf-8", "replace").strip() if done.returncode == 0 else None
