"""What a worker is given, what it inherits, and what it finds left behind."""

import os
import sys
from importlib.metadata import version

import pytest

from signalbook.implementations import FLASK, Implementation, Release, custom, known
from signalbook.pages import read_specification
from signalbook.runner import ImplementationError, Limits, Session

PAGE = """\
# Page

:::{clause} page.secret
It MUST NOT be known.

```pycon
>>> print("shown in the example")
what only the page and the kit know
>>> {}["x"]
Traceback (most recent call last):
KeyError: 'hidden as well'
```
:::
"""


def test_wanted_output_never_reaches_the_worker(engine, run_page, tmp_path):
    """Nothing of what an example must print or raise is ever sent to the worker."""
    sent = tmp_path / "sent"
    wrapper = tmp_path / "python"
    wrapper.write_text(f"#!/bin/sh\ntee {sent} | {sys.executable} $1\n")
    wrapper.chmod(0o700)
    [result] = run_page(PAGE, implementation=engine("", python=str(wrapper)))
    assert ("failed", "shown in the example\n") == (result.verdict.value, result.got)
    everything = sent.read_text()
    assert [True, False, False] == [
        text in everything for text in ("shown in the example", "only the page", "hidden as well")
    ]


@pytest.mark.parametrize(
    ("name", "value", "inherited"),
    [
        ("FLASK_DEBUG", "1", None),
        ("PYTHONWARNINGS", "error", None),
        ("PYTHONOPTIMIZE", "2", None),
        ("PYTHONSAFEPATH", "1", None),
        (
            "PYTHONPATH",
            "/kept/for/the/kit's/own/interpreter",
            "/kept/for/the/kit's/own/interpreter",
        ),
        ("PYTHONHASHSEED", "7", "7"),
        ("SHOP_SETTINGS", "shop.cfg", "shop.cfg"),
    ],
)
def test_environment_of_the_shell_changes_no_verdict(
    engine, run_page, monkeypatch, name, value, inherited
):
    """Settings of Flask and Python stay outside; everything else is inherited."""
    monkeypatch.setenv(name, value)
    example = f">>> import os\n>>> print(os.environ.get({name!r}))\n{inherited}"
    [result] = run_page(
        f"# Page\n\n:::{{clause}} page.a\nIt MUST.\n\n```pycon\n{example}\n```\n:::\n"
    )
    assert ("passed", "") == (result.verdict.value, result.got)


def test_worker_ignores_its_neighbours(engine, run_page, tmp_path):
    """No module beside the worker's file is imported in place of the standard library's."""
    wrapper = tmp_path / "python"
    wrapper.write_text(
        f"""#!/bin/sh
echo "raise SystemExit('neighbour')" > "$(dirname $1)/json.py"
exec {sys.executable} "$@"
"""
    )
    wrapper.chmod(0o700)
    example = ">>> import os, sys\n>>> os.path.dirname(os.getcwd()) in sys.path\nFalse"
    example += "\n>>> 'json.py' in os.listdir('..')\nTrue"
    [result] = run_page(
        f"# Page\n\n:::{{clause}} page.a\nIt MUST.\n\n```pycon\n{example}\n```\n:::\n",
        implementation=engine("", python=str(wrapper)),
    )
    assert ("passed", "") == (result.verdict.value, result.reason)


def test_folder_of_the_worker_is_empty_and_its_own(engine, run_page, tmp_path):
    """A worker works in an empty folder, which is gone after the run."""
    example = ">>> import os\n>>> os.listdir('.')\n[]\n>>> print(os.getcwd())"
    [result] = run_page(
        f"# Page\n\n:::{{clause}} page.a\nIt MUST.\n\n```pycon\n{example}\n```\n:::\n"
    )
    folder = result.got.strip()
    assert "signalbook-" in folder
    assert not os.path.exists(folder)


