"""Checks that the clauses catch wrong implementations: each listed sabotage must be noticed.

Each sabotage changes one place in a copy of the reference: of its engine, in `sabotages.toml`, or
of its framework, in `framework/*.toml`. Only the clauses that it names are run on it.
A sabotage that passes all of them means that a clause is missing, or too weak.
So does a clause about the engine that catches no sabotage, if it applies to the reference.

    python tests/proofs/sabotage.py [--coverage | --sample] [PART OF A LABEL]

With `--coverage` each sabotage of the engine meets every clause about the engine, and the clauses
that catch none are listed.
"""

import argparse
import re
import sys
import tempfile
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from zlib import crc32

from signalbook import reference
from signalbook.clauses import UnknownClause
from signalbook.implementations import REFERENCE as RIGHT
from signalbook.implementations import Implementation, without_blinker
from signalbook.pages import read_specification
from signalbook.runner import ImplementationError, Isolation, Limits, Session
from signalbook.verdicts import Verdict

REFERENCE = Path(reference.__file__).parent
ENGINE_LIST = Path(__file__).with_name("sabotages.toml")
FRAMEWORK_LISTS = Path(__file__).with_name("framework")
LIMITS = Limits(timeout=5)
UNKNOWN_NAME = re.compile(r"^(NameError|UnboundLocalError)\b", re.MULTILINE)
FIELDS = {"name", "old", "new", "clauses"}


class Unsuitable(ValueError):
    """A sabotage that can't be made, or doesn't import."""


@dataclass(frozen=True)
class Sabotage:
    """One change that makes the reference wrong.

    :param label: The list that it is in, and its name there.
    :param old: Text that is there exactly once.
    :param new: What stands there instead.
    :param file: The file that has the text; without one, any of the engine's modules.
    :param clauses: Patterns of the clauses one of which must notice.
    """

    label: str
    old: str
    new: str
    file: str | None = None
    clauses: tuple[str, ...] = ()


# What there is to change


@cache
def engine_sources():
    """Return the source of the engine, by file."""
    sources = {
        file: text for file, text in framework_sources().items() if file.startswith("engine/")
    }
    return {"__init__.py": "", **sources}


@cache
def framework_sources():
    """Return the source of the whole reference, by file."""
    return {
        path.relative_to(REFERENCE).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(REFERENCE.rglob("*.py"))
    }


def sources_for(sabotage):
    """Return the sources that a sabotage changes."""
    return framework_sources() if sabotage.file else engine_sources()


def clauses_for(sabotage, every=False):
    """Return the clauses one of which must notice a sabotage, or *every* one about the engine.

    :raises Unsuitable: It names a clause that there isn't.
    """
    if every:
        return about_engine()
    try:
        return specification().select(patterns=sabotage.clauses)
    except UnknownClause as error:
        raise Unsuitable(f"{sabotage.label}: {error}") from None


@cache
def specification():
    return read_specification()


def about_engine():
    return specification().select(chapter="dispatch")


# The lists


def read_sabotages():
    """Return all sabotages, and what is wrong with entries that are none."""
    sabotages, problems = [], []
    for file in (ENGINE_LIST, *sorted(FRAMEWORK_LISTS.glob("*.toml"))):
        found, wrong = read_list(file, of_framework=file != ENGINE_LIST)
        sabotages += found
        problems += wrong
    return sabotages, problems


def read_list(file, of_framework):
    """Return the sabotages of one list, and what is wrong with its other entries."""
    subject = file.stem if of_framework else "engine"
    fields = FIELDS | ({"file"} if of_framework else set())
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8")).get("sabotage", [])
    except tomllib.TOMLDecodeError as error:
        return [], [f"{subject}: {file.name} is not TOML: {error}"]
    names = Counter(entry.get("name") for entry in entries)
    sabotages, problems = [], [f"{subject}: {file.name} has no sabotages"] if not entries else []
    for number, entry in enumerate(entries, 1):
        label = f"{subject}: {entry.get('name', f'entry {number}')}"
        if entry.keys() != fields:
            odd = ", ".join(sorted(entry.keys() ^ fields))
            problems.append(f"{label}: these fields are missing, or are too many: {odd}")
        elif names[entry["name"]] > 1:
            problems.append(f"{label}: more than one entry of {file.name} is called that")
        elif not entry["clauses"]:
            problems.append(f"{label}: it names no clauses")
        else:
            texts, patterns = (entry["old"], entry["new"]), tuple(entry["clauses"])
            sabotages.append(Sabotage(label, *texts, entry.get("file"), patterns))
    return sabotages, problems


