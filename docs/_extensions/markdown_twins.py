"""A Markdown twin of each page, for programs that read text: `spec/index.md` beside the HTML.

It says what the page says: also what directives work out, and what is folded.
"""

import posixpath
import re
from collections.abc import Iterator
from itertools import zip_longest

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.osutil import ensuredir

_LEFT_OUT = (
    *(nodes.comment, nodes.target, nodes.system_message, nodes.substitution_definition),
    *(addnodes.index, addnodes.tabular_col_spec, addnodes.highlightlang),
)
_NO_TEXT = (
    "(A table or a picture is here that only the HTML has; `data/history.json` has what it shows.)"
)


class MarkdownTwin:
    """Writes a resolved page as Markdown.

    :param docname: The page.
    :param pages: All pages; links among them lead to twins.
    """

    def __init__(self, docname: str, pages: set[str]) -> None:
        self._folder = posixpath.dirname(docname)
        self._pages = pages

    def page(self, document: nodes.document) -> str:
        """Return the whole page."""
        blocks = self._blocks(document, 1)
        return "\n\n".join(block for block in blocks if block.strip()) + "\n"

    def _blocks(self, parent: nodes.Element, level: int) -> Iterator[str]:
        for node in parent.children:
            yield from self._block(node, level)

    def _block(self, node: nodes.Node, level: int) -> Iterator[str]:
        match node:
            case nodes.section():
                yield from self._blocks(node, level + 1)
            case nodes.title(parent=nodes.Admonition()):
                yield f"**{self._inline(node)}:**"
            case nodes.title():
                yield f"{'#' * max(1, level - 1)} {self._inline(node)}"
            case nodes.literal_block() | nodes.doctest_block():
                yield _fenced(node.astext(), node.get("language", ""))
            case nodes.bullet_list() | nodes.enumerated_list():
                yield self._list(node, level)
            case nodes.definition_list_item() | nodes.field():
                name, *others = node.children
                body = [block for other in others for block in self._blocks(other, level)]
                first, *rest = body or [""]
                lines = [f"**{self._inline(name)}**: {first}", *rest]
                yield f"- {_indented(lines, '  ')}"
            case nodes.table():
                yield from self._table(node)
            case addnodes.desc():
                yield from self._blocks(node, level)
            case addnodes.desc_signature():
                yield self._signature(node)
            case nodes.Admonition() | nodes.block_quote():
                quoted = "\n\n".join(self._blocks(node, level))
                yield "\n".join(f"> {line}".rstrip() for line in quoted.split("\n"))
            case nodes.raw():
                if "html" in node.get("format", "") and "<table" in node.astext():
                    yield _NO_TEXT
            case nodes.transition():
                yield "---"
            case nodes.line_block():
                yield "\\\n".join(self._inline(line) for line in node.findall(nodes.line))
            case nodes.Text() | nodes.Invisible():
                return
            case _ if isinstance(node, _LEFT_OUT):
                return
            case nodes.TextElement():
                yield self._inline(node)
            case nodes.Element():
                yield from self._blocks(node, level)

    def _list(self, node: nodes.Element, level: int) -> str:
        numbered = isinstance(node, nodes.enumerated_list)
        items = []
        for number, item in enumerate(node.children, node.get("start", 1)):
            mark = f"{number}. " if numbered else "- "
            blocks = list(self._blocks(item, level))
            items.append(mark + _indented(blocks, " " * len(mark)))
        return "\n".join(items)

    def _table(self, node: nodes.table) -> Iterator[str]:
        rows = [
            [self._cell(entry) for entry in row.findall(nodes.entry)]
            for row in node.findall(nodes.row)
        ]
        width = max(map(len, rows))
        title = node.next_node(nodes.title)
        if title is not None:
            yield f"**{self._inline(title)}**"
        head = rows.pop(0) if node.next_node(nodes.thead) is not None else [""] * width
        lines = [head, ["---"] * width, *rows]
        cells = ([cell or "" for cell, _ in zip_longest(line, range(width))] for line in lines)
        yield "\n".join(f"| {' | '.join(line)} |" for line in cells)

    def _cell(self, entry: nodes.entry) -> str:
        blocks = " ".join(block for block in self._blocks(entry, 1) if block)
        return " ".join(blocks.split()).replace("|", r"\|")

    def _signature(self, node: nodes.Element) -> str:
        lines = list(node.findall(addnodes.desc_signature_line))
        if not lines:
            return f"**{_code(' '.join(node.astext().split()))}**"
        first, *others = (self._inline(line) for line in lines)
        return " ".join([f"**{first}**", *others])

    def _inline(self, node: nodes.Node) -> str:
        match node:
            case nodes.Text():
                return re.sub(r"([\\`*_\[\]<])", r"\\\1", node.astext())
            case nodes.literal() | addnodes.desc_name():
                return _code(node.astext())
            case nodes.reference():
                text = "".join(map(self._inline, node.children))
                return f"[{text}]({self._address(node)})" if text else ""
            case nodes.abbreviation():
                words = "".join(map(self._inline, node.children))
                return f"{words} ({_code(node['explanation'])})"
            case nodes.emphasis() | nodes.strong():
                mark = "*" if isinstance(node, nodes.emphasis) else "**"
                text = "".join(map(self._inline, node.children))
                bare = text.strip()
                return text.replace(bare, f"{mark}{bare}{mark}") if bare else text
            case nodes.raw():
                return ""
            case nodes.Element():
                return "".join(map(self._inline, node.children))
        return ""

    def _address(self, node: nodes.reference) -> str:
        if "refid" in node:
            return f"#{node['refid']}"
        address = node.get("refuri", "")
        path, mark, fragment = address.partition("#")
        page = posixpath.normpath(posixpath.join(self._folder, path.removesuffix(".html")))
        if "://" in address or not path.endswith(".html") or page not in self._pages:
            return address
        return f"{path.removesuffix('.html')}.md{mark}{fragment}"


def _code(text: str) -> str:
    ticks = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def _fenced(text: str, language: str) -> str:
    fence = "`" * max(3, max(map(len, re.findall("`+", text)), default=0) + 1)
    language = "" if language in ("default", "none") else language
    return f"{fence}{language}\n{text}\n{fence}"


def _indented(blocks: list[str], indent: str) -> str:
    return "\n\n".join(blocks).replace("\n", f"\n{indent}").replace(f"\n{indent}\n", "\n\n")


def write_twin(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Write the twin of a page that is written, and have the page name it."""
    if doctree is None:
        return
    twin = MarkdownTwin(pagename, app.env.found_docs).page(doctree)
    file = app.outdir / f"{pagename}.md"
    ensuredir(file.parent)
    file.write_text(twin, encoding="utf-8")
    name = context["markdown_twin"] = f"{posixpath.basename(pagename)}.md"
    context["metatags"] += f'<link rel="alternate" type="text/markdown" href="{name}">\n'


def setup(app: Sphinx) -> dict[str, bool]:
    """Have a twin written with each page."""
    app.connect("html-page-context", write_twin)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
