"""Writes the beginning of a clause into its page, or of the page as well."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path

from signalbook.clauses import CHAPTERS, Page, Specification
from signalbook.pages.clause import is_id
from signalbook.pages.markdown import Source, blocks
from signalbook.pages.text import read_source

__all__ = ["NewClauseError", "with_new_clause"]

# Fails everywhere, so that nobody takes what isn't written yet for a rule that holds.
_CLAUSE = """\
## {heading}

:::{{clause}} {id}

Who MUST do what, in one sentence.

```pycon
>>> print("what an implementation does")
what the rule demands
```
:::
"""
_PAGE = """\
# {heading}

What the page is about, in a sentence or two.

:::{{setup}}
```pycon
{setup}
```
:::

"""
_WITH_FRAMEWORK = ">>> from flask import Flask\n>>> app = Flask(__name__)"
_ENGINE_ONLY = ">>> from blinker import Signal\n>>> signal = Signal()"
_WHAT_IS_GONE = re.compile(r"Gone|History|Before (Flask|blinker) [\d.]+")


class NewClauseError(ValueError):
    """A clause can't have this id, or can't be written there."""


def with_new_clause(
    id: str, chapter: str | None, specification: Specification, folder: Path
) -> dict[Path, str]:
    """Return the files that have to be written for a clause *id* to begin with, and their texts.

    :param chapter: The chapter of a page that isn't there yet.
    :param folder: Where the pages of *specification* are.
    :raises NewClauseError: If the id is malformed or taken, or it isn't clear where it belongs.
    :raises PageError: If a page can't be read any more.
    """
    if not is_id(id):
        raise NewClauseError(
            f"the id {id!r} is malformed; write 'subject.behaviour-in-words', in lower case"
        )
    taken = {each.id: each for clause in specification.clauses for each in clause.family}
    if id in taken:
        raise NewClauseError(f"the id {id!r} is taken by {taken[id].place}; choose another")
    subject, _, behaviour = id.partition(".")
    clause_text = _CLAUSE.format(id=id, heading=_heading(behaviour))
    if subject == "index":
        raise NewClauseError("an index has no clauses; start the id with a page's subject")
    pages = {page.subject: page for page in specification.pages if page.chapter in CHAPTERS}
    if subject in pages:
        return _on_page(pages[subject], clause_text, chapter, folder)
    if chapter is None:
        near = get_close_matches(subject, pages, n=1)
        hint = f"did you mean {near[0]!r}? For" if near else "for"
        raise NewClauseError(
            f"there is no page {subject!r}; {hint} a new page, name its chapter with --chapter"
        )
    return _with_page(subject, clause_text, chapter, folder)


def _heading(words: str) -> str:
    return words.replace("-", " ").capitalize()


def _on_page(page: Page, clause: str, chapter: str | None, folder: Path) -> dict[Path, str]:
    if chapter not in {None, page.chapter}:
        raise NewClauseError(
            f"the page {page.subject!r} is in the chapter {page.chapter!r}; leave --chapter out"
        )
    path = folder / page.file.removeprefix("spec/")
    source = read_source(path, folder)
    lines = source.text.rstrip("\n").split("\n")
    end = _end(source, len(lines))
    before, after = "\n".join(lines[:end]).rstrip("\n"), "\n".join(lines[end:])
    return {path: f"{before}\n\n{clause}" + (f"\n{after}\n" if after else "")}


def _end(source: Source, last: int) -> int:
    """Return how many lines stand before the sections at the end that tell what is gone."""
    end, heading = last, 0
    for token, _ in blocks(source):
        if token.type == "heading_open" and token.tag == "h2":
            heading = source.line(token)
        elif heading:
            is_gone = _WHAT_IS_GONE.fullmatch(token.content)
            end, heading = (min(end, heading - 1) if is_gone else last), 0
    return end


def _with_page(subject: str, clause: str, chapter: str, folder: Path) -> dict[Path, str]:
    if (folder / f"{chapter}.md").exists():
        raise NewClauseError(
            f"the chapter {chapter!r} is the one page spec/{chapter}.md;"
            f" start the id with '{chapter}.'"
        )
    setup = _WITH_FRAMEWORK if "flask" in CHAPTERS[chapter].needs else _ENGINE_ONLY
    page = _PAGE.format(heading=_heading(subject), setup=setup)
    files = {folder / chapter / f"{subject}.md": page + clause}
    index = folder / chapter / "index.md"
    if index.is_file():
        files[index] = _with_entry(read_source(index, folder), subject)
    return files


def _with_entry(index: Source, subject: str) -> str:
    """Return the text of *index*, whose last list of contents names *subject* at its end."""
    lines = index.text.split("\n")
    contents = [f for _, f in blocks(index) if f is not None and f.name == "{toctree}"]
    if contents:
        last = contents[-1].source
        lines.insert(last.before + last.text.count("\n"), subject)
    return "\n".join(lines)
