"""Checks that none passes by silence: each that sends must notice sends that are all wrong.

On the engines of `silence.toml` nobody is called, or everybody twice, or those who listen to
another signal. A check that needs an engine sends if it doesn't pass on those of `refusing.toml`,
where nothing can be connected or sent; where there is a framework, it is that which sends.
What doesn't notice yet is listed in `unnoticed.toml`, which may only shrink.

    python tests/proofs/silence.py [PATTERN]...
"""

import argparse
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from altered import fails_by_example, read_altered, run
from features import due
from sabotage import specification

from signalbook.runner import Isolation
from signalbook.verdicts import Verdict

ENGINES = read_altered("silence")
REFUSING = read_altered("refusing")
UNNOTICED = Path(__file__).with_name("unnoticed.toml")


def sending(checks):
    """Return those of *checks* in which something is sent to somebody."""
    about_signals = [check for check in due(checks) if "blinker" in check.needs and not check.lacks]
    passed = {
        result.clause.id
        for engine in REFUSING
        for result in run(engine, about_signals)
        if not fails_by_example(result)
    }
    return [check for check in about_signals if check.id not in passed]


def unnoticing(engine, checks):
    """Return the ids of those of *checks* that don't notice what is wrong with an engine."""
    results = list(run(engine, checks, Isolation.CLAUSE))
    assert all(result.verdict is not Verdict.NOT_APPLICABLE for result in results)
    return [result.clause.id for result in results if not fails_by_example(result)]


def problems(name, ids, known, tried):
    """Yield a text for each check that passes by silence, and for each that is listed in vain.

    :param ids: Of those that didn't notice the engine *name*.
    :param known: Of those that are listed.
    :param tried: Of those that were run.
    """
    for id in ids:
        if id not in known:
            yield f"{id} doesn't notice the engine {name!r}; give it a positive control"
    for id in known:
        if id in tried and id not in ids:
            yield f"{id} notices the engine {name!r} now; take it off {UNNOTICED.name}"


def read_unnoticed():
    """Return the ids of the checks that are listed, by the engine's name."""
    return tomllib.loads(UNNOTICED.read_text(encoding="utf-8"))


def main(patterns=()):
    known = read_unnoticed()
    checks = sending(specification().select(patterns=patterns))
    tried = {check.id for check in checks}
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda engine: unnoticing(engine, checks), ENGINES))
    wrong = []
    for engine, ids in zip(ENGINES, found, strict=True):
        print(f"{engine}: {len(checks) - len(ids)} of {len(checks)} checks notice")
        wrong += problems(engine.name, ids, known[engine.name], tried)
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Check that no check passes by silence.")
    parser.add_argument("patterns", nargs="*", metavar="PATTERN", help="only these checks")
    main(parser.parse_args().patterns)
