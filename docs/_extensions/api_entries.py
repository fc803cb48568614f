"""What each entry of the API has besides its docstring: clauses, since when, and its source."""

import posixpath
from collections.abc import Iterator
from html import escape
from itertools import chain, product, takewhile
from pathlib import Path

from api_pages import exports_of, item_of, place_of
from autodoc2.sphinx.utils import get_database
from autodoc2.utils import ItemData
from docutils import nodes
from fewer_elements import PlainCodeFormatter
from pygments import highlight
from pygments.lexers import PythonLexer
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from signalbook.clauses import UnknownClause
from signalbook.history import history_file
from signalbook.sphinx_ext.domain import ClauseDomain, clause_domain
from signalbook.sphinx_ext.links import clause_link
from signalbook.verdicts import Verdict

_REFERENCE = "signalbook.reference."
_ENGINE = "signalbook.reference.engine."
_BLINKER = "blinker", ("blinker",)
_FLASK = "Flask", ("flask", "flask-without-blinker")
_SOURCES = "docs/reference/api/source"


def complete(app: Sphinx, domain: str, kind: str, content: addnodes.desc_content) -> None:
    """Add to an entry what is known of it: other anchors, fields, and a link to its source."""
    signature = content.parent[0]
    if domain != "py" or not signature["ids"]:
        return
    env, name = app.env, signature["ids"][0]
    item = item_of(env, name)
    if item is None:
        return
    signature["ids"] += exports_of(env, name)
    signature += SourceLink.to(env, item)
    clauses = list(dict.fromkeys(_named_clauses(content)))
    _remove_field(content, "keeps")
    if clauses:
        _add_field(content, "Keeps", _listed(clauses))
        if name.startswith(_REFERENCE) and (since := _since(env, name, clauses)):
            _add_field(content, "Since", [nodes.Text(since)])


def _named_clauses(content: nodes.Element) -> Iterator[str]:
    """Yield the ids that are named in an entry, but not those in the entries inside it."""
    for child in _own(content):
        for link in child.findall(addnodes.pending_xref):
            if link["refdomain"] == ClauseDomain.name:
                yield link["reftarget"]


def _listed(clauses: list[str]) -> Iterator[nodes.Node]:
    for number, id in enumerate(clauses):
        if number:
            yield nodes.Text(", ")
        yield clause_link(id)


def _own(content: nodes.Element) -> list[nodes.Node]:
    """Return what is said of an entry itself, which comes before the entries inside it."""
    return list(takewhile(lambda child: not isinstance(child, addnodes.desc), content.children))


def _remove_field(content: nodes.Element, name: str) -> None:
    """Remove a field of the docstring, and with the last one the list of them."""
    for fields in (each for each in _own(content) if isinstance(each, nodes.field_list)):
        for field in [each for each in fields if each[0].astext() == name]:
            fields.remove(field)
        if not fields.children:
            content.remove(fields)


def _add_field(content: nodes.Element, name: str, text: list[nodes.Node]) -> None:
    """Add a field after those of the docstring."""
    own = _own(content)
    if not own or not isinstance(own[-1], nodes.field_list):
        own.append(nodes.field_list())
        content.insert(len(own) - 1, own[-1])
    body = nodes.field_body("", nodes.paragraph("", "", *text))
    own[-1] += nodes.field("", nodes.field_name(name, name), body)


def _since(env: BuildEnvironment, name: str, clauses: list[str]) -> str:
    """Say which is the first measured release on which one of *clauses* holds."""
    env.note_dependency(str(history_file()))
    domain = clause_domain(env)
    title, series = _BLINKER if name.startswith(_ENGINE) else _FLASK
    passed = set()
    for id in clauses:
        try:
            clause = domain.specification.clause(id)
        except UnknownClause:
            continue  # The link says so itself.
        for check, one in product(clause.rows or (clause,), series):
            verdicts = domain.history.verdicts(check.id, one)
            passed |= {each for each in verdicts if verdicts[each].verdict == Verdict.PASSED}
    versions = domain.history.versions(series[0])
    first = next((version for version in versions if version in passed), None)
    if first is None:
        return ""
    words = f"{title} {first.removesuffix('.0') if first.count('.') > 1 else first}"
    return f"{words}, the first that was measured" if first == versions[0] else words


class SourceLink(nodes.reference):
    """The link from a signature to its source; no part of the signature's text."""

    @classmethod
    def to(cls, env: BuildEnvironment, item: ItemData) -> "SourceLink":
        """Return the link to the line on which *item* is defined."""
        module, line = place_of(get_database(env), item)
        folder = posixpath.relpath(_SOURCES, posixpath.dirname(env.current_document.docname))
        address = f"{folder}/{module['full_name']}.html#L-{line}"
        text = nodes.inline("", "source", classes=["viewcode-link"])
        return cls("", "", text, refuri=address, internal=True)

    def astext(self) -> str:
        """Return nothing."""
        return ""


_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name} - Signalbook</title>
<link rel="icon" href="../../../../_static/favicon.svg">
<link rel="stylesheet" href="../../../../_static/pygments.css">
<link rel="stylesheet" href="../../../../_static/styles/furo.css">
<link rel="stylesheet" href="../../../../_static/site.css">
</head>
<body>
<script>document.body.dataset.theme = localStorage.getItem("theme") || "auto"</script>
<main class="source">
<p><a href="../../api.html">API</a></p>
<h1>{name}</h1>
{code}</main>
</body>
</html>
"""


def write_sources(app: Sphinx, exception: Exception | None) -> None:
    """Write a page for each file of the package that entries lead to, if it is out of date."""
    if exception or app.builder.name != "html":
        return
    folder = app.outdir / _SOURCES
    folder.mkdir(parents=True, exist_ok=True)
    database = get_database(app.env)
    for item in chain(database.get_by_type("module"), database.get_by_type("package")):
        source = Path(item["file_path"])
        page = folder / f"{item['full_name']}.html"
        if page.exists() and page.stat().st_mtime > source.stat().st_mtime:
            continue
        formatter = PlainCodeFormatter(linespans="L", wrapcode=True)
        code = highlight(source.read_text(encoding="utf-8"), PythonLexer(), formatter)
        code = code.replace("<pre><span></span>", "<pre>")
        name = source.relative_to(app.srcdir / "src").as_posix()
        page.write_text(_PAGE.format(name=escape(name), code=code), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect both."""
    app.add_node(SourceLink, html=(_visit, _depart))
    app.connect("object-description-transform", complete)
    app.connect("build-finished", write_sources)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _visit(translator, node: SourceLink) -> None:
    translator.visit_reference(node)


def _depart(translator, node: SourceLink) -> None:
    translator.depart_reference(node)
