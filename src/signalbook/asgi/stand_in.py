"""A framework's coroutine functions, as functions that wait."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Awaitable, Callable, Iterator
from inspect import iscoroutinefunction, isfunction
from types import ModuleType
from typing import Any

from .loops import here, on_a_loop, run, wait

__all__ = ["stand_in"]


def stand_in(name: str, framework: ModuleType) -> dict[str, Any]:
    """Make *framework* one for synchronous code, and let the module *name* stand in for it.

    Its coroutine functions, the coroutine methods and properties of its classes, and the coroutine
    functions that its decorators make, wait when they are called.
    Where an event loop runs, as in the framework's own code, they return the coroutine, as ever.
    What has `async with` has `with`, too.
    A stream that is returned can be read by synchronous code, unless an event loop waits for this
    thread: then it belongs to the framework.

    Each submodule that is imported is one of *name*, too.

    :return: the framework's public names and what they are now, for `globals().update`.
    """
    top = framework.__name__
    for full_name, module in list(sys.modules.items()):
        if full_name == top or full_name.startswith(top + "."):
            if full_name != top:
                sys.modules[name + full_name.removeprefix(top)] = module
            for value in list(vars(module).values()):
                if isinstance(value, type) and value.__module__ == full_name:
                    _make_synchronous(value)
    return {
        key: _function(value) if isfunction(value) else value
        for key, value in vars(framework).items()
        if not key.startswith("_")
    }


def _make_synchronous(owner: type) -> None:
    # What enters something changes the context, which must be this thread's.
    way = run if hasattr(owner, "__aenter__") else wait
    for name, value in list(vars(owner).items()):
        if isinstance(value, property) and iscoroutinefunction(value.fget):
            getter = _waiting(value.fget, way)
            setattr(owner, name, property(getter, value.fset, doc=value.__doc__))
        elif name in ("__aenter__", "__aexit__"):
            setattr(owner, name.replace("__a", "__"), _block(value))
        elif isfunction(value) and iscoroutinefunction(value) and not name.startswith("__"):
            setattr(owner, name, _waiting(value, way))


def _function(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return *function* such that it waits, or what it makes of another function does."""
    if iscoroutinefunction(function):
        return _waiting(function)

    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        result = function(*arguments, **named)
        is_made = isfunction(result) and result not in (*arguments, *named.values())
        return _waiting(result) if is_made and iscoroutinefunction(result) else result

    return call


def _waiting(
    function: Callable[..., Any], way: Callable[[Awaitable[Any]], Any] = wait
) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        awaitable = function(*arguments, **named)
        if on_a_loop():
            here.handed_out.append((awaitable, function.__qualname__))
            return awaitable
        result = way(awaitable)
        is_ours = inspect.isasyncgen(result) and here.lender is None
        return _steps(result) if is_ours else result

    # Before CPython 3.12 it can't be marked: frameworks call it in a thread, where it waits.
    if hasattr(inspect, "markcoroutinefunction"):
        inspect.markcoroutinefunction(call)
    return call


def _block(function: Callable[..., Any]) -> Callable[..., Any]:
    # Where it could only return a coroutine, the block would be run all the same.
    @functools.wraps(function)
    def call(*arguments: Any) -> Any:
        return run(function(*arguments))

    return call


def _steps(stream: Any) -> Iterator[Any]:
    try:
        while True:
            try:
                yield run(anext(stream))
            except StopAsyncIteration:
                return
    finally:
        run(stream.aclose())
