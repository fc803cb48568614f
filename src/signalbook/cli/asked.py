"""The implementations that a command line asks for, and how to ask for one of them again."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from signalbook.harmless import harmless
from signalbook.implementations import (
    Implementation,
    UnknownImplementation,
    UnknownRelease,
    custom,
    known,
)
from signalbook.settings import Settings, SettingsError

__all__ = ["Asked", "asked", "quoted"]


@dataclass(frozen=True)
class Asked:
    """An implementation that is asked for.

    :param name: What reports call it.
    :param words: What asks for it alone.
    :param make: Returns it, installed if it must be.
    :param folders: The folders that its modules are said to be in, if any.
    :param is_own: Whether it is described, and none that the kit knows.
    """

    name: str
    words: Sequence[str]
    make: Callable[[], Implementation]
    folders: Sequence[str] = ()
    is_own: bool = False


def asked(names: Sequence[str], described: Mapping[str, Any], settings: Settings) -> list[Asked]:
    """Return an entry for each of *names*, and one for what is described.

    :param described: The options of `custom`, given or not.
    :param settings: What a file gives, to be used unless only names are asked for.
    :raises UnknownImplementation: If the options describe nothing.
    :raises SettingsError: If what the file gives describes nothing.
    """
    given = {name: value for name, value in described.items() if value not in (None, False, ())}
    whole = {} if names and not given else settings.described(given)
    found = [
        Asked(name, [name], partial(known, name))
        for name in dict.fromkeys(names or ([] if whole else ["reference"]))
    ]
    if whole:
        own = _custom(whole, None if given else settings.file)
        name = f"{own.name} (yours)" if own.name in names else own.name
        folders = own.path if "path" in whole and not own.setup else ()
        found.append(Asked(name, list(_words(given)), lambda: own, folders, is_own=True))
    return found


def _custom(described: Mapping[str, Any], file: Path | None) -> Implementation:
    """Return what is *described*, by *file* alone if it is given."""
    try:
        return custom(**described)
    except (UnknownImplementation, UnknownRelease) as error:
        if file:
            raise SettingsError(f"{file}: {error}") from error
        raise


def _words(given: Mapping[str, Any]) -> Iterable[str]:
    for option, value in given.items():
        flag = f"--{option.replace('_', '-')}"
        if value is True:
            yield flag
            continue
        for one in value if isinstance(value, tuple) else (value,):
            yield from (flag, one)


def quoted(words: Iterable[object]) -> str:
    """Return *words* as a line for a shell."""
    return " ".join(map(_quoted, map(str, words)))


def _quoted(word: str) -> str:
    if harmless(word) == word:
        return shlex.quote(word)
    # As bytes, since it may be in no encoding at all.
    return "$'" + "".join(f"\\x{byte:02x}" for byte in os.fsencode(word)) + "'"
