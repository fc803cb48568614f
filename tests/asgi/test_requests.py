"""Requests to an ASGI application through WSGI, and a test client's block."""

import asyncio
from contextvars import ContextVar

import pytest
from tiny_async import application, body, current, start
from werkzeug.test import Client, create_environ

from signalbook.asgi import WSGI, Block, wsgi


def ask(asgi_app, method="GET", **options):
    """Return the body, and add what the server is told to start with to *started*."""
    started = []
    environ = create_environ("/", method=method, **options)
    return wsgi(asgi_app, environ, lambda *given: started.append(given)), started


def test_wsgi_passes_the_request_on():
    """The scope is the request's, as the specification of ASGI spells it."""
    log = []
    environ = create_environ(
        "/caf\xe9",
        "http://example.org/shop",
        method="POST",
        query_string="a=1",
        data=b"milk",
        content_type="text/plain",
        headers={"X-Many-Words": "v\xe9"},
    )
    environ["signalbook.scope"] = {"extra": True}
    wsgi(application(start(), body(more=False), log=log), environ, print).close()
    scope = log[0]
    headers = scope.pop("headers")
    assert {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/shop/caf\xe9",
        "raw_path": "/shop/caf\xe9".encode(),
        "root_path": "/shop",
        "query_string": b"a=1",
        "client": ("127.0.0.1", 0),
        "server": ("example.org", 80),
        "extra": True,
        "body": b"milk",
    } == scope
    assert [
        (b"content-length", b"4"),
        (b"content-type", b"text/plain"),
        (b"host", b"example.org"),
        (b"x-many-words", b"v\xe9"),
    ] == sorted(headers)


def test_wsgi_passes_the_response_on():
    """Status, headers and parts are the application's."""
    headers = [(b"x-one", b"1"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
    parts, started = ask(application(start(*headers, status=404), body(b"a"), body(b"b", False)))
    assert [b"a", b"b"] == list(parts)
    assert [
        ("404 Not Found", [("x-one", "1"), ("set-cookie", "a=1"), ("set-cookie", "b=2")])
    ] == started


def test_body_is_read_as_it_is_sent():
    """The application goes on only as far as its body is read, and to its end with the last."""
    log = []
    parts, _ = ask(application(start(), body(b"a"), body(b"b"), body(more=False), log=log))
    seen = [log[1:]]
    for _ in parts:
        seen.append(log[1:])
    seen.append(log[1:])
    sent = ["sent"] * 4
    assert [[], sent[:1], sent[:2], [*sent, "http.disconnect", "ended"]] == seen


@pytest.mark.parametrize(
    ("method", "headers", "messages"),
    [
        ("GET", [(b"Content-Length", b"2")], [body(b"ab"), body(more=False)]),
        ("GET", [(b"content-length", b"0")], [body(more=False)]),
        ("HEAD", [], [body(b"ab"), body(more=False)]),
    ],
)
def test_body_of_known_length_is_the_end(method, headers, messages):
    """With a body's last byte the application is run to its end: no reader asks for more."""
    log = []
    parts, _ = ask(application(start(*headers), *messages, log=log), method)
    assert (b"ab" if method == "GET" and len(messages) > 1 else b"") == next(parts, b"")
    assert ["http.disconnect", "ended"] == log[-2:]


def test_body_closed_early_tells_the_application():
    """When the client goes, the application gets an error for what it sends, and ends."""
    log = []
    parts, _ = ask(application(start(), *[body(b"a")] * 9, log=log))
    next(parts)
    parts.close()
    parts.close()
    assert ["sent", "sent", "ended"] == log[1:]


@pytest.mark.parametrize(
    ("raised", "wanted"),
    [
        (KeyError("no stock"), KeyError),
        (ExceptionGroup("tasks", [ExceptionGroup("more", [KeyError("no stock")])]), KeyError),
        (ExceptionGroup("tasks", [KeyError(), ValueError()]), ExceptionGroup),
    ],
)
def test_wsgi_raises_what_the_application_raises(raised, wanted):
    """An exception comes to the server: alone, if a task group raises no other with it."""
    with pytest.raises(wanted):
        ask(application(error=raised))


def test_body_raises_what_the_application_raises():
    """An exception after the start of the response comes to whoever reads the body."""
    parts, started = ask(application(start(), body(b"a"), error=KeyError("no stock")))
    assert [("200 OK", [])] == started
    assert b"a" == next(parts)
    with pytest.raises(KeyError, match="no stock"):
        next(parts)


def test_wsgi_without_a_response_is_an_error():
    """An application that ends in silence isn't taken for an answer."""

    async def silent(scope, receive, send):
        pass

    with pytest.raises(RuntimeError, match=r"ended without 'http\.response\.start'"):
        ask(silent)


def test_wsgi_application_runs_in_a_copy_of_the_context():
    """It sees what its caller has set, and what it sets is its own, as on a server."""
    seen = []

    async def asgi_app(scope, receive, send):
        seen.append(current.get())
        current.set("the application's")
        await application(start(), body(more=False))(scope, receive, send)

    token = current.set("the caller's")
    list(ask(asgi_app)[0])
    seen.append(current.get())
    current.reset(token)
    assert ["the caller's", "the caller's"] == seen


def test_wsgi_on_a_running_loop_is_refused():
    """A request that synchronous code makes where it can't wait is refused before it begins."""
    log = []

    async def view():
        ask(application(start(), log=log))

    with pytest.raises(RuntimeError, match="a request can't be waited for by synchronous code"):
        asyncio.run(view())
    assert [] == log


class Application(WSGI):
    """It keeps the path of each request that is made in a block."""

    def __init__(self):
        self.kept = None

    async def asgi_app(self, scope, receive, send):
        self.kept = scope["path"] if "keep" in scope else None
        await application(start(), body(more=False))(scope, receive, send)


class BlockClient(Block, Client):
    variable, scope = ContextVar("kept", default=None), {"keep": True}

    def kept(self):
        return self.application.kept


def test_block_keeps_a_context_until_the_next_request():
    """In a block the last request's context is the current one; outside of one none is."""
    client, seen = BlockClient(Application()), []
    client.get("/before")
    seen.append(client.variable.get())
    with client:
        seen.append(client.variable.get())
        for path in "/one", "/two":
            client.get(path)
            seen.append(client.variable.get())
        with pytest.raises(RuntimeError, match="in a block already"):
            client.__enter__()
    seen.append(client.variable.get())
    assert [None, None, "/one", "/two", None] == seen
