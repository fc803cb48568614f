"""A pytest plugin that puts the reference engine in blinker's place, for `suites.py`.

It is imported before anything of the suite, and so before Flask.
It also runs coroutine tests, as pytest-asyncio would, which blinker's suite asks for.
"""

import asyncio
import inspect
import os
import sys
from types import ModuleType

import pytest

if os.environ["SIGNALBOOK_ENGINE"] == "engine":
    from signalbook.reference import engine

    # Blinker makes its constant ANY with this class; what it promises of it, the tests ask of it.
    utilities = ModuleType("blinker._utilities")
    utilities.Symbol = type(engine.ANY)
    sys.modules["blinker"] = sys.modules["blinker.base"] = engine
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
    wanted = {"engine": "signalbook.reference.", "blinker": "blinker."}
    if not used.__module__.startswith(wanted[os.environ["SIGNALBOOK_ENGINE"]]):
        pytest.exit(f"signals are made by {used.__module__}", returncode=3)
