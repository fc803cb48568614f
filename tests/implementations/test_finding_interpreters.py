"""Interpreters are found by version, and by what they say of themselves."""

import os
import pwd
import signal
import sys

import pytest

from signalbook.implementations import MissingInterpreter, find_interpreter

CURRENT = "{}.{}".format(*sys.version_info)


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine with nothing but what the test puts on it."""
    find_interpreter.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))

    def install(name, script):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o700)
        return str(path)

    yield install
    find_interpreter.cache_clear()


def test_interpreter_of_the_kit_comes_first(machine):
    """The kit's own interpreter serves for its own version."""
    machine(f"bin/python{CURRENT}", f"echo {CURRENT}")
    assert sys.executable == find_interpreter(CURRENT)


def test_interpreter_is_found_on_the_path(machine):
    """An interpreter on PATH counts if it says that it is the version."""
    assert machine("bin/python3.1", "echo 3.1") == find_interpreter("3.1")


@pytest.mark.parametrize("script", ["exit 127", "echo 3.2", "echo", "kill -9 $$"])
def test_interpreter_that_lies_is_passed_over(machine, script):
    """A shim that fails, or says that it is something else, is passed over for pyenv's own."""
    machine("bin/python3.1", script)
    found = machine("pyenv/versions/3.1.5/bin/python", "echo 3.1")
    assert found == find_interpreter("3.1")


@pytest.mark.parametrize("program", ["uv", "py"])
def test_interpreter_is_asked_of_other_tools(machine, program):
    """uv and the launcher say where theirs are; what they name has to say its version too."""
    python = machine("elsewhere/python", "echo 3.1")
    machine(f"bin/{program}", f"echo {python}")
    assert python == find_interpreter("3.1")


@pytest.mark.parametrize("script", ["exit 2", "echo", "echo /nowhere/python"])
def test_tool_that_knows_none_is_passed_over(machine, script):
    """A tool that fails or names nothing that runs leaves the interpreter missing."""
    machine("bin/uv", script)
    with pytest.raises(MissingInterpreter):
        find_interpreter("3.1")


def test_missing_interpreter_is_one_error(machine):
    """An interpreter that isn't there is an error that says how to put it there."""
    machine("bin/python3.11", "echo 3.11")
    with pytest.raises(MissingInterpreter) as caught:
        find_interpreter("3.1")
    assert str(caught.value) == (
        "CPython 3.1 is not on this machine; install it, and put its folder on PATH as 'python3.1'"
    )


def test_interpreter_that_mumbles_is_passed_over(machine):
    """What an interpreter says need not be text."""
    machine("bin/python3.1", r"printf '3.1\351'")
    with pytest.raises(MissingInterpreter):
        find_interpreter("3.1")


def test_interpreter_may_leave_something_running(machine, tmp_path):
    """What an interpreter has started, and leaves behind, isn't waited for."""
    found = machine("bin/python3.1", f"/bin/sleep 60 &\necho $! > {tmp_path}/pid; echo 3.1")
    assert found == find_interpreter("3.1")
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)  # It is still there.


def test_interpreter_is_found_in_a_relative_folder(machine, monkeypatch, tmp_path):
    """An interpreter in a folder that PATH names from here is found from anywhere."""
    found = machine("bin/python3.1", "echo 3.1")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "bin")
    assert found == find_interpreter("3.1")


@pytest.mark.parametrize("path", ["", ":", "/nowhere:bin/python3.1", "\udce9"])
def test_odd_path_has_no_interpreter(machine, monkeypatch, path):
    """A PATH that is empty, or names files, or what isn't there or isn't text, has none."""
    monkeypatch.setenv("PATH", path)
    with pytest.raises(MissingInterpreter):
        find_interpreter("3.1")


def test_interpreter_is_missed_without_a_home(machine, monkeypatch):
    """Where nobody has a home, there is no pyenv in it."""
    monkeypatch.delenv("PYENV_ROOT")
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    with pytest.raises(MissingInterpreter):
        find_interpreter("3.1")
