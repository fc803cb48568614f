"""Coroutine functions in places where others are called: views, hooks, handlers and receivers."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any

__all__ = ["is_coroutine_function", "waiting"]


def is_coroutine_function(function: Callable[..., Any]) -> bool:
    """Tell whether what *function* returns has to be waited for."""
    # Asked several times a request, and asking `inspect` is slow.
    # On a plain function that nothing is marked on, its code says all that it would find out.
    if type(function) is FunctionType and not function.__dict__:
        return bool(function.__code__.co_flags & inspect.CO_COROUTINE)
    return inspect.iscoroutinefunction(function)


def waiting(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that calls a coroutine function and waits for its result.

    :raises RuntimeError: asgiref is not installed.
    """
    try:
        # Here, because only an application with coroutine functions has to install it.
        from asgiref.sync import async_to_sync
    except ImportError:
        raise RuntimeError(
            f"{function!r} is a coroutine function, and to call those asgiref is needed."
            " Install asgiref."
        ) from None
    return async_to_sync(function)
