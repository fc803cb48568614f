"""A module of synchronous functions and blocks, made of an asynchronous framework."""

import asyncio
import importlib
import sys
import threading
import time
import warnings
from types import SimpleNamespace

import pytest

from signalbook.asgi import run, stand_in


def load(name):
    """Return a fresh copy of the module, which nobody has changed."""
    sys.modules.pop(name, None)
    return importlib.import_module(name)


@pytest.fixture
def framework():
    """Return a fresh framework, and what a module that stands in for it has."""
    module = load("tiny_async")
    yield SimpleNamespace(**stand_in("tiny", module))
    del sys.modules["tiny_async"]


def test_run_sets_context_variables_for_its_caller():
    """What a coroutine sets is set for the caller, whose token another coroutine can use."""
    module = load("tiny_async")
    context = module.Context("inner")
    run(context.push())
    pushed = module.current.get()
    run(context.pop())
    assert ["inner", None] == [pushed, module.current.get()]


def test_run_raises_what_the_coroutine_raises():
    """An exception comes to the caller, and the next call is not the worse for it."""

    async def fail():
        raise KeyError("no stock")

    with pytest.raises(KeyError, match="no stock"):
        run(fail())
    assert "done" == run(asyncio.sleep(0, "done"))


def test_run_on_a_running_loop_is_refused():
    """Where it would wait for itself for ever, it raises an error, and leaves no coroutine."""

    async def call():
        run(asyncio.sleep(0))

    with pytest.raises(RuntimeError, match="sleep can't be waited for by synchronous code"):
        run(call())


def test_stand_in_functions_wait(framework):
    """Synchronous code gets the result; coroutines get a coroutine, as the framework's own do."""

    async def call():
        return await framework.where()

    with framework.Context("outer"):
        assert ["outer", "outer"] == [framework.where(), run(call())]
    assert framework.where() is None


def test_stand_in_methods_and_properties_wait(framework):
    """So do the methods of a class, its properties and its blocks, where the framework left off."""
    context = framework.Context("pushed")
    context.push()
    assert ["pushed", "context pushed"] == [framework.where(), context.label]
    context.pop()
    assert framework.where() is None


def test_stand_in_functions_that_decorators_make_wait(framework):
    """A coroutine function that is made of a function waits; one that is given is left as it is."""

    async def coroutine_function():
        pass

    with framework.Context("bound"):
        call = framework.bound(lambda: framework.current.get())
    assert "bound" == call()
    assert framework.given(coroutine_function) is coroutine_function


def test_stand_in_streams_are_read_in_steps(framework):
    """A stream can be read by synchronous code, each part in the context of its reader."""
    parts = framework.stream()
    first = next(parts)
    with framework.Context("inside"):
        second = next(parts)
    assert [("a", None), ("b", "inside"), []] == [first, second, list(parts)]


def test_stand_in_works_in_a_thread_that_the_loop_waits_for(framework):
    """A function in a thread has its context, waits there, and what it pushes is its own."""

    def view():
        before = framework.where()
        context = framework.Context("in the view")
        with context:
            inside = framework.current.get()
        context.push()
        pushed = framework.current.get()
        context.pop()
        return before, inside, pushed, framework.where()

    with framework.Context("request"):
        seen = framework.in_thread(view)
        assert ("request", "in the view", "in the view", "request") == seen
        assert "request" == framework.where()


def test_stand_in_leaves_no_thread(framework, monkeypatch):
    """When a call returns, the thread that it needed has ended, however long that takes."""

    class Slow(threading.Thread):
        def run(self):
            super().run()
            time.sleep(0.1)

    monkeypatch.setattr(threading, "Thread", Slow)
    before = threading.enumerate()
    assert "done" == framework.in_thread(lambda: "done")
    assert before == threading.enumerate()


def test_stand_in_waits_on_the_loop_that_waits_for_it(framework):
    """What belongs to the request's loop, such as its body, can be had from a view's thread."""
    assert "content" == framework.receive(lambda body: body.read())


@pytest.mark.parametrize("call", ["where", "in_block"])
def test_stand_in_refuses_what_cannot_wait(framework, call):
    """Synchronous code on the loop's thread doesn't go on without what it called for."""

    def in_block():
        with framework.Context("never pushed"):
            pass

    function = framework.where if call == "where" else in_block
    with warnings.catch_warnings(), pytest.raises(RuntimeError, match="can't be waited for"):
        warnings.simplefilter("error")
        framework.on_the_loop(function)
