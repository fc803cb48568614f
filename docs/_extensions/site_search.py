"""The site's search: Pagefind's index of every rule, name and section, each at its own anchor."""

import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.util import logging

from signalbook.clauses import Clause
from signalbook.sphinx_ext.domain import ClauseDomain, clause_domain
from signalbook.sphinx_ext.folding import Folded

_KEYWORDS = Path(__file__).parents[1] / "search-keywords.toml"
_API = "docs/reference/api/"
_UPGRADING = "docs/upgrading/"
_UNSEEN = (
    *(nodes.comment, nodes.raw, nodes.title),
    *(addnodes.desc_signature, addnodes.index, addnodes.toctree),
)
# The first one is Sphinx's own word; a rule's sentence is its title.
_LEFT_OUT = {"no-search", "clause-rule", "clause-run", "setup"}
_LOGGER = logging.getLogger(__name__)


@dataclass
class Entry:
    """What the search can find: a rule, a name of the API, or a section.

    :param address: Where it is, relative to the site's root.
    :param title: What it is shown as; a rule's is its sentence.
    :param place: Where that stands: the page's title, and before it a rule's id.
    :param names: What somebody may have copied: ids, and messages of errors.
    :param cases: The ids of its cases, each of which counts as a whole only.
    :param weight: How much its words count.
    """

    address: str
    title: str
    place: str = ""
    names: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    weight: float = 1

    def html(self, synonyms: list[str], related: list[str]) -> str:
        """Return the page that Pagefind reads for it.

        :param synonyms: What it is called, too.
        :param related: Other words for what is said in it.
        """
        fields = {
            "address": self.address,
            "place": self.place,
            "names": " ".join(self.names),
            "keywords": " ".join([*synonyms, *related]),
        }
        exact = "".join(
            f'<meta data-pagefind-filter="name[content]" content="{escape(name.lower())}">'
            for name in dict.fromkeys([self.title, *self.names, *self.cases, *synonyms])
        )
        data = "".join(f' data-{name}="{escape(text)}"' for name, text in fields.items())
        meta = ", ".join(f"{name}[data-{name}]" for name, text in fields.items() if text)
        return (
            f'<html lang="en"><body{data} data-pagefind-meta="{meta}">{exact}'
            f'<h1 data-pagefind-weight="{7 * self.weight}">{escape(self.title)}</h1>'
            f'<p data-pagefind-weight="{self.weight}">{escape(" ".join(self.text))}</p>'
            f'<pre data-pagefind-weight="0.2">{escape(" ".join(self.code))}</pre></body></html>'
        )


class Reader:
    """Reads what can be found on one page."""

    def __init__(self, docname: str, document: nodes.document, domain: ClauseDomain) -> None:
        self.docname, self.domain = docname, domain
        self.page = next(title.astext() for title in document.findall(nodes.title))
        # Who asks for a name wants what is said about it first, not where it is listed.
        self.weight = 0.3 if docname.startswith((_API, _UPGRADING)) else 1
        self.entries = [Entry(f"{docname}.html", self.page, names=[self.page], weight=self.weight)]
        self._read(document, self.entries[0])

    def _read(self, node: nodes.Node, entry: Entry) -> None:
        """Read *node* into *entry*, or into one of its own."""
        if not isinstance(node, nodes.Element) or _is_left_out(node):
            return
        if isinstance(node, nodes.literal_block):
            entry.code.append(node.astext())
        elif isinstance(node, nodes.TextElement):
            entry.text.append(node.astext())
        else:
            if own := self._own_entry(node):
                self.entries.append(own)
            for child in node.children:
                self._read(child, own or entry)

    def _own_entry(self, node: nodes.Element) -> Entry | None:
        if isinstance(node, Folded) and "clause-earlier" in node["classes"]:
            return self._rule(node[1]["ids"][0])
        if isinstance(node, addnodes.desc) and node[0]["ids"]:
            id = node[0]["ids"][0]
            return self._rule(id) if node["domain"] == self.domain.name else self._name(id)
        if self.docname.startswith(_UPGRADING):
            return None
        if isinstance(node, nodes.section) and not isinstance(node.parent, nodes.document):
            id, title = node["ids"][0], node[0].astext()
            return Entry(f"{self.docname}.html#{id}", title, self.page, weight=self.weight)
        return None

    def _rule(self, id: str) -> Entry:
        clause = self.domain.specification.clause(id)
        names = [id, id.partition(".")[2], *_messages(clause)]
        title = clause.rule.replace("`", "")
        cases = [row.id for row in clause.rows]
        return Entry(clause.permalink, title, f"{id}, in {self.page}", names, cases=cases)

    def _name(self, id: str) -> Entry:
        name = ".".join(id.split(".")[-2:])
        return Entry(f"{self.docname}.html#{id}", name, id, [id], weight=self.weight)


