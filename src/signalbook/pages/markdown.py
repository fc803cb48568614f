"""The Markdown under the pages: the same parser and rules as MyST-Parser's, and its fences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from markdown_it import MarkdownIt
from markdown_it.rules_block import make_fence_rule
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from signalbook.pages.errors import PageError

__all__ = ["Fence", "Source", "blocks", "pieces"]

_OPTION = re.compile(r":([\w-]+):(.*)")

# Well below the parser's own limit of 20, beyond which it drops the rest of the page in silence.
_DEEPEST = 12


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    parser.use(front_matter_plugin).use(myst_block_plugin).use(myst_role_plugin)
    # Without exact_match, the '::::' of an inner fence would also close an outer ':::'.
    rule = make_fence_rule(markers=(":",), token_type="colon_fence", exact_match=True)
    interrupts = ["paragraph", "reference", "blockquote", "list"]
    parser.block.ruler.before("fence", "colon_fence", rule, {"alt": interrupts})
    return parser


_PARSER = _parser()


@dataclass(frozen=True)
class Source:
    """Some consecutive lines of a page.

    :param file: The page.
    :param text: The lines.
    :param before: How many lines of the page stand before them.
    """

    file: str
    text: str
    before: int = 0

    @cached_property
    def tokens(self) -> list[Token]:
        """What Markdown makes of the text; each fence is kept with its token."""
        return _PARSER.parse(self.text)

    def line(self, token: Token) -> int:
        """Return the page's line, from 1, at which *token* starts."""
        return self.before + (token.map or [0])[0] + 1

    def error(self, token: Token, problem: str, remedy: str) -> PageError:
        """Return the error that names *token*'s place."""
        return PageError(self.file, self.line(token), problem, remedy)


@dataclass(frozen=True)
class Fence:
    """A fence or a directive.

    :param name: The language (`pycon`), or a directive's name in braces (`{clause}`).
    :param argument: What follows the name on the same line.
    :param source: The lines between the fence's own, without a directive's options.
    :param line: The opening line, from 1.
    :param options: A directive's options, in the order of its first lines.
    """

    name: str
    argument: str
    source: Source
    line: int
    options: tuple[tuple[str, str], ...] = ()

    def error(self, problem: str, remedy: str) -> PageError:
        """Return the error that names the fence's place."""
        return PageError(self.source.file, self.line, problem, remedy)


def blocks(source: Source) -> Iterator[tuple[Token, Fence | None]]:
    """Parse *source* and yield its tokens, with the fence that a token is.

    :raises PageError: At an unclosed or nameless fence, code that isn't fenced, raw HTML, or what
        is nested too deeply.
    """
    lines = source.text.split("\n")
    for token in source.tokens:
        if token.level >= _DEEPEST:
            raise source.error(
                token, "this is nested too deeply", "take it out of lists and quotes"
            )
        if token.type == "code_block":
            raise source.error(token, "code is indented but not fenced", "put it into a fence")
        _refuse_html(token, source)
        # Whoever walks a page again gets the same fences, with what was parsed in them.
        if "fence" not in token.meta:
            token.meta["fence"] = _fence(token, source, lines)
        yield token, token.meta["fence"]


def pieces(token: Token, source: Source) -> Iterator[tuple[Token, int]]:
    """Yield what a text consists of, with the page's line of each."""
    line = source.line(token)
    for piece in token.children or ():
        yield piece, line
        line += piece.type in {"softbreak", "hardbreak"}


def _refuse_html(token: Token, source: Source) -> None:
    found = [(token, source.line(token))] if token.type == "html_block" else pieces(token, source)
    for piece, line in found:
        if piece.type in {"html_block", "html_inline"}:
            first = piece.content.strip().split("\n")[0]
            raise PageError(
                source.file,
                line,
                f"{first!r} is raw HTML",
                "put code between backticks, and a comment behind '% '",
            )


def _fence(token: Token, source: Source, lines: Sequence[str]) -> Fence | None:
    if token.type not in {"fence", "colon_fence"} or token.map is None:
        return None
    start, end = token.map
    line = source.line(token)
    name, _, argument = token.info.strip().partition(" ")
    if not name and token.type == "colon_fence":
        raise source.error(
            token,
            f"there is no open fence that {token.markup!r} closes",
            "remove it, or let it have as many colons as the fence",
        )
    if opening := _opening(token):
        raise source.error(
            token,
            f"the fence {token.markup!r} is not closed before line {line + opening} opens another",
            "close it",
        )
    if end - start < 2 or not _closes(lines[end - 1], token.markup):
        raise source.error(token, f"the fence {token.markup!r} is not closed", "close it")
    if not name:
        raise source.error(
            token, "the fence has no language", "name it: 'pycon' if it is an example"
        )
    if token.type == "colon_fence" and not re.fullmatch(r"\{[\w-]+\}", name):
        raise source.error(
            token, f"{token.info!r} is no directive", "write for example ':::{clause} id'"
        )
    content = token.content.split("\n")
    options = _options(content) if name.startswith("{") else ()
    inner = Source(source.file, "\n".join(content[len(options) :]), line + len(options))
    return Fence(name, argument.strip(), inner, line, options)


def _options(lines: Sequence[str]) -> tuple[tuple[str, str], ...]:
    found = takewhile(bool, map(_OPTION.fullmatch, lines))
    return tuple((option[1], option[2].strip()) for option in found if option)


def _opening(fence: Token) -> int:
    """Return the line in *fence*, from 1, that opens another one of its kind; 0 if none does.

    One that can hold another has more colons or backticks than it.
    """
    longer = "" if fence.markup[0] == ":" else f"{fence.markup[0]}*"
    opening = re.compile(rf" {{0,3}}{fence.markup}{longer} ?[{{\w]")
    for number, line in enumerate(fence.content.split("\n"), 1):
        if opening.match(line):
            return number
    return 0


def _closes(line: str, markup: str) -> bool:
    """Tell whether *line* closes the fence that *markup* opened."""
    found = line.strip(" >\t")
    if markup[0] == ":":
        return found == markup
    return set(found) == {markup[0]} and len(found) >= len(markup)