def apply(sabotage, sources):
    """Return *sources* with the sabotage done.

    :raises Unsuitable: The old text isn't there exactly once, or the new one is no change.
    """
    files = [sabotage.file] if sabotage.file else list(sources)
    if not sources.keys() >= set(files):
        raise Unsuitable(f"{sabotage.label}: the reference has no file {sabotage.file!r}")
    places = [file for file in files for _ in range(sources[file].count(sabotage.old))]
    if len(places) != 1:
        raise Unsuitable(
            f"{sabotage.label}: {sabotage.old!r} is in {sabotage.file or 'the engine'}"
            f" {len(places)} times, not once; the reference has changed, so change the sabotage"
        )
    (file,) = places
    changed = sources[file].replace(sabotage.old, sabotage.new)
    if changed == sources[file]:
        raise Unsuitable(f"{sabotage.label}: it changes nothing")
    try:
        compile(changed, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise Unsuitable(f"{sabotage.label}: {file} is no Python any more: {error}") from None
    return {**sources, file: changed}


# Running the clauses


@contextmanager
def implementation(sources):
    """Write an implementation, and give what it is for as long as it is there.

    :param sources: Its modules by file.
    """
    with tempfile.TemporaryDirectory(prefix="signalbook-sabotage-") as folder:
        for file, source in sources.items():
            path = Path(folder, "sabotaged", file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, encoding="utf-8")
        yield Implementation(
            name="sabotaged",
            flask="sabotaged" if "app.py" in sources else None,
            blinker="sabotaged.engine",
            engine="sabotaged.engine",
            path=(folder,),
            claims=RIGHT.claims,
        )


def run(sources, clauses, isolation=Isolation.CLAUSE):
    """Yield the result of each clause on an implementation, without its engine if it lacks one.

    :param sources: Its modules by file.
    :param isolation: Which clauses share a process.
    :raises ImplementationError: It doesn't import: then it isn't the clauses that notice.
    """
    with implementation(sources) as whole:
        for of, lacks in ((whole, False), (without_blinker(whole), True)):
            if chosen := [clause for clause in clauses if bool(clause.lacks) is lacks]:
                with Session(of, LIMITS, isolation=isolation) as session:
                    yield from session.run_in_order(chosen)


def killers(sources, clauses, *, every=False):
    """Return the results of the clauses that fail on an implementation: the first, or all.

    What fails fails in a process of its own. That none does is said only when each has had one.
    """
    isolations = [Isolation.CLAUSE] if every else [Isolation.PAGE, Isolation.CLAUSE]
    for isolation in isolations:
        with closing(run(sources, clauses, isolation)) as results:
            faults = (result for result in results if result.verdict.is_fault)
            found = list(faults) if every else [*islice(faults, 1)]
        if found:
            return found
    return []


def judge(sabotage, every=False):
    """Return a sabotage, the results that killed it, and what is wrong with it if anything is."""
    try:
        changed = apply(sabotage, sources_for(sabotage))
        results = killers(changed, clauses_for(sabotage, every), every=every)
    except Unsuitable as error:
        return sabotage, [], str(error)
    except ImplementationError as error:
        return sabotage, [], f"{sabotage.label}: {error}"
    if any(UNKNOWN_NAME.search(result.got) for result in results):
        problem = "it uses a name that isn't known there, so it proves nothing"
        return sabotage, [], f"{sabotage.label}: {problem}"
    return sabotage, results, ""


def report_coverage(caught):
    """Print what each clause about the engine catches, and return those that catch nothing.

    Of what a clause catches, the sabotage is named that the fewest others catch as well.

    :param caught: For each sabotage, the ids of the clauses that catch it.
    """
    results = run(engine_sources(), about_engine())
    clauses = [result.clause for result in results if result.verdict is Verdict.PASSED]
    print(f"\n{'clause':<48} {'catches':>7} {'shared':>6}  the rarest of them")
    without = []
    for clause in clauses:
        labels = [label for label, ids in caught.items() if clause.id in ids]
        if labels:
            rarest = min(labels, key=lambda label: len(caught[label]))
            print(f"{clause.id:<48} {len(labels):>7} {len(caught[rarest]) - 1:>6}  {rarest}")
        else:
            without.append(clause.id)
    print(f"\n{len(clauses) - len(without)} of {len(clauses)} clauses that apply catch a sabotage")
    return without


def refuse_wrong_reference(sabotages, every):
    """Make sure that it is the sabotage that a clause notices: end if the reference fails one."""
    for framework in (False, True):
        chosen = [sabotage for sabotage in sabotages if bool(sabotage.file) == framework]
        named = {}
        for sabotage in chosen:
            try:
                named |= {clause.id: clause for clause in clauses_for(sabotage, every)}
            except Unsuitable:
                continue  # It is reported when its turn comes.
        for right in killers(sources_for(chosen[0]), named.values()) if named else ():
            place = f"{right.clause.id} at {right.place}"
            sys.exit(f"The reference itself fails {place}: {right.reason}")


def main(part="", coverage=False, sample=False):
    sabotages, problems = read_sabotages()
    chosen = [one for one in sabotages if part in one.label and not (coverage and one.file)]
    if sample:
        chosen = [one for one in chosen if crc32(one.label.encode()) % 8 == 1]
    refuse_wrong_reference(chosen, coverage)
    killed, caught, survivors = Counter(), {}, []
    with ThreadPoolExecutor(2) as pool:
        judged = pool.map(lambda one: judge(one, coverage), chosen)
        for sabotage, results, problem in judged:
            caught[sabotage.label] = {result.clause.id for result in results}
            if results:
                first = results[0]
                killed[first.clause.id] += 1
                print(f"{sabotage.label:<76} {first.clause.id} ({first.verdict})", flush=True)
            elif problem:
                problems.append(problem)
            else:
                survivors.append(sabotage.label)
    print(
        f"\n{len(chosen)} sabotages, {killed.total()} killed by {len(killed)} clauses,"
        f" {len(survivors)} survive, {len(problems)} can't be made"
    )
    lines = [*(f"survives: {label}" for label in survivors), *problems]
    if coverage:
        lines += [f"catches no sabotage: {id}" for id in report_coverage(caught)]
    if lines:
        sys.exit("\n".join(lines))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Check that the clauses catch wrong references.")
    parser.add_argument("part", nargs="?", default="", help="part of the sabotages' labels")
    parser.add_argument(
        "--coverage",
        action="store_true",
        help="meet every clause about the engine, and list those that catch none",
    )
    parser.add_argument("--sample", action="store_true", help="take one of eight, by its label")
    main(**vars(parser.parse_args()))
