"""Implementations with one fault each: it costs its own clause, and is named for what it is."""

import re
import textwrap
from typing import NamedTuple

import pytest
from processes import is_gone

from signalbook.implementations import Implementation
from signalbook.pages import read_specification
from signalbook.runner import ImplementationError, Limits, Session

ENGINE = """\
import ctypes, gc, json, os, resource, select, signal, subprocess, sys, threading, time


def right():
    return "right"


def wrong():
    return "wrong"


def to_every_descriptor(data):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, data)
        except OSError:
            pass


"""

CLAUSES = """
:::{{clause}} engine.fault-{number}
The faulty clause MUST be the only one that the fault costs.

```pycon
>>> from blinker import fault_{number}
>>> fault_{number}()
'right'
>>> print("still here")
still here
```
:::

:::{{clause}} engine.right-{number}
The clause after the fault MUST keep its verdict.

```pycon
>>> from blinker import right
>>> right()
'right'
```
:::

:::{{clause}} engine.wrong-{number}
A wrong answer MUST fail, whatever happened before it.

```pycon
>>> from blinker import wrong
>>> wrong()
'right'
```
:::
"""

OTHERS_KEEP_THEIRS = {
    "before": ("passed", ""),
    "after": ("passed", ""),
    "wrong": ("failed", "an example printed something else"),
}

ENDED_EARLY = "the process closed its pipe or ended early, with exit status {}"
FOREIGN = "something else than the worker wrote to the worker's pipe"
PRINTED = "an example printed something else"
WORKER_GONE = "the worker itself was killed or hangs"


class Fault(NamedTuple):
    name: str
    body: str
    verdict: str
    reason: str
    timeout: float
    memory: int


def fault(name, body, verdict, reason, *, timeout=5.0, memory=1024):
    return Fault(name, textwrap.dedent(body), verdict, reason, timeout, memory)


RAISED = [
    fault(
        name,
        f"raise {name}('no')",
        "failed",
        f"an example raised {name}",
    )
    for name in (
        "Exception",
        "BaseException",
        "SystemExit",
        "KeyboardInterrupt",
        "GeneratorExit",
        "RecursionError",
        "MemoryError",
        "StopIteration",
    )
] + [
    fault("endless recursion", "return fault()", "failed", "an example raised RecursionError"),
    fault(
        "endless recursion in repr",
        """
        class Value:
            def __repr__(self):
                return repr(self)
        return Value()
        """,
        "failed",
        "an example raised RecursionError",
    ),
    fault(
        "str of the exception raises",
        """
        class Unprintable(Exception):
            def __str__(self):
                raise KeyError("no")
        raise Unprintable
        """,
        "failed",
        "an example raised Unprintable",
    ),
    fault(
        "str of the exception ends the process",
        """
        class Deadly(Exception):
            def __str__(self):
                os._exit(0)
        raise Deadly
        """,
        "crashed",
        ENDED_EARLY.format(0),
    ),
    fault(
        "str of the exception is a hostile str",
        """
        class Text(str):
            def __getitem__(self, key):
                raise KeyError(key)
        class Hostile(Exception):
            def __str__(self):
                return Text("no")
        raise Hostile
        """,
        "failed",
        "an example raised Hostile",
    ),
    fault(
        "class of the exception hides its name",
        """
        class Nameless(type):
            @property
            def __name__(self):
                raise KeyError("name")
        class Hidden(Exception, metaclass=Nameless):
            pass
        raise Hidden
        """,
        "failed",
        "an example raised Hidden",
    ),
    fault(
        "repr of the value raises",
        """
        class Value:
            def __repr__(self):
                raise KeyError("no")
        return Value()
        """,
        "failed",
        "an example raised KeyError",
    ),
    fault(
        "repr of the value is no text",
        """
        class Value:
            def __repr__(self):
                return 5
        return Value()
        """,
        "failed",
        "an example raised TypeError",
    ),
]

