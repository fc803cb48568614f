"""A set-up is called with each application that an example makes, and changes nothing else."""

import sys
from dataclasses import replace

import pytest

from signalbook.implementations import FLASK, MissingInterpreter, known
from signalbook.runner import ImplementationError, Session

SETUP = """\
import atexit
from flask import Flask, got_request_exception

made = []

def note(app):
    made.append(app.name)

def fail(app):
    raise LookupError("no %s" % app.name)

def connect(app):
    got_request_exception.connect(forget)

def forget(sender, **extra):
    pass

class Kind:
    note = staticmethod(note)

number = 7
"""
PAGE = "# Page\n\n:::{clause} page.a\nIt MUST.\n\n```pycon\n%s```\n:::\n"


@pytest.fixture
def set_up(write, tmp_path):
    """Return Flask with a function of the module *mine* as its set-up."""
    write({"own/mine.py": SETUP, "own/broken.py": "raise ValueError('at import')\n"})

    def set_up(function="mine:note", own=FLASK):
        return replace(own, setup=function, path=(*own.path, str(tmp_path / "own")))

    return set_up


@pytest.fixture
def run(set_up, run_page):
    """Run examples with a set-up, and return verdict, reason and what was got."""

    def run(examples, function="mine:note", own=FLASK):
        [result] = run_page(
            PAGE % examples, implementation=set_up(function, own), chapter="signals"
        )
        return result.verdict.value, result.reason, result.got

    return run


MADE = """\
>>> import mine
>>> from flask import Flask
>>> class Own(Flask):
...     def __init__(self, name):
...         super(Own, self).__init__(name)
...         mine.made.append("made " + name)
>>> _ = Flask("plain"), Own("own"), Flask(import_name="named")
>>> mine.made
['plain', 'own', 'made own', 'named']
"""
UNCHANGED = """\
>>> import flask, inspect, mine, pickle
>>> from flask import Flask
>>> app = Flask("shop")
>>> mine.Flask is Flask, type(app) is Flask, isinstance(app, Flask), issubclass(Flask, mine.Flask)
(True, True, True, True)
>>> app, Flask.__name__, Flask.__init__.__name__
(<Flask 'shop'>, 'Flask', '__init__')
>>> list(inspect.signature(Flask).parameters)[:2], pickle.loads(pickle.dumps(Flask)) is Flask
(['import_name', 'static_url_path'], True)
>>> Flask()
Traceback (most recent call last):
    ...
TypeError: ...
"""


@pytest.mark.parametrize("function", ["mine:note", "mine:Kind.note"])
def test_setup_is_called_once_with_each_application(run, function):
    """It gets each application when `Flask` has made it, a subclass's before the rest of that."""
    assert ("passed", "", "") == run(MADE, function)


def test_setup_leaves_the_class_as_it_is(run):
    """The class, its name, its signature and its errors are the framework's own."""
    text = UNCHANGED.replace(">>> Flask()", ">>> Flask()  # doctest: +IGNORE_EXCEPTION_DETAIL")
    assert ("passed", "", "") == run(text)


@pytest.mark.parametrize("release", ["0.12.5", "1.1.4"])
def test_setup_is_called_by_old_interpreters(run, release):
    """It is called in each interpreter that the worker knows."""
    try:
        own = known(f"flask=={release}")
    except MissingInterpreter as error:
        pytest.skip(str(error))
    assert ("passed", "", "") == run(MADE, own=own)


def test_setup_that_raises_fails_the_example(run):
    """What it raises is raised where the application is made, and the place is told."""
    source = '>>> from flask import Flask\n>>> Flask("shop").name\n"shop"\n'
    verdict = run(source, "mine:fail")
    assert ("failed", "an example raised LookupError", "LookupError: no shop\n") == verdict


CONNECTED = """\
>>> from flask import Flask, got_request_exception
>>> app = Flask("shop")
>>> len(got_request_exception.receivers)
1
"""
LEFT = (
    CONNECTED
    + """\
>>> def mine(sender, **extra):
...     pass
>>> import sys
>>> sys.mine = got_request_exception.connect(mine)
"""
)


@pytest.mark.parametrize(
    ("examples", "wanted"),
    [
        (CONNECTED, ("passed", "")),
        (
            LEFT,
            ("failed", "the clause left 1 receiver(s) connected to got_request_exception"),
        ),
    ],
)
def test_receivers_of_a_setup_are_not_left_by_the_clause(run, examples, wanted):
    """What a set-up connects is its own affair; what an example leaves is told all the same."""
    assert wanted == run(examples, "mine:connect")[:2]


@pytest.mark.parametrize(
    ("function", "problem"),
    [
        ("absent:note", "ModuleNotFoundError: No module named 'absent'"),
        ("mine:absent", "AttributeError: module 'mine' has no attribute 'absent'"),
        ("mine:number", "TypeError: 'int' object is not callable"),
    ],
)
def test_setup_that_is_not_there_is_named(set_up, function, problem):
    """A module, a function or something else in its place is told once, with what to do."""
    own = set_up(function)
    with pytest.raises(ImplementationError) as caught, Session(own):
        pass
    assert (
        f"flask: the set-up {function!r} can't be loaded by {sys.executable}, with {own.path[0]}"
        f" on its path: {problem}; name a function as 'package.module:function', and the folder"
        " that has it with --path"
    ) == str(caught.value)


def test_setup_whose_module_raises_is_named(set_up):
    """An exception of the module itself is shown with its place, and without the worker's."""
    own = set_up("broken:install")
    with pytest.raises(ImplementationError) as caught, Session(own):
        pass
    assert [
        f"flask: the set-up 'broken:install' can't be loaded by {sys.executable}, with"
        f" {own.path[0]} on its path: importing it raised ValueError: at import",
        f'  File "{own.path[0]}/broken.py", line 1, in <module>',
        "    raise ValueError('at import')",
        "mend that",
    ] == str(caught.value).splitlines()
