"""The files of a specification, and their text, in which everything can be seen."""

from __future__ import annotations

import codecs
import os
import re
import stat
import unicodedata
from pathlib import Path

from signalbook.pages.errors import PageError
from signalbook.pages.markdown import Source

__all__ = ["page_files", "read_source"]

_LARGEST = 2**20
_SUSPECT = re.compile(r"[^\n -~]")
_UNSEEN = {"Cc", "Cf", "Co", "Zl", "Zp", "Zs"}
# Letters and marks that are drawn as nothing.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)


def page_files(folder: Path) -> tuple[list[Path], list[PageError]]:
    """Return whatever is called `*.md` below *folder*, and the folders that can't be read."""
    errors: list[PageError] = []

    def unreadable(error: OSError) -> None:
        file = _shown(Path(error.filename), folder)
        errors.append(PageError(file, 1, f"the folder can't be read: {error.strerror}", "allow it"))

    found = [
        Path(parent, name)
        for parent, folders, files in os.walk(folder, onerror=unreadable)
        for name in (*folders, *files)
        if name.endswith(".md")
    ]
    return sorted(found), errors


def read_source(path: Path, root: Path) -> Source:
    """Read the text of the page at *path*.

    :param root: The specification's folder.
    :raises PageError: If it is no file with text, or has characters that can't be seen.
    """
    file = _shown(path, root)
    if not str(path).isprintable():
        raise PageError(file, 1, "the file's name can't be printed", "rename it")
    content = _content(path, file).removeprefix(codecs.BOM_UTF8)
    content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        raise PageError(
            file, line, f"the byte 0x{byte:02x} is not UTF-8", "save the page as UTF-8"
        ) from None
    _refuse_unseen(text, file)
    return Source(file, text)


def _shown(path: Path, root: Path) -> str:
    name = f"spec/{path.relative_to(root).as_posix()}"
    return name if name.isprintable() else ascii(name)[1:-1]


def _content(path: Path, file: str) -> bytes:
    try:
        # Before it is opened: opening a pipe would wait for ever.
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise PageError(file, 1, "this is a folder, and pages are files", "rename it")
        if not stat.S_ISREG(status.st_mode):
            raise PageError(file, 1, "this is no regular file", "put the page itself here")
        if status.st_size > _LARGEST:
            raise PageError(file, 1, "the page is larger than 1 MiB", "split it")
        return path.read_bytes()
    except OSError as error:
        raise PageError(
            file, 1, f"the page can't be read: {error.strerror}", "mend it, or remove it"
        ) from None


def _refuse_unseen(text: str, file: str) -> None:
    for found in _SUSPECT.finditer(text):
        character = found[0]
        if unicodedata.category(character) in _UNSEEN or _BLANK.match(character):
            name = "TAB" if character == "\t" else unicodedata.name(character, "CONTROL CHARACTER")
            raise PageError(
                file,
                text.count("\n", 0, found.start()) + 1,
                f"the character U+{ord(character):04X} {name} can't be seen",
                f"remove it, or write it as an escape: {character!a}",
            )
