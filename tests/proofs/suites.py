"""Runs blinker's and Flask's own test suites with the reference engine in blinker's place.

The suites come from the source distributions of the releases that the reference stands for.
Each runs twice, with real blinker and with the engine; the results must be the same, except for
the tests in `EXPECTED`, which need what blinker doesn't promise.
"""

import os
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

SUITES = {"blinker": "blinker==1.9.0", "flask": "flask==3.1.3"}
ENGINES = ("blinker", "engine")
HERE = Path(__file__).parent

EXPECTED = {
    "blinker": {
        "test_signals::test_empty_bucket_growth": (
            "asks for the private _by_sender, _by_receiver and _cleanup_bookkeeping, and for the"
            " empty sets that blinker leaves behind"
        ),
        "test_signals::test_filtered_receiver_weakref": (
            "asks that a receiver whose only sender died still counts in receivers, which is"
            " unspecified, and for the private _by_sender and _by_receiver"
        ),
        "test_signals::test_strong_receiver": (
            "asks for what is in receivers, of which blinker documents only whether it is empty"
        ),
        "test_signals::test_weak_receiver": "asks for the private _by_sender and _by_receiver",
        "test_symbol::test_pickled_symbols": "makes a Symbol, a private class",
        "test_symbol::test_symbols": "makes a Symbol, a private class",
    },
    "flask": {},
}
"""The tests that fail on the engine, and why that is right."""


def fetch(requirement, folder):
    """Download a source distribution with pip, unpack it, and return the folder of its tests."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    name = requirement.partition("==")[0]
    command += ["--disable-pip-version-check", "--no-binary", name, "--dest", str(folder)]
    subprocess.run([*command, requirement], check=True, stderr=subprocess.DEVNULL)
    unpacked = requirement.replace("==", "-")
    with tarfile.open(folder / f"{unpacked}.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    return folder / unpacked / "tests"


def run(tests, engine):
    """Run the suite in the folder *tests* and return the outcome of each test by its name.

    :param engine: `blinker`, or `engine` to have the reference engine in its place.
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


def differences(suite, outcomes):
    """Yield a line for each test that has another outcome than it must have."""
    expected = EXPECTED[suite]
    for name in sorted({*outcomes["blinker"], *outcomes["engine"], *expected}):
        real, own = (outcomes[engine].get(name, ("not run", "")) for engine in ENGINES)
        if real[0] == "failed":
            yield f"{suite} {name} fails with blinker itself: {real[1]}"
        elif name in expected and own[0] != "failed":
            yield f"{suite} {name} is expected to fail, but {own[0]}; take it from the list"
        elif name not in expected and own[0] != real[0]:
            yield f"{suite} {name}: {own[0]} instead of {real[0]}: {own[1]}"


def main():
    print(f"{'suite':<16} {'with':<8} {'passed':>6} {'failed':>6} {'skipped':>7}")
    wrong = []
    with tempfile.TemporaryDirectory(prefix="signalbook-suites-") as folder:
        for suite, requirement in SUITES.items():
            tests = fetch(requirement, Path(folder))
            outcomes = {engine: run(tests, engine) for engine in ENGINES}
            for engine, results in outcomes.items():
                counted = Counter(word for word, _ in results.values())
                figures = f"{counted['passed']:>6} {counted['failed']:>6} {counted['skipped']:>7}"
                print(f"{requirement:<16} {engine:<8} {figures}")
            wrong += differences(suite, outcomes)
    print("\nExpected to fail with the engine:")
    for suite, tests in EXPECTED.items():
        for name, reason in tests.items():
            print(f"{suite} {name}: {reason}")
    if wrong:
        sys.exit("\n" + "\n".join(wrong))
    print("\nEvery other test has the same outcome with the engine as with blinker.")


if __name__ == "__main__":
    main()
