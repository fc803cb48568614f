"""An asynchronous framework as the synchronous one that the examples are written for.

The module runs in the implementation's interpreter, from CPython 3.11 on.
It imports nothing but the standard library, and nothing else of the kit: where the kit can't be
installed, a copy of this one file does.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableMapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar, Token
from inspect import iscoroutinefunction, isfunction
from types import MappingProxyType, ModuleType
from typing import Any, Self

__all__ = ["WSGI", "Block", "Body", "run", "stand_in", "wsgi"]

Message = MutableMapping[str, Any]
ASGIApplication = Callable[[Message, Callable[..., Any], Callable[..., Any]], Awaitable[None]]


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
            _here.lender = lender
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


class _Here(threading.local):
    """The event loop of this thread; it is closed when the thread has ended."""

    def __init__(self) -> None:
        self.loop = _ClosedAtLast()
        self.lender: asyncio.AbstractEventLoop | None = None  # It waits for this thread.
        self.handed_out: list[tuple[Any, str]] = []


class _ClosedAtLast:
    def __init__(self) -> None:
        self.value = asyncio.new_event_loop()
        self.value.set_default_executor(_Threads())

    def __del__(self) -> None:
        self.value.close()


_here = _Here()


def run(awaitable: Awaitable[Any], loop: asyncio.AbstractEventLoop | None = None) -> Any:
    """Return the result of *awaitable*, or raise its exception.

    It runs in the caller's thread and context, so that a context variable that it sets is set for
    the caller.

    :param loop: the event loop, which must not be running; one of the thread's own by default.
    :raises RuntimeError: if an event loop is running in this thread, or if synchronous code that
        ran on it called for a coroutine, which nobody awaited.
    """
    if _on_a_loop():
        if inspect.iscoroutine(awaitable):
            awaitable.close()
        raise _cannot_wait(getattr(awaitable, "__qualname__", "this"))

    async def wait() -> Any:
        return await awaitable

    loop = loop or _here.loop.value
    context: Any = _CallersContext()
    try:
        result = loop.run_until_complete(loop.create_task(wait(), context=context))
    finally:
        _await_ending()
    _refuse_forgotten(loop)
    return result


def _on_a_loop() -> bool:
    return asyncio._get_running_loop() is not None


def _cannot_wait(name: str) -> RuntimeError:
    return RuntimeError(
        f"{name} can't be waited for by synchronous code on the thread of a running event loop; "
        "await it in a coroutine, or call it in a thread"
    )


def _refuse_forgotten(loop: asyncio.AbstractEventLoop) -> None:
    """Raise an error if synchronous code got a coroutine, and left it at that."""
    due = {task.get_coro() for task in asyncio.all_tasks(loop)}
    handed_out, _here.handed_out = _here.handed_out, []
    for coroutine, name in handed_out:
        if inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED and coroutine not in due:
            coroutine.close()
            raise _cannot_wait(name)


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
    wait = run if hasattr(owner, "__aenter__") else _wait
    for name, value in list(vars(owner).items()):
        if isinstance(value, property) and iscoroutinefunction(value.fget):
            getter = _waiting(value.fget, wait)
            setattr(owner, name, property(getter, value.fset, doc=value.__doc__))
        elif name in ("__aenter__", "__aexit__"):
            setattr(owner, name.replace("__a", "__"), _block(value))
        elif isfunction(value) and iscoroutinefunction(value) and not name.startswith("__"):
            setattr(owner, name, _waiting(value, wait))


def _wait(awaitable: Awaitable[Any]) -> Any:
    """Wait on the event loop that waits for this thread, if one does.

    What the application waits for there, such as a request's body, comes nowhere else.
    """
    lender = _here.lender
    if lender is None or not lender.is_running():
        return run(awaitable)

    async def wait() -> Any:
        return await awaitable

    return asyncio.run_coroutine_threadsafe(wait(), lender).result()


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
    function: Callable[..., Any], wait: Callable[[Awaitable[Any]], Any] = _wait
) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        awaitable = function(*arguments, **named)
        if _on_a_loop():
            _here.handed_out.append((awaitable, function.__qualname__))
            return awaitable
        result = wait(awaitable)
        is_ours = inspect.isasyncgen(result) and _here.lender is None
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


class WSGI:
    """What a framework's application class lacks to be called as a WSGI application, too.

    It goes before the framework's class among the bases.
    """

    asgi_app: ASGIApplication

    def wsgi_app(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Body:
        """Answer a request by the framework's `asgi_app`, as {func}`wsgi` does."""
        return wsgi(self.asgi_app, environ, start_response)

    def __call__(self, *request: Any) -> Any:
        if len(request) == 2:
            return self.wsgi_app(*request)
        return super().__call__(*request)  # type: ignore[misc]


