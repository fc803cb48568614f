"""Makes the vectors of checks: what each does wherever it can be run.

    python tests/proofs/vectors/make.py [--output FILE] [--chapter CHAPTER] [PATTERN]...

Without `--output` they are put into `vectors.json.xz`, beside those that it has.
"""

import argparse
import json
import lzma
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from altered import EXAMPLES_IMPORT, NONE, read_altered
from sabotage import (
    LIMITS,
    apply,
    framework_sources,
    implementation,
    read_sabotages,
    sources_for,
    specification,
)

from signalbook.clauses import applies
from signalbook.history import (
    Unmeasured,
    digest,
    environments_about,
    is_measured,
    measure,
    read_history,
    series_about,
)
from signalbook.implementations import without_blinker
from signalbook.runner import ImplementationError, Isolation, Session

FOLDER = Path(__file__).parent
TODAY = FOLDER / "vectors.json.xz"
RIGHT_ONE = "the reference itself"
WITHOUT = " (without an engine)"
ENGINE, SEEN = "sabotaged.engine", f"sabotaged.{EXAMPLES_IMPORT}"


def read_vectors(file=TODAY):
    """Return what is in a file: vectors by id, and what each chapter was run on."""
    if not file.exists():
        return {"checks": {}, "tried": {}}
    return json.loads(lzma.decompress(file.read_bytes()))


def write_vectors(vectors, file=TODAY):
    text = json.dumps(vectors, sort_keys=True, separators=(",", ":"))
    file.write_bytes(lzma.compress(text.encode(), preset=9))


# Environments


def on_environments(checks):
    """Return the verdicts of each check by id, series and version: from the history, or measured.

    Behind the verdict it says whether the release is out of the check's range.
    """
    history = read_history()
    unknown = [check for check in checks if not is_measured(check, history)]
    found = {check.id: {} for check in checks}
    for check in set_apart(checks, unknown):
        for series in series_about(check):
            verdicts = history.verdicts(check.id, series.name)
            found[check.id][series.name] = {
                each.version: told(check, verdicts[each.version].verdict, each.axes)
                for each in series.environments()
            }
    for outcome in measure(unknown, environments_about(unknown), jobs=2) if unknown else ():
        if isinstance(outcome, Unmeasured):
            sys.exit(f"{outcome.environment.name}: {outcome.reason}")
        for result in outcome.results.values():
            of_series = found[result.clause.id].setdefault(outcome.series.name, {})
            of_series[outcome.environment.version] = told(
                result.clause, result.verdict, outcome.environment.axes
            )
    return found


def set_apart(checks, others):
    ids = {check.id for check in others}
    return [check for check in checks if check.id not in ids]


def told(check, verdict, axes):
    return f"{verdict}" if applies(check, axes) else f"{verdict}, out of range"


# Wrong implementations


def with_engine(chapter):
    """Yield a label for each implementation that the checks of a chapter are run on, and how."""
    framework = chapter != "dispatch"
    yield RIGHT_ONE, lambda checks: run(checks, NONE.sources(framework), SEEN)
    for name in ("silence", "features"):
        for engine in read_altered(name):
            if engine.framework or not framework:
                yield f"{name}: {engine}", partial(run_altered, engine, framework)
    for sabotage in sabotages():
        if bool(sabotage.file) is framework:
            yield sabotage.label, partial(run_sabotage, sabotage)


def without_engine():
    """Yield the same for what needs no engine."""
    yield RIGHT_ONE, lambda checks: run(checks, framework_sources(), None)
    for sabotage in sabotages():
        if sabotage.file:
            yield sabotage.label, partial(run_sabotage, sabotage, blinker=None)


@cache
def sabotages():
    found, problems = read_sabotages()
    assert not problems, problems
    return found


def run_altered(engine, framework, checks):
    return run(checks, engine.sources(framework), SEEN)


def run_sabotage(sabotage, checks, blinker=ENGINE):
    return run(checks, apply(sabotage, sources_for(sabotage)), blinker)


def run(checks, sources, blinker):
    with implementation(sources) as made:
        made = replace(made, blinker=blinker) if blinker else without_blinker(made)
        with Session(made, LIMITS, isolation=Isolation.PAGE) as session:
            return list(session.run_in_order(checks))


def on_wrong_implementations(checks, implementations):
    """Return the labels of all that could be loaded, and of those that each check fails, by id."""
    tried, failed = [], {check.id: [] for check in checks}
    with ThreadPoolExecutor(2) as pool:
        for label, results in pool.map(partial(attempt, checks), implementations):
            print(f"{time.strftime('%H:%M:%S')} {label}", flush=True)
            if isinstance(results, ImplementationError):
                print(f"  not tried: {results}")
                continue
            tried.append(label)
            for result in results:
                if result.verdict.is_fault:
                    failed[result.clause.id].append(label)
    if wrong := [id for id, labels in failed.items() if RIGHT_ONE in labels]:
        sys.exit(f"The reference itself fails {', '.join(wrong)}")
    return tried, failed


def attempt(checks, implementation):
    label, run_on_it = implementation
    try:
        return label, run_on_it(checks)
    except ImplementationError as error:
        return label, error


# All together


def vectors(checks):
    """Return the vectors of checks of one chapter, and the labels of what they were run on."""
    (chapter,) = {check.chapter for check in checks}
    environments = on_environments(checks)
    tried, failed = on_wrong_implementations(checks, with_engine(chapter))
    if chapter == "fallback":
        labels, by_id = on_wrong_implementations(checks, without_engine())
        tried += [label + WITHOUT for label in labels]
        for id, found in by_id.items():
            failed[id] += [label + WITHOUT for label in found]
    found = {
        check.id: {
            "page": check.subject,
            "digest": digest(check),
            "environments": environments[check.id],
            "failed": sorted(failed[check.id]),
        }
        for check in checks
    }
    return found, sorted(tried)


def main(patterns, chapter, output):
    chosen = specification().select(chapter=chapter, patterns=patterns)
    file = output or TODAY
    for chapter in dict.fromkeys(check.chapter for check in chosen):
        checks = [check for check in chosen if check.chapter == chapter]
        found, tried = vectors(checks)
        known = read_vectors(file)
        known["checks"].update(found)
        known["tried"][chapter] = tried
        write_vectors(known, file)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the vectors of checks.")
    parser.add_argument("patterns", nargs="*", metavar="PATTERN", help="of the checks' ids")
    parser.add_argument("--chapter", help="only this chapter")
    parser.add_argument("--output", type=Path, metavar="FILE", help="keep them here instead")
    given = parser.parse_args()
    main(given.patterns, given.chapter, given.output)