ENDLESS = [
    fault("loop", "while True: pass", "timed out", "it did not end in time", timeout=0.2),
    fault("sleep", "time.sleep(60)", "timed out", "it did not end in time", timeout=0.2),
    fault(
        "stopped process",
        "os.kill(os.getpid(), signal.SIGSTOP)",
        "timed out",
        "it did not end in time",
        timeout=0.2,
    ),
    fault(
        "loop that ignores signals and exceptions",
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))
        while True:
            try:
                time.sleep(60)
            except BaseException:
                pass
        """,
        "timed out",
        "it did not end in time",
        timeout=0.2,
    ),
]

ENDED = [
    fault("exit with 0", "os._exit(0)", "crashed", ENDED_EARLY.format(0)),
    fault("exit with 3", "os._exit(3)", "crashed", ENDED_EARLY.format(3)),
    fault(
        "exit from a thread",
        "thread = threading.Thread(target=os._exit, args=(0,)); thread.start(); thread.join()",
        "crashed",
        ENDED_EARLY.format(0),
    ),
    fault(
        "segmentation fault", "ctypes.string_at(0)", "crashed", "the process was killed by SIGSEGV"
    ),
    fault("abort", "os.abort()", "crashed", "the process was killed by SIGABRT"),
    fault(
        "kills itself",
        "os.kill(os.getpid(), signal.SIGKILL); time.sleep(60)",
        "crashed",
        "the process was killed by SIGKILL",
    ),
    fault(
        "kills its group",
        "os.killpg(0, signal.SIGKILL); time.sleep(60)",
        "crashed",
        "the process was killed by SIGKILL",
    ),
    fault(
        "signal without a name",
        "os.kill(os.getpid(), 40); time.sleep(60)",
        "crashed",
        "the process was killed by signal 40",
    ),
    fault(
        "timer",
        "signal.setitimer(signal.ITIMER_REAL, 0.01); time.sleep(60)",
        "crashed",
        "the process was killed by SIGALRM",
    ),
    fault(
        "kills its parent",
        "os.kill(os.getppid(), signal.SIGKILL); time.sleep(60)",
        "crashed",
        WORKER_GONE,
    ),
    fault(
        "kills its guard",
        "os.kill(os.getsid(0), signal.SIGKILL); return 'right'",
        "passed",
        "",
    ),
    fault(
        "out of memory",
        "return bytearray(2**32)",
        "failed",
        "an example raised MemoryError",
        memory=512,
    ),
    fault(
        "fills the memory",
        """
        filled = []
        while True:
            filled.append(bytearray(2**24))
        """,
        "failed",
        "an example raised MemoryError",
        memory=256,
    ),
]

FORGED = """
        for message in (
            {"line": LINE, "output": "", "error": None, "seconds": 0.1},
            {"line": LINE, "output": "'right'\\n", "error": None, "seconds": 0.1},
            {"line": LINE, "output": "still here\\n", "error": None, "seconds": 0.1},
            {"left": []},
        ):
            to_every_descriptor(json.dumps(TOKEN).encode() + b"\\n")
        os._exit(0)
"""

STOLEN = """
        frame = sys._getframe()
        while "check" not in frame.f_locals:
            frame = frame.f_back
        token = frame.f_locals["check"]["token"]
