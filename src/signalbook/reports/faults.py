"""A fault in words: for the terminal and for pytest."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

from signalbook.verdicts import Result

__all__ = ["fault"]


def fault(result: Result) -> str:
    """Return the rule, the place, what was wanted there, what was got, and why it failed."""
    return "\n".join(_lines(result))


def _lines(result: Result) -> Iterator[str]:
    yield result.clause.rule
    yield f"{result.place}: {result.reason}"
    if result.example:
        yield indent(result.example.at_prompt, "  ").rstrip()
    if result.wanted or result.got:
        for name, text in (("wanted", result.wanted), ("got", result.got)):
            yield f"{name}:\n{indent(text or '(nothing)', '  ')}".rstrip()
    if result.detail:
        yield indent(result.detail.rstrip(), "| ")
