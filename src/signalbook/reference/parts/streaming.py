"""Bodies that are made while they are sent, with the request still at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import update_wrapper
from typing import Any

from ..globals import current_app_context, current_request_context

__all__ = ["stream_with_context"]


def stream_with_context(source: Iterable[Any] | Callable[..., Iterable[Any]]) -> Any:
    """Have the contexts of now be the current ones while a body is made.

    They are pushed once more when the first part is asked for,
    and popped when there are no more parts or when the body is closed.
    So they are torn down once with the request and once with the stream (Flask 3.1.3).

    :param source: What the parts come from; or a function that returns it, to be decorated.
    :raises RuntimeError: There is no current request.
    :keeps: {clause}`streamed.contexts`, {clause}`streamed.with-context`,
        {clause}`streamed.timeline-with-context`
    """
    if not callable(source) or isinstance(source, Iterable):
        return _streamed(iter(source))

    def decorated(*arguments: Any, **keywords: Any) -> Any:
        return stream_with_context(source(*arguments, **keywords))

    return update_wrapper(decorated, source)


def _streamed(parts: Iterator[Any]) -> Iterator[Any]:
    request_context = current_request_context.get(None)
    if request_context is None:
        raise RuntimeError("stream_with_context can only be used while a request is handled.")
    app_context = current_app_context.get()

    # In this order below: the request's would else bring another application context with it.
    def stream() -> Iterator[Any]:
        # A generator that was never begun is closed without running what is in it.
        yield None
        with app_context, request_context:
            try:
                yield from parts
            finally:
                close = getattr(parts, "close", None)
                if close is not None:
                    close()

    streamed = stream()
    next(streamed)
    return streamed
