"""`signalbook script`: a clause as a program of its own."""

import ast
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from click.testing import CliRunner

from signalbook.cli import main
from signalbook.exports import script
from signalbook.implementations import FLASK, MissingInterpreter, find_interpreter
from signalbook.pages import read_specification
from signalbook.runner import Session

# The rows of a clause differ in their names only.
CHECKS = [entry.checks[0] for clause in read_specification().clauses for entry in clause.entries]
BROKEN = """
from blinker import Signal

class Signal(Signal):
    def send(self, *sender, **keywords):
        return super().send(*sender)[:1] + [None]
"""
PAGE = """\
# Forms

:::{{clause}} forms.one
:needs: flask, blinker

A script MUST agree with the kit.

```pycon
{examples}
>>> "end"
'end'
```
:::
"""


# Starts each program in a fork of one interpreter: importing Flask takes longer than any of them.
LAUNCHER = """
import io, json, os, runpy, sys
import flask, flask.testing

def run(file):
    readable, writable = os.pipe()
    if os.fork() == 0:
        output = sys.stdout = os.fdopen(writable, "w")
        status = 3
        try:
            runpy.run_path(file, run_name="__main__")
        except SystemExit as end:
            status = int(end.code)
        finally:
            output.flush()
            os._exit(status)
    os.close(writable)
    with os.fdopen(readable) as pipe:
        output = pipe.read()
    return output, os.waitstatus_to_exitcode(os.wait()[1])

print(json.dumps([run(file) for file in sys.argv[1:]]))
"""


def run_all(programs, folder):
    """Run programs and return the pair of output and exit status of each."""
    files = [folder / f"program-{number}.py" for number in range(len(programs))]
    for file, program in zip(files, programs, strict=True):
        file.write_text(program)
    done = subprocess.run(
        [sys.executable, "-c", LAUNCHER, *map(str, files)],
        capture_output=True,
        text=True,
        cwd=folder,
        check=True,
    )
    return [tuple(pair) for pair in json.loads(done.stdout)]


def run(program, folder):
    file = folder / "program.py"
    file.write_text(program)
    return subprocess.run(
        [sys.executable, "-W", "error", str(file)], capture_output=True, text=True, cwd=folder
    )


@pytest.fixture
def clause(tmp_path):
    """Return a function that makes a clause of examples."""

    def made(*lines):
        folder = tmp_path / "spec" / "dispatch"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "forms.md").write_text(PAGE.format(examples="\n".join(lines)))
        return read_specification(folder.parent).clause("forms.one")

    return made


def test_script_says_as_wanted_where_the_kit_passes(tmp_path):
    """On installed Flask, the script of every clause that passes ends well too."""
    with Session(FLASK) as session:
        results = list(session.run_all(CHECKS))
    passing = [result.clause for result in results if result.verdict == "passed"]
    done = run_all([script(clause) for clause in passing], tmp_path)

    assert passing
    assert {clause.id: ("as wanted\n", 0) for clause in passing} == dict(
        zip((clause.id for clause in passing), done, strict=True)
    )


def test_script_says_what_differs(clause, tmp_path):
    """A script on a faulty implementation prints place, wanted and got, and ends with 1."""
    (tmp_path / "broken.py").write_text(BROKEN)
    program = script(
        clause(">>> from blinker import Signal", ">>> Signal().send(1)", "[]"),
        {"blinker": "broken"},
    )
    done = run(program, tmp_path)

    assert (
        """\
spec/dispatch/forms.md:10
wanted:
[]

got:
[None]

1 place(s) differ
"""
        == done.stdout
    )
    assert 1 == done.returncode


