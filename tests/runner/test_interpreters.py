"""The worker behaves the same in every CPython that Flask's releases ran on."""

from dataclasses import replace

import pytest

from signalbook.implementations import (
    Implementation,
    MissingInterpreter,
    find_interpreter,
    install,
    read_releases,
)
from signalbook.pages import read_specification
from signalbook.runner import Isolation, Limits, Session

VERSIONS = ["2.7", *(f"3.{minor}" for minor in range(6, 15))]

FILES = {
    "stand_ins/web/__init__.py": """\
        import os, sys, time
        from web.signals import request_started
        pushed = []
        def has_request_context():
            return bool(pushed)
        """,
    "stand_ins/web/signals.py": """\
        class Signal(object):
            def __init__(self):
                self.receivers = {}
        request_started = Signal()
        """,
    "stand_ins/engine.py": "name = u'engine \\xe9'\n",
    "spec/signals/page.md": """\
        # Page

        :::{setup}
        ```pycon
        >>> import os, sys
        >>> from flask import request_started
        ```
        :::

        """,
}

EXAMPLES = [
    (">>> import blinker\n>>> print(blinker.name)\nengine é", "passed", ""),
    (
        ">>> from flask.signals import request_started as same\n>>> same is request_started\nTrue",
        "passed",
        "",
    ),
    (">>> import flask.signals as s\n>>> s.__name__ == 'web.signals'\nTrue", "passed", ""),
    (">>> 'flask' in sys.modules\nFalse", "passed", ""),
    (
        ">>> try:\n...     import flask.missing\n... except ImportError:\n...     print('no')\nno",
        "passed",
        "",
    ),
    (">>> import decimal, json.tool, wsgiref.util", "passed", ""),
    (">>> print('a', 1)\na 1", "passed", ""),
    (">>> 41\n41\n>>> _ + 1\n42", "passed", ""),
    (">>> 1\n2", "failed", "an example printed something else"),
    (">>> {}['x']", "failed", "an example raised KeyError"),
    (
        ">>> class Sold(Exception):\n...     pass\n>>> raise Sold(u'\\xe9')\n"
        "Traceback (most recent call last):\nSold: ...",
        "passed",
        "",
    ),
    (">>> sys.exit(3)\nTraceback (most recent call last):\nSystemExit: 3", "passed", ""),
    (
        ">>> os._exit(3)",
        "crashed",
        "the process closed its pipe or ended early, with exit status 3",
    ),
    (">>> os.kill(os.getpid(), 9)", "crashed", "the process was killed by SIGKILL"),
    (">>> os.kill(os.getppid(), 9)", "crashed", "the worker itself was killed or hangs"),
    (
        ">>> if os.fork() == 0:\n...     import time; time.sleep(60)",
        "failed",
        "the clause left a process running",
    ),
    (">>> pid = os.fork()", "failed", "the clause forked, and the copy went on"),
    (
        ">>> request_started.receivers[1] = 1",
        "failed",
        "the clause left 1 receiver(s) connected to request_started",
    ),
    (
        ">>> import flask\n>>> flask.pushed.append(1)",
        "failed",
        "the clause left a request context pushed",
    ),
    (
        ">>> import flask\n>>> flask.has_request_context = None",
        "failed",
        "the clause changed web.has_request_context",
    ),
    (
        ">>> import threading, time\n"
        ">>> t = threading.Thread(target=time.sleep, args=(60,), name='left')\n"
        ">>> t.start()",
        "failed",
        "the clause left the thread 'left' running",
    ),
    (">>> os.write(1, b'x' * 100000), os.write(2, b'x' * 100000)\n(100000, 100000)", "passed", ""),
    (
        ">>> def f():\n...     return 1\n>>> import inspect\n>>> print(inspect.getsource(f))\n"
        "def f():\n    return 1\n<BLANKLINE>",
        "passed",
        "",
    ),
    (
        ">>> class C(object):\n...     pass\n>>> import pickle\n"
        ">>> pickle.loads(pickle.dumps(C)) is C\nTrue",
        "passed",
        "",
    ),
    (">>> x = 'leak'", "passed", ""),
    (">>> 'x' in dir()\nFalse", "passed", ""),
    (">>> exec('import flask')\n>>> flask.__name__ == 'web'\nTrue", "passed", ""),
]


def interpreter(version):
    try:
        return find_interpreter(version)
    except MissingInterpreter as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("version", VERSIONS)
