"""What an implementation has and lacks, found out in a second by a few names and checks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from signalbook.clauses import (
    FEATURES,
    SUBJECTS,
    Clause,
    Example,
    Feature,
    Level,
    Specification,
    UnknownClause,
)
from signalbook.runner.run import Session
from signalbook.verdicts import Result, Verdict
from signalbook.words import listed

__all__ = ["Needs", "Preflight", "not_claimed", "preflight"]

Needs = Callable[[Clause], Sequence[str] | None]
"""Returns the features that a clause needs, or `None` if that isn't known."""

_NAMES = {"flask": ("Flask",), "blinker": ("Signal", "ANY", "Namespace")}
_FIRST = {"blinker": "connecting.each-send.one"}
"""What nothing else can be learnt without: a receiver that is connected is called."""


@dataclass(frozen=True, kw_only=True)
class Preflight:
    """What was found out.

    :param unfit: Why it doesn't stand in for what it is said to; `None` if it may.
    :param present: The features that it has.
    :param missing: The features of which it has nothing, as far as can be seen.
    """

    unfit: str | None = None
    present: Sequence[str] = ()
    missing: Sequence[str] = ()


def preflight(session: Session, specification: Specification, needs: Needs) -> Preflight:
    """Try the names that an implementation must have, and the checks that show its features.

    :param needs: A check tells nothing of a feature where another one that it needs is missing.
    """
    for subject in SUBJECTS:
        if subject in session.implementation.subjects:
            unfit = _unfit(session, specification, subject)
            if unfit:
                return Preflight(unfit=unfit)
    probed = {
        feature.name: [session.run(check) for check in _probes(feature, specification)]
        for feature in FEATURES.values()
    }
    verdicts = {
        name: {result.verdict for result in results} - {Verdict.NOT_APPLICABLE}
        for name, results in probed.items()
    }
    none = {name for name, found in verdicts.items() if found and Verdict.PASSED not in found}
    return Preflight(
        present=[name for name, found in verdicts.items() if found == {Verdict.PASSED}],
        missing=[name for name in FEATURES if name in none and _alone(probed[name], none, needs)],
    )


def _unfit(session: Session, specification: Specification, subject: str) -> str | None:
    module = getattr(session.implementation, subject)
    names = session.run(_names(subject))
    if names.verdict is Verdict.FAILED:
        first, missing = _NAMES[subject][0], re.findall(r"\w+", names.got)
        if first in missing:
            quoted = listed([f"`{name}`" for name in missing])
            return (
                f"{module!r} has no {quoted}: it doesn't stand in for {subject};"
                f" name a module that has what is imported from {subject}"
            )
    for check in _known([_FIRST[subject]] if subject in _FIRST else [], specification):
        result = session.run(check)
        # What does something else instead is for the clauses to say.
        if result.raised:
            return (
                f"{module!r} doesn't stand in for {subject}: not even `{check.id}` passes"
                f" ({result.raised}); see 'signalbook show {check.id}'"
            )
    return None


def _names(subject: str) -> Clause:
    """Return a check that prints the names that a module lacks."""
    names = _NAMES[subject]
    source = f"[n for n in {names!r} if not hasattr(__import__({subject!r}), n)]\n"
    example = Example(source=source, wanted="[]\n", raises=None, options={}, file=__name__, line=1)
    return Clause(
        id=f"preflight.{subject}",
        rule="It MUST have the names that are imported first.",
        level=Level.MUST,
        holds=None,
        chapter="",
        title="",
        setup=(),
        examples=(example,),
        file=__name__,
        line=1,
        own_needs=frozenset({subject}),
    )


def _probes(feature: Feature, specification: Specification) -> Iterator[Clause]:
    return _known(feature.probes, specification)


def _known(ids: Iterable[str], specification: Specification) -> Iterator[Clause]:
    """Yield the checks *ids*; pages of one's own may have none of them."""
    for id in ids:
        try:
            yield specification.clause(id)
        except UnknownClause:
            continue


def _alone(results: Iterable[Result], none: set[str], needs: Needs) -> bool:
    """Tell whether a feature's checks failed for lack of that feature, and of no other."""
    return any(len(none.intersection(needs(result.clause) or ())) <= 1 for result in results)


def not_claimed(session: Session, clauses: Sequence[Clause], needs: Needs) -> dict[str, Result]:
    """Return the results of those of *clauses* that need what the implementation lacks, by id."""
    found = {}
    for clause in clauses:
        needed = session.implementation.lacks.intersection(needs(clause) or ())
        if needed and session.why_not(clause) is None:
            lacked = [feature for feature in FEATURES.values() if feature.name in needed]
            words = " and ".join(feature.words for feature in lacked)
            result = session.result(clause, Verdict.NOT_CLAIMED, f"it needs {words}")
            found[clause.id] = replace(result, lacked=[feature.name for feature in lacked])
    return found