"""

PIPES = [
    fault(
        "closes every descriptor",
        "os.closerange(0, 256); return 'right'",
        "crashed",
        ENDED_EARLY.format(0),
    ),
    fault("closes sys.stdout", "sys.stdout.close()", "failed", "an example raised AttributeError"),
    fault("closes the first three", "os.closerange(0, 3); return 'right'", "passed", ""),
    fault("prints megabytes", "print('x' * 3_000_000); return 'right'", "failed", PRINTED),
    fault(
        "writes megabytes to descriptors 1 and 2",
        "os.write(1, b'x' * 3_000_000); os.write(2, b'x' * 3_000_000); return 'right'",
        "passed",
        "",
    ),
    fault(
        "writes megabytes to every descriptor",
        "to_every_descriptor(b'x' * 3_000_000); return 'right'",
        "crashed",
        FOREIGN,
    ),
    fault(
        "writes to every descriptor without end",
        "while True: to_every_descriptor(b'x' * 1_000_000)",
        "crashed",
        "there was no end to what it printed or wrote",
    ),
    fault(
        "writes garbage to the pipe",
        "to_every_descriptor(b'\\0\\xff garbage'); return 'right'",
        "crashed",
        FOREIGN,
    ),
    fault(
        "writes nested JSON to the pipe",
        "to_every_descriptor(b'[' * 100_000 + b'\\n'); return 'right'",
        "crashed",
        FOREIGN,
    ),
    fault(
        "forges a pass without the token",
        FORGED.replace("LINE", "1").replace("TOKEN", "message"),
        "crashed",
        FOREIGN,
    ),
    fault(
        "forges a pass with a guessed token",
        FORGED.replace("LINE", "1").replace("TOKEN", "dict(message, token='0' * 16)"),
        "crashed",
        FOREIGN,
    ),
    *(
        fault(
            f"answers in a wrong shape: {message}",
            f"{STOLEN}        message = {message}; message['token'] = token\n"
            "        to_every_descriptor(json.dumps(message).encode() + b'\\n'); return 'right'",
            "crashed",
            FOREIGN,
        )
        for message in (
            "{}",
            "{'line': 3}",
            "{'line': 'x', 'output': 5, 'error': [], 'seconds': 'long'}",
            "{'line': 1, 'output': '', 'error': {'name': 5}, 'seconds': 0.1}",
            "{'left': 5}",
            "{'left': [5]}",
            "{'broken': 5}",
            "{'forked': 5}",
        )
    ),
    fault(
        "replays the worker's own lines",
        """
        frame = sys._getframe()
        while "send" not in frame.f_locals:
            frame = frame.f_back
        for _ in range(3):
            frame.f_locals["send"]({"line": 1, "output": "", "error": None, "seconds": 0.1})
        return "right"
        """,
        "crashed",
        ENDED_EARLY.format(0),
    ),
    fault(
        "writes to the worker's own pipes",
        """
        for descriptor in range(3, 16):
            try:
                with open("/proc/%d/fd/%d" % (os.getppid(), descriptor), "w") as pipe:
                    pipe.write("{}\\n")
            except OSError:
                pass
        return "right"
        """,
        "crashed",
        FOREIGN,
    ),
    fault(
        "replaces sys.stdout",
        "import io; sys.stdout = io.StringIO(); return 'right'",
        "failed",
        PRINTED,
    ),
    fault("drops sys.stdout", "sys.stdout = None; return 'right'", "failed", PRINTED),
    fault(
        "drops sys.displayhook",
        "sys.displayhook = lambda value: None; return 'right'",
        "failed",
        PRINTED,
    ),
]

PROCESSES = [
    fault(
        "forks, and the copy goes on",
        "os.fork(); return 'right'",
        "failed",
        "the clause forked, and the copy went on",
    ),
    fault(
        "forks, and the copy sleeps",
        """
        if os.fork() == 0:
            time.sleep(60)
        return "right"
        """,
        "failed",
        "the clause left a process running",
    ),
    fault(
        "forks, and the original ends",
        """
        if os.fork():
            os._exit(0)
        return "right"
        """,
        "crashed",
        ENDED_EARLY.format(0),
    ),
    fault(
        "forks, and the copy ends",
        """
        if os.fork() == 0:
            os._exit(0)
        os.wait()
        return "right"
        """,
        "passed",
        "",
    ),
    fault(
        "forks, and the copy trickles into the pipe",
        """
        if os.fork() == 0:
            while True:
                to_every_descriptor(b"x")
                time.sleep(0.01)
        return "right"
        """,
        "crashed",
        FOREIGN,
    ),
    fault(
        "leaves a subprocess running",
        "subprocess.Popen(['sleep', '60']); return 'right'",
        "passed",
        "",
    ),
    fault(
        "leaves a subprocess running in its own session",
        "subprocess.Popen(['sleep', '1'], start_new_session=True); return 'right'",
        "passed",
        "",
    ),
    fault(
        "leaves a thread running",
        "threading.Thread(target=time.sleep, args=(60,), name='left').start(); return 'right'",
        "failed",
        "the clause left the thread 'left' running",
    ),
    fault(
        "leaves a daemon thread running",
        "threading.Thread(target=time.sleep, args=(60,), name='left', daemon=True).start();"
        " return 'right'",
        "failed",
        "the clause left the thread 'left' running",
    ),
    fault(
        "exits in a thread",
        "thread = threading.Thread(target=sys.exit); thread.start(); thread.join(); return 'right'",
        "passed",
        "",
    ),
    fault(
        "acts at exit",
        "import atexit; atexit.register(os.kill, os.getppid(), signal.SIGKILL); return 'right'",
        "passed",
        "",
    ),
]

CHANGED = [
    *(
        fault(
            f"replaces builtins.{name}",
            f"import builtins; builtins.{name} = {value}; return 'right'",
            "failed",
            f"the clause changed builtins.{name}",
        )
        for name, value in (
            ("print", "lambda *texts: None"),
            ("repr", "lambda value: 'right'"),
            ("len", "lambda value: 0"),
            ("sorted", "None"),
            ("__import__", "None"),
        )
    ),
    fault(
        "replaces its own function",
        "global right; right = None; return 'right'",
        "failed",
        "the clause changed engine.right",
    ),
    fault(
        "replaces builtins.isinstance, which breaks Python",
        "import builtins; builtins.isinstance = lambda value, kind: True; return 'right'",
        "crashed",
        ENDED_EARLY.format(0),
    ),
    fault("drops its own module", "sys.modules['engine'] = None; return 'right'", "passed", ""),
    *(
        fault(f"replaces {name}", f"{name} = {value}; return 'right'", "passed", "")
        for name, value in (
            ("json.dumps", "lambda message: '{}'"),
            ("os.write", "lambda descriptor, data: len(data)"),
            ("os._exit", "lambda status: None"),
            ("os.fork", "lambda: 0"),
            ("os.getpid", "lambda: 1"),
            ("time.perf_counter", "lambda: 0.0"),
            ("time.time", "lambda: 0.0"),
            ("gc.collect", "None"),
            ("threading.enumerate", "None"),
        )
    ),
    fault(
        "replaces doctest's checker",
        "import doctest; doctest.OutputChecker.check_output = lambda *texts: True; return 'wrong'",
        "failed",
        PRINTED,
    ),
    fault("changes the folder", "os.chdir('/'); return 'right'", "passed", ""),
    fault("lowers the recursion limit", "sys.setrecursionlimit(25); return 'right'", "passed", ""),
    fault("disables the collector", "gc.disable(); return 'right'", "passed", ""),
    fault("sets an alarm", "signal.alarm(60); return 'right'", "passed", ""),
    fault(
        "traces with a fault",
        "sys.settrace(lambda *event: 1 / 0); return 'right'",
        "failed",
        "an example raised ZeroDivisionError",
    ),
    fault(
        "makes warnings errors",
        "import warnings; warnings.simplefilter('error'); return 'right'",
        "passed",
        "",
    ),
    fault(
        "forbids descriptors",
        "resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0)); return 'right'",
        "passed",
        "",
    ),
    fault(
        "__del__ raises",
        """
        class Value:
            def __del__(self):
                raise KeyError("no")
        sys.kept = Value()
        Value()
        return "right"
        """,
        "passed",
        "",
    ),
    fault(
        "__del__ ends the process after the last example",
        """
        class Value:
            def __del__(self):
                os._exit(0)
        sys.modules["__main__"].kept = Value()
        return "right"
        """,
        "crashed",
        ENDED_EARLY.format(0),
    ),
    fault(
        "__del__ never ends",
        """
        class Value:
            def __del__(self):
                time.sleep(60)
        Value()
        return "right"
        """,
        "timed out",
        "it did not end in time",
        timeout=0.2,
    ),
]


FAULTS = [*RAISED, *ENDLESS, *ENDED, *PIPES, *PROCESSES, *CHANGED]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Verdict and reason of three clauses for each fault, all faults after each other."""
    found = {}
    for limits in sorted({(fault.timeout, fault.memory) for fault in FAULTS}):
        faults = [fault for fault in FAULTS if (fault.timeout, fault.memory) == limits]
        folder = tmp_path_factory.mktemp("faults")
        write_faults(folder, faults)
        implementation = Implementation(
            name="engine", flask=None, blinker="engine", path=(str(folder),)
        )
        clauses = read_specification(folder / "spec").checks
        with Session(implementation, Limits(*limits)) as session:
            outcomes = [
                (result.verdict.value, result.reason) for result in map(session.run, clauses)
            ]
        for number, fault in enumerate(faults):
            found[fault.name] = outcomes[3 * number : 3 * number + 3]
    return found


