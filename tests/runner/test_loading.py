"""An implementation that can't be loaded is one message: what, where, and what to do next."""

import json
import os
import subprocess
import sys

import pytest

from signalbook.implementations import FLASK, REFERENCE, Implementation
from signalbook.runner import ImplementationError, Limits, Session


def refusal(implementation, limits=None):
    """Return why *implementation* can't be loaded."""
    with pytest.raises(ImplementationError) as caught, Session(implementation, limits or Limits()):
        pass
    return str(caught.value)


@pytest.mark.parametrize("memory", [1, 10, 30])
def test_too_little_memory_is_named(memory):
    """With too little memory for importing it, the error says that and how to give more."""
    modules = "'signalbook.reference' and 'signalbook.reference.engine'"
    assert (
        f"reference: {memory} MiB of memory are too little to import {modules};"
        " allow more with --memory, and with 'ulimit -v' if it is lower"
    ) == refusal(REFERENCE, Limits(memory=memory))


def test_memory_without_a_limit_is_not_blamed(engine):
    """Where nothing limits the memory, an import that runs out of it has raised, as any other."""
    assert refusal(engine("raise MemoryError"), Limits(memory=0)).startswith(
        f"engine: importing 'engine' with {sys.executable}"
    )


def test_memory_limit_of_the_shell_stays(engine, run_page):
    """A limit that the shell sets lower than the kit's is kept, and clauses run under it."""
    page = (
        "# Page\n\n:::{clause} page.a\nIt MUST.\n\n```pycon\n>>> import resource\n"
        ">>> [limit // 2**20 for limit in resource.getrlimit(resource.RLIMIT_AS)]\n"
        "[1500, 1500]\n```\n:::\n"
    )
    wrapper = engine("").path[0] + "/python"
    with open(wrapper, "w") as file:
        file.write(f'#!/bin/sh\nulimit -v {1500 * 1024}\nexec {sys.executable} "$@"\n')
    os.chmod(wrapper, 0o700)
    [result] = run_page(page, implementation=engine("", python=wrapper))
    assert ("passed", "") == (result.verdict.value, result.got)


def test_traceback_shows_where_importing_failed(engine, write):
    """Of a long traceback the last frames are shown, and none of the worker's."""
    source = "import sys\n\ndef deeper(n):\n    n or [][1]\n    deeper(n - 1)\n\ndeeper(50)\n"
    implementation = engine(source)
    first, *frames, last = refusal(implementation).splitlines()
    assert first.endswith(" raised IndexError: list index out of range")
    assert "mend that, or install there what it needs" == last
    assert 20 >= len(frames)
    assert "    n or [][1]" in frames
    assert not [line for line in frames if "worker.py" in line]


@pytest.mark.parametrize(
    ("modules", "advice"),
    [
        ({"blinker": "bad/raises.py"}, "--blinker raises --path bad"),
        ({"blinker": "raises.py"}, "--blinker raises --path ."),
        ({"flask": "./web", "blinker": None}, "--flask web --path ."),
    ],
)
def test_path_in_place_of_a_module_is_named(modules, advice):
    """A file's path where a module's name belongs is said to be one, with what to write instead."""
    implementation = Implementation(name="mine", **{"flask": None, **modules})
    given = next(name for name in modules.values() if name)
    assert refusal(implementation).endswith(
        f"; {given!r} is a file, and not a module's name; give {advice}"
    )


@pytest.fixture
def bare_python(tmp_path):
    """An interpreter that has the standard library only."""
    folder = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return str(folder / "bin" / "python")


