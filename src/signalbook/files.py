"""Files that are written whole or not at all."""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

__all__ = ["replacing", "write_json", "write_whole"]


def write_whole(text: str, file: Path) -> None:
    """Write *text* to *file* as UTF-8, whole or not at all.

    :raises OSError: If it can't be written; the file is then as it was before.
    """
    with replacing(file) as half:
        half.write(text)


def write_json(data: object, file: Path) -> None:
    """Write *data* to *file*, whole or not at all.

    :raises OSError: If it can't be written; the file is then as it was before.
    """
    write_whole(json.dumps(data, indent=2, ensure_ascii=False) + "\n", file)


@contextmanager
def replacing(file: Path) -> Iterator[IO[str]]:
    """Open what takes the place of *file* when the block ends, unless that ends in an exception.

    Links are followed, an old file's mode is kept, and pipes and devices are written to directly,
    as is the file that standard output or error goes to, which has other things in it.
    Only one at a time is in the block: what it reads of the file is what it replaces.

    :raises OSError: If it can't be written; the file is then as it was before.
    """
    old = _status(file)
    stream = old and _standard_stream(old)
    if stream:
        with open(os.dup(stream), "w", encoding="utf-8") as itself:
            yield itself
        return
    if old and not stat.S_ISREG(old.st_mode):
        with open(file, "w", encoding="utf-8") as itself:
            yield itself
        return
    target = Path(os.path.realpath(file))
    half = target.with_name(f".{target.name}.half")
    with open(_alone(half), "w", encoding="utf-8") as text:
        try:
            if old:
                os.fchmod(text.fileno(), stat.S_IMODE(old.st_mode))
            yield text
            text.flush()
            os.replace(half, target)
        except BaseException:
            half.unlink(missing_ok=True)
            raise


def _status(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except FileNotFoundError:
        return None


def _standard_stream(status: os.stat_result) -> int | None:
    """Return the descriptor of standard output or error, if that goes to the file of *status*."""
    for number in (1, 2):
        with suppress(OSError):
            if os.path.samestat(status, os.fstat(number)):
                return number
    return None


def _alone(half: Path) -> int:
    """Return a descriptor of *half*, made anew and locked."""
    while True:
        try:
            descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except FileExistsError:
            _clear(half)
            continue
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # Before it was locked, another could take it for what a killed writer left.
        if _is_at(half, descriptor):
            return descriptor
        os.close(descriptor)


def _clear(half: Path) -> None:
    """Wait for whoever writes *half*; if nobody does, remove what a killed writer left."""
    try:
        descriptor = os.open(half, os.O_WRONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # Whoever had the lock has put the file into its place, or removed it.
        if _is_at(half, descriptor):
            half.unlink()
    finally:
        os.close(descriptor)


def _is_at(path: Path, descriptor: int) -> bool:
    there = _status(path)
    return there is not None and os.path.samestat(there, os.fstat(descriptor))
