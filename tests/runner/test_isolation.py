"""Clauses that share a process have the verdicts that each has alone, whatever one of them does."""

import pytest

from signalbook.pages import read_specification
from signalbook.runner import Isolation, Limits, Session
from signalbook.runner.isolation import groups
from signalbook.runner.process import WorkerProcess

CLAUSE = """
:::{{clause}} page.{}
{}
It MUST.

```pycon
{}
```
:::
"""
QUIET = ">>> 1 + 1\n2"
ALL = ["a", "b", "c", "d"]


@pytest.fixture
def asked(monkeypatch):
    """Return the list of what each process was asked to run, which the test's runs add to."""
    asked, ask = [], WorkerProcess.ask

    def asking(self, clauses):
        asked.append([clause.id.removeprefix("page.") for clause in clauses])
        return ask(self, clauses)

    monkeypatch.setattr(WorkerProcess, "ask", asking)
    return asked


@pytest.fixture
def verdicts(write, engine, tmp_path, asked):
    """Run a page of clauses by page, and by clause; return what was asked by page, and verdicts."""

    def verdicts(examples, *, holds=None, timeout=5.0, **options):
        texts = zip(ALL, examples, strict=True)
        parts = [CLAUSE.format(id, (holds or {}).get(id, ""), text) for id, text in texts]
        write({"spec/dispatch/page.md": "# Page\n" + "".join(parts)})
        clauses = read_specification(tmp_path / "spec").checks
        found = []
        for isolation in Isolation.CLAUSE, Isolation.PAGE:
            asked.clear()
            limits = Limits(timeout=timeout)
            with Session(engine(""), limits, isolation=isolation, **options) as session:
                results = list(session.run_in_order(clauses))
            found.append(
                {of.clause.id[5:]: (of.verdict.value, of.reason, of.got) for of in results}
            )
        assert found[0] == found[1]
        return asked, {id: (verdict, reason) for id, (verdict, reason, _) in found[1].items()}

    return verdicts


PASSED = ("passed", "")
FAILED = ("failed", "an example printed something else")


def test_clauses_of_a_page_share_a_process_and_no_names(verdicts):
    """Each has a fresh namespace, loggers and a folder of its own, and `_` is nobody else's."""
    named = ">>> name = 1\n>>> name\n1\n>>> open('file', 'w').close()"
    named += "\n>>> import logging\n>>> logging.getLogger('made').name\n'made'"
    unnamed = """\
>>> try:
...     name
... except NameError:
...     print("unnamed")
unnamed
>>> try:
...     _
... except NameError:
...     print("unnamed")
unnamed
>>> import os
>>> os.listdir('.')
[]"""
    asked, found = verdicts([named, unnamed, named, unnamed])
    assert [ALL] == asked
    assert dict.fromkeys(ALL, PASSED) == found


ENDS_AT_B = [ALL, ["b"], ["c", "d"]]
ENDS_AFTER_B = [ALL, ["c"], ["d"]]
NOBODY_KNOWS = [ALL, ["a"], ["b"], ["c"], ["d"]]
EARLY = "the process closed its pipe or ended early, with exit status"


WRITES_TO_ALL_PIPES = """import os
>>> for descriptor in range(3, 16):
...     try:
...         _ = os.write(descriptor, b"{}" + bytes([10]))
...     except OSError:
...         pass"""


