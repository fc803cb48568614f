"""Where the files of an application are."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

__all__ = ["folder_of", "instance_folder_of"]


def folder_of(import_name: str) -> str:
    """Return the folder of a module or package, or the current one for a name without a file."""
    file = _file_of(import_name)
    return str(Path(file).resolve().parent) if file else os.getcwd()


def instance_folder_of(import_name: str) -> str:
    """Return the folder for what belongs to one installation of an application.

    It is `instance`, beside the top-level module or package;
    for those that are installed, it is `var/<name>-instance` in the prefix of Python.
    """
    file = _file_of(import_name)
    if file is None:
        return os.path.join(os.getcwd(), "instance")
    folder = Path(file).resolve().parent
    # Counted up from the module itself, since a namespace package has no file.
    above = import_name.count(".") + (Path(file).stem == "__init__")
    for _ in range(above):
        folder = folder.parent
    prefix = Path(sys.prefix).resolve()
    if folder.is_relative_to(prefix) or folder.name == "site-packages":
        name = import_name.partition(".")[0]
        return str(_installed_in(folder, prefix) / "var" / f"{name}-instance")
    return str(folder / "instance")


def _installed_in(folder: Path, prefix: Path) -> Path:
    if folder.is_relative_to(prefix):
        return prefix
    # As in prefix/lib/python3.11/site-packages.
    return folder.parents[2] if folder.parents[1].name == "lib" else folder.parent


def _file_of(import_name: str) -> str | None:
    # First, since `__main__` has a file but no specification that could be found.
    file = getattr(sys.modules.get(import_name), "__file__", None)
    if file is not None:
        return str(file)
    try:
        spec = find_spec(import_name)
    # Its parent may be missing, or it was made by hand, without a specification.
    except (ImportError, ValueError):
        return None
    return spec.origin if spec is not None and spec.has_location else None
