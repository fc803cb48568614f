"""Reads settings, and says at once everything that is wrong with them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from signalbook.clauses import FEATURES, Specification, UnknownClause
from signalbook.harmless import harmless
from signalbook.runner import Limits
from signalbook.settings.finding import table_of
from signalbook.settings.places import Places
from signalbook.verdicts import EXCUSABLE, Deviation, Verdict

__all__ = ["Settings", "SettingsError", "read_settings"]

_TEXT, _TEXTS, _TRUTH, _NUMBER, _DAY = (
    "a text",
    "a list of texts",
    "true or false",
    "a number",
    "a date, such as 2027-01-31",
)
_DESCRIBING = {
    "flask": _TEXT,
    "blinker": _TEXT,
    "release": _TEXT,
    "path": _TEXTS,
    "python": _TEXT,
    "setup": _TEXT,
    "claims": _TEXTS,
    "lacks": _TEXTS,
    "inject-engine": _TRUTH,
    "without-blinker": _TRUTH,
}
_EXCLUDING = {
    "blinker": ["without_blinker"],
    "without_blinker": ["blinker", "inject_engine", "release"],
    "release": ["python", "inject_engine"],
    "python": ["release"],
}
_KEYS = {**_DESCRIBING, "timeout": _NUMBER, "memory": _NUMBER, "strict": _TRUTH, "deviations": ""}
_ENTRY = {"clauses": _TEXTS, "reason": _TEXT, "link": _TEXT, "verdict": _TEXT, "expires": _DAY}


class SettingsError(ValueError):
    """Settings that can't be read or used; the message has a line for everything that is wrong."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a file says.

    :param implementation: Options of `custom`, by name; none if it describes no implementation.
    :param timeout: Seconds a clause; `None` if it says nothing of that.
    :param memory: MiB a clause; `None` if it says nothing of that.
    """

    file: Path
    implementation: Mapping[str, Any] = field(default_factory=dict)
    timeout: float | None = None
    memory: int | None = None
    strict: bool = False
    deviations: Sequence[Deviation] = ()

    def described(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options of `custom`: the file's, and instead of them those *given*."""
        settled = dict(self.implementation)
        for one, others in _EXCLUDING.items():
            if one in given:
                for other in others:
                    settled.pop(other, None)
        return {**settled, **given}

    def limits(self, timeout: float | None, memory: int | None) -> Limits:
        """Return the limits: those that are given, else the file's, else the usual ones.

        :raises LimitsError: If they can't be kept.
        """
        seconds = self.timeout if timeout is None else timeout
        size = self.memory if memory is None else memory
        return Limits(
            Limits.timeout if seconds is None else seconds, Limits.memory if size is None else size
        )


def read_settings(file: Path, specification: Specification) -> Settings:
    """Return what *file* says.

    :raises SettingsError: If it can't be read, or anything in it is wrong.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        said = getattr(error, "strerror", None) or error
        raise SettingsError(f"{file} can't be read: {said}") from error
    table = table_of(file)
    for key in table:
        data = data.get(key, {}) if isinstance(data, dict) else {}
    if table and not (isinstance(data, dict) and data):
        raise SettingsError(f"{file} has nothing in a table [tool.signalbook]; write that")
    reader = _Reader(file, Places(text, table), specification)
    settings = reader.settings(data)
    if reader.problems:
        raise SettingsError("\n".join(reader.problems))
    return settings


class _Reader:
    """Reads the settings of one file, and collects what is wrong with them."""

    def __init__(self, file: Path, places: Places, specification: Specification) -> None:
        self.file, self.places, self.specification = file, places, specification
        self.problems: list[str] = []

    def settings(self, data: dict[str, Any]) -> Settings:
        found = self._values(data, _KEYS)
        listed = found.pop("deviations", [])
        own = {key.replace("-", "_"): found[key] for key in _DESCRIBING if key in found}
        if "path" in own:
            own["path"] = [str(self.file.parent / folder) for folder in own["path"]]
        if "/" in own.get("python", ""):
            own["python"] = str(self.file.parent / own["python"])
        for name in own.get("lacks", ()):
            if name not in FEATURES:
                self._wrong("lacks", None, f"there is no feature {name!r}{_near(name, FEATURES)}")
        memory = found.get("memory")
        if isinstance(memory, float):
            self._wrong("memory", None, f"'memory' is {memory!r}; write a whole number of MiB")
        return Settings(
            file=self.file,
            implementation=own,
            timeout=found.get("timeout"),
            memory=memory,
            strict=found.get("strict", False),
            deviations=list(self._deviations(listed)),
        )

    def _values(
        self, data: dict[str, Any], known: Mapping[str, str], entry: int | None = None
    ) -> dict[str, Any]:
        """Return what is right of *data*; a text stands for a list of one."""
        found = {}
        for key, value in data.items():
            if key not in known:
                self._wrong(key, entry, f"{key!r} means nothing here{_near(key, known)}")
            elif known[key] == _TEXTS and isinstance(value, str):
                found[key] = [value]
            elif known[key] and not _fits(value, known[key]):
                self._wrong(key, entry, f"{key!r} is {value!r}; write {known[key]}")
            else:
                found[key] = value
        return found

    def _deviations(self, listed: object) -> Iterator[Deviation]:
        if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
            form = "write a table [[deviations]] for each"
            self._wrong("deviations", None, f"'deviations' is no list of tables; {form}")
            return
        for number, entry in enumerate(listed):
            found = self._values(entry, _ENTRY, number)
            if "reason" in found and not found["reason"].strip():
                self._wrong("reason", number, "the reason is empty; write why it deviates")
            if found.get("clauses") == []:
                self._wrong("clauses", number, "'clauses' is empty; write ids or patterns")
            for key in ("clauses", "reason"):
                if key not in entry:
                    self._wrong("", number, f"the deviation lacks {key!r}; write it")
            verdict = found.get("verdict", Verdict.FAILED)
            if verdict not in EXCUSABLE:
                known = ", ".join(repr(str(one)) for one in EXCUSABLE)
                self._wrong("verdict", number, f"'verdict' is {verdict!r}; write one of {known}")
                continue
            yield Deviation(
                checks=self._checks(found.get("clauses", ()), number),
                reason=harmless(found.get("reason", "")),
                link=harmless(found.get("link", "")),
                verdict=Verdict(verdict),
                expires=found.get("expires"),
                place=f"{self.file.name}:{self.places.line('', number)}",
            )

    def _checks(self, patterns: Sequence[str], entry: int) -> dict[str, frozenset[str]]:
        found = {}
        for pattern in patterns:
            try:
                checks = self.specification.select(patterns=[pattern])
            except UnknownClause as error:
                self._wrong("clauses", entry, str(error))
            else:
                found[pattern] = frozenset(check.id for check in checks)
        return found

    def _wrong(self, key: str, entry: int | None, problem: str) -> None:
        line = self.places.line(key, entry)
        self.problems.append(harmless(f"{self.file}:{line}: {problem}"))


def _fits(value: object, form: str) -> bool:
    if form == _TEXTS:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if form == _NUMBER:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if form == _DAY:
        return isinstance(value, date) and not isinstance(value, datetime)
    return isinstance(value, bool if form == _TRUTH else str)


def _near(name: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"
