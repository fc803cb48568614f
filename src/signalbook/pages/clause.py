"""Reads a `{clause}` directive."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from signalbook.clauses import SUBJECTS, Clause, Example, Level, RangeError, VersionRange
from signalbook.pages.errors import PageError
from signalbook.pages.examples import read_examples
from signalbook.pages.markdown import Fence, Source, blocks

__all__ = ["read_clause", "refuse_capitals", "split_options"]

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*")
_OPTION = re.compile(r":([\w-]+):(.*)")
_CODE = re.compile(r"`[^`]*`")
_RFC_WORD = re.compile(r"\b(MUST|SHOULD|MAY|SHALL|REQUIRED|RECOMMENDED|OPTIONAL)\b")


def read_clause(
    fence: Fence, *, title: str, chapter: str, subject: str, setup: tuple[Example, ...]
) -> Clause:
    """Read a clause out of its directive.

    :param title: The heading that it stands under.
    :param subject: The page's subject, with which the id must start.
    :raises PageError: If anything is wrong with it.
    """
    _check_id(fence, subject)
    options, body = split_options(fence, ("holds", "needs"))
    rule, level, examples = _read_body(fence, body)
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
    )


def _check_id(fence: Fence, subject: str) -> None:
    if not _ID.fullmatch(fence.argument):
        raise fence.error(
            f"the id {fence.argument!r} is malformed",
            f"write '{subject}.behaviour-in-words', in lower case",
        )
    if not fence.argument.startswith(f"{subject}."):
        raise fence.error(
            f"the id {fence.argument!r} does not start with the page's subject",
            f"start it with '{subject}.'",
        )


def split_options(fence: Fence, known: Sequence[str]) -> tuple[dict[str, str], Source]:
    """Split what is in a directive into its options and the rest.

    :param known: The options that it may have.
    :raises PageError: If it has another one, or one twice.
    """
    options: dict[str, str] = {}
    lines = fence.source.text.split("\n")
    while lines and (found := _OPTION.fullmatch(lines[0])):
        name = found[1]
        if name not in known:
            names = " and ".join(f"':{one}:'" for one in known)
            kind = fence.name.strip("{}")
            raise fence.error(f"the option ':{name}:' is unknown", f"a {kind} has only {names}")
        if name in options:
            raise fence.error(f"the option ':{name}:' is there twice", "write it once")
        options[name] = found[2].strip()
        del lines[0]
    before = fence.source.before + len(options)
    return options, Source(fence.source.file, "\n".join(lines), before)


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


def _read_body(fence: Fence, body: Source) -> tuple[str, Level, tuple[Example, ...]]:
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
                rule, level = token.content, _level(token, body)
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
    return rule, level, tuple(examples)


def _level(token: Token, body: Source) -> Level:
    if "\n" in token.content or not token.content.endswith("."):
        raise body.error(
            token, "the rule is not one sentence on one line", "move the rest into a {note}"
        )
    text = _CODE.sub("", token.content)
    if "MAY NOT" in text:
        raise body.error(
            token, "MAY NOT can be read in two ways", "write MUST NOT, or say what MAY be"
        )
    words = _RFC_WORD.findall(text)
    if len(words) != 1:
        found = f"it has {' and '.join(words)}" if words else "it has none"
        raise body.error(
            token,
            f"a rule has exactly one RFC 2119 word in capitals, and {found}",
            "write one of MUST, MUST NOT, SHOULD, SHOULD NOT, MAY",
        )
    if words[0] not in tuple(Level):
        raise body.error(token, f"{words[0]} is none of our levels", "write MUST, SHOULD or MAY")
    return Level(words[0])


def _read_inner(fence: Fence) -> Iterator[Example]:
    if fence.name == "pycon":
        yield from read_examples(fence.source)
    elif fence.name == "{note}":
        for token, _ in blocks(fence.source):
            if token.type == "inline":
                refuse_capitals(token.content, fence.source.file, fence.source.line(token))
    elif fence.name.startswith("{"):
        raise fence.error(
            f"the directive {fence.name} is not for clauses",
            "a clause has 'pycon' fences and '```{note}' fences",
        )


def refuse_capitals(text: str, file: str, line: int) -> None:
    """Refuse an RFC 2119 word in capitals outside a rule.

    :raises PageError: If *text* has one.
    """
    if word := _RFC_WORD.search(_CODE.sub(_blank, text)):
        raise PageError(
            file,
            line + text.count("\n", 0, word.start()),
            f"{word[0]} is in capitals outside a rule",
            "write it in lower case, or make it a clause",
        )


def _blank(code: re.Match[str]) -> str:
    """Return as many lines and characters as *code* has, without a word."""
    return re.sub(r"[^\n]", " ", code[0])
