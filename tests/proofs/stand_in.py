"""Puts the reference in Flask's place, and its engine in blinker's, for a whole process.

Call `replace` before anything imports either.
From then on `import flask.globals` is `signalbook.reference.globals`, and so on for each module.
"""

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec

OURS = "signalbook.reference"


class _Finder:
    """Finds a module of Flask where the reference has one of that name."""

    def find_spec(self, name, path=None, target=None):
        return ModuleSpec(name, self) if name.startswith("flask.") else None

    def create_module(self, spec):
        module = import_module(OURS + spec.name.removeprefix("flask"))
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module):
        # The import system has given it the specification of Flask's module.
        module.__spec__ = module.__spec__.loader_state


def replace(flask=True):
    """Have the reference imported as `flask`, and its engine as `blinker`.

    :param flask: Whether to replace Flask too, and not blinker only.
    """
    there = sorted({"flask", "blinker"} & sys.modules.keys())
    if there:
        raise RuntimeError(f"It is too late to replace what was imported already: {there}.")
    engine = import_module(f"{OURS}.engine")
    sys.modules["blinker"] = sys.modules["blinker.base"] = engine
    if flask:
        sys.modules["flask"] = import_module(OURS)
        sys.meta_path.insert(0, _Finder())
