"""Data for scripts, in the HTML of a page."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["embedded"]


def embedded(data: Any) -> str:
    """Return *data* as JSON that can stand in a script element."""
    # Only '</' would end it there.
    return json.dumps(data, separators=(",", ":")).replace("</", "<\\/")
