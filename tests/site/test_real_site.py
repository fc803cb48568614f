"""The real site and the kit see the same specification."""

import doctest
import re
from html.parser import HTMLParser

import pytest
from docutils import nodes
from sphinx import addnodes
from sphinx.util.inventory import InventoryFile

from signalbook.clauses import CHAPTERS, applies
from signalbook.history import read_history
from signalbook.sphinx_ext.folding import Folded
from signalbook.sphinx_ext.ranges_in_words import range_in_words
from signalbook.verdicts import Verdict


def shown_clauses(site, page):
    """Return the nodes of each clause on a page, by id."""
    doctree = site.app.env.get_doctree(page.file.removesuffix(".md"))
    return {
        description[0]["ids"][0]: description
        for description in doctree.findall(addnodes.desc)
        if description["objtype"] == "clause"
    }


def shown_examples(node):
    """Return source and line of each example in *node*."""
    return [
        (example.source, block.line + 1 + example.lineno)
        for block in node.findall(nodes.literal_block)
        if block["language"] == "pycon"
        for example in doctest.DocTestParser().get_examples(block.rawsource or block.astext())
    ]


def read_examples(examples):
    """Return source and line of each of the kit's examples."""
    return [(example.source, example.line) for example in examples]


def test_site_builds_without_warnings(site):
    """Sphinx finds nothing wrong, but for the pages that this build leaves out."""
    assert [line for line in site.warnings if "docs/reference/api" not in line] == []


def test_site_shows_the_clauses_of_the_kit(site, specification):
    """Every page has the clauses that the kit reads from it, in the same order."""
    shown = {page.file: list(shown_clauses(site, page)) for page in specification.pages}
    read = {page.file: [clause.id for clause in page.clauses] for page in specification.pages}
    assert shown == read


def test_site_shows_the_examples_of_the_kit(site, specification):
    """Every clause has the examples that the kit reads, at the same lines."""
    for page in specification.pages:
        shown = {id: shown_examples(node) for id, node in shown_clauses(site, page).items()}
        read = {
            clause.id: [e for entry in clause.entries for e in read_examples(entry.examples)]
            for clause in page.clauses
        }
        assert shown == read


def test_site_shows_the_setup_of_the_kit(site, specification):
    """The set-up block of every page has the examples that the kit reads there."""
    for page in specification.pages:
        doctree = site.app.env.get_doctree(page.file.removesuffix(".md"))
        blocks = [node for node in doctree.findall(Folded) if "setup" in node["classes"]]
        shown = [example for block in blocks for example in shown_examples(block)]
        own = [example for example in page.setup if example.file == page.file]
        assert shown == read_examples(own)


def test_site_shows_level_range_and_needs(site, specification):
    """The head of a clause has its level, its range in words, and own needs."""
    for page in specification.pages:
        for clause, node in zip(page.clauses, shown_clauses(site, page).values(), strict=True):
            needs = f"; needs {' and '.join(sorted(clause.own_needs or (), reverse=True))}"
            facts = f"{clause.level}"
            facts += f" for {range_in_words(clause.holds)}" if clause.holds else ""
            facts += needs if clause.own_needs else ""
            assert [line.astext() for line in node[0]] == [clause.id, facts]
            written = [each["explanation"] for each in node[0].findall(nodes.abbreviation)]
            assert written == [str(clause.holds)] * bool(clause.holds)


def all_with_ids(specification):
    """Return clauses, rows and earlier entries."""
    return [each for clause in specification.clauses for each in clause.family]


def test_html_id_equals_the_permalink(site, specification):
    """A clause's permalink leads to an element of its own."""
    for clause in all_with_ids(specification):
        page, _, id = clause.permalink.partition("#")
        assert site.read(page).count(f' id="{id}"') == 1


def test_objects_inv_has_every_clause(site, specification):
    """Other sites can link to a clause, with our domain and without it."""
    inventory = InventoryFile.loads((site.output / "objects.inv").read_bytes(), uri="")
    places = {clause.id: clause.permalink for clause in all_with_ids(specification)}
    by_domain = {id: item.uri for id, item in inventory.data["signalbook:clause"].items()}
    labels = {id: item.uri for id, item in inventory.data["std:label"].items() if id in places}
    assert by_domain == places
    assert labels == places


def test_page_of_clauses_links_to_every_clause(site, specification):
    """Every clause and what was true before it is on the page of all clauses, in reading order."""
    html = site.read("docs/reference/clauses.html")
    assert re.findall(r'href="\.\./\.\./(spec/[^"]+#[^"]+\.[^"]+)"', html) == [
        entry.permalink for clause in specification.clauses for entry in clause.entries
    ]


