"""However a run is stopped, no process and no folder of it is left."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from processes import soon, still_running

from signalbook.implementations import MissingInterpreter, find_interpreter
from signalbook.pages import read_specification
from signalbook.runner import Limits, Session, process, run

KIT = """\
import signal, sys, time
from pathlib import Path

from signalbook.implementations import Implementation
from signalbook.pages import read_specification
from signalbook.runner import Limits, Session

# A shell may let what it runs in the background ignore the first two.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
implementation = Implementation(
    name="engine", flask=None, blinker="engine", path=(sys.argv[1],), python=sys.argv[3]
)
with Session(implementation, Limits(timeout=600.0)) as session:
    list(session.run_all(read_specification(Path(sys.argv[2])).checks, jobs=1))
    time.sleep(600)
"""

# Each process that matters leaves its id as the name of a file.
NOTE = """\
import os, subprocess, time

def note(*pids):
    for pid in pids:
        open(os.path.join({folder!r}, str(pid)), "w").close()

def hang():
    child = subprocess.Popen(["sleep", "600"])
    note(os.getpid(), os.getppid(), child.pid)
    time.sleep(600)

"""
# What it does at each moment, and how many processes there are then.
MOMENTS = [
    ("note(os.getpid(), os.getppid())\ntime.sleep(600)\n", 2),  # while it is imported
    ("", 3),  # while a clause runs
    ("def hang():\n    note(os.getpid(), os.getppid())\n", 17),  # after the last one
]
AT_IMPORT = MOMENTS[0][0]
CLAUSE = ":::{{clause}} page.n{}\nIt MUST.\n\n```pycon\n>>> {}\n>>> 1\n1\n```\n:::\n\n"


@pytest.fixture
def pids(tmp_path):
    """Return the ids noted so far; what is still there after the test is ended."""
    folder = tmp_path / "pids"
    folder.mkdir()

    def pids():
        return sorted(int(file.name) for file in folder.iterdir())

    yield pids
    still_running([pid for pid in pids() if pid not in {0, os.getpid()}])


@pytest.fixture
def noting(engine, tmp_path, pids):
    """Make an engine whose function `hang` notes its processes and never ends."""
    return lambda source="": engine(NOTE.format(folder=str(tmp_path / "pids")) + source)


@pytest.fixture
def hanging(write, tmp_path):
    """Sixteen clauses that never end, which is enough for two workers."""
    clauses = (CLAUSE.format(number, "from blinker import hang; hang()") for number in range(16))
    write({"spec/dispatch/page.md": "# Page\n\n" + "".join(clauses)})
    return read_specification(tmp_path / "spec").checks


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """An empty folder for temporary files, for the kit and for the test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (signal.SIGINT, -signal.SIGINT),
        (signal.SIGTERM, 128 + signal.SIGTERM),
        (signal.SIGHUP, -signal.SIGHUP),
        (signal.SIGKILL, -signal.SIGKILL),
    ],
)
@pytest.mark.parametrize(("source", "expected"), MOMENTS, ids=["import", "clause", "idle"])
def test_kit_that_is_stopped_leaves_nothing(
    noting, hanging, temporary, pids, tmp_path, number, status, source, expected
):
    """Whatever ends the kit, while it imports, runs clauses or idles, ends all it began.

    SIGINT and SIGTERM raise in the kit here, SIGHUP and SIGKILL end it without a word.
    """
    noting(source)
    kit = stop_kit(tmp_path, sys.executable, number, lambda: len(pids()) >= expected)
    assert status == kit.returncode
    assert [] == still_running(pid for pid in pids() if pid != kit.pid)
    assert soon(lambda: not list(temporary.iterdir()))


def stop_kit(folder, python, number, condition):
    """Run the kit, and send it the signal *number* when *condition* is true."""
    command = [sys.executable, "-c", KIT, folder / "implementation", folder / "spec", python]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as kit:
        begun = soon(condition)
        kit.send_signal(number)
        ended = soon(lambda: kit.poll() is not None)
        kit.kill()
    assert [True, True] == [begun, ended]
    return kit


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.13"])
@pytest.mark.parametrize(("source", "expected"), MOMENTS, ids=["import", "clause", "idle"])
def test_kit_that_is_killed_leaves_nothing_in_other_interpreters(
    noting, hanging, temporary, pids, tmp_path, version, source, expected
):
    """The end of the kit ends the processes of its workers in every CPython."""
    try:
        python = find_interpreter(version)
    except MissingInterpreter as error:
        pytest.skip(str(error))
    noting(source)
    kit = stop_kit(tmp_path, python, signal.SIGKILL, lambda: len(pids()) >= expected)
    assert [] == still_running(pid for pid in pids() if pid != kit.pid)
    assert soon(lambda: not list(temporary.iterdir()))