def test_last_words_are_kept_for_their_own_clause(engine, run_page):
    """A crashed clause shows its last lines on standard error, and no other clause's."""
    clause = (
        ":::{{clause}} page.{0}\nIt MUST.\n\n"
        '```pycon\n>>> import os\n>>> _ = os.write(2, b"{0} {1}")\n'
        ">>> os._exit(1)\n>>> 1\n1\n```\n:::\n\n"
    )
    page = "# Page\n\n" + clause.format("a", "\\n" * 30 + "end") + clause.format("b", "")
    assert ["\n" * 19 + "end", "b "] == [result.detail for result in run_page(page)]


def test_examples_have_no_descriptor_of_the_worker(engine, run_page):
    """Beside the standard three, an example has the pipe of its own process and nothing else."""
    example = (
        ">>> import os, stat\n>>> found = []\n>>> for descriptor in range(64):\n...     try:\n"
        "...         found.append(stat.S_ISFIFO(os.fstat(descriptor).st_mode))\n"
        "...     except OSError:\n...         pass\n>>> found\n[False, True, True, True]"
    )
    [result] = run_page(
        f"# Page\n\n:::{{clause}} page.a\nIt MUST.\n\n```pycon\n{example}\n```\n:::\n"
    )
    assert ("passed", "") == (result.verdict.value, result.got)


LEFT_CLAUSE = """\
# Page

:::{setup}
```pycon
>>> import blinker, flask, flask.signals
>>> app = flask.Flask("shop")
>>> def receiver(sender, **extra):
...     pass
```
:::

"""

LEFT = [
    (">>> _ = flask.request_started.connect(receiver)", None),
    (">>> _ = flask.request_started.connect(receiver, app)", None),
    (
        ">>> _ = flask.request_started.connect(receiver, weak=False)",
        "the clause left 1 receiver(s) connected to request_started",
    ),
    (
        ">>> _ = flask.message_flashed.connect(receiver, weak=False)\n"
        ">>> _ = flask.message_flashed.connect(print, app)",
        "the clause left 2 receiver(s) connected to message_flashed",
    ),
    (">>> app.app_context().push()", "the clause left an app context pushed"),
    (
        ">>> app.test_request_context('/').push()",
        "the clause left a request context pushed and left an app context pushed",
    ),
    (">>> with app.test_request_context('/'):\n...     pass", None),
    (">>> flask.Flask = None", "the clause changed flask.Flask"),
    (">>> del flask.Flask", "the clause changed flask.Flask"),
    (">>> flask.extra = 1", "the clause changed flask.extra"),
    (">>> flask.signals.request_started = 1", "the clause changed flask.signals.request_started"),
    (">>> blinker.Signal = None", "the clause changed blinker.Signal"),
    (
        ">>> import builtins\n>>> builtins.extra = builtins.len = 1",
        "the clause changed builtins.extra and changed builtins.len",
    ),
    (">>> extra = len = print = 1", None),
    (">>> import flask.views, wsgiref", None),
    (">>> import sys; sys.stdout, keep = None, sys.stdout", "the clause replaced sys.stdout"),
    (">>> import warnings; warnings.simplefilter('error')", None),
]


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """The reason of the verdict on each clause in LEFT."""
    folder = tmp_path_factory.mktemp("left")
    (folder / "signals").mkdir()
    clauses = "".join(
        f":::{{clause}} page.{number}\nIt MUST.\n\n```pycon\n{example}\n>>> 1\n1\n```\n:::\n\n"
        for number, (example, _) in enumerate(LEFT)
    )
    (folder / "signals" / "page.md").write_text(LEFT_CLAUSE + clauses)
    with Session(FLASK) as session:
        results = list(map(session.run, read_specification(folder).checks))
    return [None if result.verdict.value == "passed" else result.reason for result in results]


@pytest.mark.parametrize("number", range(len(LEFT)), ids=[example for example, _ in LEFT])
def test_what_a_clause_leaves_behind_is_named(left, number):
    """A clause leaves nothing connected, pushed or changed, or fails for each such thing."""
    assert LEFT[number][1] == left[number]