def write_faults(folder, faults):
    source, page = ENGINE, "# Faults\n"
    for number, fault in enumerate(faults):
        body = textwrap.indent(fault.body.replace("fault()", f"fault_{number}()"), "    ")
        source += f"def fault_{number}():\n{body}\n\n"
        page += CLAUSES.format(number=number)
    (folder / "engine.py").write_text(source)
    (folder / "spec" / "dispatch").mkdir(parents=True)
    (folder / "spec" / "dispatch" / "engine.md").write_text(page)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_costs_its_own_clause(found, fault):
    """A fault is named for what it is, and the clauses after it keep their verdicts."""
    assert [
        (fault.verdict, fault.reason),
        ("passed", ""),
        ("failed", "an example printed something else"),
    ] == found[fault.name]


RIGHT = "\ndef fault():\n    return 'right'\n"
ALL_RIGHT = {**OTHERS_KEEP_THEIRS, "fault": ("passed", "")}


@pytest.mark.parametrize(
    "at_import",
    [
        "builtins.repr = lambda value: 'right'",
        "builtins.sorted = builtins.any = None",
        "json.dumps = lambda message: '{}'",
        "os.write = lambda descriptor, data: len(data)",
        "os._exit = os.fork = os.getpid = os.waitpid = os.pipe = os.close = None",
        "os.kill = os.killpg = os.setpgid = None",
        "select.select = None",
        "time.perf_counter = time.time = lambda: 0.0",
        "threading.enumerate = gc.collect = None",
        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)",
        "signal.signal(signal.SIGCHLD, lambda *_: 1 / 0)",
        "threading.Thread(target=time.sleep, args=(60,)).start()",
        "import atexit; atexit.register(time.sleep, 60)",
        "sys.setrecursionlimit(60)",
        "sys.stdout = sys.stderr = None",
        "os.closerange(0, 3)",
        "print('x' * 1_000_000)",
        "os.chdir('/')",
        "gc.disable()",
    ],
)
def test_import_with_side_effects_keeps_verdicts(engine, verdicts, at_import):
    """What an implementation does to its interpreter while it is imported changes no verdict."""
    implementation = engine(f"{ENGINE}import builtins\n{at_import}\n{RIGHT}")
    assert {name: (found, why) for name, found, why in verdicts(implementation)} == ALL_RIGHT


