"""Reads one page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from markdown_it.token import Token

from signalbook.clauses import Clause, EarlierSetup, Example, Page
from signalbook.pages.clause import Around, read_clause
from signalbook.pages.errors import PageError
from signalbook.pages.examples import read_examples
from signalbook.pages.markdown import Fence, Source, blocks
from signalbook.pages.options import known_options
from signalbook.pages.prose import refuse_capitals
from signalbook.pages.text import read_source

__all__ = ["parse_page", "read_page"]

_ADMONITIONS = ("{note}", "{tip}", "{important}", "{warning}", "{seealso}", "{admonition}")
_SHOWN = ("{subject-history}", "{subject-claims}", "{toctree}")
_DIRECTIVES = ("{clause}", "{setup}", "{facts}", *_SHOWN, *_ADMONITIONS)
_PROMPT = re.compile(r"[\s>]*>>>(\s|$)")


def read_page(path: Path, root: Path) -> Page:
    """Read the page at *path*.

    :param root: The specification's folder; the page's chapter is its folder therein.
    :raises PageError: At the first thing that is wrong with it.
    """
    return parse_page(read_source(path, root))


def parse_page(source: Source) -> Page:
    """Read the page whose text *source* is.

    :raises PageError: At the first thing that is wrong with it.
    """
    *folders, subject = source.file.removesuffix(".md").split("/")[1:]
    return _PageReader(source, subject, folders[0] if folders else subject).read()


class _PageReader:
    def __init__(self, source: Source, subject: str, chapter: str) -> None:
        self.source = source
        self.subject = subject
        self.chapter = chapter
        self.title = ""
        self.heading = ""
        self.depth = 0
        self.target: Token | None = None
        self.setup: tuple[Example, ...] | None = None
        self.after: EarlierSetup | None = None
        self.clauses: list[Clause] = []
        self.prose: list[tuple[str, int]] = []
        self.quoted: set[int] = set()

    def read(self) -> Page:
        previous: Token | None = None
        for token, fence in blocks(self.source):
            is_clause = fence is not None and fence.name == "{clause}"
            follows_target = previous is not None and previous.type == "myst_target"
            if token.type == "heading_open" or (is_clause and follows_target):
                self.target = previous if follows_target else None
            if token.type == "heading_open":
                self.read_heading(token)
            if fence is not None:
                self.read_fence(token, fence)
            elif token.type == "inline":
                self.read_text(token, previous)
            previous = token
        if not self.title:
            raise PageError(self.source.file, 1, "the page has no title", "start it with '# Title'")
        self.check_prose()
        self.check_prompts()
        return Page(
            subject=self.subject,
            title=self.title,
            chapter=self.chapter,
            setup=self.setup or (),
            clauses=tuple(self.clauses),
            file=self.source.file,
            after=self.after,
        )

    def read_heading(self, token: Token) -> None:
        depth = int(token.tag[1:])
        if token.level:
            raise self.source.error(token, "a heading is in a list or a quote", "take it out")
        if depth == 1 and self.depth:
            raise self.source.error(token, "the page has a second title", "start it with '## '")
        if depth > self.depth + 1:
            above = f"below one of level {self.depth}" if self.depth else "above the page's title"
            raise self.source.error(
                token,
                f"a heading of level {depth} stands {above}",
                f"start it with '{'#' * (self.depth + 1)} '",
            )
        self.depth = depth

    def read_text(self, token: Token, previous: Token | None) -> None:
        if previous is not None and previous.type == "heading_open":
            self.heading = token.content
            self.title = self.title or token.content
        self.prose.append((token.content, self.source.line(token)))

    def read_fence(self, token: Token, fence: Fence, *, inside: bool = False) -> None:
        is_nested = inside or token.level > 0 or token.type != "colon_fence"
        if fence.name in {"{clause}", "{setup}"} and is_nested:
            raise fence.error(
                f"{fence.name} is inside another block or a backtick fence",
                f"write ':::{fence.name}' at the start of a line, outside lists and quotes",
            )
        if fence.name == "{clause}":
            self.read_clause(fence)
        elif fence.name == "{setup}":
            self.read_setup(fence)
        elif fence.name in {"{cases}", "{earlier}"}:
            raise fence.error(f"{fence.name} is outside a clause", "move it into a ':::{clause}'")
        elif fence.name == "pycon":
            raise fence.error("an example is outside a clause", "move it into a ':::{clause}'")
        elif fence.name == "markdown":
            first = fence.source.before + 1
            self.quoted.update(range(first, first + fence.source.text.count("\n") + 1))
        elif fence.name in {"{facts}", *_ADMONITIONS}:
            if inside:
                raise fence.error(f"{fence.name} is inside another admonition", "take it out")
            self.read_admonition(fence)
        elif fence.name.startswith("{") and fence.name not in _DIRECTIVES:
            near = get_close_matches(fence.name, _DIRECTIVES, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"use one of {', '.join(_DIRECTIVES)}"
            raise fence.error(f"there is no directive {fence.name}", remedy)

    def read_admonition(self, outer: Fence) -> None:
        for token, fence in blocks(outer.source):
            if fence is not None:
                self.read_fence(token, fence, inside=True)
            elif token.type == "heading_open":
                raise outer.source.error(token, "a heading is in an admonition", "take it out")
            elif token.type == "inline":
                self.prose.append((token.content, outer.source.line(token)))

    def read_clause(self, fence: Fence) -> None:
        around = Around(self.heading, self.chapter, self.subject, self.setup or ())
        clause = read_clause(fence, around)
        if self.target is not None:
            raise self.source.error(
                self.target,
                f"the target {self.target.content!r} stands above a clause,"
                f" which makes the target {clause.id!r} by itself",
                "remove the line",
            )
        self.clauses.append(clause)

    def read_setup(self, fence: Fence) -> None:
        if self.setup is not None:
            raise fence.error("the page has two set-up blocks", "join them")
        if self.clauses:
            raise fence.error("the set-up stands behind a clause", "move it before the first one")
        options = known_options(fence, ("after",))
        if "after" in options:
            self.after = EarlierSetup(options["after"], fence.line)
        examples: tuple[Example, ...] = ()
        for token, inner in blocks(fence.source):
            if inner is None or inner.name != "pycon":
                raise fence.source.error(
                    token, "the set-up has something else than examples", "move it out"
                )
            examples += read_examples(inner.source)
        if not examples and self.after is None:
            raise fence.error("the set-up is empty", "write its examples, or remove it")
        for example in examples:
            if example.wanted or example.raises:
                raise PageError(
                    example.file,
                    example.line,
                    "the set-up checks output",
                    "only a clause may: move the check into one",
                )
        self.setup = examples

    def check_prose(self) -> None:
        if self.clauses:
            for text, line in self.prose:
                refuse_capitals(text, self.source.file, line)

    def examples_of_clauses(self) -> Iterator[Example]:
        for clause in self.clauses:
            for each in clause.family:
                yield from each.examples

    def check_prompts(self) -> None:
        """Refuse a prompt that is no example's: it would look tested, and isn't."""
        examples = [*(self.setup or ()), *self.examples_of_clauses()]
        known = {example.line for example in examples} | self.quoted
        for number, text in enumerate(self.source.text.split("\n"), 1):
            if number not in known and _PROMPT.match(text):
                raise PageError(
                    self.source.file,
                    number,
                    "there is a prompt outside a clause's examples",
                    "move it into a 'pycon' fence in a clause, or quote it in a 'markdown' fence",
                )
