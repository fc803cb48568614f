"""Checks that the clauses catch wrong engines: each line of `sabotages.toml` must be noticed.

Each sabotage changes one place in a copy of the reference engine.
Only the clauses of `spec/dispatch` are run on it, no other test.
A sabotage that passes all of them means that a clause is missing, or too weak.

    python tests/proofs/sabotage.py [PART OF A NAME]
"""

import re
import sys
import tempfile
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from signalbook.implementations import Implementation
from signalbook.pages import read_specification
from signalbook.reference import engine
from signalbook.runner import ImplementationError, Limits, Session

ENGINE = Path(engine.__file__).parent
LIST = Path(__file__).with_name("sabotages.toml")
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


def killer(sources, clauses):
    """Return the result of the first clause that fails on an engine, or `None`.

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
            results = map(session.run, clauses)
            return next((result for result in results if result.verdict.is_fault), None)


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


def main(part=""):
    sources, clauses = modules(), dispatch_clauses()
    if right := killer(sources, clauses):
        sys.exit(f"The engine itself fails {right.clause.id} at {right.place}: {right.reason}")

    def judge(sabotage):
        try:
            return sabotage, killer(apply(sabotage, sources), clauses), ""
        except (ImplementationError, Unsuitable) as error:
            return sabotage, None, str(error)

    chosen = [sabotage for sabotage in read_sabotages() if part in sabotage.name]
    killed, survivors, unsuitable = Counter(), [], []
    with ThreadPoolExecutor(2) as pool:
        for sabotage, result, error in pool.map(judge, chosen):
            if result:
                killed[result.clause.id] += 1
                print(f"{sabotage.name:<56} {result.clause.id} ({result.verdict})", flush=True)
            else:
                (unsuitable if error else survivors).append(error or sabotage.name)
    print(
        f"\n{len(chosen)} sabotages, {killed.total()} killed by {len(killed)} of"
        f" {len(clauses)} clauses, {len(survivors)} survive, {len(unsuitable)} can't be made"
    )
    lines = [*(f"survives: {name}" for name in survivors), *unsuitable]
    if lines:
        sys.exit("\n".join(lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
