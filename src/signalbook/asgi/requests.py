"""Requests to an ASGI application, made as to a WSGI application."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableMapping
from contextvars import ContextVar, Token
from http.client import responses
from types import MappingProxyType
from typing import Any, Self

from .loops import cannot_wait, here, on_a_loop, run

__all__ = ["WSGI", "Block", "Body", "wsgi"]

Message = MutableMapping[str, Any]
ASGIApplication = Callable[[Message, Callable[..., Any], Callable[..., Any]], Awaitable[None]]


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
    start_response(f"{message['status']} {responses.get(message['status'], 'Unknown')}", headers)
    return body


class Body(Iterator[bytes]):
    """The body of a response, read as the application sends it.

    One whose length is in the response's headers ends with its last byte: the application is run
    to its end at once. `close` tells the application that the client is gone, and waits for it.
    """

    def __init__(self, application: ASGIApplication, environ: dict[str, Any]) -> None:
        if on_a_loop():
            raise cannot_wait("a request")
        self.loop = here.loop
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
