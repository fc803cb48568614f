"""What was measured, in a few words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from signalbook.history.record import History, Stretch
from signalbook.verdicts import Verdict

__all__ = [
    "combination_in_words",
    "differing",
    "passing",
    "passing_in_words",
    "shortened",
    "stretched",
]


def passing(history: History, id: str, series: str = "flask") -> list[tuple[str, str]]:
    """Return the first and the last release of each stretch on which the clause *id* passed."""
    stretches = dict.fromkeys(history.verdicts(id, series).values())
    return [(s.first, s.last) for s in stretches if s.verdict is Verdict.PASSED]


def passing_in_words(history: History, id: str, series: str = "flask") -> str:
    """Say where the clause *id* passed: `0.6 to 0.12.5, and again from 1.1.0`.

    Of Flask it also says with which other blinker or Python it did otherwise.
    """
    alone = _alone_in_words(history, id, series)
    return ", ".join([alone, *_others_in_words(history, id)] if series == "flask" else [alone])


def _alone_in_words(history: History, id: str, series: str) -> str:
    versions = list(history.verdicts(id, series))
    stretches = passing(history, id, series)
    if not stretches:
        return "no release"
    if stretches == [(versions[0], versions[-1])]:
        return f"every release, {versions[0]} to {versions[-1]}"
    return ", and again ".join(_stretch(first, last, versions) for first, last in stretches)


def _stretch(first: str, last: str, versions: Sequence[str]) -> str:
    if last == versions[-1]:
        return f"from {first}"
    return f"{first} only" if first == last else f"{first} to {last}"


def differing(history: History, id: str) -> dict[str, Stretch]:
    """Return what the clause *id* did with others where it didn't do so with the release's own.

    :returns: By combination; it passed where it doesn't on the release itself, or the reverse.
        Where examples can't be run at all, as those with `await` on old Pythons, nothing differs.
    """
    own = history.verdicts(id, "flask")
    return {
        name: stretch
        for name, stretch in history.verdicts(id, "flask-with-others").items()
        if (release := own.get(name.partition("/")[0]))
        and Verdict.NOT_APPLICABLE not in {release.verdict, stretch.verdict}
        and (release.verdict is Verdict.PASSED) is not (stretch.verdict is Verdict.PASSED)
    }


def _others_in_words(history: History, id: str) -> Iterator[str]:
    found = differing(history, id)
    for passed, word in ((False, "but not"), (True, "and also")):
        names = [name for name, of in found.items() if (of.verdict is Verdict.PASSED) is passed]
        if names:
            measured = list(history.verdicts(id, "flask-with-others"))
            yield f"{word} {', '.join(_together(names, measured))}"


def _together(names: Sequence[str], measured: Sequence[str]) -> Iterator[str]:
    """Yield, for each thing that releases have instead of their own, the releases in words."""
    for other in dict.fromkeys(name.partition("/")[2] for name in names):
        chosen, among = (
            [name.partition("/")[0] for name in of if name.partition("/")[2] == other]
            for of in (names, measured)
        )
        yield f"{', '.join(stretched(chosen, among))} {_other_in_words(other)}"


def stretched(chosen: Sequence[str], among: Sequence[str]) -> list[str]:
    """Return the *chosen* of several releases, neighbours as `0.6 to 0.9`."""
    runs: list[list[str]] = []
    for version in chosen:
        if runs and among.index(runs[-1][-1]) == among.index(version) - 1:
            runs[-1].append(version)
        else:
            runs.append([version])
    return [run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]


def combination_in_words(name: str) -> str:
    """Return the name of a combination as one would say it: `2.2.5 with blinker 1.9.0`."""
    version, _, other = name.partition("/")
    return f"{version} {_other_in_words(other)}"


def _other_in_words(other: str) -> str:
    """Say what a release has instead of its own: `with blinker 1.9.0 on Python 3.9`."""
    parts = (part.partition("==") for part in other.split("/"))
    return " ".join(
        f"on Python {its}" if axis == "python" else f"with {axis} {its}" for axis, _, its in parts
    )


def shortened(names: Sequence[str], most: int = 10) -> str:
    """Return *names* in a row, or the first of them and how many more there are."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