def test_flask_that_is_not_installed_is_named(bare_python, monkeypatch):
    """Without Flask, the error says so, and how to get it."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    implementation = Implementation(name="flask", python=bare_python)
    assert FLASK.flask == implementation.flask
    assert (
        f"flask: 'flask' and 'blinker' can't be imported by {bare_python}:"
        " ModuleNotFoundError: No module named 'flask'; flask isn't installed there; install it"
        f" with '{bare_python} -m pip install flask', or name a release, such as flask==3.1.3"
    ) == refusal(implementation)


def test_version_that_is_none_is_named(bare_python, write, tmp_path):
    """An engine that says no version's number of itself is asked for what it claims to be."""
    write({"installed/blinker.py": "__version__ = 'banana\\x1b[2J'"})
    implementation = Implementation(
        name="mine", flask=None, python=bare_python, path=(str(tmp_path / "installed"),)
    )
    assert (
        "mine: it says that it is blinker banana\\x1b[2J, which is no version;"
        " say which release it is with --claims blinker==VERSION"
    ) == refusal(implementation)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("exec /bin/ls /nowhere/at/all", "No such file or directory"),
        ("echo $1", "worker.py"),
        ("cat $1", '"""Runs a clause'),
        ("exit 3", ""),
        ("exec yes", "y"),
    ],
)
def test_interpreter_that_is_none_is_named(engine, tmp_path, command, said):
    """A program that isn't Python is named as such, with what it said."""
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\n{command}\n")
    program.chmod(0o700)
    message = refusal(engine("", python=str(program)))
    assert message.startswith(f"engine: {str(program)!r} doesn't start the kit's worker")
    assert message.endswith("name a CPython with --python")
    assert said in message
    assert bool(said) == ("it said:" in message)


@pytest.mark.parametrize(
    ("make", "version"),
    [("cpython", "2.6.9"), ("cpython", "3.5.10"), ("pypy", "3.11.13"), ("cpython", "3.1.5")],
)
def test_interpreter_that_is_unfit_is_named(engine, tmp_path, make, version):
    """An interpreter that is too old, or not CPython, is named, with what the kit needs."""
    program = tmp_path / "program"
    said = json.dumps({"interpreter": make, "python": version, "worker": 0})
    program.write_text(f"#!/bin/sh\necho '{said}'\ncat\n")
    program.chmod(0o700)
    assert (
        f"engine: {str(program)!r} is {make} {version}, and the kit needs CPython 2.7,"
        " or 3.6 or later; name another with --python"
    ) == refusal(engine("", python=str(program)))


def test_no_room_for_a_folder_is_one_error(engine, tmp_path, monkeypatch):
    """Where no folder can be made for the worker, that is the error."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    assert refusal(engine("")).startswith(
        "engine: a folder for the worker's files can't be made ([Errno 2] No such file"
    )


FLOOD = """\
import os, select

def flood(folder, descriptors):
    data = b"x" * 2**16
    for descriptor in descriptors:
        try:
            pipe = os.open(folder % descriptor, os.O_WRONLY | os.O_NONBLOCK)
            for _ in range(400 * 2**20 // len(data)):
                if not select.select([], [pipe], [], 0.2)[1]:
                    break  # Nobody reads from this one.
                os.write(pipe, data)
        except OSError:
            pass

"""
FLOODED = r"""
import re, sys
from pathlib import Path

from signalbook.implementations import Implementation
from signalbook.pages import read_specification
from signalbook.runner import ImplementationError, Session

implementation = Implementation(name="engine", flask=None, blinker="engine", path=(sys.argv[1],))
try:
    with Session(implementation) as session:
        for clause in read_specification(Path(sys.argv[2])).checks:
            print(session.run(clause).reason)
except ImplementationError as error:
    print(error)
# Not ru_maxrss, which begins with what the process had that started this one.
print(int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024)
"""
FOREIGN = "something else than the worker wrote to the worker's pipe"


@pytest.mark.parametrize(
    ("at_import", "said"),
    [
        (
            "flood('/proc/self/fd/%d', range(3, 16))",
            f"engine: {FOREIGN} while it imported the implementation;"
            " importing must not write to foreign descriptors",
        ),
        ("", FOREIGN),
    ],
)
def test_kit_reads_no_more_than_it_needs(engine, write, tmp_path, at_import, said):
    """Hundreds of megabytes in the worker's pipe are foreign, and don't fill the kit's memory."""
    engine(FLOOD + at_import)
    write(
        {
            "spec/dispatch/page.md": "# Page\n\n:::{clause} page.a\nIt MUST.\n\n```pycon\n"
            ">>> import os\n>>> from blinker import flood\n"
            ">>> flood('/proc/%d/fd/%%d' % os.getppid(), range(3, 16))\n>>> 1\n1\n```\n:::\n"
        }
    )
    done = subprocess.run(
        [sys.executable, "-c", FLOODED, tmp_path / "implementation", tmp_path / "spec"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    *lines, mebibytes = done.stdout.splitlines()
    assert [said] == lines
    assert 300 > int(mebibytes)
