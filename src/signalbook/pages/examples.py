"""Reads a `pycon` fence into examples."""

from __future__ import annotations

import ast
import doctest
import re

from signalbook.clauses import Example
from signalbook.pages.errors import PageError
from signalbook.pages.markdown import Source

__all__ = ["read_examples"]

_PARSER = doctest.DocTestParser()
_MODULES = re.compile(r"^(?:\w+\.)*(?=\w+(?::|$))")
_LINE_IN_MESSAGE = re.compile(r"^line (\d+) of the doc(?:string|test) for \S+ (.*)$", re.DOTALL)
_BARE_PROMPT = re.compile(r"^ *>>> *(?:#.*)?$(?!\n *\.\.\.(?: |$))", re.MULTILINE)
_OPTION_NAMES = {flag: name for name, flag in doctest.OPTIONFLAGS_BY_NAME.items()}


def read_examples(source: Source) -> tuple[Example, ...]:
    """Read every example between a fence's lines.

    :raises PageError: If a line belongs to no example, or an example isn't Python.
    """
    examples = []
    line = source.before + 1
    _refuse_bare_prompts(source)
    for part in _parse(source):
        if isinstance(part, str):
            _refuse_stray_text(part, source.file, line)
            line += part.count("\n")
        else:
            examples.append(_example(part, source))
            line = source.before + 1 + part.lineno
            line += part.source.count("\n") + part.want.count("\n")
    if not examples:
        raise PageError(
            source.file, source.before, "the pycon fence has no prompt", "start lines with '>>> '"
        )
    return tuple(examples)


def _parse(source: Source) -> list[str | doctest.Example]:
    try:
        return _PARSER.parse(source.text, "page")
    except ValueError as error:
        found = _LINE_IN_MESSAGE.match(str(error))
        line, problem = (int(found[1]), found[2]) if found else (1, str(error))
        raise PageError(
            source.file,
            source.before + line,
            f"the example {problem}",
            "write it as at Python's own prompt",
        ) from None


def _refuse_bare_prompts(source: Source) -> None:
    # doctest would pass over them in silence.
    if bare := _BARE_PROMPT.search(source.text):
        raise PageError(
            source.file,
            source.before + 1 + source.text.count("\n", 0, bare.start()),
            "there is no statement at the prompt",
            "remove the line, or put the comment behind a statement",
        )


def _refuse_stray_text(text: str, file: str, line: int) -> None:
    for offset, stray in enumerate(text.split("\n")):
        if stray.strip():
            raise PageError(
                file,
                line + offset,
                f"{stray.strip()!r} belongs to no example",
                "put prose outside the fence, and write an empty line of output as <BLANKLINE>",
            )


def _example(parsed: doctest.Example, source: Source) -> Example:
    line = source.before + parsed.lineno + 1
    options = {_OPTION_NAMES[flag]: on for flag, on in parsed.options.items()}
    if "SKIP" in options:
        raise PageError(source.file, line, "an example is skipped", "no example may be: remove it")
    try:
        # The same flags as the worker's: examples may await outside a function.
        flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        compile(parsed.source, source.file, "single", flags)
    except SyntaxError as error:
        raise PageError(
            source.file,
            line + (error.lineno or 1) - 1,
            f"the example is not Python: {error.msg}",
            "correct it",
        ) from None
    except (MemoryError, RecursionError):
        raise PageError(source.file, line, "the example is nested too deeply", "cut it") from None
    _refuse_unseen_end(parsed, source.file, line)
    # Each implementation has its exceptions in modules of its own.
    raises = _MODULES.sub("", parsed.exc_msg.rstrip("\n")) if parsed.exc_msg else None
    return Example(
        source=parsed.source,
        wanted="" if raises else parsed.want,
        raises=raises,
        options=options,
        file=source.file,
        line=line,
    )


def _refuse_unseen_end(parsed: doctest.Example, file: str, line: int) -> None:
    for offset, text in enumerate(parsed.want.split("\n"), parsed.source.count("\n")):
        if text != text.rstrip():
            raise PageError(
                file,
                line + offset,
                f"the wanted output {text.strip()!r} ends in a space, which nobody sees",
                "remove it, or show the 'repr' of what is printed",
            )
