"""Measures which features each check needs: those without which it doesn't pass.

For each feature of the engine there are engines in `features.toml`, and for each of the framework
frameworks in `framework-features.toml`, that are the reference's own but for it.
What a check is found to need is written into `spec/features.json`.

    python tests/proofs/features.py [--stale] [PATTERN]...

Behind a feature, `*` says that a check uses it, and would pass if it were ignored, and `+` that
the first to need it is the page's set-up.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from altered import NONE, digest_of, fails_by_example, read_altered, run
from sabotage import RIGHT, specification

from signalbook.clauses import FEATURES, applies
from signalbook.history import (
    Features,
    Needed,
    read_features,
    shortened,
    write_features,
)
from signalbook.verdicts import Result

COPIES = [*read_altered("features"), *read_altered("framework-features", "framework")]

CLAIMS = {**RIGHT.claims, "python": "3.11"}
"""What the checks are for, on every Python that the kit runs on."""

DIFFERENT = {"fallback.import-fails"}
"""What Flask does without promising it, and the reference doesn't: it goes without an engine."""


@dataclass(frozen=True)
class Need:
    """A feature that a check needs.

    :param results: Of the copies that lack it, those on which the check didn't pass.
    :param copies: How many of them it was run on.
    """

    feature: str
    results: Sequence[Result]
    copies: int

    @property
    def is_use_only(self):
        return len(self.results) < self.copies

    @property
    def is_of_setup(self):
        return all(result.example in result.clause.setup for result in self.results)

    def __str__(self):
        return self.feature + "*" * self.is_use_only + "+" * self.is_of_setup


# What is to be measured


def due(checks):
    """Return those of *checks* of which the features must be known: what the reference keeps."""
    kept = [check for check in checks if check.id not in DIFFERENT]
    return [check for check in kept if check.lacks or applies(check, CLAIMS)]


def stale(checks, features):
    """Return those of *checks* that are due, and were not measured as they are."""
    if features.copies != digest_of(COPIES):
        return due(checks)
    return [check for check in due(checks) if features.of(check) is None]


# Measuring


def measure(checks, copies=COPIES):
    """Return what each of *checks* needs, by id, in alphabetical order.

    :raises AssertionError: If one doesn't pass on the reference, or if a copy isn't whole.
    """
    faults = [result for result in run(NONE, checks) if result.verdict.is_fault]
    assert not faults, f"{faults[0].clause.id} fails on the reference: {faults[0].reason}"
    with ThreadPoolExecutor(2) as pool:
        tried = list(pool.map(lambda copy: results_by_id(copy, checks), copies))
    return {check.id: list(needs(check.id, copies, tried)) for check in checks}


def results_by_id(copy, checks):
    return {result.clause.id: result for result in run(copy, checks)}


def needs(id, copies, tried):
    """Yield the needs of one check.

    :param tried: For each of *copies*, its results by id.
    """
    by_feature = {}
    for copy, results in zip(copies, tried, strict=True):
        if id in results:
            by_feature.setdefault(copy.name, []).append(results[id])
    for feature, results in sorted(by_feature.items()):
        if failed := [result for result in results if fails_by_example(result)]:
            yield Need(feature, failed, len(results))


# The file, and the command


def updated(checks, features, found):
    """Return *features* with what was *found* in its place, of those of *checks* that are due."""
    measured = {
        check.id: Needed(check.digest, [need.feature for need in found[check.id]])
        for check in checks
        if check.id in found
    }
    known = {**features.clauses, **measured}
    ids = [check.id for check in due(checks) if check.id in known]
    return Features(digest_of(COPIES), {id: known[id] for id in ids})


def main(patterns=(), only_stale=False):
    checks, features = specification().select(), read_features()
    chosen = due(specification().select(patterns=patterns))
    left = stale(checks, features)
    if only_stale:
        chosen = [check for check in chosen if check in left]
    found = measure(chosen)
    write_features(updated(checks, features, found))
    for id, needed in found.items():
        print(f"{id:<48} {' '.join(map(str, needed))}")
    print()
    for line in table(checks, read_features()):
        print(line)
    if missing := [check.id for check in left if check.id not in found]:
        print(f"\nNot measured as they are: {shortened(missing)}; run it with --stale")


def table(checks, features):
    """Yield a line for each feature: how many checks need it, and how many rules."""
    counted, rules = Counter(), Counter()
    by_rule = {}
    for check in checks:
        needed = features.of(check) or ()
        counted.update(needed)
        by_rule.setdefault(check.whole_id, set()).update(needed)
    for needed in by_rule.values():
        rules.update(needed)
    yield "feature       checks  rules"
    for name in FEATURES:
        yield f"{name:<12}  {counted[name]:>6}  {rules[name]:>5}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure which features each check needs.")
    parser.add_argument("patterns", nargs="*", metavar="PATTERN", help="only these checks")
    parser.add_argument("--stale", action="store_true", help="only what isn't measured as it is")
    given = parser.parse_args()
    main(given.patterns, given.stale)