def test_import_of_an_own_submodule_is_no_change(write, run_page, tmp_path):
    """A module that has another one under the submodule's name gets its own on import."""
    write(
        {
            "implementation/web/__init__.py": "import json as views\n",
            "implementation/web/views.py": "",
        }
    )
    implementation = Implementation(
        name="web", flask="web", blinker="web", path=(str(tmp_path / "implementation"),)
    )
    fence = "\nIt MUST.\n\n```pycon\n{}\n>>> 1\n1\n```\n:::\n\n"
    page = "# Page\n\n:::{clause} page.imports" + fence.format(">>> import flask.views")
    page += ":::{clause} page.replaces" + fence.format(">>> import flask, os\n>>> flask.views = os")
    results = run_page(page, implementation=implementation, chapter="signals")
    assert ["", "the clause changed web.views"] == [result.reason for result in results]


def test_odd_signals_are_no_leftovers(write, run_page, tmp_path):
    """Signals need no `receivers` that the kit can count."""
    source = "class Signal:\n    def receivers(self):\n        pass\n\nrequest_started = Signal()\n"
    write({"implementation/web.py": source})
    implementation = Implementation(
        name="web", flask="web", blinker="web", path=(str(tmp_path / "implementation"),)
    )
    [result] = run_page(
        "# Page\n\n:::{clause} page.a\nIt MUST.\n\n"
        "```pycon\n>>> import flask\n>>> 1\n1\n```\n:::\n",
        implementation=implementation,
        chapter="signals",
    )
    assert ("passed", "") == (result.verdict.value, result.reason)


def test_missing_interpreter_is_one_error(engine):
    """An interpreter that can't be started is an error that says so."""
    with pytest.raises(ImplementationError) as caught, Session(engine("", python="/no/python")):
        pass
    assert str(caught.value) == (
        "engine: the interpreter '/no/python' can't be started (No such file or directory);"
        " name another with --python"
    )


def test_missing_module_is_one_error(engine, tmp_path):
    """A module that isn't there is an error that says where it was looked for."""
    implementation = engine("", blinker="no_engine")
    with pytest.raises(ImplementationError) as caught, Session(implementation):
        pass
    assert str(caught.value) == (
        f"engine: 'no_engine' can't be imported by {sys.executable}, with"
        f" {tmp_path / 'implementation'} on its path: ModuleNotFoundError:"
        " No module named 'no_engine'; check the names, --python and --path"
    )


def test_clause_is_not_applicable_to_what_is_missing(engine, run_page):
    """A clause about a subject that the implementation hasn't is not applicable."""
    page = "# Page\n\n:::{clause} page.a\nIt MUST.\n\n```pycon\n>>> 1\n1\n```\n:::\n"
    [result] = run_page(page, chapter="signals")
    assert ("not applicable", "it has nothing in place of flask") == (
        result.verdict.value,
        result.reason,
    )


def test_clause_applies_to_what_has_its_own_needs(engine, run_page):
    """What the clause itself says that it needs counts, and its chapter's needs do not."""
    page = (
        "# Page\n\n:::{{clause}} page.a\n:needs: {}\n\nIt MUST.\n\n```pycon\n>>> 1\n1\n```\n:::\n"
    )
    assert ["passed", "not applicable"] == [
        run_page(page.format(needs), chapter="signals")[0].verdict.value
        for needs in ("blinker", "blinker, flask")
    ]


@pytest.mark.parametrize(
    ("claims", "verdict", "reason"),
    [
        (
            {"blinker": "1.4"},
            "not applicable",
            "the clause holds for blinker>=1.8, and this is blinker 1.4",
        ),
        ({"blinker": "1.8"}, "passed", ""),
        ({}, "passed", ""),
    ],
)
def test_clause_out_of_range_is_not_applicable(engine, run_page, claims, verdict, reason):
    """A clause applies to the release that an implementation claims, or else to the current one."""
    page = "# Page\n\n:::{clause} page.a\n:holds: blinker>=1.8\n"
    page += "It MUST.\n\n```pycon\n>>> 1\n1\n```\n:::\n"
    [result] = run_page(page, implementation=engine("", claims=claims))
    assert (verdict, reason) == (result.verdict.value, result.reason)


