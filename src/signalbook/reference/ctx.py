"""The contexts, under the name by which Flask has them."""

from __future__ import annotations

from .context import (
    AppContext,
    AppGlobals,
    RequestContext,
    after_this_request,
    copy_current_request_context,
)
from .globals import has_app_context, has_request_context

__all__ = [
    "AppContext",
    "RequestContext",
    "after_this_request",
    "copy_current_request_context",
    "has_app_context",
    "has_request_context",
]

_AppCtxGlobals = AppGlobals
