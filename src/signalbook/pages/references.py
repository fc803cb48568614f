"""What pages refer to, in roles, links and lists of contents, and whether it is there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import unquote

from markdown_it.token import Token

from signalbook.clauses import Clause
from signalbook.pages.errors import PageError
from signalbook.pages.markdown import Fence, Source, blocks, pieces

__all__ = ["dangling"]

_ELSEWHERE = re.compile(r"(?:https?|mailto):")
_ROLE_TARGET = re.compile(r".*<([^<>]*)>", re.DOTALL)
# As deep as the site makes a heading's words its target.
_DEEPEST_ANCHOR = 3
_WITHOUT_PROSE = {"{setup}", "{toctree}"}

_Text = tuple[Token, Fence | None, Source]


@dataclass(frozen=True)
class _Reference:
    """A role, a link or an entry in a list of contents.

    :param kind: `link`, `contents`, or a role's name.
    """

    kind: str
    target: str
    file: str
    line: int

    def error(self, problem: str, remedy: str) -> PageError:
        return PageError(self.file, self.line, problem, remedy)


def dangling(
    sources: Sequence[Source], clauses: Sequence[Clause], folder: Path
) -> Iterator[PageError]:
    """Yield an error for each thing that pages or clauses refer to and that isn't there.

    :param sources: The text of every page.
    :param folder: The specification's folder.
    """
    ids = {clause.id for clause in clauses}
    texts = {source.file: list(_texts(source)) for source in sources}
    anchors = {file: _anchors(file_texts) for file, file_texts in texts.items()}
    for clause in clauses:
        anchors[clause.file].add(clause.id)
    yield from _wrong_names(clauses, ids)
    for reference in (each for file_texts in texts.values() for each in _references(file_texts)):
        if reference.kind == "link":
            yield from _wrong_link(reference, anchors, ids, folder)
        elif reference.kind == "contents":
            yield from _wrong_contents(reference, folder)
        elif reference.kind == "clause":
            yield from _wrong_clause(reference, ids)
        else:
            yield reference.error(
                f"there is no role {{{reference.kind}}}", "write {clause}, which links to a clause"
            )


def _wrong_names(clauses: Sequence[Clause], ids: Collection[str]) -> Iterator[PageError]:
    """Yield an error for each option of a clause that names what isn't another clause."""
    for clause in clauses:
        if clause.row_of:
            continue  # It has them from its clause.
        named = {
            "otherwise": (clause.otherwise, "that says what is true on other releases"),
            "except": (clause.exceptions, "that narrows the rule"),
        }
        for option, (others, which) in named.items():
            for other in others:
                if other not in ids or other in {clause.id, clause.earlier_of}:
                    yield PageError(
                        clause.file,
                        clause.line,
                        f"':{option}:' of {clause.id!r} names {other!r}, which is no other clause",
                        f"name the clause {which}",
                    )


def _references(texts: Iterable[_Text]) -> Iterator[_Reference]:
    for token, fence, source in texts:
        for piece, line in pieces(token, source):
            if piece.type == "myst_role":
                found = _ROLE_TARGET.fullmatch(piece.content)
                target = found[1] if found else piece.content
                yield _Reference(piece.meta["name"], target, source.file, line)
            elif piece.type in {"link_open", "image"}:
                target = str(piece.attrGet("href") or piece.attrGet("src") or "")
                yield _Reference("link", unquote(target), source.file, line)
        if fence is not None and fence.name == "{toctree}":
            lines = fence.source.text.split("\n")
            for line, text in enumerate(lines, fence.source.before + 1):
                found = _ROLE_TARGET.fullmatch(text)
                target = (found[1] if found else text).strip()
                if target and "*" not in target:
                    yield _Reference("contents", target, source.file, line)


def _texts(source: Source) -> Iterator[_Text]:
    """Yield each token and its source, and those in the directives that hold prose."""
    for token, fence in blocks(source):
        yield token, fence, source
        if fence is not None and fence.name.startswith("{") and fence.name not in _WITHOUT_PROSE:
            yield from _texts(fence.source)


def _anchors(texts: Iterable[_Text]) -> set[str]:
    """Return the targets that a page has in MyST, besides its clauses."""
    found: set[str] = set()
    heading: Token | None = None
    for token, _, _ in texts:
        if token.type == "myst_target":
            found.add(token.content)
        elif heading is not None and int(heading.tag[1:]) <= _DEEPEST_ANCHOR:
            words = "".join(piece.content for piece in token.children or ())
            words = re.sub(r"[^\w\- ]", "", words.strip().lower())
            slug = words.replace(" ", "-")
            again = sum(slug == re.sub(r"-\d+$", "", other) for other in found)
            found.add(f"{slug}-{again}" if slug in found else slug)
        heading = token if token.type == "heading_open" else None
    return found


def _wrong_link(
    link: _Reference, anchors: Mapping[str, Collection[str]], ids: Collection[str], folder: Path
) -> Iterator[PageError]:
    if _ELSEWHERE.match(link.target):
        return
    path, _, anchor = link.target.partition("#")
    file = _from(link.file, path) if path else link.file
    if path and not _is_there(file, folder):
        yield link.error(f"the link leads to {path!r}, which is no file", "correct the path")
    elif anchor and file in anchors:
        everywhere = () if path else ids
        if anchor not in anchors[file] and anchor not in everywhere:
            near = _near(anchor, {*anchors[file], *everywhere}, "name a heading or a clause")
            yield link.error(f"the link leads to {anchor!r}, which is no target in {file}", near)


def _wrong_contents(entry: _Reference, folder: Path) -> Iterator[PageError]:
    file = _from(entry.file, entry.target.removesuffix(".md")) + ".md"
    if not _ELSEWHERE.match(entry.target) and not _is_there(file, folder):
        yield entry.error(
            f"the contents name {entry.target!r}, and there is no {file}", "remove it"
        )


def _wrong_clause(role: _Reference, ids: Collection[str]) -> Iterator[PageError]:
    if role.target not in ids:
        near = _near(role.target, ids, "'signalbook list' shows all ids")
        yield role.error(f"there is no clause {role.target!r}", near)


def _near(name: str, known: Collection[str], otherwise: str) -> str:
    found = get_close_matches(name, sorted(known), n=1)
    return f"did you mean {found[0]!r}?" if found else otherwise


def _from(file: str, path: str) -> str:
    """Return *path* as *file* means it, from the folder that holds `spec/`."""
    return posixpath.normpath(posixpath.join("/" + posixpath.dirname(file), path)).lstrip("/")


def _is_there(file: str, folder: Path) -> bool:
    first, _, rest = file.partition("/")
    try:
        if first == "spec":
            return (folder / rest).is_file()
        # The rest of the site isn't installed with the specification.
        return not (folder.parent / first).is_dir() or (folder.parent / file).is_file()
    except OSError:
        # No file can have such a name.
        return False
