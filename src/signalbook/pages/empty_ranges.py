"""Sees to it that every range that a page names has a release in it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from signalbook.clauses import SUBJECTS, Clause
from signalbook.pages.errors import PageError

__all__ = ["empty_ranges", "known_releases"]


def known_releases(file: Path) -> dict[str, list[str]]:
    """Return the releases that a `releases.toml` names, by subject; none if it can't be read.

    What is wrong with the file is told by those who install from it.
    """
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        return {subject: list(data[subject]) for subject in SUBJECTS}
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return {}


def empty_ranges(
    clauses: Iterable[Clause], releases: Mapping[str, Iterable[str]]
) -> Iterator[PageError]:
    """Yield an error for each clause with a range, or a part of one, that no release is in.

    Such a rule can't be measured, so nothing would ever contradict it.
    """
    for clause in clauses:
        for subject, specifiers in clause.holds.alternatives if clause.holds else ():
            if subject in releases and not any(specifiers.filter(releases[subject])):
                yield PageError(
                    clause.file,
                    clause.line,
                    f"no release in spec/releases.toml is in '{subject}{specifiers}'",
                    "name one that is, or add the release first",
                )
