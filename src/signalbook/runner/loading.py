"""Says why an implementation can't be loaded, and what to do about it."""

from __future__ import annotations

import resource
from pathlib import Path

from packaging.version import Version

from signalbook.implementations import Implementation, newest_release
from signalbook.runner.messages import Raised

__all__ = ["cannot_load", "cannot_set_up", "not_cpython", "unfit"]

_FRAMES = 20  # lines of a traceback that are shown
_NO_MEMORY = ("failed to map segment", "Cannot allocate memory")  # in place of a MemoryError


def not_cpython(own: Implementation, said: str) -> str:
    """Say that what should be an interpreter doesn't start the worker.

    :param said: What it printed instead.
    """
    words = f"; it said:\n{said}\n" if said else ", and said nothing; "
    return (
        f"{own.name}: {own.python!r} doesn't start the kit's worker as a CPython would{words}"
        "name a CPython with --python"
    )


def unfit(own: Implementation, make: str, version: str) -> str | None:
    """Say that the worker can't be relied on in this interpreter, unless it can."""
    release = Version(version).release[:2]
    if make == "cpython" and (release == (2, 7) or release >= (3, 6)):
        return None
    return (
        f"{own.name}: {own.python!r} is {make} {version}, and the kit needs CPython 2.7,"
        " or 3.6 or later; name another with --python"
    )


def cannot_load(own: Implementation, error: Raised, memory: int) -> str:
    """Say what importing the implementation raised, and what that means.

    :param memory: The MiB of address space that importing may use; 0 means no limit.
    """
    name, text, trace = error.name, error.text, error.traceback
    modules = " and ".join(repr(module) for module in (own.flask, own.blinker) if module)
    looked = _looked(own)
    allowed = _allowed(memory)
    if allowed and (name == "MemoryError" or any(words in text for words in _NO_MEMORY)):
        return (
            f"{own.name}: {allowed // 2**20} MiB of memory are too little to import {modules};"
            " allow more with --memory, and with 'ulimit -v' if it is lower"
        )
    if trace or name not in {"ImportError", "ModuleNotFoundError"}:
        return (
            f"{own.name}: importing {modules} with {own.python}{looked} raised {error}\n"
            f"{_last_lines(error)}mend that, or install there what it needs"
        )
    return (
        f"{own.name}: {modules} can't be imported by {own.python}{looked}: {error};"
        f" {_where_else(own, text)}"
    )


def cannot_set_up(own: Implementation, error: Raised) -> str:
    """Say why there is no function to call with each application."""
    what = f"{own.name}: the set-up {own.setup!r} can't be loaded by {own.python}{_looked(own)}"
    if error.traceback:
        return f"{what}: importing it raised {error}\n{_last_lines(error)}mend that"
    return (
        f"{what}: {error}; name a function as 'package.module:function',"
        " and the folder that has it with --path"
    )


def _looked(own: Implementation) -> str:
    return f", with {', '.join(own.path)} on its path" if own.path else ""


def _last_lines(error: Raised) -> str:
    return "".join(error.traceback.splitlines(keepends=True)[-_FRAMES:])


def _allowed(memory: int) -> int | None:
    """Return the bytes of address space that importing may use, unless there is no limit."""
    limits = {memory * 2**20, *resource.getrlimit(resource.RLIMIT_AS)}
    return min(limits - {0, resource.RLIM_INFINITY}, default=None)


def _where_else(own: Implementation, text: str) -> str:
    """Say what to do about a module that isn't there."""
    for option, module in (("--flask", own.flask), ("--blinker", own.blinker)):
        if module and ("/" in module or module.endswith(".py")):
            file = Path(module)
            return (
                f"{module!r} is a file, and not a module's name;"
                f" give {option} {file.stem} --path {file.parent}"
            )
    missing = text.rpartition(" ")[2].strip("'")  # CPython 2.7 gives no other sign.
    if missing in {"flask", "blinker"} and missing in {own.flask, own.blinker}:
        releases = newest_release().stands_for
        return (
            f"{missing} isn't installed there; install it with '{own.python} -m pip install"
            f" {missing}', or name a release, such as {missing}=={releases[missing]}"
        )
    return "check the names, --python and --path"