@pytest.mark.parametrize(
    ("source", "asked_for", "verdict"),
    [
        ("print('wrong')", [ALL, ["b"]], FAILED),
        ("import string; string.seen = 1", [ALL, ["c"], ["d"]], PASSED),
        ("import os; os.environ['SEEN'] = '1'", ENDS_AFTER_B, PASSED),
        ("__builtins__['len'] = None", ENDS_AFTER_B, PASSED),
        ("import sys; sys.path.append('/seen')", ENDS_AFTER_B, PASSED),
        ("import logging; logging.root.setLevel(1)", ENDS_AFTER_B, PASSED),
        ("import engine; engine.seen = 1", ENDS_AT_B, ("failed", "the clause changed engine.seen")),
        ("import os; os._exit(0)", ENDS_AT_B, ("crashed", f"{EARLY} 0")),
        ("import os; os.closerange(3, 99)", ENDS_AT_B, ("crashed", f"{EARLY} 0")),
        (
            "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
            ENDS_AT_B,
            ("crashed", "the process was killed by SIGKILL"),
        ),
        (
            "import os; os.fork() and None",
            ENDS_AT_B,
            ("failed", "the clause forked, and the copy went on"),
        ),
        (
            "import os, time; _ = os.fork() or time.sleep(60)",
            NOBODY_KNOWS,
            ("failed", "the clause left a process running"),
        ),
        (
            "import os, signal; os.kill(os.getppid(), signal.SIGKILL)",
            NOBODY_KNOWS,
            ("crashed", "the worker itself was killed or hangs"),
        ),
        (
            WRITES_TO_ALL_PIPES,
            NOBODY_KNOWS,
            ("crashed", "something else than the worker wrote to the worker's pipe"),
        ),
    ],
)
def test_clause_costs_no_other_its_verdict(verdicts, source, asked_for, verdict):
    """What one does, its neighbours don't notice; what is doubtful is run again alone."""
    unseen = """\
>>> import logging, os, string, sys
>>> [hasattr(string, 'seen'), 'SEEN' in os.environ, '/seen' in sys.path, logging.root.level == 1]
[False, False, False, False]
>>> len([])
0"""
    asked, found = verdicts([unseen, f">>> {source}\n{QUIET}", unseen, unseen])
    assert asked_for == asked
    assert {**dict.fromkeys(ALL, PASSED), "b": verdict} == found


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ("os.environ['SEEN'] = '1'", "'SEEN' in os.environ"),
        ("sys.path.append('/seen')", "'/seen' in sys.path"),
        ("warnings.simplefilter('error')", "warnings.filters[0][0] == 'error'"),
        ("__builtins__['seen'] = 1", "'seen' in __builtins__"),
        ("_ = signal.signal(signal.SIGUSR1, signal.SIG_IGN)", "signal.getsignal(10) == 1"),
        ("gc.disable()", "not gc.isenabled()"),
        ("logging.root.setLevel(1)", "logging.root.level == 1"),
        (
            "logging.getLogger('seen').propagate = False",
            "'seen' in logging.root.manager.loggerDict",
        ),
    ],
)
def test_no_clause_passes_by_what_another_did(verdicts, change, seen):
    """Alone it fails, and so it does after a neighbour that made it true."""
    modules = "import gc, logging, os, signal, sys, warnings"
    changing = f">>> {modules}\n>>> {change}\n{QUIET}"
    seeing = f">>> {modules}\n>>> bool({seen})\nTrue"
    _, found = verdicts([QUIET, changing, seeing, QUIET])
    assert {**dict.fromkeys(ALL, PASSED), "c": FAILED} == found


def test_clause_that_hangs_times_out_alone(verdicts):
    """The time of a process is that of one clause; what it had no time for has its own."""
    loop = f">>> while True:\n...     pass\n{QUIET}"
    asked, found = verdicts([QUIET, loop, QUIET, QUIET], timeout=1.0)
    assert ENDS_AT_B == asked
    assert {**dict.fromkeys(ALL, PASSED), "b": ("timed out", "it did not end in time")} == found


def test_clause_is_run_again_if_it_contradicts_its_range(verdicts):
    """Out of its range a clause is expected to fail: one that does is as declared."""
    outside = dict.fromkeys(["a", "b"], ":holds: blinker<1.9")
    asked, found = verdicts(
        [">>> 1\n2", QUIET, ">>> 1\n2", QUIET], holds=outside, heed_ranges=False
    )
    assert [ALL, ["b"], ["c"]] == asked
    assert {"a": FAILED, "b": PASSED, "c": FAILED, "d": PASSED} == found


def test_clause_that_does_not_apply_is_not_run(verdicts):
    """Where ranges are heeded, a page's process runs what applies only."""
    asked, found = verdicts([QUIET] * 4, holds={"b": ":holds: blinker<1.9"})
    assert [["a", "c", "d"]] == asked
    assert ["passed", "not applicable", "passed", "passed"] == [found[id][0] for id in ALL]


def test_pages_are_run_in_parallel(faulty_specification, engine):
    """Workers that share the pages find what one finds alone."""
    clauses = [*faulty_specification.checks] * 4
    found = []
    for isolation in Isolation:
        with Session(engine(""), isolation=isolation) as session:
            results = session.run_all(clauses, jobs=2)
            found.append(sorted((of.clause.id, of.verdict, of.reason) for of in results))
    assert 16 == len(found[0])
    assert found[0] == found[1]


def test_groups_have_one_set_up(faulty_specification):
    """Only clauses of one page, in its order, share a process."""
    clauses = faulty_specification.checks
    assert [[clause] for clause in clauses] == groups(clauses, Isolation.CLAUSE)
    pages = groups(clauses, Isolation.PAGE)
    assert [clause for page in pages for clause in page] == [*clauses]
    assert len(pages) == len({clause.file for clause in clauses})
