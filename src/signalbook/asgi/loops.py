"""Coroutines, waited for by synchronous code: in its own thread, and in its own context."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

__all__ = ["cannot_wait", "here", "on_a_loop", "run", "wait"]


class _CallersContext:
    """What a task takes for its context, and is the one of whoever runs the loop.

    A task runs in a copy, or in a context that nobody else may be in meanwhile: the application
    context that it pushes would be gone with it.
    """

    def run(self, callback: Callable[..., Any], *arguments: Any) -> Any:
        return callback(*arguments)


class _Threads(ThreadPoolExecutor):
    """Runs each call in a thread of its own, so that no idle one is left behind."""

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        lender = asyncio._get_running_loop()

        def call() -> None:
            here.lender = lender
            try:
                result = function(*arguments, **named)
            except BaseException as error:
                _ending.append(threading.current_thread())
                future.set_exception(error)
            else:
                _ending.append(threading.current_thread())
                future.set_result(result)

        threading.Thread(target=call, name="signalbook.asgi", daemon=True).start()
        return future


_ending: list[threading.Thread] = []


def _await_ending() -> None:
    """Wait until no thread holds any longer what it was given, and is done with."""
    with contextlib.suppress(IndexError):
        while True:
            _ending.pop().join()


class Here(threading.local):
    """What this thread has: an event loop of its own, closed when the thread has ended."""

    def __init__(self) -> None:
        self.own: _ClosedAtLast | None = None
        self.lender: asyncio.AbstractEventLoop | None = None  # It waits for this thread.
        self.handed_out: list[tuple[Any, str]] = []

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        # Not made before it is needed: a fork would share it.
        if self.own is None:
            self.own = _ClosedAtLast()
        return self.own.loop


class _ClosedAtLast:
    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.loop.set_default_executor(_Threads())

    def __del__(self) -> None:
        self.loop.close()


here = Here()


def run(awaitable: Awaitable[Any], loop: asyncio.AbstractEventLoop | None = None) -> Any:
    """Return the result of *awaitable*, or raise its exception.

    It runs in the caller's thread and context, so that a context variable that it sets is set for
    the caller.

    :param loop: the event loop, which must not be running; one of the thread's own by default.
    :raises RuntimeError: if an event loop is running in this thread, or if synchronous code that
        ran on it called for a coroutine, which nobody awaited.
    """
    if on_a_loop():
        if inspect.iscoroutine(awaitable):
            awaitable.close()
        raise cannot_wait(getattr(awaitable, "__qualname__", "this"))
    loop, here.handed_out = loop or here.loop, []
    context: Any = _CallersContext()
    try:
        result = loop.run_until_complete(loop.create_task(_result(awaitable), context=context))
    finally:
        _await_ending()
    _refuse_forgotten(loop)
    return result


async def _result(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def on_a_loop() -> bool:
    """Tell whether an event loop runs in this thread."""
    return asyncio._get_running_loop() is not None


def cannot_wait(name: str) -> RuntimeError:
    """Return the error for a call of *name* where its result can't be waited for."""
    return RuntimeError(
        f"{name} can't be waited for by synchronous code on the thread of a running event loop; "
        "await it in a coroutine, or call it in a thread"
    )


def _refuse_forgotten(loop: asyncio.AbstractEventLoop) -> None:
    """Raise an error if synchronous code got a coroutine, and left it at that."""
    due = {task.get_coro() for task in asyncio.all_tasks(loop)}
    for coroutine, name in here.handed_out:
        if inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED and coroutine not in due:
            coroutine.close()
            raise cannot_wait(name)


def wait(awaitable: Awaitable[Any]) -> Any:
    """Wait on the event loop that waits for this thread, if one does.

    What the application waits for there, such as a request's body, comes nowhere else.
    """
    lender = here.lender
    if lender is None or not lender.is_running():
        return run(awaitable)
    return asyncio.run_coroutine_threadsafe(_result(awaitable), lender).result()
