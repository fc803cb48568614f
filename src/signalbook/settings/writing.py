"""Writes settings: a first file, and what fails now as deviations, next to what is there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.container import Container
from tomlkit.items import AoT, Table

from signalbook.files import write_whole
from signalbook.harmless import harmless
from signalbook.settings.finding import table_of
from signalbook.settings.reading import SettingsError
from signalbook.verdicts import Result, Verdict

__all__ = ["add_deviations", "write_settings"]

_COMMENTS = {
    "flask": "What stands in for flask.",
    "blinker": "What stands in for blinker.",
    "release": "The half that is real.",
    "path": "Where it is imported from, relative to this file.",
    "python": "The interpreter that has it.",
    "setup": "Called with each application.",
    "claims": "The releases that it is taken for.",
    "inject_engine": "Its framework gets its engine.",
    "without_blinker": "Importing blinker fails.",
    "lacks": "What it does without: clauses that need it are not claimed.",
}


def write_settings(file: Path, given: Mapping[str, Any]) -> str:
    """Write a first file with the options *given* to `custom`, and return its text.

    :raises FileExistsError: If there is a file already; it stays as it is.
    :raises OSError: If it can't be written.
    """
    if file.exists():
        raise FileExistsError(17, "File exists", str(file))
    document = tomlkit.document()
    document.add(tomlkit.comment("What 'signalbook verify' runs in this folder."))
    for name, value in given.items():
        key = name.replace("_", "-")
        document.add(tomlkit.nl())
        if name in _COMMENTS:
            document.add(tomlkit.comment(_COMMENTS[name]))
        document.add(key, tomlkit.item(list(value) if isinstance(value, tuple) else value))
    text = tomlkit.dumps(document)
    write_whole(text, file)
    return text


def add_deviations(file: Path, groups: Iterable[tuple[str, Sequence[Result]]]) -> int:
    """Add an entry with an empty reason for each group of faults to *file*.

    What is in it stays as it is, with comments and order.

    :param groups: The cause of each, and its results.
    :returns: How many entries were added.
    :raises SettingsError: If the file has something else as `deviations`.
    :raises OSError: If it can't be read or written; it is as it was then.
    """
    # As bytes, so that ends of lines stay as they are.
    document = tomlkit.parse(file.read_bytes().decode("utf-8-sig"))
    before = len(_listed(tomlkit.dumps(document), file))
    table: Container | Table = document
    for key in table_of(file):
        table = table[key]
    if "deviations" not in table:
        table.add(tomlkit.nl())
        table.add("deviations", tomlkit.aot())
    listed = table["deviations"]
    if not isinstance(listed, AoT):
        raise SettingsError(
            f"{file}: entries can't be added to an inline list; write [[deviations]] for each"
        )
    number = 0
    for cause, results in groups:
        for verdict in dict.fromkeys(result.verdict for result in results):
            listed.append(_entry(cause, verdict, [r for r in results if r.verdict is verdict]))
            number += 1
    text = tomlkit.dumps(document)
    if len(_listed(text, file)) != before + number:
        raise SettingsError(
            f"{file}: entries can't be added to such tables; write a header [tool.signalbook]"
        )
    write_whole(text, file)
    return number


def _listed(text: str, file: Path) -> Sequence[object]:
    """Return what *text* has as deviations, in the place where *file* has them."""
    data = tomllib.loads(text)
    for key in table_of(file):
        data = data.get(key, {})
    listed: Sequence[object] = data.get("deviations", [])
    return listed


def _entry(cause: str, verdict: Verdict, results: Sequence[Result]) -> Table:
    entry = tomlkit.table()
    entry.add(tomlkit.comment(" ".join(harmless(cause).split())))
    clauses = tomlkit.array()
    for result in results:
        clauses.add_line(result.clause.id)
    clauses.add_line(indent="")
    entry.add("clauses", clauses)
    if verdict is not Verdict.FAILED:
        entry.add("verdict", str(verdict))
    entry.add("reason", "")
    return entry