@pytest.mark.parametrize("name", ["len", "isinstance", "__import__"])
def test_import_that_breaks_python_never_passes(engine, verdicts, name):
    """An implementation that breaks Python itself while it is imported passes nothing."""
    source = f"{ENGINE}{RIGHT}import builtins\nbuiltins.{name} = None\n"
    try:
        found = {verdict for _, verdict, _ in verdicts(engine(source))}
    except ImplementationError:
        found = set()
    assert "passed" not in found


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        pytest.param(
            "def fail():\n    raise KeyError('no')\n\nfail()",
            "engine: importing 'engine' with {python}, with {path} on its path raised"
            " KeyError: 'no'\n"
            '  File "{path}/engine.py", line 4, in <module>\n    fail()\n'
            "  File \"{path}/engine.py\", line 2, in fail\n    raise KeyError('no')\n"
            "mend that, or install there what it needs",
            id="raises",
        ),
        pytest.param(
            "import missing_part",
            "engine: importing 'engine' with {python}, with {path} on its path raised"
            " ModuleNotFoundError: No module named 'missing_part'\n"
            '  File "{path}/engine.py", line 1, in <module>\n    import missing_part\n'
            "mend that, or install there what it needs",
            id="imports what is missing",
        ),
        pytest.param(
            "def (",
            "engine: importing 'engine' with {python}, with {path} on its path raised"
            " SyntaxError: invalid syntax (engine.py, line 1)\n"
            "mend that, or install there what it needs",
            id="can't be compiled",
        ),
        pytest.param(
            "import sys\nsys.exit('bye')",
            "engine: importing 'engine' with {python}, with {path} on its path raised"
            " SystemExit: bye\n"
            "  File \"{path}/engine.py\", line 2, in <module>\n    sys.exit('bye')\n"
            "mend that, or install there what it needs",
            id="exits",
        ),
        pytest.param(
            "import os\nos.write(2, b'last words')\nos._exit(0)",
            "engine: the worker ended while it imported the implementation;"
            " its last words were:\nlast words",
            id="ends the process",
        ),
        pytest.param(
            "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
            "engine: the worker ended while it imported the implementation, without a word",
            id="is killed",
        ),
        pytest.param(
            "import os\nos.closerange(0, 64)",
            "engine: the worker ended while it imported the implementation, without a word",
            id="closes every descriptor",
        ),
        *(
            pytest.param(
                f"import os\nfor descriptor in range(3, 16):\n    try:\n"
                f"        os.write(descriptor, b'{line}\\n')\n"
                "    except OSError:\n        pass",
                "engine: something else than the worker wrote to the worker's pipe while it"
                " imported the implementation; importing must not write to foreign descriptors",
                id=f"writes {line}",
            )
            for line in (
                "junk",
                "{}",
                '{"cannot load": 5}',
                '{"python": 3, "await": 1, "versions": 5}',
            )
        ),
    ],
)
def test_import_that_fails_is_one_error(engine, source, problem):
    """An implementation that can't be loaded is one error before the first clause."""
    implementation = engine(source)
    with pytest.raises(ImplementationError) as caught, Session(implementation):
        pass
    # CPython 3.13 marks the call in each line.
    got = re.sub(r"\n +[~^]+(?=\n)", "", str(caught.value))
    assert got == problem.format(python=implementation.python, path=implementation.path[0])


