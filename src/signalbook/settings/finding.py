"""Where settings are: in a file of their own, or in a project's."""

from __future__ import annotations

import tomllib
from pathlib import Path

__all__ = ["NAME", "PROJECT", "find_settings", "table_of"]

NAME = "signalbook.toml"
PROJECT = "pyproject.toml"


def find_settings(folder: Path | None = None) -> Path | None:
    """Return the file with settings that is nearest to *folder*, from there upwards.

    :param folder: By default the working folder.
    :returns: A `signalbook.toml`, or a `pyproject.toml` with a table `tool.signalbook`.
    """
    folder = (folder or Path()).absolute()
    for place in (folder, *folder.parents):
        if (place / NAME).is_file():
            return place / NAME
        if _has_table(place / PROJECT):
            return place / PROJECT
    return None


def table_of(file: Path) -> tuple[str, ...]:
    """Return the keys that lead to the settings in *file*."""
    return ("tool", "signalbook") if file.name == PROJECT else ()


def _has_table(file: Path) -> bool:
    try:
        tool = tomllib.loads(file.read_text(encoding="utf-8-sig")).get("tool", {})
    except (OSError, ValueError, RecursionError):
        return False  # Whose it is will be told by others.
    return isinstance(tool, dict) and "signalbook" in tool
