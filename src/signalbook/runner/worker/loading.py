"""Imports the implementation, and says what it is."""

from signalbook.runner.worker.names import load
from signalbook.runner.worker.own import ALLOW_AWAIT, os, sys

COMMON = ("encodings.idna",)  # What frameworks import in nearly every clause.


def version(name):
    """Return the version of the installed distribution `name`, or `None`."""
    try:
        from importlib.metadata import version as installed

        return installed(name)
    except Exception:
        found = getattr(sys.modules.get(name), "__version__", None)
        return found if isinstance(found, str) else None


def files(config):
    """Return the file that each module under test was loaded from, if it is known as text."""
    found = {}
    for name in filter(None, (config["flask"], config["blinker"])):
        file = getattr(sys.modules.get(name), "__file__", None)
        if isinstance(file, bytes):  # As it is on CPython 2.7.
            file = file.decode("utf-8", "replace")
        if type(file) is type(b"".decode()):
            found[name] = os.path.abspath(file)
    return found


def limit_memory(limit):
    """Let this process have *limit* bytes of address space, unless it may have less already."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    except (ValueError, resource.error):
        pass  # Not every system has this limit.
    bytearray(2**24)  # With less, importing would break in strange ways instead of this.


def prepare(config):
    """Import the implementation as `config` names it and return the greeting."""
    sys.path[:0] = config["path"]
    if config["memory"]:
        limit_memory(config["memory"])
    for name, other in config["replaced"].items():
        sys.modules[name] = load(other) if other else None
    for subject in ("flask", "blinker"):
        if config[subject]:
            load(config[subject])
    for submodule in ("signals", "testing") if config["flask"] else ():
        try:
            load(config["flask"] + "." + submodule)
        except ImportError:
            pass  # Whether it must be there is for the clauses to say.
    for name in COMMON if config["flask"] else ():
        load(name)  # Once, and not in each fork.
    return {
        "await": bool(ALLOW_AWAIT),
        "versions": dict(
            (name, version(name)) for name in ("flask", "blinker") if config[name] == name
        ),
        "files": files(config),
    }


def interpreter():
    """Return the name of the interpreter's make, its version, and the process that loads."""
    make = sys.implementation.name if hasattr(sys, "implementation") else sys.subversion[0].lower()
    version = "%d.%d.%d" % sys.version_info[:3]
    return {"interpreter": make, "python": version, "worker": os.getpid()}
