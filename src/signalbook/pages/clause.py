"""Reads a `{clause}` directive."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from signalbook.clauses import SUBJECTS, Clause, Example, Level, RangeError, VersionRange
from signalbook.pages.examples import read_examples
from signalbook.pages.markdown import Fence, blocks
from signalbook.pages.prose import read_level, refuse_capitals

__all__ = ["is_id", "known_options", "read_clause"]

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*")
_OPTION = re.compile(r":[\w-]+:.*")


def read_clause(
    fence: Fence, *, title: str, chapter: str, subject: str, setup: tuple[Example, ...]
) -> Clause:
    """Read a clause out of its directive.

    :param title: The heading that it stands under.
    :param subject: The page's subject, with which the id must start.
    :raises PageError: If anything is wrong with it.
    """
    _check_id(fence, subject)
    options = known_options(fence, ("holds", "needs", "otherwise"))
    rule, level, examples = _read_body(fence)
    return Clause(
        id=fence.argument,
        rule=rule,
        level=level,
        holds=_range(fence, options.get("holds")),
        chapter=chapter,
        title=title,
        setup=setup,
        examples=examples,
        file=fence.source.file,
        line=fence.line,
        own_needs=_needs(fence, options.get("needs")),
        otherwise=_ids(options.get("otherwise", "")),
    )


def is_id(text: str) -> bool:
    """Tell whether *text* has the form of an id."""
    return _ID.fullmatch(text) is not None


def _check_id(fence: Fence, subject: str) -> None:
    if not is_id(fence.argument):
        raise fence.error(
            f"the id {fence.argument!r} is malformed",
            f"write '{subject}.behaviour-in-words', in lower case",
        )
    if not fence.argument.startswith(f"{subject}."):
        raise fence.error(
            f"the id {fence.argument!r} does not start with the page's subject",
            f"start it with '{subject}.'",
        )


def known_options(fence: Fence, known: Sequence[str]) -> dict[str, str]:
    """Return a directive's options.

    :param known: Those that it may have.
    :raises PageError: If it has another one, or one twice.
    """
    options: dict[str, str] = {}
    for name, value in fence.options:
        if name not in known:
            names = " and ".join(f"':{one}:'" for one in known)
            kind = fence.name.strip("{}")
            raise fence.error(f"the option ':{name}:' is unknown", f"a {kind} has only {names}")
        if name in options:
            raise fence.error(f"the option ':{name}:' is there twice", "write it once")
        options[name] = value
    return options


def _range(fence: Fence, text: str | None) -> VersionRange | None:
    try:
        return None if text is None else VersionRange.parse(text)
    except RangeError as error:
        raise fence.error(str(error), "see 'Version ranges' in spec/index.md") from None


def _needs(fence: Fence, text: str | None) -> frozenset[str] | None:
    if text is None:
        return None
    names = [name.strip() for name in text.split(",")]
    if not set(names) <= set(SUBJECTS) or len(set(names)) < len(names):
        raise fence.error(
            f"{text!r} is nothing that a clause needs",
            "write 'flask', 'blinker' or 'flask, blinker'",
        )
    return frozenset(names)


def _ids(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _read_body(fence: Fence) -> tuple[str, Level, tuple[Example, ...]]:
    body = fence.source
    rule: str | None = None
    level = Level.MUST
    examples: list[Example] = []
    for token, inner in blocks(body):
        if token.type == "inline" and _OPTION.match(token.content):
            raise body.error(
                token, "an option does not follow the clause's first line", "move it up"
            )
        if rule is None:
            if token.type == "inline":
                rule, level = token.content, read_level(token, body)
            elif token.type != "paragraph_open":
                raise body.error(
                    token, "the clause does not start with its rule", "write the sentence first"
                )
        elif inner is not None:
            examples += _read_inner(inner)
        elif token.type == "inline":
            refuse_capitals(token.content, body.file, body.line(token))
        elif token.type == "heading_open":
            raise body.error(token, "there is a heading in a clause", "close the clause before it")
    if rule is None:
        raise fence.error("the clause is empty", "write its rule and an example")
    if not examples:
        raise fence.error("the clause has no example", "prove its rule in a 'pycon' fence")
    if not any(example.wanted or example.raises for example in examples):
        raise fence.error(
            "the clause's examples compare nothing", "show below a prompt what is printed or raised"
        )
    return rule, level, tuple(examples)


def _read_inner(fence: Fence) -> Iterator[Example]:
    if fence.name == "pycon":
        yield from read_examples(fence.source)
    elif fence.name == "{note}":
        for token, inner in blocks(fence.source):
            if inner is not None and inner.name.startswith("{"):
                raise inner.error(f"{inner.name} is inside a note", "take it out")
            if token.type == "inline":
                refuse_capitals(token.content, fence.source.file, fence.source.line(token))
    elif fence.name.startswith("{"):
        raise fence.error(
            f"the directive {fence.name} is not for clauses",
            "a clause has 'pycon' fences and '```{note}' fences",
        )