@pytest.mark.parametrize(
    ("holds", "verdict", "reason"),
    [
        ("python>=3.11", "passed", ""),
        ("blinker>=1.8 & python>=3.11", "passed", ""),
        (
            "python<3.11",
            "not applicable",
            "the clause holds for python<3.11, and this is blinker 1.9.0, python {}.{}",
        ),
    ],
)
def test_clause_applies_to_the_interpreter_that_the_worker_runs_in(
    engine, run_page, holds, verdict, reason
):
    """Nobody claims an interpreter: it is the one that there is."""
    page = f"# Page\n\n:::{{clause}} page.a\n:holds: {holds}\n"
    page += "It MUST.\n\n```pycon\n>>> 1\n1\n```\n:::\n"
    [result] = run_page(page, implementation=engine("", claims={"blinker": "1.9.0"}))
    assert (verdict, reason.format(*sys.version_info)) == (result.verdict.value, result.reason)


def test_newest_release_is_what_an_implementation_without_claims_is_taken_for(engine, monkeypatch):
    """A release that comes to be known moves those that say nothing, and not the reference."""
    newer = Release("flask", "9.9", "3.11", ("flask==9.9", "blinker==8.8"))
    monkeypatch.setattr("signalbook.runner.run.newest_release", lambda: newer)
    found = {}
    for one in (engine(""), custom(blinker="blinker"), known("reference")):
        with Session(one) as session:
            found[one.name] = session.releases, session.unclaimed
    assert found == {
        "engine": ({"blinker": "8.8"}, ["blinker"]),
        "blinker": ({"blinker": version("blinker")}, []),
        "reference": ({"flask": "3.1.3", "blinker": "1.9.0"}, []),
    }


@pytest.mark.parametrize("jobs", [1, 2, None])
def test_all_clauses_are_run_once(engine, write, tmp_path, jobs):
    """Parallel workers run each clause once, whatever some of them do to their workers."""
    clauses = "".join(
        f":::{{clause}} page.n{number}\nIt MUST.\n\n```pycon\n>>> import os, signal\n"
        f">>> if {number} % 7 == 3:\n...     os.kill(os.getppid(), signal.SIGKILL)\n"
        f">>> {number}\n{number}\n```\n:::\n\n"
        for number in range(24)
    )
    write({"spec/dispatch/page.md": "# Page\n\n" + clauses})
    specification = read_specification(tmp_path / "spec")
    with Session(engine(""), Limits(timeout=5.0)) as session:
        results = list(session.run_all(specification.checks, jobs=jobs))
    verdicts = {result.clause.id: result.verdict.value for result in results}
    assert len(results) == 24
    assert verdicts == {
        f"page.n{number}": "crashed" if number % 7 == 3 else "passed" for number in range(24)
    }


def test_run_that_is_abandoned_ends(engine, write, tmp_path):
    """Whoever stops reading results stops the run after the clauses at work."""
    clauses = "".join(
        f":::{{clause}} page.n{number}\nIt MUST.\n\n"
        f"```pycon\n>>> from blinker import note\n>>> note({number})\n>>> 1\n1\n```\n:::\n\n"
        for number in range(40)
    )
    write({"spec/dispatch/page.md": "# Page\n\n" + clauses})
    noted = tmp_path / "noted"
    source = f"def note(number):\n    open({str(noted)!r}, 'a').write('%d\\n' % number)\n"
    with Session(engine(source)) as session:
        results = session.run_all(read_specification(tmp_path / "spec").checks, jobs=1)
        next(results)
        results.close()
    assert len(noted.read_text().splitlines()) < 40
