"""What a send does with a snapshot: call each receiver that is still there, in order.

These are the inner loops of the engine, so each kind of send has one of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from .links import Receiver, Snapshot

__all__ = ["AsyncReceiver", "Replies", "call_each", "call_each_with", "call_wrapped", "wrapped"]

AsyncReceiver: TypeAlias = Callable[..., Coroutine[Any, Any, Any]]
Replies: TypeAlias = list[tuple[Receiver, Any]]


def call_each(snapshot: Snapshot, sender: object) -> Replies:
    """Send to receivers of which none is a coroutine function."""
    return [
        (receiver, receiver(sender))
        for reference in snapshot
        # In a comprehension, CPython compiles a loop over a tuple of one to an assignment.
        for receiver in (reference(),)
        if receiver is not None
    ]


def call_each_with(snapshot: Snapshot, sender: object, data: dict[str, Any]) -> Replies:
    """Send with keyword arguments to receivers of which none is a coroutine function."""
    return [
        (receiver, receiver(sender, **data))
        for reference in snapshot
        for receiver in (reference(),)
        if receiver is not None
    ]


def call_wrapped(
    snapshot: Snapshot,
    sender: object,
    data: dict[str, Any],
    wrapper: Callable[[AsyncReceiver], Receiver] | None,
) -> Replies:
    """Send to receivers of which some are coroutine functions."""
    replies: Replies = []
    for index, reference in enumerate(snapshot):
        receiver = reference()
        if receiver is not None:
            call = receiver
            if index in snapshot.coroutine_functions:
                call = wrapped(receiver, wrapper, "coroutine")
            replies.append((receiver, call(sender, **data)))
    return replies


def wrapped(receiver: Receiver, wrapper: Callable[[Any], Receiver] | None, kind: str) -> Receiver:
    """Return what to call in place of a receiver of the wrong *kind*.

    :raises RuntimeError: There is no wrapper.
    """
    if wrapper is not None:
        return wrapper(receiver)
    # Made elsewhere: a frame that held it would keep itself alive through its traceback.
    raise _no_wrapper(receiver, kind)


def _no_wrapper(receiver: Receiver, kind: str) -> RuntimeError:
    parameter = "_async_wrapper" if kind == "coroutine" else "_sync_wrapper"
    error = RuntimeError(f"Cannot send to a {kind} function.")
    error.add_note(f"The receiver is {receiver!r}; give the send an {parameter} that turns it.")
    return error
