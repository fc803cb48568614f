"""An asynchronous framework, of the standard library: a context, coroutines, an application."""

import asyncio
from contextvars import ContextVar

current = ContextVar("current", default=None)


class Context:
    def __init__(self, name):
        self.name = name

    async def push(self):
        await asyncio.sleep(0)
        self.token = current.set(self.name)

    async def pop(self):
        await asyncio.sleep(0)
        current.reset(self.token)

    async def __aenter__(self):
        await self.push()
        return self

    async def __aexit__(self, *error):
        await self.pop()

    @property
    async def label(self):
        await asyncio.sleep(0)
        return f"context {self.name}"


async def where():
    await asyncio.sleep(0)
    return current.get()


async def stream():
    async def parts():
        for part in "ab":
            await asyncio.sleep(0)
            yield part, current.get()

    return parts()


class Body:
    """What belongs to the loop on which it is made."""

    def __init__(self):
        self.content = asyncio.get_running_loop().create_future()

    async def read(self):
        return await self.content


async def receive(reader):
    body = Body()
    asyncio.get_running_loop().call_later(0.05, body.content.set_result, "content")
    return await asyncio.wait_for(asyncio.to_thread(reader, body), 5)


def bound(function):
    context = Context(current.get())

    async def call():
        async with context:
            return function()

    return call


def given(function):
    return function


async def in_thread(function):
    return await asyncio.to_thread(function)


async def on_the_loop(function):
    function()


def application(*messages, log=None, error=None):
    """Return an ASGI application that sends these messages, and notes what becomes of them."""
    log = [] if log is None else log

    async def asgi_app(scope, receive, send):
        log.append(dict(scope, body=(await receive())["body"]))
        try:
            for message in messages:
                await send(message)
                log.append("sent")
            if error:
                raise error
            log.append((await receive())["type"])
        finally:
            log.append("ended")

    return asgi_app


def start(*headers, status=200):
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def body(part=b"", more=True):
    return {"type": "http.response.body", "body": part, "more_body": more}
