"""The reference as a package: what it imports, what it names, and that it is silent."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import flask
import flask.testing
import pytest

import signalbook.reference

FOLDER = Path(signalbook.reference.__file__).parent
MODULES = sorted(FOLDER.rglob("*.py"))
ALLOWED = {"asgiref", "click", "itsdangerous", "jinja2", "markupsafe", "werkzeug", "_typeshed"}
FLASK = (
    *("app", "blueprints", "cli", "config", "ctx", "debughelpers", "globals", "helpers", "json"),
    *("json.provider", "json.tag", "logging", "sessions", "signals", "templating", "testing"),
    *("views", "wrappers"),
)
"""The modules of Flask by which people import; `typing` is but for type checkers."""

CLASSES = {
    "app": ("Flask",),
    "blueprints": ("Blueprint", "BlueprintSetupState"),
    "config": ("Config",),
    "ctx": ("AppContext", "RequestContext", "_AppCtxGlobals"),
    "json.provider": ("DefaultJSONProvider", "JSONProvider"),
    "json.tag": ("JSONTag", "TaggedJSONSerializer"),
    "sessions": ("SecureCookieSession", "SecureCookieSessionInterface", "SessionInterface"),
    "testing": ("EnvironBuilder", "FlaskCliRunner", "FlaskClient"),
    "views": ("MethodView", "View"),
    "wrappers": ("Request", "Response"),
}


def imported(path):
    """Return the top-level names that a module imports from outside of its package."""
    depth = len(path.relative_to(FOLDER).parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level <= depth, path
            if not node.level:
                yield node.module.partition(".")[0]


def needs(path):
    """Return the modules of the package that one imports as it is imported itself."""
    statements = ast.parse(path.read_text()).body
    for statement in statements:
        if isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING":
            statements += statement.orelse
        elif isinstance(statement, ast.Try):
            statements += statement.body
        elif isinstance(statement, ast.ImportFrom) and statement.level:
            folder = path.parents[statement.level - 1]
            module = folder.joinpath(*(statement.module or "").split("."))
            for alias in statement.names:
                inner = module / alias.name
                names = (inner.with_suffix(".py"), inner / "__init__.py")
                found = (*names, module.with_suffix(".py"), module / "__init__.py")
                yield next(file for file in found if file.is_file())


def reference(module):
    return importlib.import_module(f"signalbook.reference.{module}")


def own_names(module):
    """Return the public names that a module of Flask defines, and doesn't import."""
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and not inspect.ismodule(value)
        and getattr(value, "__module__", None) == module.__name__
        and type(value).__name__ != "TypeVar"
    }


def own_attributes(cls):
    """Return the public attributes that a class has from Flask, and not from Werkzeug."""
    classes = (one for one in cls.__mro__ if one.__module__.startswith("flask"))
    return {name for one in classes for name in vars(one) if not name.startswith("_")}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_module_imports_only_what_it_may(path):
    """No module imports Flask, blinker, or anything else of the book."""
    assert sorted(set(imported(path)) - ALLOWED - sys.stdlib_module_names) == []


def test_modules_are_built_on_each_other():
    """No module needs one that needs it, so each is complete when it is imported."""
    order = [*TopologicalSorter({path: set(needs(path)) for path in MODULES}).static_order()]

    assert sorted(order) == MODULES


def test_import_is_silent_and_starts_nothing():
    """Importing prints nothing, warns of nothing, starts no thread and loads neither model."""
    source = """
import signalbook.reference, sys, threading
assert threading.active_count() == 1
assert not {"flask", "blinker", "asyncio", "markdown_it"} & set(sys.modules), sorted(sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", source], capture_output=True, text=True
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_names_are_those_of_flask():
    """The package has every name that Flask's has, and no other."""
    modules = {name for name in dir(flask) if type(getattr(flask, name)) is type(flask)}
    names = {name for name in dir(flask) if not name.startswith("_")} - modules - {"annotations"}
    submodules = {name for name in modules if f"flask.{name}" in sys.modules}

    assert set(signalbook.reference.__all__) == names | {"ctx", "json", "typing"}
    assert submodules - set(dir(signalbook.reference)) - {"sansio"} == set()


@pytest.mark.parametrize("module", FLASK)
def test_modules_have_the_names_of_flask(module):
    """Each name of a module of Flask is in the reference's, or is known to be missing."""
    theirs, ours = importlib.import_module(f"flask.{module}"), reference(module)
    lacking = getattr(ours.__dict__.get("__getattr__"), "names", frozenset())

    assert own_names(theirs) - vars(ours).keys() - lacking == set()
    assert lacking - vars(theirs).keys() == set()
    assert lacking & vars(ours).keys() == set()


@pytest.mark.parametrize(
    ("module", "name"), [(module, name) for module in CLASSES for name in CLASSES[module]]
)
def test_classes_have_the_attributes_of_flask(module, name):
    """Each public attribute of a class of Flask is there in the reference's."""
    theirs = getattr(importlib.import_module(f"flask.{module}"), name)
    ours = getattr(reference(module), name)

    assert own_attributes(theirs) - set(dir(ours)) == set()


def test_application_has_the_attributes_of_flask():
    """Each public attribute of an application of Flask is there in the reference's."""
    theirs, ours = flask.Flask("theirs"), signalbook.reference.Flask("ours")

    assert set(vars(theirs)) - set(dir(ours)) - {"_got_first_request"} <= {"import_name"}


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (module, name)
        for module in FLASK
        for name in sorted(
            getattr(reference(module).__dict__.get("__getattr__"), "names", frozenset())
        )
    ],
)
def test_missing_name_says_so(module, name):
    """A name that the reference lacks raises, and is told from a misspelt one."""
    with pytest.raises(AttributeError, match="the reference implementation lacks it"):
        getattr(reference(module), name)
    with pytest.raises(ImportError):
        exec(f"from signalbook.reference.{module} import {name}")


def test_unknown_name_is_an_attribute_error():
    """A name that Flask doesn't have either is an ordinary error."""
    with pytest.raises(AttributeError, match="has no attribute 'request_begun'"):
        signalbook.reference.request_begun  # noqa: B018
