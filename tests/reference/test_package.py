"""The reference as a package: what it imports, what it names, and that it is silent."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import flask
import pytest

import signalbook.reference

FOLDER = Path(signalbook.reference.__file__).parent
MODULES = sorted(FOLDER.glob("*.py"))
ALLOWED = {"itsdangerous", "jinja2", "markupsafe", "werkzeug", "_typeshed"}


def imported(path):
    """Return the top-level names that a module imports from outside of its package."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level < 2, path
            if not node.level:
                yield node.module.partition(".")[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_module_imports_only_what_it_may(path):
    """No module imports Flask, blinker, or anything else of the book."""
    assert sorted(set(imported(path)) - ALLOWED - sys.stdlib_module_names) == []


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
    """Every name is one of Flask's, and what is missing is known to be."""
    modules = {name for name in dir(flask) if type(getattr(flask, name)) is type(flask)}
    names = {name for name in dir(flask) if not name.startswith("_")} - modules - {"annotations"}

    assert set(signalbook.reference.__all__) | signalbook.reference._LACKING == names


@pytest.mark.parametrize("name", sorted(signalbook.reference._LACKING))
def test_missing_name_says_so(name):
    """A name that the reference lacks raises, and is told from a misspelt one."""
    with pytest.raises(AttributeError, match="the reference implementation lacks it"):
        getattr(signalbook.reference, name)
    with pytest.raises(ImportError):
        exec(f"from signalbook.reference import {name}")


def test_unknown_name_is_an_attribute_error():
    """A name that Flask doesn't have either is an ordinary error."""
    with pytest.raises(AttributeError, match="has no attribute 'request_begun'"):
        signalbook.reference.request_begun  # noqa: B018
