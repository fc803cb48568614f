"""Messages for the next page that is shown to the user."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..globals import application, request_ctx, session
from ..signals import message_flashed

__all__ = ["flash", "get_flashed_messages"]

_KEY = "_flashes"


def flash(message: Any, category: str = "message") -> None:
    """Keep *message* in the session until it is fetched, and send `message_flashed`.

    :param category: What kind of message it is, such as `error`.
    :keeps: {clause}`message-flashed.once`, {clause}`message-flashed.arguments`,
        {clause}`message-flashed.after-kept`, {clause}`message-flashed.before-return`,
        {clause}`fallback.sessions`
    """
    # Assigned anew, because the session doesn't see what happens inside a list.
    session[_KEY] = [*session.get(_KEY, []), (category, message)]
    app = application()
    message_flashed.send(app, _async_wrapper=app.ensure_sync, message=message, category=category)


def get_flashed_messages(
    with_categories: bool = False, category_filter: Iterable[str] = ()
) -> list[Any]:
    """Return the messages that were flashed, and forget them after this request.

    :param with_categories: Whether to return pairs of category and message.
    :param category_filter: The categories to return; all of them if it is empty.
    :keeps: {clause}`message-flashed.only-flash`, {clause}`message-flashed.fetched-by-receiver`,
        {clause}`fallback.sessions`
    """
    # Asked again by the same request, it gives the same messages.
    if request_ctx.flashes is None:
        request_ctx.flashes = session.pop(_KEY) if _KEY in session else []
    wanted = set(category_filter)
    found = [pair for pair in request_ctx.flashes if not wanted or pair[0] in wanted]
    return found if with_categories else [message for _, message in found]
