"""A tree of Flask's repository, which is no release: in a folder, or in an archive."""

from __future__ import annotations

import datetime
import lzma
import re
import subprocess
import tarfile
import tempfile
import tomllib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from signalbook.history.reading import HistoryError

__all__ = ["Checkout", "opened"]

_REMEDY = "give a folder or a tar archive of Flask's repository"


@dataclass(frozen=True)
class Checkout:
    """A tree that can be imported from.

    :param source: The folder that has the package `flask` in it.
    :param version: What it calls itself, such as `3.2.0.dev0`.
    :param commit: The commit that it is of, in hexadecimal digits.
    :param date: The commit's day, such as `2026-04-08`.
    """

    source: Path
    version: str
    commit: str
    date: str


@contextmanager
def opened(path: Path, commit: str | None = None, date: str | None = None) -> Iterator[Checkout]:
    """Return the tree in a folder or in an archive, which is unpacked as long as the block runs.

    :param commit: Its commit, where that isn't found in it: in a folder with git, in an archive if
        git has made it.
    :param date: The commit's day, likewise.
    :raises HistoryError: If there is no Flask in it, it can't be read, or nothing says of which
        commit it is.
    """
    if path.is_dir():
        yield _checkout(path, path, _committed_in(path), (commit, date))
        return
    with tempfile.TemporaryDirectory(prefix="signalbook-") as folder:
        found = _unpack(path, Path(folder))
        yield _checkout(path, Path(folder), found, (commit, date))


def _checkout(
    path: Path,
    folder: Path,
    found: tuple[str, str] | None,
    said: tuple[str | None, str | None],
) -> Checkout:
    if found and any(said):
        raise HistoryError(
            f"{path}: it says itself that it is commit {found[0]} of {found[1]};"
            " leave out --commit and --date"
        )
    roots = [folder, *sorted(folder.glob("*/"))]
    for root in roots:
        for source in (root / "src", root):
            if (source / "flask" / "__init__.py").is_file():
                return Checkout(source, _version(path, root), *_known(path, *(found or said)))
    raise HistoryError(f"{path}: there is no Flask in it, such as 'src/flask'; {_REMEDY}")


def _version(path: Path, root: Path) -> str:
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
        return str(Version(project["project"]["version"]))
    except (OSError, ValueError, LookupError, TypeError) as error:
        problem = f"{type(error).__name__}: {error}".replace(f"{root}/", "")
        raise HistoryError(
            f"{path}: its pyproject.toml doesn't say which version it is ({problem}); {_REMEDY}"
        ) from error


def _known(path: Path, commit: str | None, date: str | None) -> tuple[str, str]:
    if not (commit and date):
        raise HistoryError(
            f"{path}: nothing in it says of which commit it is; say it with --commit COMMIT and"
            " --date DAY"
        )
    if not re.fullmatch(r"[0-9a-f]{7,40}", commit):
        raise HistoryError(f"{commit!r} is no commit; give 7 to 40 of its hexadecimal digits")
    try:
        return commit, datetime.date.fromisoformat(date).isoformat()
    except ValueError as error:
        raise HistoryError(f"{date!r} is no day; write it as 2026-04-08") from error


def _committed_in(folder: Path) -> tuple[str, str] | None:
    """Return commit and day of a folder that git keeps, if nothing was changed in it since."""
    # A folder in somebody's repository may be of any commit.
    if not (folder / ".git").exists() or _git(folder, "status", "--porcelain") != "":
        return None
    commit, _, date = (_git(folder, "log", "-1", "--format=%H %cs") or "").partition(" ")
    return (commit, date) if date else None


def _git(folder: Path, *words: str) -> str | None:
    """Return what git prints, or `None` if it fails."""
    command = ["git", "-C", str(folder), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _extract(tar: tarfile.TarFile, folder: Path) -> None:
    """Write the files of *tar* below *folder*; links, which Flask's sources don't need, are not.

    :raises tarfile.TarError: One would be written elsewhere.
    """
    # CPython 3.11.4 brought `extractall` a filter that refuses such; this goes without.
    for member in tar:
        place = (folder / member.name).resolve()
        if not place.is_relative_to(folder):
            raise tarfile.TarError(f"{member.name!r} would be written outside of its folder")
        if content := tar.extractfile(member) if member.isfile() else None:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content.read())


def _unpack(archive: Path, folder: Path) -> tuple[str, str] | None:
    """Unpack *archive*, and return commit and day if git has made it, which writes both."""
    try:
        with tarfile.open(archive) as tar:
            _extract(tar, folder.resolve())
            commit = tar.pax_headers.get("comment", "")
            times = [member.mtime for member in tar.getmembers()]
    except (tarfile.TarError, OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        # More lines tell for each kind of archive that it isn't one.
        said = str(error).partition("\n")[0].rstrip(":")
        raise HistoryError(f"{archive}: can't be unpacked ({said}); {_REMEDY}") from error
    if not (re.fullmatch(r"[0-9a-f]{40}", commit) and times):
        return None
    day = datetime.datetime.fromtimestamp(max(times), datetime.UTC).date()
    return commit, day.isoformat()
