"""What a site has besides its text: addresses, descriptions, data, programs, Markdown."""

import json
import re
import runpy
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote

import jsonschema
import pytest
from docutils import nodes
from sphinx.util.inventory import InventoryFile

from signalbook.exports import SCHEMA, export, script
from signalbook.history import HISTORY_SCHEMA, history_file, read_features

ROOT = Path(__file__).parents[2]
MOST_ELEMENTS = 8000


class Elements(HTMLParser):
    """Counts the elements of a page."""

    def __init__(self, html):
        super().__init__()
        self.count = 0
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.count += 1


def html_pages(site):
    """Return the pages' HTML by name, without those that Sphinx makes."""
    return {name: site.read(f"{name}.html") for name in sorted(site.app.env.found_docs)}


def test_pages_have_few_elements(site):
    """No page is so large that a browser takes seconds to lay it out."""
    counts = {name: Elements(html).count for name, html in html_pages(site).items()}
    assert {name: count for name, count in counts.items() if count >= MOST_ELEMENTS} == {}


def test_code_is_shown_as_it_is_written(site):
    """What has no element of its own isn't lost, and what has a colour keeps it."""
    html = site.read("spec/signals/request-started.html")
    doctree = site.app.env.get_doctree("spec/signals/request-started")
    blocks = re.findall(r"<pre>(.*?)</pre>", html, re.DOTALL)
    shown = [unescape(re.sub(r"<[^>]+>", "", block)).rstrip("\n") for block in blocks]
    assert shown == [block.astext().rstrip("\n") for block in doctree.findall(nodes.literal_block)]
    article = html.partition("<article")[2].partition("</article>")[0]
    spans = set(re.findall(r'<span class="(\w+)">', article))
    assert {"k", "nf", "s2"} <= spans
    assert {"n", "p", "o", "gp", "go", "pre"} & spans == set()


def test_every_page_is_described(site):
    """Each page has a sentence of its own for whoever lists it."""
    found = {
        name: re.findall(r'<meta name="description" content="([^"]+)">', html)
        for name, html in html_pages(site).items()
    }
    assert {name for name, each in found.items() if len(each) != 1} == set()
    assert len({each[0] for each in found.values()}) == len(found)


def test_signals_and_the_engine_link_to_their_own_documentation(site):
    """The pages lead to what Flask and blinker say of the same, each to an address they have."""
    addresses = set()
    for project, kept in (("flask", "flask.palletsprojects.com"), ("blinker", "blinker.read")):
        inventory = InventoryFile.loads(
            (ROOT / "docs" / "_inventories" / f"{project}.inv").read_bytes(), uri=""
        )
        of = {item.uri for kind in inventory.data.values() for item in kind.values()}
        pages = [name for name in site.app.env.found_docs if name.startswith("spec/")]
        linked = re.findall(
            rf'href="https://{kept}[^/]*/en/stable/([^"]*)"',
            "".join(site.read(f"{name}.html") for name in pages),
        )
        assert set(linked) <= of
        addresses.update(linked)
    # Flask's index leaves out one.
    signals = {address for address in addresses if address.startswith("api/#flask.")}
    assert len(signals) == 9
    assert "api/#core-signals-list" in addresses
    assert "#blinker.Signal.connected_to" in addresses


def test_every_page_has_a_markdown_twin(site, specification):
    """Beside each page is its Markdown, which has each rule and each example of the page."""
    for name, html in html_pages(site).items():
        own = name.rpartition("/")[2]
        assert f'<link rel="alternate" type="text/markdown" href="{own}.md">' in html
        assert (site.output / f"{name}.md").read_text("utf-8").startswith("# ")
    for page in specification.pages:
        twin = site.read(page.file)
        for clause in page.clauses:
            assert f"**[`{clause.id}`](#{clause.id})**" in twin
            for example in clause.examples:
                assert example.at_prompt.rstrip("\n") in twin.replace("\n  ", "\n")


def test_links_of_twins_lead_to_files(site):
    """What a twin links to is there: another twin, data, or a page that has no twin."""
    dead = []
    for name in site.app.env.found_docs:
        text = re.sub(r"```.*?```|`.*?`", "", site.read(f"{name}.md"), flags=re.DOTALL)
        for address in re.findall(r"(?<!!)\]\(([^)#\s]+)", text):
            place = normpath(join(dirname(name), unquote(address)))
            if "://" not in address and not (site.output / place).is_file():
                dead.append((name, address))
    assert dead == []


def test_list_for_language_models_has_every_page(site):
    """`llms.txt` names each page's twin once, below its chapter, and the data."""
    text = site.read("llms.txt")
    linked = re.findall(r"^- \[.*?\]\(([^)]+)\)", text, re.MULTILINE)
    pages = [f"{name}.md" for name in site.app.env.found_docs - {"index"}]
    assert sorted(linked) == sorted([*pages, "data/spec.json", "data/history.json"])
    assert text.startswith("# Signalbook\n\n> Flask tells ")


