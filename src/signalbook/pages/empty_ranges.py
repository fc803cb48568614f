"""Sees to it that every range that a page names has a release in it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from signalbook.clauses import AXES, Clause, admits
from signalbook.pages.errors import PageError

__all__ = ["empty_ranges", "known_environments"]


def known_environments(file: Path) -> list[dict[str, str]]:
    """Return what a `releases.toml` installs, as versions by axis; nothing if it can't be read.

    What is wrong with the file is told by those who install from it.
    """
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        return [_axes(entry) for table in tables.values() for entry in table.values()]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return []


def _axes(entry: Mapping[str, Any]) -> dict[str, str]:
    versions = dict(pin.split("==") for pin in entry["pins"]) | {"python": entry["python"]}
    return {axis: versions[axis] for axis in AXES if axis in versions}


def empty_ranges(
    clauses: Iterable[Clause], environments: Sequence[Mapping[str, str]]
) -> Iterator[PageError]:
    """Yield an error for each clause with a range, or a side of one, that no release is in.

    Such a rule can't be measured, so nothing would ever contradict it.
    """
    for clause in clauses if environments else ():
        for alternative in clause.holds.alternatives if clause.holds else ():
            if not any(admits(alternative, versions) for versions in environments):
                side = " & ".join(f"{axis}{specifiers}" for axis, specifiers in alternative.items())
                yield PageError(
                    clause.file,
                    clause.line,
                    f"no release in spec/releases.toml is in '{side}'",
                    "name one that is, or add the release first",
                )
