"""Pages with fewer elements, which browsers show sooner: without those that change nothing.

Most elements of a page of examples are names, punctuation, prompts and output of code.
"""

import re
from functools import cache
from typing import ClassVar

from docutils import nodes
from pygments.formatters import HtmlFormatter
from pygments.style import Style
from pygments.styles import get_style_by_name
from pygments.token import Operator, Text
from sphinx.application import Sphinx
from sphinx.highlighting import PygmentsBridge

_SHOWN = ("bold", "italic", "underline", "bgcolor", "border")
_PLAIN = (Operator,)
"""What is plain although it has a colour: nobody looks for dots and signs of equality."""


class PlainCodeFormatter(HtmlFormatter[str]):
    """Writes a token as mere text, unless one of the site's styles shows it otherwise."""

    styles: ClassVar[list[type[Style]]] = []
    """The site's styles, for light and for dark."""

    def _get_css_class(self, ttype: object) -> str:
        is_plain = ttype in _PLAIN or all(_is_plain(style, ttype) for style in self.styles)
        return "" if is_plain else super()._get_css_class(ttype)


@cache
def _is_plain(style: type[Style], token: object) -> bool:
    # A style has what its base class knows, and lexers may have more.
    while token not in dict(style):
        token = token.parent
    shown = style.style_for_token(token)
    colours = (None, style.style_for_token(Text)["color"])
    return shown["color"] in colours and not any(shown[name] for name in _SHOWN)


def _take_styles(app: Sphinx) -> None:
    if app.builder.format == "html":
        dark = get_style_by_name(app.config.pygments_dark_style)
        PlainCodeFormatter.styles = [app.builder.highlighter.formatter_args["style"], dark]


_NEEDLESS = (
    # Docutils keeps words of code from being broken; here they may, where the line ends.
    (re.compile(r'<span class="pre">([^<]*)</span>'), r"\1"),
    (re.compile(r"<pre><span></span>"), "<pre>"),
    # The only paragraph of a cell or an item.
    (
        re.compile(r"(<(td|li)\b[^>]*>)<p>((?:(?!</?p[ >]|</\2>).)*)</p>\s*</\2>", re.DOTALL),
        r"\1\3</\2>",
    ),
)


def _slim(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    for name in ("body", "toc"):
        for pattern, kept in _NEEDLESS if name in context else ():
            context[name] = pattern.sub(kept, context[name])


def setup(app: Sphinx) -> dict[str, bool]:
    """Have Sphinx write pages this way."""
    PygmentsBridge.html_formatter = PlainCodeFormatter
    app.connect("builder-inited", _take_styles)
    app.connect("html-page-context", _slim)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
