"""Faults by what causes them, so that what is one decision is told once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from signalbook.clauses import FEATURES, Clause
from signalbook.verdicts import Result, Verdict

__all__ = ["Group", "grouped"]

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_REPRESENTATION = re.compile(r"<[^<>]*>")
# An apostrophe within a word is no quote.
_QUOTED = re.compile(r"(?<!\w)(?:'[^']*'|\"[^\"]*\")(?!\w)")
_NAMED = 2  # texts between quotes, before the others are counted
_LONG = 40  # characters
_ALL = ""  # no feature's name

Needs = Callable[[Clause], Sequence[str] | None]


@dataclass(frozen=True)
class Group:
    """Faults with the same cause.

    :param cause: In words, or as the last line of a traceback.
    :param results: In reading order.
    :param features: What all of them need that it is known of, and hardly anything that passed:
        how many of these need each.
    :param unknown: Of how many of them it isn't known what they need.
    """

    cause: str
    results: Sequence[Result]
    features: Mapping[str, int]
    unknown: int


def grouped(results: Iterable[Result], needs: Needs) -> list[Group]:
    """Return the faults among *results* by their cause, the most frequent one first.

    :param needs: Returns the features that a clause needs; `None` if that isn't known.
    """
    results = list(results)
    faults = [result for result in results if result.verdict.is_fault]
    lacking = _lacking(results, needs)
    found: dict[tuple[Verdict, str, str], list[Result]] = {}
    for result in faults:
        # An exception says more of its cause than a feature does.
        needed = () if result.raised else needs(result.clause) or ()
        feature = next((name for name in lacking if name in needed), "")
        key = result.verdict, _QUOTED.sub("'...'", _words(result)), feature
        found.setdefault(key, []).append(result)
    groups = [_group(group, lacking, needs) for group in found.values()]
    return sorted(groups, key=lambda group: -len(group.results))


def _lacking(results: Iterable[Result], needs: Needs) -> dict[str, int]:
    """Return the features that seem to be lacking, and how many that passed need each.

    Some rule about the engine alone fails, or for a feature of the framework about that alone, and
    so do four in five of the clauses that need it: some pass by chance, or use it in a way that is
    there. Of the others most pass.
    """
    passed: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    alone: set[str] = set()
    for result in results:
        needed = needs(result.clause) or ()
        if result.verdict is Verdict.PASSED:
            passed.update([_ALL, *needed])
        elif result.verdict.is_fault:
            failed.update([_ALL, *needed])
            alone.update(name for name in needed if result.clause.needs == {FEATURES[name].subject})
    return {
        name: passed[name]
        for name, number in failed.most_common()
        if name in alone
        and passed[name] <= number / 4
        and passed[_ALL] - passed[name] > failed[_ALL] - number
    }


def _group(results: Sequence[Result], lacking: Mapping[str, int], needs: Needs) -> Group:
    known = [needed for result in results if (needed := needs(result.clause)) is not None]
    return Group(
        _joined([_words(result) for result in results]),
        results,
        {
            name: passed
            for name, passed in lacking.items()
            if known and all(name in needed for needed in known)
        },
        len(results) - len(known),
    )


def _words(result: Result) -> str:
    """Return what a fault has in common with others, without what differs between equal runs."""
    if result.raised:
        text = result.raised.strip().partition("\n")[0]
    elif result.verdict is Verdict.FAILED:
        text = result.reason
    else:
        text = f"{result.verdict}: {result.reason}"
    return _REPRESENTATION.sub(
        lambda shown: re.sub(r"\d+", "N", shown[0]),
        _ADDRESS.sub("", text),
    )


def _joined(texts: Sequence[str]) -> str:
    """Return what *texts* say, which differ only between quotes, in one line."""
    columns = iter(zip(*map(_QUOTED.findall, texts), strict=True))
    return _QUOTED.sub(lambda _: _alternatives(next(columns)), texts[0])


def _alternatives(quoted: Sequence[str]) -> str:
    different = [text for text, _ in Counter(quoted).most_common()]
    if len(different) == 1:
        return different[0]
    if max(map(len, different)) > _LONG:
        return "'...'"
    named, others = different[:_NAMED], len(different) - _NAMED
    if others > 0:
        return f"{', '.join(named)} or {others} {'others' if others > 1 else 'other'}"
    return " or ".join(named)