def test_data_is_published_with_its_schemas(site, specification):
    """What is to be downloaded is the export and the history, and each fits its schema there."""
    spec, spec_schema, history, history_schema = (
        json.loads(site.read(f"data/{name}.json"))
        for name in ("spec", "spec.schema", "history", "history.schema")
    )
    assert export(specification, specification.checks, read_features()) == spec
    assert json.loads(history_file().read_text("utf-8")) == history
    assert json.loads(SCHEMA.read_text()) == spec_schema
    assert json.loads(HISTORY_SCHEMA.read_text()) == history_schema
    jsonschema.validate(spec, spec_schema)
    jsonschema.validate(history, history_schema)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("format",), 1),
        (("clauses", "connecting.each-send.one", "digest"), "none"),
        (
            ("clauses", "connecting.each-send.one", "runs"),
            {"blinker": [["1.0", "1.9.0", "so", ""]]},
        ),
        (("next", "clauses"), {"connecting.each-send.one": ["2026-01-01"]}),
    ],
)
def test_schema_of_the_history_refuses_another_form(place, value):
    """The schema isn't satisfied by what isn't a history."""
    data = json.loads(history_file().read_text("utf-8"))
    of = data
    for key in place[:-1]:
        of = of[key]
    of[place[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, json.loads(HISTORY_SCHEMA.read_text()))


def test_every_check_is_there_as_a_program(site, specification):
    """Each clause or row is a file: what `signalbook script` prints, linked in its clause."""
    programs = {file.name: file.read_text("utf-8") for file in (site.output / "programs").iterdir()}
    assert {f"{check.id}.py": script(check) for check in specification.checks} == programs
    for page in specification.pages:
        html = site.read(page.file.replace(".md", ".html"))
        linked = re.findall(r'<a href="(?:\.\./)+programs/([^"]+)\.py"', html)
        assert sorted(linked) == sorted(check.id for c in page.clauses for check in c.checks)


def test_addresses_begin_with_the_setting(published):
    """With the site's address known, pages name theirs, the sitemap has them all, and 404 works."""
    site = published(html_baseurl="https://site.example/signals/")
    base = "https://site.example/signals/"
    assert site.warnings == []
    assert f'<link rel="canonical" href="{base}docs/reference/clauses.html">' in site.read(
        "docs/reference/clauses.html"
    )
    assert re.findall("<loc>(.*?)</loc>", site.read("sitemap.xml")) == [
        f"{base}index.html",
        f"{base}spec/signals/doors.html",
        f"{base}docs/reference/clauses.html",
        f"{base}docs/reference/api/doors.html",
    ]
    lost = site.read("404.html")
    assert lost.index('<base href="/signals/">') < lost.index("<link ")
    assert "canonical" not in lost
    assert 'content="It has doors &amp; more. spec.json"' in site.read("index.html")


def test_without_an_address_nothing_claims_one(published):
    """Without the setting there is neither a canonical address nor a sitemap."""
    site = published()
    assert "canonical" not in site.read("index.html")
    assert not (site.output / "sitemap.xml").exists()
    assert '<base href="/">' in site.read("404.html")


def test_page_can_be_edited_where_it_is_written(published):
    """A page leads to its source, and one that is generated doesn't."""
    options = {
        "top_of_page_buttons": ["edit"],
        "source_edit_link": "https://forge.example/edit/{filename}",
    }
    site = published(html_theme_options=options)
    assert 'href="https://forge.example/edit/index.md"' in site.read("index.html")
    assert "forge.example" not in site.read("docs/reference/api/doors.html")


def test_settings_come_from_the_environment(monkeypatch):
    """Where the site is and where its pages are edited is said to the build, not in the tree."""
    monkeypatch.setenv("SIGNALBOOK_SITE_ADDRESS", "https://site.example/")
    monkeypatch.setenv("SIGNALBOOK_EDIT_ADDRESS", "https://forge.example/{filename}")
    given = runpy.run_path(str(ROOT / "conf.py"))
    monkeypatch.delenv("SIGNALBOOK_SITE_ADDRESS")
    monkeypatch.delenv("SIGNALBOOK_EDIT_ADDRESS")
    without = runpy.run_path(str(ROOT / "conf.py"))
    assert given["html_baseurl"] == "https://site.example/"
    assert given["html_theme_options"]["source_edit_link"] == "https://forge.example/{filename}"
    assert given["html_theme_options"]["top_of_page_buttons"] == ["edit"]
    assert ("", []) == (
        without["html_baseurl"],
        without["html_theme_options"]["top_of_page_buttons"],
    )