@pytest.fixture
def interruptible():
    """Let Ctrl-C raise here, even if the tests run in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_run_that_is_abandoned_leaves_nothing(noting, hanging, temporary, pids):
    """Whoever stops reading results need not wait for hanging clauses, and none is left."""
    with Session(noting(), Limits(timeout=600.0)) as session:
        results = session.run_all(hanging, jobs=2)
        timer = threading.Thread(target=stop_when, args=(lambda: len(pids()) >= 6,))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            next(results)
        timer.join()
        assert [] == still_running(pids())
    assert [] == list(temporary.iterdir())


def stop_when(condition):
    soon(condition)
    signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)


def test_clause_that_begins_while_its_worker_is_closed_is_not_left(
    noting, hanging, temporary, pids, monkeypatch
):
    """A worker closed between the fork of a clause's process and the kit's learning of it."""
    forked = []

    def close_first(message, token):
        forked.append(read_start(message, token))
        soon(pids, 0.5)  # Time enough to begin, if it could.
        session.stop()
        return forked[0]

    read_start = process.read_start
    monkeypatch.setattr(process, "read_start", close_first)
    with Session(noting(), Limits(timeout=600.0)) as session:
        result = session.run(hanging[0])
    assert ("crashed", 1) == (result.verdict.value, len(forked))
    assert [] == still_running([*forked, *pids()])
    assert [] == list(temporary.iterdir())


@pytest.mark.parametrize(
    "leave",
    ["pass", "os.setpgid(0, 0)", "os.setsid()", "os.kill(os.getppid(), 9)"],
)
def test_stop_ends_a_worker_that_still_imports(noting, temporary, pids, leave):
    """A session that is stopped while it imports ends at once, though the worker tries to leave."""
    note = "note(os.getpid(), os.getppid())"
    source = f"{note}\ntry:\n    {leave}\nexcept OSError:\n    pass\nnote(0)\ntime.sleep(600)\n"
    session = Session(noting(source))
    ended = []

    def enter():
        try:
            session.__enter__()
        except RuntimeError as error:
            ended.append(error)

    thread = threading.Thread(target=enter)
    thread.start()
    assert soon(lambda: 0 in pids())
    session.stop()
    thread.join(20.0)
    assert [1, False] == [len(ended), thread.is_alive()]
    assert [] == still_running(pid for pid in pids() if pid)
    assert [] == list(temporary.iterdir())


def test_folder_is_gone_before_its_guard_is(noting, temporary, monkeypatch):
    """A kit that is killed while it closes a worker leaves no folder that nobody would remove."""
    there = []
    kill_group = os.killpg

    def note_folders(*arguments):
        there.append(list(temporary.iterdir()))
        kill_group(*arguments)

    monkeypatch.setattr(os, "killpg", note_folders)
    with Session(noting()):
        pass
    assert [] == there[-1]


def test_session_that_was_stopped_runs_nothing_more(noting, hanging, temporary):
    """After its end a session starts no worker that nobody would close."""
    with Session(noting()) as session:
        pass
    with pytest.raises(RuntimeError, match="the session is closed; open another"):
        session.run(hanging[0])
    assert [] == list(temporary.iterdir())


class Stopped(BaseException):
    """What a signal's handler may raise, anywhere."""


def stopped(*arguments, **options):
    raise Stopped


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (process, "read_greeting"),
        (run, "_releases"),
        (process, "Job"),
        (process, "read_start"),
        (process, "read_answers"),
        (run, "judge"),
    ],
)
def test_exception_anywhere_in_a_run_goes_on_and_leaves_nothing(
    noting, hanging, temporary, pids, monkeypatch, module, name
):
    """Loading, asking, reading and judging give back what they began, whatever is raised."""
    started = []
    start = subprocess.Popen

    def note_start(*arguments, **options):
        started.append(start(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", note_start)
    monkeypatch.setattr(module, name, stopped)
    with pytest.raises(Stopped), Session(noting(), Limits(timeout=0.2)) as session:
        session.run(hanging[0])
    assert [] == still_running([*(worker.pid for worker in started), *pids()])
    assert [] == list(temporary.iterdir())


@pytest.mark.parametrize("name", ["killpg", "rmdir"])
def test_exception_in_closing_goes_on_and_leaves_nothing(
    noting, hanging, temporary, pids, monkeypatch, name
):
    """A second Ctrl-C, while the first one's cleaning is under way, doesn't stop it."""
    with pytest.raises(Stopped), Session(noting(), Limits(timeout=600.0)) as session:
        thread = threading.Thread(target=session.run, args=(hanging[0],))
        thread.start()
        assert soon(lambda: len(pids()) >= 3)
        original = getattr(os, name)

        def once(*arguments, **options):
            monkeypatch.setattr(os, name, original)
            raise Stopped

        monkeypatch.setattr(os, name, once)
    thread.join(20.0)
    assert [] == still_running(pids())
    assert soon(lambda: not list(temporary.iterdir()))