class Block:
    """What Werkzeug's test client lacks to keep a request's context in a `with` block.

    It goes before that class among the bases.
    """

    variable: ContextVar[Any]
    """What the framework keeps its current context in."""

    scope: Mapping[str, Any] = MappingProxyType({})
    """What is added to the ASGI scope of a request in a block, for the framework to know."""

    _is_open = False
    _token: Token[Any] | None = None

    def kept(self) -> Any:
        """Return the context to keep, after a request in a block."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        if self._is_open:
            raise RuntimeError("this client is in a block already")
        self._is_open = True
        return self

    def __exit__(self, *error: object) -> None:
        self._is_open = False
        self._leave()

    def _leave(self) -> None:
        if self._token:
            self.variable.reset(self._token)
        self._token = None

    def run_wsgi_app(self, environ: dict[str, Any], buffered: bool = False) -> Any:
        self._leave()
        if not self._is_open:
            return super().run_wsgi_app(environ, buffered)  # type: ignore[misc]
        environ["signalbook.scope"] = self.scope
        answer = super().run_wsgi_app(environ, buffered)  # type: ignore[misc]
        self._token = self.variable.set(self.kept())
        return answer


def wsgi(
    application: ASGIApplication, environ: dict[str, Any], start_response: Callable[..., Any]
) -> Body:
    """Answer a WSGI request by an ASGI application.

    The application runs until its response starts, and then as far as the body is read.
    It runs in a task of its own, in a copy of the caller's context, as on a server.

    :param environ: the request; `signalbook.scope` in it is added to the ASGI scope.
    :raises BaseException: what the application raises; a group of one exception, which a task
        group of the application's makes, as that one.
    :raises RuntimeError: if the application ends without a response.
    """
    body = Body(application, environ)
    message = body.next_message()
    if message is None:
        raise RuntimeError("the ASGI application ended without 'http.response.start'")
    headers = [
        (name.decode("latin1"), value.decode("latin1")) for name, value in message["headers"]
    ]
    body.expect(headers)
    start_response(f"{message['status']} {_reason(message['status'])}", headers)
    return body


class Body(Iterator[bytes]):
    """The body of a response, read as the application sends it.

    One whose length is in the response's headers ends with its last byte: the application is run
    to its end at once. `close` tells the application that the client is gone, and waits for it.
    """

    def __init__(self, application: ASGIApplication, environ: dict[str, Any]) -> None:
        if _on_a_loop():
            raise _cannot_wait("a request")
        self.loop = _here.loop.value
        self.messages: asyncio.Queue[Message | None] = asyncio.Queue()
        self.gone = asyncio.Event()
        self.missing = -1  # bytes; less than 0 if nobody knows
        self.is_head = environ["REQUEST_METHOD"] == "HEAD"
        self.request: list[Message] = [{"type": "http.request", "body": _content(environ)}]
        self.waits = self.refused = False
        self.task = self.loop.create_task(self.answer(application, _scope(environ)))

    async def answer(self, application: ASGIApplication, scope: Message) -> None:
        try:
            await application(scope, self.receive, self.send)
        finally:
            self.messages.put_nowait(None)

    async def receive(self) -> Message:
        if self.request:
            return self.request.pop()
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if self.gone.is_set():
            self.refused = True
            raise OSError("the client has closed the connection")
        self.messages.put_nowait(message)
        await self.messages.join()
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.gone.set()

    def next_message(self) -> Message | None:
        """Let the application go on; return what it sends next, or `None` at its end."""
        if self.task.done() and self.messages.empty():
            return None
        if self.waits:
            self.messages.task_done()
        message: Message | None = run(self.messages.get(), self.loop)
        self.waits = message is not None
        if message is None:
            self.finish()
        return message

    def finish(self) -> None:
        try:
            run(self.task, self.loop)
        except BaseExceptionGroup as group:
            raise _single(group) from None

    def expect(self, headers: Iterable[tuple[str, str]]) -> None:
        """Read the rest of a response that has no body, or has it all."""
        lengths = [value for name, value in headers if name.lower() == "content-length"]
        self.missing = int(lengths[-1]) if lengths else -1
        if self.is_head or self.missing == 0:
            self.drain()

    def drain(self) -> None:
        while self.next_message() is not None:
            pass

    def __next__(self) -> bytes:
        while (message := self.next_message()) is not None:
            part: bytes = message.get("body", b"")
            if self.missing > 0:
                self.missing -= len(part)
            if self.missing == 0 or not message.get("more_body"):
                self.drain()
            if part:
                return part
        raise StopIteration

    def close(self) -> None:
        self.gone.set()
        try:
            self.drain()
        except Exception:
            # What the application makes of it that nobody listens is its own affair.
            if not self.refused:
                raise


def _single(group: BaseExceptionGroup[Any]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def _reason(status: int) -> str:
    from http.client import responses

    return responses.get(status, "Unknown")


def _content(environ: dict[str, Any]) -> bytes:
    content: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return content


def _scope(environ: dict[str, Any]) -> Message:
    root, path = (
        environ.get(name, "").encode("latin1").decode() for name in ("SCRIPT_NAME", "PATH_INFO")
    )
    headers = [
        (name.removeprefix("HTTP_").replace("_", "-").lower().encode(), value.encode("latin1"))
        for name, value in environ.items()
        if name.startswith("HTTP_") or (name in ("CONTENT_TYPE", "CONTENT_LENGTH") and value)
    ]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": environ["REQUEST_METHOD"],
        "scheme": environ["wsgi.url_scheme"],
        "path": root + path,
        "raw_path": (root + path).encode(),
        "root_path": root,
        "query_string": environ.get("QUERY_STRING", "").encode("latin1"),
        "headers": headers,
        "client": (environ.get("REMOTE_ADDR", "127.0.0.1"), 0),
        "server": (environ["SERVER_NAME"], int(environ["SERVER_PORT"])),
        **environ.get("signalbook.scope", {}),
    }