@pytest.mark.parametrize(
    "lines",
    [
        [">>> 1, 2", "(1, 2)"],
        [">>> (1,", "...  2)", "(1, 2)"],
        [">>> print('a'); 1", "a", "1"],
        [">>> 'b'  # doctest: -ELLIPSIS", "'b'"],
        [">>> 'b  c'  # doctest: +NORMALIZE_WHITESPACE", "'b c'"],
        [">>> {}['x']", "Traceback (most recent call last):", "    ...", "KeyError: 'x'"],
        [">>> raise ValueError", "Traceback (most recent call last):", "    ...", "ValueError"],
        [
            ">>> def fail():",
            "...     raise ValueError('''two",
            "... lines''')",
            ">>> fail()",
            "Traceback (most recent call last):",
            "    ...",
            "ValueError: two",
            "lines",
        ],
        [
            ">>> import json",
            ">>> json.loads('')",
            "Traceback (most recent call last):",
            "    ...",
            "json.decoder.JSONDecodeError: Expecting value...",
        ],
        [
            ">>> {}['x']  # doctest: +IGNORE_EXCEPTION_DETAIL",
            "Traceback (most recent call last):",
            "    ...",
            "KeyError: 'another'",
        ],
        [">>> import asyncio", ">>> await asyncio.sleep(0, 'slept')", "'slept'"],
        [">>> async def two(): return 2", ">>> x = await two()", ">>> x", "2"],
        [">>> None"],
        [">>> x = 3; x", "3"],
        [">>> (1 == 1) == True, [2] == [2]", "(True, True)"],
        [">>> for i in (1, 2): i", "1", "2"],
        [">>> if True:", "...     'é'; 'a'  # both", "'é'", "'a'"],
        [">>> def f():", "...     'not shown'", ">>> f()"],
    ],
)
def test_script_keeps_every_form_of_example(clause, lines, tmp_path):
    """Whatever form an example has, the script comes to the kit's result."""
    made = clause(*lines)
    with Session(FLASK) as session:
        assert "passed" == session.run(made).verdict
    done = run(script(made), tmp_path)

    assert ("as wanted\n", "", 0) == (done.stdout, done.stderr, done.returncode)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from flask import Flask, g", "from mine import Flask, g"),
        ("from flask.signals import Namespace as N", "from mine.signals import Namespace as N"),
        ("import flask", "import mine as flask"),
        ("import flask.signals", "import mine.signals; import mine as flask"),
        ("import flask.signals as s", "import mine.signals as s"),
        ("import os, flask", "import os; import mine as flask"),
        ("import flaskish", "import flaskish"),
        ("if True: import flask  # 1", "if True: import mine as flask  # 1"),
        ("from blinker import Signal", "from my.engine import Signal"),
        ("import blinker", "import my.engine as blinker"),
    ],
)
def test_script_names_the_implementation_in_imports(clause, source, expected):
    """Imports of flask and blinker, in all their forms, name the given modules instead."""
    program = script(clause(f">>> {source}"), {"flask": "mine", "blinker": "my.engine"})

    assert expected in program.split("\n")


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        (r"It MUST keep \N, \x and \u apart.", r"It MUST keep \N, \x and \u apart."),
        ('It MUST keep """" and \'\'\'.', 'It MUST keep """" and \'\'\'.'),
        ("It MUST end in a \\", "It MUST end in a \\"),
        ("It MUST keep café.", "It MUST keep café."),
        ("It MUST not \x00\x1b[2J.", r"It MUST not \x00\x1b[2J."),
    ],
)
@pytest.mark.parametrize("version", ["2.7", None])
def test_script_runs_whatever_its_rule_and_place_say(clause, tmp_path, rule, shown, version):
    """Text that means something to Python stands in the program as it reads, on 2.7 as well."""
    made = replace(clause(">>> 1", "1"), rule=rule, file=os.fsdecode(b'spec/\\N"""\xe9.md'))
    program = script(made)
    try:
        python = find_interpreter(version) if version else sys.executable
    except MissingInterpreter as error:
        pytest.skip(str(error))
    file = tmp_path / "program.py"
    file.write_text(program, encoding="utf-8")
    done = subprocess.run([python, file], capture_output=True, text=True)

    assert ("as wanted\n", "", 0) == (done.stdout, done.stderr, done.returncode)
    documentation = ast.get_docstring(ast.parse(program))
    assert f"forms.one (MUST)\n\n{shown}\n" in documentation
    assert 'From spec/\\N"""\\udce9.md:' in documentation


@pytest.mark.parametrize("module", ["", "bad/engine.py", "my engine", ".engine", "my.class"])
def test_script_that_cannot_import_a_module_is_an_error(module):
    """A module that no import statement can name is refused, with what to give instead."""
    result = CliRunner().invoke(main, ["script", "connecting.once.twice", "--blinker", module])

    assert (
        f"Error: no import statement can name the module {module!r} in place of blinker;"
        " give a dotted name, such as 'package.module'\n",
        2,
    ) == (result.output, result.exit_code)


def test_script_command_takes_the_modules():
    """`signalbook script` prints the program for the modules that it is given."""
    words = ["script", "connecting.once.twice", "--blinker", "mysignals"]
    output = CliRunner().invoke(main, words).output

    assert (
        script(read_specification().clause("connecting.once.twice"), {"blinker": "mysignals"})
        == output
    )
    assert "from mysignals import Signal" in output
