"""What Flask has and the reference lacks: asked for, it says so."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

__all__ = ["lacking"]


def lacking(module: str, *names: str) -> Callable[[str], Any]:
    """Return the `__getattr__` of a module, which raises for each name that is missing.

    :param module: The name of the module.
    :param names: The names that it has in Flask 3.1.3 and lacks here.
    """

    def missing(name: str) -> Any:
        if name in names:
            where = module.replace(__package__.rpartition(".")[0], "flask", 1)
            raise AttributeError(
                f"{where} has {name!r}, but the reference implementation lacks it.",
                name=name,
                obj=sys.modules[module],
            )
        raise AttributeError(
            f"module {module!r} has no attribute {name!r}", name=name, obj=sys.modules[module]
        )

    missing.names = frozenset(names)  # type: ignore[attr-defined]
    return missing
