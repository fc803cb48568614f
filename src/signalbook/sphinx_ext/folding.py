"""What a reader opens only on demand: `<details>` in HTML, and its plain content elsewhere."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

__all__ = ["Folded", "Summary", "add_folding"]


class Folded(nodes.container):
    """Content below a summary, which is its first child; closed at first."""


class Summary(nodes.paragraph):
    """The line that is there also when the rest is folded."""


def add_folding(app: Sphinx) -> None:
    """Have builders of HTML write both as such; to others they are what they derive from."""
    app.add_node(Folded, html=(_visit_folded, _depart_folded))
    app.add_node(Summary, html=(_visit_summary, _depart_summary))
    app.add_js_file("folding.js", loading_method="defer")


def _visit_folded(translator: HTML5Translator, node: Folded) -> None:
    translator.body.append(translator.starttag(node, "details"))


def _depart_folded(translator: HTML5Translator, node: Folded) -> None:
    translator.body.append("</details>\n")


def _visit_summary(translator: HTML5Translator, node: Summary) -> None:
    translator.body.append(translator.starttag(node, "summary", ""))


def _depart_summary(translator: HTML5Translator, node: Summary) -> None:
    translator.body.append("</summary>\n")
