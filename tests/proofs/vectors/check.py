"""Checks that nothing was lost: the vectors of today's clauses against those of what they became.

    python tests/proofs/vectors/check.py NEW [PAGE]...

NEW is a file that `make.py --output NEW` wrote of the new checks. `map.toml` says what became of
each old clause; one that is still a check of the same id became that, unless it says otherwise.
"""

import argparse
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from make import FOLDER, digest, read_vectors, specification

from signalbook.clauses import UnknownClause

MAP = FOLDER / "map.toml"
FIELDS = ({"checks"}, {"checks", "why"}, {"dropped"})
LACKING = "features: "
"""What the labels of engines that lack something begin with; to need less of one is no loss."""


@dataclass(frozen=True)
class Fate:
    """What became of an old clause.

    :param checks: The ids of the checks that it is now; none if it was dropped.
    :param why: Why it was dropped, or why its vector isn't what it was.
    """

    checks: tuple[str, ...]
    why: str = ""

    def word(self, id):
        return "kept" if self.checks == (id,) else "merged" if self.checks else "dropped"


# The map


def read_map(ids, checks, entries):
    """Return the fate of each old clause of *ids*, and what is wrong with their entries.

    :param checks: The checks that there are now, by id.
    """
    fates, problems = {}, []
    for id in ids:
        entry = entries.get(id, {"checks": [id]})
        if set(entry) not in FIELDS or not all(entry.values()):
            problems.append(f"{id}: give it checks, and why if they differ; or dropped = 'why'")
            continue
        try:
            named = [one for name in entry.get("checks", ()) for one in named_by(name, checks)]
        except UnknownClause as error:
            problems.append(f"{id}: {error}; say in map.toml what became of it")
            continue
        fates[id] = Fate(tuple(named), entry.get("why") or entry.get("dropped", ""))
    return fates, problems


def named_by(name, checks):
    """Return the ids of the checks that the map means: one by its id, or all of a pattern."""
    return [name] if name in checks else [of.id for of in specification().select(patterns=[name])]


def unmeasured(ids, checks, new):
    """Yield what keeps *new* from being the vectors of the checks *ids*."""
    for id in ids:
        if id not in new["checks"]:
            yield f"{id}: it is not among the new vectors; run make.py for it"
        elif new["checks"][id]["digest"] != digest(checks[id]):
            yield f"{id}: its examples have changed since they were made; run make.py for it"


# Comparing


def differences(was, now, tried):
    """Yield in what the checks of an old clause differ from it.

    :param was: The vector of the clause.
    :param now: The vectors of its checks, by id.
    :param tried: What these were run on.
    """
    for series, verdicts in was["environments"].items():
        found = [
            (difference, version)
            for version, verdict in verdicts.items()
            for difference in on_environment(series, version, verdict, now)
        ]
        for difference, group in groupby(sorted(found, key=lambda one: one[0]), lambda one: one[0]):
            yield f"{series} {', '.join(version for _, version in group)}: {difference}"
    failed = {label for vector in now.values() for label in vector["failed"]}
    for label in was["failed"]:
        if label not in failed and not label.startswith(LACKING):
            yield f"{'not noticed any more' if label in tried else 'not tried'}: {label}"


def on_environment(series, version, verdict, now):
    """Yield in what the checks differ from an old verdict on one environment."""
    told = {id: vector["environments"].get(series, {}).get(version) for id, vector in now.items()}
    there = {id: of for id, of in told.items() if of and not of.startswith("not applicable")}
    passing = [id for id, of in there.items() if of == "passed"]
    if verdict == "passed":
        if not passing:
            yield "it passed, and now nothing does"
            return
        for id, of in there.items():
            # Where one of its checks is out of its range, another is in its own.
            if id not in passing and not of.endswith("out of range"):
                yield f"it passed, and {id} doesn't"
    elif passing and not verdict.startswith("not applicable"):
        yield f"it didn't pass, and {', '.join(passing)} does"


def needs(vectors):
    """Return the engines that lack something on which one of *vectors* doesn't pass."""
    labels = {label for vector in vectors for label in vector["failed"]}
    return {label for label in labels if label.startswith(LACKING)}


def report(id, fate, was, now, found):
    """Print what became of an old clause, unless it is kept as it was."""
    if not fate.checks:
        print(f"  {id} is dropped: {fate.why}")
        return
    fewer, more = needs([was]) - needs(now.values()), needs(now.values()) - needs([was])
    if fate.word(id) == "merged" or found or fewer or more:
        print(f"  {id} -> {', '.join(fate.checks)}")
    for line in found:
        print(f"    {line}")
    if found and fate.why:
        print(f"    because {fate.why}")
    for word, labels in (("no more", fewer), ("now", more)):
        if labels:
            print(f"    needs {word} what isn't there in {'; '.join(sorted(labels))}")


def compare(page, old, fates, new, checks):
    """Print what became of a page's clauses, and return how many differ without a word why."""
    words = Counter(fate.word(id) for id, fate in fates.items())
    counted = ", ".join(f"{number} {word}" for word, number in sorted(words.items()))
    print(f"\n{page}: {len(fates)} clauses: {counted}")
    unexplained = 0
    for id, fate in fates.items():
        now = {check: new["checks"][check] for check in fate.checks}
        chapters = {checks[check].chapter for check in now}
        tried = {label for chapter in chapters for label in new["tried"][chapter]}
        found = list(differences(old[id], now, tried)) if now else []
        report(id, fate, old[id], now, found)
        unexplained += bool(found and not fate.why)
    return unexplained


def main(file, pages):
    old, new = read_vectors()["checks"], read_vectors(file)
    checks = {check.id: check for check in specification().select()}
    pages = pages or list(dict.fromkeys(vector["page"] for vector in old.values()))
    entries = tomllib.loads(MAP.read_text(encoding="utf-8"))
    chosen = [id for id, vector in old.items() if vector["page"] in pages]
    fates, problems = read_map(chosen, checks, entries)
    problems += [f"{id}: there was no such clause" for id in entries if id not in old]
    became = dict.fromkeys(check for fate in fates.values() for check in fate.checks)
    if problems := [*problems, *unmeasured(became, checks, new)]:
        sys.exit("\n".join(problems))
    unexplained = sum(
        compare(page, old, {id: fates[id] for id in chosen if old[id]["page"] == page}, new, checks)
        for page in pages
    )
    if unexplained:
        sys.exit(f"\n{unexplained} clauses differ from what they became, and it isn't said why")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Check that no clause was lost.")
    parser.add_argument("new", type=Path, metavar="NEW", help="the vectors of the new checks")
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="only what was on these pages")
    given = parser.parse_args()
    main(given.new, given.pages)
