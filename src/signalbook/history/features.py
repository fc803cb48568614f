"""Which features each clause needs, as measured: `spec/features.json`.

A clause needs a feature if it doesn't pass on a copy of the reference that lacks it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from signalbook.clauses import FEATURES, Clause
from signalbook.files import write_whole
from signalbook.history.reading import checked_text, read_json
from signalbook.pages import specification_folder

__all__ = ["Features", "Needed", "features_file", "read_features", "write_features"]

_FORMAT = 2
_REMEDY = "restore it from version control, or remove it and run 'nox -s features'"


@dataclass(frozen=True)
class Needed:
    """What a clause needs.

    :param digest: The digest of the examples that were run.
    :param features: The features, in alphabetical order.
    """

    digest: str
    features: Sequence[str]


@dataclass(frozen=True)
class Features:
    """What was measured of each clause that the reference keeps, by id.

    :param copies: The digest of the copies of the reference that it was measured on.
    """

    copies: str = ""
    clauses: Mapping[str, Needed] = field(default_factory=dict)

    def of(self, clause: Clause) -> Sequence[str] | None:
        """Return the features that *clause* needs; `None` if that isn't known of its examples."""
        needed = self.clauses.get(clause.id)
        return needed.features if needed and needed.digest == clause.digest else None

    def of_rule(self, clause: Clause) -> tuple[Sequence[str], Sequence[str]] | None:
        """Return what each check of *clause* needs, and what some need besides.

        Both are in the order of {py:data}`~signalbook.clauses.FEATURES`; `None` if nothing is
        known of its examples.
        """
        known = [of for check in clause.rows or (clause,) if (of := self.of(check)) is not None]
        if not known:
            return None
        all_of_them = [name for name in FEATURES if all(name in of for of in known)]
        some = [name for name in FEATURES if any(name in of for of in known)]
        return all_of_them, [name for name in some if name not in all_of_them]


def features_file() -> Path:
    """Return the specification's own file."""
    return specification_folder() / "features.json"


def read_features(file: Path | None = None) -> Features:
    """Read what was measured; nothing was if there is no file.

    :param file: By default the specification's own.
    :raises HistoryError: If it is something else.
    """
    file = file or features_file()
    try:
        return read_json(file, _features, what="a list of features", remedy=_REMEDY)
    except FileNotFoundError:
        return Features()


def _features(data: Mapping[str, Any]) -> Features:
    if data["format"] != _FORMAT:
        raise ValueError(f"format {data['format']!r}, and this kit reads {_FORMAT}")
    clauses = {checked_text(id): _needed(entry) for id, entry in data["clauses"].items()}
    return Features(checked_text(data["copies"]), clauses)


def _needed(entry: Mapping[str, Any]) -> Needed:
    return Needed(checked_text(entry["digest"]), [checked_text(name) for name in entry["features"]])


def write_features(features: Features, file: Path | None = None) -> None:
    """Write *features*, with a line for each clause.

    :param file: By default the specification's own.
    :raises OSError: If it can't be written; the file is then as it was before.
    """
    head = f'"format": {_FORMAT},\n"copies": {json.dumps(features.copies)}'
    lines = [_line(id, needed) for id, needed in features.clauses.items()]
    text = f'{{\n{head},\n"clauses": {{\n' + ",\n".join(lines) + "\n}\n}\n"
    write_whole(text, file or features_file())


def _line(id: str, needed: Needed) -> str:
    entry = {"digest": needed.digest, "features": sorted(needed.features)}
    return f"{json.dumps(id)}: {json.dumps(entry)}"
