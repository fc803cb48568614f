"""Checks that the clauses catch wrong engines: each line of `sabotages.toml` must be noticed.

Each sabotage changes one place in a copy of the reference engine.
Only the clauses of `spec/dispatch` are run on it, no other test.
A sabotage that passes all of them means that a clause is missing, or too weak.
So does a clause that catches no sabotage, if it holds for the release that the engine is like.

    python tests/proofs/sabotage.py [--coverage] [PART OF A NAME]

With `--coverage` each sabotage meets every clause, not only the first that catches it,
and the clauses that catch none are listed.
"""

import argparse
import re
import sys
import tempfile
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from signalbook.implementations import Implementation
from signalbook.pages import read_specification
from signalbook.reference import engine
from signalbook.runner import ImplementationError, Limits, Session
from signalbook.verdicts import Verdict

ENGINE = Path(engine.__file__).parent
LIST = Path(__file__).with_name("sabotages.toml")
UNKNOWN_NAME = re.compile(r"^(NameError|UnboundLocalError)\b", re.MULTILINE)
RELATIVE_IMPORT = re.compile(r"^\s*from \.(\w+) import", re.MULTILINE)


class Unsuitable(ValueError):
    """A sabotage that can't be made, or doesn't import."""


@dataclass(frozen=True)
class Sabotage:
    """One change that makes the engine wrong.

    :param old: Text that is in the engine's modules exactly once.
    :param new: What stands there instead.
    """

    name: str
    old: str
    new: str


def modules():
    """Return the source of the engine and of the modules that it is made of, by name."""
    sources, waiting = {}, ["engine"]
    while waiting:
        name = waiting.pop()
        if name not in sources:
            sources[name] = (ENGINE / f"{name}.py").read_text(encoding="utf-8")
            waiting += RELATIVE_IMPORT.findall(sources[name])
    return sources


def apply(sabotage, sources):
    """Return *sources* with the sabotage done.

    :raises Unsuitable: The old text isn't there exactly once.
    """
    places = [name for name, source in sources.items() for _ in range(source.count(sabotage.old))]
    if len(places) != 1 or sabotage.old == sabotage.new:
        raise Unsuitable(
            f"{sabotage.name}: {sabotage.old!r} is in the engine {len(places)} times, not once;"
            " the engine has changed, so change the sabotage"
        )
    (name,) = places
    return {**sources, name: sources[name].replace(sabotage.old, sabotage.new)}


def run(sources, clauses):
    """Yield the result of each clause on an engine.

    :param sources: The engine's modules by name.
    :raises ImplementationError: It doesn't import: then it isn't the clauses that notice.
    """
    with tempfile.TemporaryDirectory(prefix="signalbook-sabotage-") as folder:
        package = Path(folder) / "sabotaged"
        package.mkdir()
        for name, source in {"__init__": "", **sources}.items():
            (package / f"{name}.py").write_text(source, encoding="utf-8")
        sabotaged = Implementation(
            name="sabotaged", flask=None, blinker="sabotaged.engine", path=(folder,)
        )
        with Session(sabotaged, Limits(timeout=5)) as session:
            yield from map(session.run, clauses)


def killers(sources, clauses, *, every=False):
    """Return the results of the clauses that fail on an engine: of the first one, or of all."""
    with closing(run(sources, clauses)) as results:
        faults = (result for result in results if result.verdict.is_fault)
        return list(faults) if every else [*islice(faults, 1)]


def read_sabotages():
    """Return the list of sabotages."""
    entries = tomllib.loads(LIST.read_text(encoding="utf-8"))["sabotage"]
    sabotages = [Sabotage(**entry) for entry in entries]
    twice = [name for name, n in Counter(entry.name for entry in sabotages).items() if n > 1]
    if twice:
        raise Unsuitable(f"more than one sabotage is called {twice[0]!r}")
    return sabotages


def dispatch_clauses():
    """Return the clauses of the chapter about the engine."""
    return [clause for clause in read_specification().clauses if clause.chapter == "dispatch"]


def report_coverage(clauses, caught):
    """Print what each clause catches, and return what is wrong with those that catch nothing.

    Of what a clause catches, the sabotage is named that the fewest others catch as well.

    :param caught: For each sabotage, the ids of the clauses that catch it.
    """
    print(f"\n{'clause':<48} {'catches':>7} {'shared':>6}  the rarest of them")
    without = []
    for clause in clauses:
        names = [name for name, ids in caught.items() if clause.id in ids]
        if names:
            rarest = min(names, key=lambda name: len(caught[name]))
            print(f"{clause.id:<48} {len(names):>7} {len(caught[rarest]) - 1:>6}  {rarest}")
        else:
            without.append(f"catches no sabotage: {clause.id}")
    print(f"\n{len(clauses) - len(without)} of {len(clauses)} clauses that apply catch a sabotage")
    return without


def sound_clauses(sources):
    """Return the clauses that apply to the engine, all of which it must pass."""
    results = list(run(sources, dispatch_clauses()))
    for result in results:
        if result.verdict.is_fault:
            sys.exit(
                f"The engine itself fails {result.clause.id} ({result.place}): {result.reason}"
            )
    return [result.clause for result in results if result.verdict is Verdict.PASSED]


def judge(sabotage, sources, clauses, every):
    """Return the results of the clauses that catch a sabotage, and what is wrong with it."""
    try:
        results = killers(apply(sabotage, sources), clauses, every=every)
    except (ImplementationError, Unsuitable) as error:
        return [], str(error)
    if any(UNKNOWN_NAME.search(result.got) for result in results):
        return [], f"{sabotage.name}: it uses a name that isn't known there, so it proves nothing"
    return results, ""


def main(part="", coverage=False):
    sources = modules()
    clauses = sound_clauses(sources)
    chosen = [sabotage for sabotage in read_sabotages() if part in sabotage.name]
    first, caught, lines = Counter(), {}, []
    with ThreadPoolExecutor(2) as pool:
        judged = pool.map(lambda one: judge(one, sources, clauses, coverage), chosen)
        for sabotage, (results, error) in zip(chosen, judged, strict=True):
            caught[sabotage.name] = {result.clause.id for result in results}
            if results:
                first[results[0].clause.id] += 1
                print(
                    f"{sabotage.name:<64} {results[0].clause.id} ({results[0].verdict})", flush=True
                )
            else:
                lines.append(error or f"survives: {sabotage.name}")
    print(
        f"\n{len(chosen)} sabotages, {first.total()} killed,"
        f" by {len(first)} of {len(clauses)} clauses at first sight"
    )
    if coverage:
        lines += report_coverage(clauses, caught)
    if lines:
        sys.exit("\n".join(lines))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Check that the clauses catch wrong engines.")
    parser.add_argument("part", nargs="?", default="", help="part of the sabotages' names")
    parser.add_argument(
        "--coverage", action="store_true", help="meet every clause, and list those that catch none"
    )
    main(**vars(parser.parse_args()))
