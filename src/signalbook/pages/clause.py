"""Reads a `{clause}` directive, and what is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it.token import Token

from signalbook.clauses import Clause, Example, Level
from signalbook.pages.cases import Case, read_cases
from signalbook.pages.errors import PageError
from signalbook.pages.examples import read_examples
from signalbook.pages.markdown import Fence, blocks
from signalbook.pages.options import known_options, listed, read_needs, read_range
from signalbook.pages.prose import read_level, read_past, refuse_capitals

__all__ = ["Around", "is_id", "read_clause"]

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*")
_OPTION = re.compile(r":[\w-]+:.*")


@dataclass(frozen=True)
class Around:
    """What a clause has from its page.

    :param title: The heading that it stands under.
    :param subject: The page's subject, with which the id must start.
    """

    title: str
    chapter: str
    subject: str
    setup: tuple[Example, ...]


@dataclass(frozen=True)
class _Body:
    """What stands in a clause or in an earlier entry."""

    rule: str
    level: Level
    examples: tuple[Example, ...]
    cases: tuple[Case, ...]
    earlier: tuple[Fence, ...]


def read_clause(fence: Fence, around: Around) -> Clause:
    """Read a clause out of its directive.

    :raises PageError: If anything is wrong with it.
    """
    options = known_options(fence, ("holds", "needs", "source", "except", "otherwise"))
    body = _read_body(fence)
    clause = replace(
        _clause(fence, around, body, options),
        exceptions=listed(options.get("except", "")),
        otherwise=listed(options.get("otherwise", "")),
    )
    whole = _with_rows(clause, body.cases)
    earlier = tuple(_read_earlier(inner, whole, body, around) for inner in body.earlier)
    if earlier and clause.holds is None:
        raise fence.error(
            "the clause has an earlier entry, and holds for every release", "give it ':holds:'"
        )
    return replace(whole, earlier=earlier)


def is_id(text: str) -> bool:
    """Tell whether *text* has the form of a clause's id."""
    return _ID.fullmatch(text) is not None


def _read_earlier(fence: Fence, clause: Clause, of: _Body, around: Around) -> Clause:
    options = known_options(fence, ("holds", "needs", "rows", "source"))
    body = _read_body(fence, of)
    if "holds" not in options:
        raise fence.error("the earlier entry doesn't say when it was so", "give it ':holds:'")
    known = {case.name: case for case in of.cases}
    names = listed(options.get("rows", ""))
    if unknown := next((name for name in names if name not in known), None):
        remedy = f"name some of {', '.join(known)}" if known else "the clause has no rows"
        raise fence.error(f"':rows:' names {unknown!r}, which is no row of the clause", remedy)
    if names and body.cases:
        raise fence.error("the entry has rows and cases of its own", "remove one of them")
    needs = read_needs(options.get("needs"), fence.error)
    inherited = [known[name].as_earlier(needs) for name in names]
    entry = replace(
        _clause(fence, around, body, options),
        own_needs=needs or clause.own_needs,
        earlier_of=clause.id,
        replaces=tuple(f"{clause.id}.{name}" for name in names),
    )
    return _with_rows(entry, body.cases or inherited)


def _clause(fence: Fence, around: Around, body: _Body, options: dict[str, str]) -> Clause:
    _check_id(fence, around.subject)
    return Clause(
        id=fence.argument,
        rule=body.rule,
        level=body.level,
        holds=read_range(options.get("holds"), fence.error),
        chapter=around.chapter,
        title=around.title,
        setup=around.setup,
        examples=body.examples,
        file=fence.source.file,
        line=fence.line,
        own_needs=read_needs(options.get("needs"), fence.error),
        source=options.get("source"),
    )


def _with_rows(clause: Clause, cases: Sequence[Case]) -> Clause:
    return replace(clause, rows=tuple(_row(clause, case) for case in cases))


def _row(clause: Clause, case: Case) -> Clause:
    return replace(
        clause,
        id=f"{clause.id}.{case.name}",
        holds=case.holds or clause.holds,
        own_needs=clause.own_needs if case.needs is None else case.needs,
        examples=case.run_with(clause.examples),
        line=case.line,
        cells=case.cells,
        row_of=clause.id,
    )


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


def _read_body(fence: Fence, of: _Body | None = None) -> _Body:
    """Read what stands in a clause; in an earlier entry, if it is one *of* another's body."""
    body, kind = fence.source, fence.name.strip("{}")
    rule: Token | None = None
    examples: list[Example] = []
    cases: list[Fence] = []
    earlier: list[Fence] = []
    for token, inner in blocks(body):
        if token.type == "inline" and _OPTION.match(token.content):
            raise body.error(
                token, f"an option does not follow the {kind}'s first line", "move it up"
            )
        if rule is None:
            if token.type == "inline":
                rule = token
            elif token.type != "paragraph_open":
                raise body.error(
                    token, f"the {kind} does not start with its rule", "write the sentence first"
                )
        elif inner is not None and inner.name == "{cases}":
            cases.append(inner)
        elif inner is not None and inner.name == "{earlier}" and of is None:
            earlier.append(inner)
        elif inner is not None:
            examples += _read_inner(inner)
        elif token.type == "inline":
            refuse_capitals(token.content, body.file, body.line(token))
        elif token.type == "heading_open":
            raise body.error(token, f"there is a heading in a {kind}", "close the clause before it")
    if rule is None:
        raise fence.error(f"the {kind} is empty", "write its rule and an example")
    if len(cases) > 1:
        raise cases[1].error("there are two tables of cases", "join them")
    level = read_past(rule, body, of.level) if of else read_level(rule, body)
    read = _Body(
        rule=rule.content,
        level=level,
        examples=tuple(examples),
        cases=read_cases(cases[0]) if cases else (),
        earlier=tuple(earlier),
    )
    _check_examples(fence, kind, read)
    return read


def _check_examples(fence: Fence, kind: str, body: _Body) -> None:
    if not body.examples:
        raise fence.error(f"the {kind} has no example", "prove its rule in a 'pycon' fence")
    own = [case for case in body.cases if case.prints is not None or case.raises is not None]
    if own and (body.examples[-1].wanted or body.examples[-1].raises):
        raise PageError(
            body.examples[-1].file,
            body.examples[-1].line,
            "the table says what the last statement gives, and so does the example",
            "remove one of them",
        )
    if any(example.wanted or example.raises for example in body.examples):
        return
    if not own or any(not (case.prints or case.raises) for case in body.cases):
        raise fence.error(
            f"the {kind}'s examples compare nothing",
            "show below a prompt what is printed or raised",
        )


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
            "a clause has 'pycon' fences, and {cases}, {earlier} and {note}",
        )