def test_tables_by_release_have_every_clause(site, specification):
    """Each clause, and what was true before it, has a row in the tables of its chapter."""
    pages = {chapter: site.read(f"docs/compatibility/{chapter}.html") for chapter in CHAPTERS}
    rows = {chapter: re.findall('id="measured-([^"]+)"', html) for chapter, html in pages.items()}
    assert all(len(set(ids)) == len(ids) for ids in rows.values())
    # What is measured without blinker, too, has a row there as well.
    shown = {
        chapter: sorted(id for id in ids if not id.startswith("flask-without-blinker-"))
        for chapter, ids in rows.items()
    }
    assert shown == {
        chapter: sorted(
            entry.id
            for clause in specification.clauses
            for entry in clause.entries
            if clause.chapter == chapter
        )
        for chapter in CHAPTERS
    }


def test_pages_of_signals_tell_of_each_claim_about_them(site):
    """A claim that is judged by clauses of a signal's page is on it, with a link to the claim."""
    claims = site.app.env.get_domain("signalbook").claims["docs/claims"]
    pages = [path for path in site.output.glob("spec/signals/*.html") if path.stem != "index"]
    shown = {
        page.stem: re.findall('href="../../docs/claims.html#(.*?)"', page.read_text("utf-8"))
        for page in pages
    }
    assert len(pages) == 11
    assert shown == {
        page.stem: [claim.id for claim in claims if page.stem in claim.subjects] for page in pages
    }
    assert len(shown["got-request-exception"]) > 3


class Elements(HTMLParser):
    """Counts the elements of a page."""

    number = 0

    def handle_starttag(self, tag, attributes):
        self.number += 1


def test_no_page_has_too_many_elements(site):
    """Browsers show a page of 8,000 elements at once; more than that takes them seconds."""
    counted = {}
    for path in site.output.rglob("*.html"):
        parser = Elements()
        parser.feed(path.read_text("utf-8"))
        counted[path.relative_to(site.output).as_posix()] = parser.number
    assert len(counted) > 60
    assert {page: number for page, number in counted.items() if number > 8000} == {}


class Loads(HTMLParser):
    """Collects what a page has the browser load."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        loads = tag in {"script", "img", "iframe", "source", "audio", "video", "embed"}
        if loads or (tag == "link" and given.get("rel") not in {"next", "prev", "index", "search"}):
            self.found += [given[name] for name in ("src", "href", "srcset") if given.get(name)]


def test_site_loads_nothing_from_other_hosts(site):
    """Every script, style sheet and image comes with the site."""
    found = []
    for path in sorted(site.output.rglob("*.html")):
        parser = Loads()
        parser.feed(path.read_text("utf-8"))
        found += parser.found
    for path in sorted(site.output.rglob("*.css")):
        found += re.findall(r"(?:url\(|@import)\s*[\"']?([^\"')\s]+)", path.read_text("utf-8"))
    assert len(found) > 100
    assert [address for address in found if re.match(r"(\w+:)?//", address)] == []


class Heard(HTMLParser):
    """Collects what a screen reader gets of each picture, by the picture's label."""

    def __init__(self):
        super().__init__()
        self.pictures, self.event = {}, None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "svg" and given.get("role") == "list":
            self.label = given["aria-label"].split()[2].removesuffix(":")
            self.pictures[self.label] = []
        if given.get("role") == "listitem":
            self.event = ""

    def handle_data(self, data):
        if self.event is not None:
            self.event += data

    def handle_endtag(self, tag):
        if tag == "g" and self.event is not None:
            self.pictures[self.label].append(self.event)
            self.event = None


def test_site_draws_every_timeline(site, specification):
    """Each clause about a timeline has its picture, with as many events as are compared."""
    shown, recorded = {}, {}
    for page in specification.pages:
        parser = Heard()
        parser.feed(site.read(page.file.replace(".md", ".html")))
        shown.update((id, len(events)) for id, events in parser.pictures.items())
        for clause in page.clauses:
            if re.match(r"[^.]+\.timeline(-|$)", clause.id):
                recorded[clause.id] = compared(clause)
    assert len(recorded) > 5
    assert shown == recorded


def compared(clause):
    """Return with how many lines the clause's first check compares its timeline."""
    names, recorder = {}, Recorder()
    for example in clause.checks[0].examples:
        if example.source.startswith("timeline.differences("):
            exec(example.source, {**names, "lanes": [], "timeline": recorder, "LANES": []})
        elif re.match(r"\w+ = [\"'\d]", example.source):
            exec(example.source, names)
    return recorder.lines


