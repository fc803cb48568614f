"""Reads the file of profiles, which lies beside the pages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from signalbook.clauses import Profile
from signalbook.pages.errors import PageError

__all__ = ["read_profiles"]

_FORM = (
    "a profile is a table with the text 'about' and the lists of ids and patterns"
    " 'clauses' and, if any are left out, 'without'"
)


def read_profiles(folder: Path) -> Mapping[str, Profile]:
    """Return the profiles of the pages in *folder*, by name; there need be none.

    :raises PageError: If the file can't be read, or says something else.
    """
    file = folder / "profiles.toml"
    if not file.exists():
        return {}
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PageError(str(file), 1, f"it can't be read ({error})", _FORM) from error
    for name, table in tables.items():
        if not _is_profile(table):
            raise PageError(str(file), 1, f"{name!r} is no profile", _FORM)
    return {name: Profile(**table) for name, table in tables.items()}


def _is_profile(table: object) -> bool:
    match table:
        case {"about": str(), "clauses": clauses, **rest} if rest.keys() <= {"without"}:
            return all(map(_is_list_of_texts, [clauses, *rest.values()]))
    return False


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
