"""The lines that keys of a TOML file stand in, which parsers don't tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

__all__ = ["Places"]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*=""")


class Places:
    """Where keys stand.

    :param text: The whole file.
    :param table: The keys that lead to the settings.
    """

    def __init__(self, text: str, table: Sequence[str]) -> None:
        self._found = dict(_places(text, ".".join(table)))

    def line(self, key: str, entry: int | None = None) -> int:
        """Return the line of *key*, from 1; if there is none, of what it would stand in.

        :param entry: The number of the entry among `deviations`, from 0, that has the key.
        """
        found = self._found
        return found.get((entry, key), found.get((entry, ""), found.get((None, ""), 1)))


def _places(text: str, table: str) -> Iterator[tuple[tuple[int | None, str], int]]:
    listed = f"{table}.deviations".lstrip(".")
    current, entry = "", None
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            current = re.sub(r"[\s\"']", "", header[2])
            if current == table:
                yield (None, ""), number
            if current == listed and header[1] == "[[":
                entry = 0 if entry is None else entry + 1
                yield (entry, ""), number
        elif key := _KEY.match(line):
            name = key[1] or key[2] or key[3]
            if current == table:
                yield (None, name), number
            elif current == listed:
                yield (entry, name), number
