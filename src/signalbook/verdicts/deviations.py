"""Faults that an implementer knows of: the list of them, and what it does to verdicts."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from signalbook.clauses import Specification, UnknownClause
from signalbook.harmless import harmless
from signalbook.verdicts.results import Result, Verdict

__all__ = ["Deviation", "DeviationsError", "apply_deviations", "read_deviations"]


@dataclass(frozen=True)
class Deviation:
    """A fault that its implementer knows of, and why.

    :param verdict: What comes of the clause; anything else is not excused.
    """

    reason: str
    link: str
    verdict: Verdict = Verdict.FAILED


class DeviationsError(ValueError):
    """A list of known deviations that can't be used."""


_EXCUSABLE = (Verdict.FAILED, Verdict.CRASHED, Verdict.TIMED_OUT)
_FORM = "each deviation is a table [deviations.\"CLAUSE\"] with the texts 'reason' and 'link'"


def read_deviations(file: Path, specification: Specification) -> dict[str, Deviation]:
    """Read a TOML file with a table `[deviations."CLAUSE"]` for each: `reason` and `link`.

    A `verdict` beside them is what comes of the clause if that isn't `failed`.

    :raises DeviationsError: If the file can't be read, or anything in it is wrong; the message
        names everything that is.
    """
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DeviationsError(
            f"{file}: it can't be read ({type(error).__name__}: {error}); {_FORM}"
        ) from error
    entries = data.pop("deviations", None)
    problems = [f"{name!r} means nothing here; remove it" for name in data]
    if isinstance(entries, dict):
        problems += [p for id, entry in entries.items() for p in _problems(id, entry)]
        problems += _strangers(entries, specification)
    else:
        problems.append("there is no table 'deviations'; write one, if only an empty one")
    if problems:
        raise DeviationsError("\n".join(f"{file}: {text}" for text in (*problems, _FORM)))
    return {id: _deviation(**entry) for id, entry in entries.items()}


def _problems(id: str, entry: object) -> Iterator[str]:
    """Yield what is wrong with the entry of the clause *id*."""
    where = f"[deviations.{json.dumps(id)}]"
    if not isinstance(entry, dict):
        yield f"{where} is no table; make it one"
        return
    for name in ("reason", "link"):
        if name not in entry:
            yield f"{where} lacks {name!r}; write it"
        elif not (isinstance(entry[name], str) and entry[name].strip()):
            yield f"{where} has {entry[name]!r} as its {name!r}; write a text"
    for name in sorted(entry.keys() - {"reason", "link", "verdict"}):
        yield f"{where} has a key {name!r}, which means nothing; remove it"
    if entry.get("verdict", Verdict.FAILED) not in _EXCUSABLE:
        known = ", ".join(repr(str(verdict)) for verdict in _EXCUSABLE)
        yield f"{where} has {entry['verdict']!r} as its 'verdict'; write one of {known}"


def _strangers(ids: Iterable[str], specification: Specification) -> Iterator[str]:
    for id in ids:
        try:
            specification.clause(id)
        except UnknownClause as error:
            yield str(error)


def _deviation(reason: str, link: str, verdict: str = Verdict.FAILED) -> Deviation:
    return Deviation(harmless(reason), harmless(link), Verdict(verdict))


def apply_deviations(result: Result, deviations: Mapping[str, Deviation]) -> Result:
    """Turn a listed clause's fault into a known deviation, and its pass into a stale one."""
    deviation = deviations.get(result.clause.id)
    if deviation is None or not result.verdict.is_run:
        return result
    if result.verdict is Verdict.PASSED:
        reason = f"listed as a deviation ({deviation.reason}), but it passes; remove the entry"
        return replace(result, verdict=Verdict.STALE, reason=reason)
    if result.verdict is not deviation.verdict:
        reason = f"{result.reason}; the listed deviation excuses only '{deviation.verdict}'"
        return replace(result, reason=reason)
    reason = f"{deviation.reason} ({deviation.link})"
    return replace(result, verdict=Verdict.KNOWN_DEVIATION, reason=reason)
