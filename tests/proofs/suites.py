"""Runs blinker's and Flask's own test suites with the reference in their place.

The suites come from the source distributions of the releases that the reference stands for.
Each runs with real blinker and with the reference engine, and Flask's also with the reference
framework in Flask's place.
The results must be the same, except for the tests in `expected_failures.toml`, each with a reason.
"""

import os
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

from signalbook.implementations import REFERENCE
from signalbook.implementations.releases import read_hashes

SUITES = {subject: f"{subject}=={REFERENCE.claims[subject]}" for subject in ("blinker", "flask")}
REAL = "blinker"
IN_PLACE = {"blinker": ("engine",), "flask": ("engine", "reference")}
HERE = Path(__file__).parent


def expected_failures():
    """Return the reason for each test that fails and shall, by suite and by what is in place.

    A name that ends in an asterisk stands for all tests that begin like it.
    """
    found = {}
    for entry in tomllib.loads((HERE / "expected_failures.toml").read_text())["expected"]:
        names = found.setdefault((entry["suite"], entry["with"]), {})
        names.update(dict.fromkeys(entry["tests"], entry["reason"]))
    return found


def fetch(requirement, folder):
    """Download a source distribution with pip, unpack it, and return the folder of its tests."""
    listed = folder / "requirements.txt"
    listed.write_text(read_hashes()[requirement])
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    # pip asks the project's build backend for its name, and should not fetch another for that.
    command += ["--disable-pip-version-check", "--no-build-isolation", "--no-binary", ":all:"]
    command += ["--dest", str(folder), "--requirement", str(listed)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{requirement} could not be downloaded: {done.stderr}")
    unpacked = requirement.replace("==", "-")
    with tarfile.open(folder / f"{unpacked}.tar.gz") as archive:
        # CPython before 3.11.4 has no filter, and what is pinned by its hash needs none.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(folder)
    return folder / unpacked / "tests"


def run(tests, engine):
    """Run the suite in the folder *tests* and return the outcome of each test by its name.

    :param engine: `blinker`; `engine` to have the reference engine in its place; or `reference`
        to have the whole reference in the place of Flask and blinker.
    """
    results = tests.parent / f"{engine}.xml"
    # The project's own configuration would bring paths and plugins of its environment.
    (tests.parent / "empty.ini").write_text("[pytest]\nfilterwarnings = error\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "suite_plugin", "-p", "no:cacheprovider"]
    command += ["-c", "empty.ini", "--rootdir", str(tests.parent), f"--junit-xml={results}"]
    path = os.pathsep.join([str(HERE), str(HERE.parents[1] / "src")])
    done = subprocess.run(
        [*command, str(tests)],
        cwd=tests.parent,
        env={**os.environ, "PYTHONPATH": path, "SIGNALBOOK_ENGINE": engine},
        capture_output=True,
        text=True,
    )
    # Anything but 0, all passed, and 1, some failed, means that tests are missing.
    if done.returncode > 1:
        sys.exit(f"The suite {tests} did not run:\n{done.stdout}{done.stderr}")
    return dict(map(read, ElementTree.parse(results).iter("testcase")))


def read(case):
    """Return a test's name, and its outcome: a word, and the first line of the reason."""
    name = f"{case.get('classname').removeprefix('tests.')}::{case.get('name')}"
    for kind, word in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
        happened = case.find(kind)
        if happened is not None:
            return name, (word, happened.get("message", "").partition("\n")[0])
    return name, ("passed", "")


def covers(pattern, name):
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def differences(where, real, own, expected):
    """Yield a line for each test that has another outcome than it must have."""
    for pattern in expected:
        if not any(covers(pattern, name) for name in own):
            yield f"{where} {pattern} is expected to fail, but there is no such test"
    for name in sorted({*real, *own}):
        wanted, got = (outcomes.get(name, ("not run", "")) for outcomes in (real, own))
        listed = any(covers(pattern, name) for pattern in expected)
        if wanted[0] == "failed":
            yield f"{where} {name} fails with the real thing itself: {wanted[1]}"
        elif listed and got[0] != "failed":
            yield f"{where} {name} is expected to fail, but {got[0]}; take it from the list"
        elif not listed and got[0] != wanted[0]:
            yield f"{where} {name}: {got[0]} instead of {wanted[0]}: {got[1]}"


def report(requirement, engine, outcomes):
    counted = Counter(word for word, _ in outcomes.values())
    figures = f"{counted['passed']:>6} {counted['failed']:>6} {counted['skipped']:>7}"
    print(f"{requirement:<16} {engine:<10} {figures}", flush=True)


def main():
    print(f"{'suite':<16} {'with':<10} {'passed':>6} {'failed':>6} {'skipped':>7}")
    expected, reasons, wrong = expected_failures(), [], []
    with tempfile.TemporaryDirectory(prefix="signalbook-suites-") as folder:
        for suite, requirement in SUITES.items():
            tests = fetch(requirement, Path(folder))
            real = run(tests, REAL)
            report(requirement, REAL, real)
            for engine in IN_PLACE[suite]:
                own = run(tests, engine)
                report(requirement, engine, own)
                known = expected.get((suite, engine), {})
                wrong += differences(f"{suite} with {engine}:", real, own, known)
                for pattern, reason in known.items():
                    names = [name for name in own if covers(pattern, name)]
                    reasons += [f"{suite} with {engine}: {name}: {reason}" for name in names]
    print("\nExpected to fail:", *reasons, sep="\n")
    if wrong:
        sys.exit("\n" + "\n".join(wrong))
    print("\nEvery other test has the same outcome as with real blinker and real Flask.")


if __name__ == "__main__":
    main()