def test_interpreter_gives_the_same_verdicts(write, tmp_path, version):
    """Redirect, output, exceptions, crashes and leftovers are the same in every CPython."""
    python = interpreter(version)
    write(FILES)
    page = tmp_path / "spec" / "signals" / "page.md"
    clauses = "".join(
        f":::{{clause}} page.n{number}\nIt MUST.\n\n```pycon\n{example}\n>>> 1\n1\n```\n:::\n\n"
        for number, (example, _, _) in enumerate(EXAMPLES)
    )
    page.write_text(page.read_text() + clauses, encoding="utf-8")
    implementation = Implementation(
        name=version,
        flask="web",
        blinker="engine",
        python=python,
        path=(str(tmp_path / "stand_ins"),),
    )
    with Session(implementation, Limits(timeout=5.0)) as session:
        found = session.greeting.python
        results = list(map(session.run, read_specification(tmp_path / "spec").checks))
    assert found.startswith(f"{version}.")
    assert [(e.partition("\n")[0], verdict, reason) for e, verdict, reason in EXAMPLES] == [
        (e.partition("\n")[0], result.verdict.value, result.reason)
        for (e, _, _), result in zip(EXAMPLES, results, strict=True)
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_endless_clause_is_timed_out(engine, run_page, version):
    """A clause that never ends is timed out in every CPython."""
    page = "# Page\n\n:::{clause} page.a\nIt MUST.\n\n"
    page += "```pycon\n>>> while True: pass\n>>> 1\n1\n```\n:::\n"
    implementation = engine("", python=interpreter(version))
    [result] = run_page(page, implementation=implementation, timeout=0.2)
    assert ("timed out", "it did not end in time") == (result.verdict.value, result.reason)


OUT_OF_REACH = """\
import sys
try:
    import builtins
except ImportError:
    import __builtin__ as builtins

def right():
    return "wrong"

def run(self, file, line, source):
    output = "'right'\\n" if "right()" in source else ""
    return {"line": line, "output": output, "error": None, "seconds": 0.0}

console = getattr(sys.modules["__main__"], "Console", None)
if console:
    console.run = run
builtins.repr = lambda value: "'right'"
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_what_runs_a_clause_is_out_of_reach(engine, run_page, version):
    """Replacing by name what runs clauses makes no wrong engine right, in any CPython."""
    page = "# Page\n\n:::{clause} page.a\nIt MUST.\n\n"
    page += "```pycon\n>>> from blinker import right\n>>> right()\n'right'\n```\n:::\n"
    implementation = engine(OUT_OF_REACH, python=interpreter(version))
    [result] = run_page(page, implementation=implementation)
    assert ("failed", "'wrong'\n") == (result.verdict.value, result.got)


@pytest.mark.parametrize("version", VERSIONS)
def test_folder_may_have_any_name(engine, run_page, tmp_path, monkeypatch, version):
    """A clause's folder may lie in one whose name isn't ASCII, whatever the locale."""
    folder = tmp_path / "\xe9"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setenv("LC_ALL", "C")
    page = "# Page\n\n:::{clause} page.a\nIt MUST.\n\n```pycon\n>>> import os, tempfile\n"
    page += ">>> os.getcwd() == tempfile.gettempdir() == os.environ['TMPDIR']\nTrue\n"
    page += ">>> os.listdir(os.getcwd())\n[]\n```\n:::\n"
    source = "import tempfile\ntempfile.mkdtemp()\n"
    [result] = run_page(page, implementation=engine(source, python=interpreter(version)))
    assert ("passed", "") == (result.verdict.value, result.got)
    assert [] == list(folder.iterdir())


@pytest.mark.parametrize("version", VERSIONS)
def test_await_depends_on_the_interpreter(write, engine, tmp_path, version):
    """A clause that awaits outside a function applies to CPython 3.8 and later."""
    write(
        {
            "spec/dispatch/page.md": "# Page\n\n:::{clause} page.a\nIt MUST.\n\n```pycon\n"
            ">>> async def f():\n...     return 1\n>>> await f()\n1\n```\n:::\n"
        }
    )
    with Session(engine("", python=interpreter(version))) as session:
        [result] = map(session.run, read_specification(tmp_path / "spec").checks)
    can = tuple(map(int, version.split("."))) >= (3, 8)
    assert ("passed" if can else "not applicable") == result.verdict.value


@pytest.mark.parametrize(("release", "python"), [("3.1.3", "3.13")])
def test_real_release_keeps_the_specification(release, python):
    """A real release, on an interpreter that it isn't pinned to, keeps every clause of its own."""
    interpreter(python)
    pinned = replace(read_releases()[release], python=python)
    with Session(install(pinned), isolation=Isolation.PAGE) as session:
        results = list(session.run_all(read_specification().checks))
    assert [] == [
        (result.clause.id, result.verdict.value, result.reason)
        for result in results
        if result.verdict.is_fault
    ]
    assert sum(result.verdict.value == "passed" for result in results) > len(results) / 2
