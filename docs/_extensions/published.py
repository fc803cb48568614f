"""What a site has besides its pages: descriptions, a page for dead links, lists of pages, data."""

import posixpath
import re
import shutil
from collections.abc import Iterator
from html import escape
from urllib.parse import quote, urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxRole

from signalbook.exports import SCHEMA, export
from signalbook.files import write_json
from signalbook.history import HISTORY_SCHEMA, history_file, read_features
from signalbook.sphinx_ext.domain import clause_domain
from signalbook.sphinx_ext.links import to_root

_LONGEST = 200
_GENERATED = "docs/reference/api/"


def describe(app: Sphinx, doctree: nodes.document) -> None:
    """Remember the first sentences of a page as its description."""
    env = app.env
    text = next((each.astext() for each in _paragraphs(doctree)), "")
    sentences = re.split(r"(?<=[.?!:])\s+", " ".join(text.split()))
    description = sentences.pop(0)
    while sentences and len(description) + len(sentences[0]) < _LONGEST:
        description += f" {sentences.pop(0)}"
    env.metadata[env.current_document.docname]["description"] = description


def _paragraphs(doctree: nodes.document) -> Iterator[nodes.paragraph]:
    """Yield a page's paragraphs, those of its lists among them; a table's are no sentences."""
    for each in doctree.findall(nodes.paragraph):
        if each.astext() and not isinstance(each.parent, nodes.entry):
            yield each


def add_head(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Describe a page, let only what is written be edited, and have the 404 page work anywhere."""
    if description := app.env.metadata.get(pagename, {}).get("description"):
        meta = f'<meta name="description" content="{escape(description)}">\n'
        context["metatags"] = context.get("metatags", "") + meta
    if pagename.startswith(_GENERATED):
        context["page_source_suffix"] = ""
    if pagename == "404":
        # Whatever address it is shown at, links begin at the site's own.
        root = f"{urlsplit(app.config.html_baseurl).path.rstrip('/')}/"
        context["metatags"] = f'<base href="{escape(root)}">\n'
        context["pageurl"] = None


def write_lists(app: Sphinx, exception: Exception | None) -> None:
    """Write the data, and for programs the lists of pages."""
    if exception or app.builder.format != "html":
        return
    _write_data(app)
    (app.outdir / "llms.txt").write_text(llms_text(app.env), encoding="utf-8")
    if base := app.config.html_baseurl:
        addresses = (posixpath.join(base, quote(f"{page}.html")) for page in reading_order(app.env))
        lines = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in addresses)
        (app.outdir / "sitemap.xml").write_text(_SITEMAP.format(lines), encoding="utf-8")


_SITEMAP = """\
<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{}</urlset>
"""


def _write_data(app: Sphinx) -> None:
    folder = app.outdir / "data"
    folder.mkdir(exist_ok=True)
    specification = clause_domain(app.env).specification
    whole = export(specification, specification.checks, read_features())
    write_json(whole, folder / "spec.json")
    for file in (history_file(), SCHEMA, HISTORY_SCHEMA):
        shutil.copyfile(file, folder / file.name)


def reading_order(env: BuildEnvironment, page: str | None = None) -> list[str]:
    """Return *page*, by default the front page, and all below it as the navigation has them."""
    page = page or env.config.root_doc
    below = env.toctree_includes.get(page, [])
    return list(dict.fromkeys([page, *(each for of in below for each in reading_order(env, of))]))


def llms_text(env: BuildEnvironment) -> str:
    """Return the site's contents for language models: a line for each page's Markdown."""
    front = env.config.root_doc
    lines = [f"# {env.config.project}", f"> {env.metadata[front]['description']}"]
    optional: list[str] = []
    for chapter in env.toctree_includes[front]:
        pages = reading_order(env, chapter)
        optional += [page for page in pages if page.startswith(_GENERATED)]
        written = [page for page in pages if not page.startswith(_GENERATED)]
        lines += [f"## {env.titles[chapter].astext()}", _page_lines(env, written)]
    lines += ["## Data", _DATA]
    if optional:
        lines += ["## Optional", _page_lines(env, optional)]
    return "\n\n".join(lines) + "\n"


_DATA = """\
- [spec.json](data/spec.json): every clause, with its examples
- [history.json](data/history.json): what came of every clause on every release"""


def _page_lines(env: BuildEnvironment, pages: list[str]) -> str:
    lines = []
    for page in pages:
        description = env.metadata.get(page, {}).get("description")
        said = f": {description}" if description else ""
        lines.append(f"- [{env.titles[page].astext()}]({page}.md){said}")
    return "\n".join(lines)


class PublishedRole(SphinxRole):
    """The role `{published}`: a link to a file of the site that is no page."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the link."""
        up = to_root(self.env.current_document.docname)
        name = self.text.rpartition("/")[2]
        return [nodes.reference("", "", nodes.literal(name, name), refuri=up + self.text)], []


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect all of it."""
    app.add_role("published", PublishedRole())
    app.connect("doctree-read", describe)
    app.connect("html-page-context", add_head)
    app.connect("html-collect-pages", lambda app: [("404", {}, "404.html")])
    app.connect("build-finished", write_lists)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
