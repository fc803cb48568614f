"""What is kept from one run to the next: folders of installed packages, trusted only whole.

A kept folder has four names: `packages`, which goes onto a search path; `SHA256SUMS`, which says
what is in it and is written last; `half`, which is there while it is made; and `lock`, which
whoever makes it holds, so that two runs don't make it at once and dead runs are known as dead.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["cache_folder", "keep"]


def cache_folder() -> Path:
    """Return the folder for what is kept from one run to the next; it needn't be there yet.

    :raises RuntimeError: If nothing names one, and nobody's home is known.
    """
    base = os.environ.get("SIGNALBOOK_CACHE") or os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser().absolute() / "signalbook"


def keep(folder: Path, fill: Callable[[Path], None]) -> Path:
    """Return the packages that are kept in *folder*, as they were when they were made.

    :param fill: Makes `packages` in the folder that it gets. It is called if there are none, or
        if a file was added, removed or altered since.
    :raises OSError: If the folder can't be read or written.
    """
    packages = folder / "packages"
    if not _is_whole(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            if not _is_whole(folder):  # Somebody else may have been quicker.
                _sweep(folder.parent)
                _make(folder, fill)
    return packages


def _make(folder: Path, fill: Callable[[Path], None]) -> None:
    half, packages, sums = folder / "half", folder / "packages", folder / "SHA256SUMS"
    _remove(half)
    half.mkdir()
    try:
        fill(half)
        made = _sums(half / "packages")
        _remove(sums)
        _remove(packages)
        (half / "packages").rename(packages)
        sums.write_text(made, encoding="utf-8", errors="surrogateescape")
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sweep(cache: Path) -> None:
    """Remove what dead runs have left half-made."""
    for half in cache.glob("*/half"):
        with suppress(OSError), _locked(half.parent, wait=False):
            shutil.rmtree(half)


@contextmanager
def _locked(folder: Path, *, wait: bool = True) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield


def _is_whole(folder: Path) -> bool:
    sums = folder / "SHA256SUMS"
    if not sums.is_file():
        return False
    try:
        noted = sums.read_text(encoding="utf-8", errors="surrogateescape")
        return noted == _sums(folder / "packages")
    except FileNotFoundError:  # Somebody else is making it again.
        return False


def _sums(packages: Path) -> str:
    """Return what `sha256sum` would print of the files in *packages*, by name."""
    lines = []
    for path in sorted(packages.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            # A pipe would never end.
            content = path.read_bytes() if path.is_file() else b""
            lines.append(f"{hashlib.sha256(content).hexdigest()}  {path.relative_to(packages)}\n")
    return "".join(lines)