class Recorder:
    """Counts what it is given to compare."""

    def differences(self, lanes, text, **given):
        lines = text.format(**given).replace(";", "\n").split("\n")
        self.lines = len([line for line in lines if line.strip()])


def test_table_of_outcomes_tells_of_each_timeline(site, specification):
    """Every timeline that holds on the newest release has a row, and nothing has two."""
    html = site.read("docs/reference/which-signal-when.html")
    other = r'<tr class="[^"]*outcomes-other.*?</tr>'
    newest_rows = re.sub(other, "", html, flags=re.DOTALL)
    heads = re.findall(r'<th [^>]*scope="row".*?</th>', newest_rows, re.DOTALL)
    newest = {"flask": "3.1.3", "blinker": "1.9.0"}
    wanted = {
        clause.id
        for clause in specification.clauses
        if re.match(r"[^.]+\.timeline(-|$)", clause.id)
        and "blinker" in clause.needs
        and applies(clause, newest)
    }
    assert {re.search(r'href="[^"]*#(.*?)"', head)[1] for head in heads} == wanted
    told = [re.sub("<.*?>", "", head) for head in heads]
    assert len(set(told)) == len(told)


def test_claim_about_rules_with_rows_has_a_verdict(site, specification):
    """A claim that names a clause with rows is judged by what these did."""
    assert specification.clause("got-request-exception.http-exceptions").rows
    claims = site.read("docs/claims.html").split('class="claim docutils container"')[1:]
    (claim,) = [each for each in claims if "is sent for HTTP errors too" in each]
    assert "False, in every release" in claim


def listed_checks(site, page, specification):
    """Return the ids of the checks in the lines of a page on an upgrade, as one reads them."""
    doctree = site.app.env.get_doctree(f"docs/upgrading/{page}")
    proofs = [
        node for node in doctree.findall(nodes.paragraph) if "change-proofs" in node["classes"]
    ]
    return [
        id
        for proof in proofs
        for link in proof.findall(addnodes.pending_xref)
        for id in named_checks(specification.clause(link["reftarget"]), cases_after(link))
    ]


def cases_after(link):
    """Return what stands in brackets after a link."""
    after = link.next_node(descend=False, siblings=True)
    found = re.match(r" \((.*?)\)", after.astext()) if after else None
    return found[1] if found else ""


def named_checks(entry, cases):
    """Return the ids that an entry and its cases, in words, stand for."""
    names = set(cases.removeprefix("all but ").split(", "))
    if not cases:
        return [row.id for row in entry.rows or (entry,)]
    return [
        row.id
        for row in entry.rows
        if (row.id.rpartition(".")[2] in names) is not cases.startswith("all but ")
    ]


@pytest.mark.parametrize(
    ("page", "older", "newer"),
    [
        ("0.12-to-1.1", "0.12.5", "1.1.4"),
        ("1.1-to-2.3", "1.1.4", "2.3.3"),
        ("2.3-to-3.1", "2.3.3", "3.1.3"),
        ("3.1-to-next", "3.1.3", "next"),
    ],
)
def test_page_on_an_upgrade_lists_each_check_whose_verdict_differs(
    site, specification, page, older, newer
):
    """Each is in exactly one line, and nothing else is, by what the history's file says."""
    history = read_history()

    def passed(check, version):
        if version == "next":
            return history.next.clauses[check.id].verdict is Verdict.PASSED
        runs = history.clauses[check.id].runs
        run = runs.get("flask") or runs.get("flask-without-blinker")
        return version in run.verdicts and run.verdicts[version].verdict is Verdict.PASSED

    known = [
        check
        for check in specification.checks
        if "flask" in check.needs and history.has_examples_of(check)
        if newer != "next" or history.coming(check)
    ]
    differing = [check.id for check in known if passed(check, older) is not passed(check, newer)]
    assert differing
    assert sorted(differing) == sorted(listed_checks(site, page, specification))


def test_history_of_a_signal_names_the_cases_that_changed(site):
    """A rule that is broken in one case isn't told as broken in all; the newest is first."""
    html = site.read("spec/signals/request-finished.html")
    listing = re.search(r'<dl class="[^"]*subject-history.*?</dl>', html, re.DOTALL)[0]
    releases = re.findall(r"<dt>Flask ([\d.]+)", listing)
    versions = read_history().versions("flask")
    assert releases == [version for version in reversed(versions) if version in releases]
    text = re.sub(r"<[^>]+>", "", listing)
    line = next(line for line in text.split("\n") if "exactly one keyword argument" in line)
    assert "not in the case unhandled" in line
    assert "(arguments: unhandled)" in line
