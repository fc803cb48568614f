"""Signals: a command that is told to end says what it found so far, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys

import jsonschema
import pytest
from processes import is_running, soon

from signalbook.cli.stopping import Stopped, stoppable
from signalbook.reports import SCHEMA

PAGE = """\
# Slow

:::{clause} slow.first

An engine MUST be quick.

```pycon
>>> from blinker import Signal
>>> callable(Signal)
True
```
:::

:::{clause} slow.second

An engine MUST NOT hang.

```pycon
>>> from blinker import Signal
>>> Signal().send()
[]
```
:::
"""
MANY = "# Slow\n" + "".join(
    f"""
:::{{clause}} slow.number-{number}

An engine MUST NOT hang.

```pycon
>>> from blinker import Signal
>>> Signal().send()
[]
```
:::
"""
    for number in range(16)
)
TOLD = "import os, time\nopen({told!r}, 'a').write('%d\\n%d\\n' % (os.getpid(), os.getppid()))\n"
SLOW_CLAUSE = """
class Signal:
    def send(self):
        exec({told!r})
        time.sleep(600)
"""
SLOW_IMPORT = "exec({told!r})\ntime.sleep(600)\n"


@pytest.fixture
def stopped(write, tmp_path):
    """Run the command on an engine until it hangs, send a signal, and return what came of it."""

    def stopped(source, number, page=PAGE, workers=1):
        told = tmp_path / "told"
        source = source.format(told=TOLD.format(told=str(told)))
        write({"spec/dispatch/slow.md": page, "engine.py": "import time\n" + source})
        folder = tmp_path / "temporary"
        folder.mkdir()
        words = ["verify", "--blinker", "engine", "--spec", "spec", "--json", "results.json"]
        process = subprocess.Popen(
            [sys.executable, "-m", "signalbook", *words, "--timeout", "600", "--jobs", "2"],
            cwd=tmp_path,
            env={**os.environ, "TMPDIR": str(folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            written = 2 * workers
            assert soon(lambda: told.exists() and told.read_text().count("\n") == written, 120.0)
            process.send_signal(number)
            output = process.communicate(timeout=120)[0]
        finally:
            process.kill()
        # The clause's process or the worker, and the worker or the command itself.
        left = [int(pid) for pid in told.read_text().split()]
        soon(lambda: not any(map(is_running, left)))
        results = json.loads((tmp_path / "results.json").read_text())
        return (
            process.returncode,
            output,
            results,
            [
                *filter(is_running, left),
                *folder.iterdir(),
            ],
        )

    return stopped


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["SIGINT", "SIGTERM", "SIGHUP"],
)
def test_stopping_in_a_clause_tells_what_was_found_before(stopped, number, status):
    """The finished clauses are in the summary and in the data, and no process or folder is left."""
    code, output, results, left = stopped(SLOW_CLAUSE, number)
    jsonschema.validate(results, json.loads(SCHEMA.read_text()))

    assert [] == left
    assert status == code
    assert "engine          MUST        1       0" in output
    assert "STOPPED engine: 1 of 2 clauses were run, and no more\n" in output
    assert output.endswith(f"Stopped by {number.name}.\n")
    assert (False, [("slow.first", "passed")]) == (
        results["complete"],
        [(one["clause"], one["verdict"]) for run in results["runs"] for one in run["results"]],
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopping_while_an_implementation_is_imported_leaves_nothing(stopped, number):
    """An import that hangs is ended with its worker, and nothing is said to be complete."""
    code, output, results, left = stopped(SLOW_IMPORT, number)

    assert [] == left
    assert (128 + number, f"Stopped by {number.name}.\n") == (code, output)
    assert (False, []) == (results["complete"], results["runs"])


def test_stopping_ends_the_workers_that_run_beside_the_first(stopped):
    """Every worker and every clause's process is ended, not only those that came first."""
    code, output, results, left = stopped(SLOW_CLAUSE, signal.SIGTERM, page=MANY, workers=2)

    assert [] == left
    assert (143, False) == (code, results["complete"])
    assert output.endswith("Stopped by SIGTERM.\n")


def test_signal_raises_once_and_again_if_that_was_lost():
    """While one is on its way the next does nothing; after it, or if it was lost, the next does."""
    found = []
    with stoppable():
        try:
            signal.raise_signal(signal.SIGTERM)
        except Stopped as stopped:
            signal.raise_signal(signal.SIGINT)
            found.append((stopped.signal, stopped.status))
        try:
            signal.raise_signal(signal.SIGHUP)
        except Stopped as stopped:
            found.append((stopped.signal, stopped.status))

    assert [("SIGTERM", 143), ("SIGHUP", 129)] == found


def test_signal_that_is_ignored_stays_so_and_handlers_come_back():
    """What nohup ignores is ignored, and afterwards every signal does what it did before."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    handlers = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    try:
        with stoppable():
            signal.raise_signal(signal.SIGHUP)
        after = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    finally:
        signal.signal(signal.SIGHUP, before)

    assert handlers == after
