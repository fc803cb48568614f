"""The choice of a release of Flask for the whole site, which is made and kept in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from signalbook.history import NEXT, History
from signalbook.implementations import newest_release
from signalbook.sphinx_ext.domain import clause_domain
from signalbook.sphinx_ext.embedded import embedded
from signalbook.sphinx_ext.lines import Line, line_name, lines_of

__all__ = ["add_release_switch"]

_FIRST = Path(__file__).with_name("release_first.js")


def add_release_switch(app: Sphinx) -> None:
    """Have each page know the releases, and which one is chosen before it is painted."""
    # After what else makes meta tags; and after what moves to the address's target.
    app.connect("html-page-context", _add_first_script, priority=800)
    app.add_js_file("release.js", loading_method="defer", priority=600)


def _add_first_script(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    data = embedded(_data(clause_domain(app.env).history))
    script = f"const signalbook = {data};\n{_FIRST.read_text(encoding='utf-8')}"
    context["metatags"] = f"{context.get('metatags', '')}<script>\n{script}</script>\n"


def _data(history: History) -> dict[str, object]:
    lines = [
        {"name": line.name, "version": line.axes["flask"], "made": _made_of(line, history)}
        for line in lines_of(history)
    ]
    return {"newest": line_name(newest_release().version), "lines": lines}


def _made_of(line: Line, history: History) -> str:
    """Return in words what a line was measured with."""
    what = line.axes["flask"]
    if line.name == NEXT and history.next:
        what = f"as of {history.next.date}"
    return f"{what}, with blinker {line.axes['blinker']} on Python {line.axes['python']}"
