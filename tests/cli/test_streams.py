"""Output that can't be written, read or encoded, and whatever else the surroundings do."""

import json
import os
import re
import shlex
import subprocess
import sys

import pytest

SIGNALBOOK = f"{shlex.quote(sys.executable)} -m signalbook"
TWICE = "verify --clause connecting.once.twice --json results.json"
FORGETFUL = """
from blinker import *

class Signal(Signal):
    def send(self, sender=None, **forgotten):
        return super().send(sender)
"""
PAGE = """\
# Coffee

:::{clause} coffee.served

An engine MUST pass on what it got.

```pycon
>>> from blinker import Signal
>>> got = []
>>> signal = Signal()
>>> _ = signal.connect(lambda sender, **keywords: got.append(keywords), weak=False)
>>> _ = signal.send(1, order="café")
>>> got
[{'order': 'café'}]
```
:::
"""


@pytest.fixture
def shell(tmp_path):
    """Run a line of bash in the test's folder."""

    def shell(line, **environment):
        return subprocess.run(
            ["bash", "-o", "pipefail", "-c", line.replace("signalbook", SIGNALBOOK, 1)],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=300,
        )

    return shell


def verdicts(tmp_path):
    data = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    return [result["verdict"] for run in data["runs"] for result in run["results"]]


@pytest.mark.parametrize(
    ("redirection", "problem"),
    [("> /dev/full", "No space left on device"), (">&-", "it is closed")],
)
def test_output_that_cannot_be_written_is_one_message(shell, tmp_path, redirection, problem):
    """A full disk or a closed output is said once, with status 2; the results are in their file."""
    done = shell(f"signalbook {TWICE} {redirection}")

    assert (f"Error: standard output can't be written: {problem}\n", 2) == (
        done.stderr,
        done.returncode,
    )
    assert ["passed"] == verdicts(tmp_path)


@pytest.mark.parametrize("redirection", ["2> /dev/full", "2>&-", ">&- 2>&- <&-"])
def test_error_that_nobody_can_read_has_its_status(shell, redirection):
    """The exit status is 2 if even the message can't be written."""
    assert ("", "", 2) == (
        (done := shell(f"signalbook verify nothing {redirection}")).stdout,
        done.stderr,
        done.returncode,
    )


@pytest.mark.parametrize("command", [TWICE, "list", "export", "verify nothing 2>&1"])
def test_pipe_that_nobody_reads_ends_quietly(shell, command):
    """Who closes the pipe has seen enough: nothing is said, and the verdict decides the status."""
    done = shell(f"signalbook {command} | true")

    assert ("", "", 2 if "nothing" in command else 0) == (
        done.stdout,
        done.stderr,
        done.returncode,
    )


@pytest.mark.parametrize("columns", ["1", "20", "0", "many"])
def test_pipe_gets_the_whole_table(shell, columns):
    """How wide somebody's terminal is doesn't matter to a pipe."""
    done = shell(f"signalbook {TWICE} | tail -n 4 | head -n 2", COLUMNS=columns)

    assert (
        "implementation  level  passed  failed\nreference       MUST        1       0\n"
    ) == done.stdout


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}],
    ids=["stream", "locale"],
)
def test_value_that_a_terminal_cannot_show_is_written_out(write, shell, tmp_path, environment):
    """On an ASCII terminal a letter that isn't there is escaped; in the data it stands."""
    write({"spec/dispatch/coffee.md": PAGE, "forgetful.py": FORGETFUL})
    options = "--blinker forgetful --spec spec --json results.json"
    done = shell(f"signalbook verify {options}", **environment)

    assert r"    [{'order': 'caf\xe9'}]" in done.stdout.splitlines()
    assert ("", 1) == (done.stderr, done.returncode)
    assert ["failed"] == verdicts(tmp_path)


def test_folder_in_no_encoding_is_shown_and_found_again(write, shell, tmp_path):
    """A folder whose name isn't text is shown all the same, and `again` names it for a shell."""
    folder = tmp_path / os.fsdecode(b"caf\xe9 \x1b[2J")
    write({"spec/dispatch/coffee.md": PAGE})
    write({"forgetful.py": FORGETFUL}, folder)
    first = shell("signalbook verify --blinker forgetful --spec spec --path caf*")
    again = first.stdout.partition("again: ")[2].partition("\n")[0]
    second = shell(again)

    assert rf"  forgetful is {tmp_path}/caf\udce9 \x1b[2J/forgetful.py" in first.stdout.splitlines()
    assert r"--path $'\x63\x61\x66\xe9\x20\x1b\x5b\x32\x4a'" in again
    assert (1, again) == (
        second.returncode,
        second.stdout.partition("again: ")[2].partition("\n")[0],
    )


def test_folder_that_is_gone_is_one_message(shell):
    """A command in a folder that was removed says so, with status 2."""
    done = shell("mkdir gone; cd gone; rmdir ../gone; signalbook verify")

    assert (
        "Error: the current folder can't be used (No such file or directory); change to another\n",
        2,
    ) == (done.stderr, done.returncode)


def test_what_is_typed_cannot_repaint_the_terminal(shell):
    """An escape sequence in an argument is written out where the message repeats it."""
    done = shell(r"signalbook verify $'--caf\xe9\e[2J'")

    # Older click drops the sequence by itself, and quotes nothing.
    error = done.stderr.splitlines()[-1]
    assert re.fullmatch(r"Error: No such option:? '?--caf\\udce9(\\x1b\[2J)?'?\.?", error)
    assert 2 == done.returncode