def _is_left_out(node: nodes.Element) -> bool:
    return isinstance(node, _UNSEEN) or not _LEFT_OUT.isdisjoint(node["classes"])


def _messages(clause: Clause) -> list[str]:
    examples = (example for check in (clause, *clause.rows) for example in check.examples)
    return list(dict.fromkeys(example.raises for example in examples if example.raises))


class EntryCollector(EnvironmentCollector):
    """Keeps what can be found on each page, so that only a page that changed is read again."""

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Forget a page that is read again or gone."""
        entries_by_page(env).pop(docname, None)

    def merge_other(
        self, app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment
    ) -> None:
        """Take over what another process read."""
        found = entries_by_page(other)
        entries_by_page(env).update({name: found[name] for name in docnames if name in found})

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Read a page."""
        docname = app.env.current_document.docname
        if "nosearch" not in app.env.metadata[docname]:
            reader = Reader(docname, doctree, clause_domain(app.env))
            entries_by_page(app.env)[docname] = reader.entries


def entries_by_page(env: BuildEnvironment) -> dict[str, list[Entry]]:
    """Return what can be found, by page."""
    found: dict[str, list[Entry]] = env.__dict__.setdefault("search_entries", {})
    return found


def write_index(app: Sphinx, exception: Exception | None) -> None:
    """Write the index into the folder `pagefind` of the site."""
    if exception is None and app.builder.name == "html":
        words = tomllib.loads(_KEYWORDS.read_text(encoding="utf-8"))
        entries = [entry for page in entries_by_page(app.env).values() for entry in page]
        synonyms = {page: names.split(", ") for page, names in words["addresses"].items()}
        for address in synonyms.keys() - {entry.address for entry in entries}:
            _LOGGER.warning("%s names %r, which is not on the site", _KEYWORDS.name, address)
        pages = [
            entry.html(synonyms.get(entry.address, []), _related(entry, words["words"]))
            for entry in entries
        ]
        _run_pagefind(pages, app.outdir / "pagefind")


def _related(entry: Entry, words: dict[str, str]) -> list[str]:
    said = " ".join([entry.title, *entry.text]).lower()
    return [others for word, others in words.items() if word in said]


def _run_pagefind(pages: list[str], folder: Path) -> None:
    """Have Pagefind read *pages*, all at once, and write what it finds into *folder*."""
    shutil.rmtree(folder, ignore_errors=True)
    with TemporaryDirectory() as read:
        for number, html in enumerate(pages):
            Path(read, f"{number}.html").write_text(html, encoding="utf-8")
        # Its own interface for Python waits a tenth of a second after each page.
        command = [sys.executable, "-m", "pagefind", "--site", read, "--output-path", str(folder)]
        subprocess.run([*command, "--quiet"], check=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Read each page, and write the index in the end."""
    app.add_env_collector(EntryCollector)
    app.connect("build-finished", write_index)
    return {"env_version": 3, "parallel_read_safe": True, "parallel_write_safe": True}