def test_import_that_hangs_is_one_error(engine, monkeypatch):
    """An implementation that never finishes loading is one error, after the time for loading."""
    monkeypatch.setattr("signalbook.runner.process._IMPORTING", 0.3)
    with pytest.raises(ImplementationError) as caught, Session(engine("while True: pass")):
        pass
    assert str(caught.value) == (
        "engine: the worker never finished importing the implementation, without a word"
    )


def test_stopped_worker_is_replaced(engine, verdicts, monkeypatch):
    """A clause that stops its worker is given up after a while, and the next gets a new worker."""
    monkeypatch.setattr("signalbook.runner.process._GRACE", 0.5)
    source = f"{ENGINE}def fault():\n    os.kill(os.getppid(), signal.SIGSTOP)\n    return 'right'"
    assert {name: (found, why) for name, found, why in verdicts(engine(source), timeout=0.2)} == {
        **OTHERS_KEEP_THEIRS,
        "fault": ("crashed", WORKER_GONE),
    }


def test_stopped_guard_is_replaced(engine, verdicts, monkeypatch):
    """A clause that stops its worker's guard doesn't cost the next one, which never began."""
    monkeypatch.setattr("signalbook.runner.process._GRACE", 0.5)
    source = (
        f"{ENGINE}{RIGHT}def fault():\n    os.kill(os.getsid(0), signal.SIGSTOP)\n"
        "    return 'right'\n"
    )
    assert {name: (found, why) for name, found, why in verdicts(engine(source))} == ALL_RIGHT


def test_orphaned_clause_is_killed(engine, verdicts, tmp_path):
    """A clause that kills its worker and goes on does not outlive the run."""
    pid = tmp_path / "pid"
    source = (
        f"{ENGINE}def fault():\n    open({str(pid)!r}, 'w').write(str(os.getpid()))\n"
        "    os.kill(os.getppid(), signal.SIGKILL)\n    time.sleep(60)\n"
    )
    verdicts(engine(source))
    assert is_gone(int(pid.read_text()))


def test_subprocess_of_a_clause_is_killed(engine, verdicts, tmp_path):
    """A process that a clause leaves behind in its group does not outlive the clause."""
    pid = tmp_path / "pid"
    source = (
        f"{ENGINE}def fault():\n    child = subprocess.Popen(['sleep', '60'])\n"
        f"    open({str(pid)!r}, 'w').write(str(child.pid))\n    return 'right'\n"
    )
    verdicts(engine(source))
    assert is_gone(int(pid.read_text()))
