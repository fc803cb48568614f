"""Removes folders that clauses have written to: whatever is in them, and without a word."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import count

__all__ = ["remove_folder"]

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def remove_folder(folder: str) -> bool:
    """Remove *folder* with all that is in it, as far as it can be, and tell whether it is gone.

    However deep it is: folders in folders are moved to its top one by one, and so no path is
    longer, and no more files are open, than for one.
    """
    for remove in (os.rmdir, os.unlink):  # Most clauses write nothing, and some a link instead.
        with suppress(OSError):
            remove(folder)
            return True
    with suppress(OSError):
        os.chmod(folder, 0o700)
        top = os.open(folder, _DIRECTORY)
        try:
            _empty(top)
        finally:
            os.close(top)
        os.rmdir(folder)
    return not os.path.lexists(folder)


def _empty(top: int) -> None:
    """Remove what is in the folder that is open as *top*."""
    kept: set[str] = set()
    numbers = count()
    while folders := set(_without_files(top)) - kept:
        for name in folders:
            try:
                _lift(name, top, numbers)
                os.rmdir(name, dir_fd=top)
            except OSError:
                kept.add(name)


def _without_files(folder: int) -> list[str]:
    """Remove the files in *folder* and return the names of the folders in it."""
    folders = []
    for name in os.listdir(folder):
        try:
            os.unlink(name, dir_fd=folder)
        except OSError:
            folders.append(name)
    return folders


def _lift(name: str, top: int, numbers: count[int]) -> None:
    """Move the folders in the folder *name* of *top* beside it, and remove its files."""
    os.chmod(name, 0o700, dir_fd=top)
    folder = os.open(name, _DIRECTORY, dir_fd=top)
    try:
        for inner in _without_files(folder):
            with suppress(OSError):
                os.chmod(inner, 0o700, dir_fd=folder)
                lifted = f".signalbook-{next(numbers)}"
                os.rename(inner, lifted, src_dir_fd=folder, dst_dir_fd=top)
    finally:
        os.close(folder)
