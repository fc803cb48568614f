"""A pytest plugin that puts the reference engine in blinker's place, for `suites.py`.

With `SIGNALBOOK_ENGINE=reference` the whole reference is in Flask's place.
It is imported before anything of the suite, and so before Flask.
It also runs coroutine tests, as pytest-asyncio would, which blinker's suite asks for.
"""

import asyncio
import inspect
import os
import sys
from types import ModuleType

import pytest
import stand_in

ENGINE = os.environ["SIGNALBOOK_ENGINE"]


def lack(module, name):
    """Give a module something to import, where it lacks a name, that fails when it is called."""

    def lacking(*arguments, **keywords):
        pytest.fail(f"The reference lacks {name}.")

    setattr(module, name, lacking)


if ENGINE == "reference":
    stand_in.replace()
    from signalbook.reference import cli

    # Otherwise the module with the tests of commands could not be imported.
    for missing in cli.__getattr__.names:
        lack(cli, missing)

if ENGINE == "engine":
    stand_in.replace(flask=False)
    from signalbook.reference import engine

    # Blinker makes its constant ANY with this class; what it promises of it, the tests ask of it.
    utilities = ModuleType("blinker._utilities")
    utilities.Symbol = type(engine.ANY)
    sys.modules["blinker._utilities"] = utilities


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    asyncio.run(pyfuncitem.obj(**arguments))
    return True


def pytest_collection_finish(session):
    """Make sure that it is the engine, or blinker, that Flask sends its signals with."""
    flask = sys.modules.get("flask")
    used = type(flask.request_started) if flask else sys.modules["blinker"].Signal
    wanted = "blinker." if ENGINE == "blinker" else "signalbook.reference."
    if not used.__module__.startswith(wanted):
        pytest.exit(f"signals are made by {used.__module__}", returncode=3)
    if ENGINE == "reference" and flask.__name__ != "signalbook.reference":
        pytest.exit(f"the framework is {flask.__name__}", returncode=3)
