"""The API's pages: what is on them is true of the code, and every entry says something."""

import importlib
import inspect
import re
from types import ModuleType

import pytest
from building import ROOT, build
from docutils import nodes
from sphinx import addnodes

import signalbook.reference
from signalbook.clauses import UnknownClause
from signalbook.reference import Blueprint, Flask
from signalbook.reference.engine import Namespace, Signal

LANDING = "docs/reference/api"
ELSEWHERE = "autodoc2.dup_item,myst.xref_missing,ref.clause,ref.doc,signalbook.unseen"


@pytest.fixture(scope="session")
def api(tmp_path_factory):
    """The API's pages; the rest of the site isn't there."""
    return build(
        ROOT,
        tmp_path_factory.mktemp("api"),
        root_doc=LANDING,
        include_patterns=[f"{LANDING}.md", f"{LANDING}/*"],
        extensions=[
            *("myst_parser", "autodoc2", "sphinx.ext.intersphinx", "api_pages", "api_entries"),
            *("fewer_elements", "signalbook.sphinx_ext"),
        ],
        suppress_warnings=ELSEWHERE.split(","),
    )


@pytest.fixture(scope="session")
def entries(api):
    """Return the node of each entry, by its full name."""
    pages = [api.app.env.get_doctree(page) for page in api.app.env.found_docs]
    described = (entry for page in pages for entry in page.findall(addnodes.desc))
    return {entry[0]["ids"][0]: entry for entry in described}


def own_content(entry):
    """Return what an entry says of itself, and not what the entries inside it do."""
    return [node for node in entry[1] if not isinstance(node, addnodes.desc)]


def fields(entry):
    """Return the fields of an entry as text, by name."""
    lists = [node for node in own_content(entry) if isinstance(node, nodes.field_list)]
    return {field[0].astext(): field[1].astext() for each in lists for field in each}


def test_api_builds_without_warnings(api):
    """Sphinx finds nothing wrong with the API alone."""
    assert [] == api.warnings


def modules():
    """Return the modules of the reference that users import from."""
    names = "app blueprints cli config ctx debughelpers globals helpers json json.provider json.tag"
    names += " logging sessions templating testing typing views wrappers engine.base fallback"
    return [importlib.import_module(f"signalbook.reference.{name}") for name in names.split()]


def test_landing_lists_every_public_name(api):
    """Each name of the reference, and of each of its modules, is a link on the first page."""
    landing = api.read(f"{LANDING}.html")
    linked = set(re.findall(r'href="api/\w+\.html#(signalbook\.reference\.[\w.]+)"', landing))
    whole = {f"{module.__name__}.{name}" for module in modules() for name in module.__all__}
    whole.remove("signalbook.reference.engine.base.ANY")
    whole.add("signalbook.reference.engine.links.ANY")  # where it is defined
    assert set() == whole - linked
    short = {name.rpartition(".")[2] for name in linked}
    public = signalbook.reference.__all__
    objects = [
        name for name in public if not isinstance(getattr(signalbook.reference, name), ModuleType)
    ]
    assert [] == [name for name in objects if name not in short]


def test_landing_links_the_methods_of_a_signal(api):
    """Who looks for `Signal.send` finds it on the first page."""
    name = "signalbook.reference.engine.base.Signal.send"
    assert f'href="api/engine.html#{name}"' in api.read(f"{LANDING}.html")


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("engine", "engine.Signal"),
        ("engine", "engine.Signal.send"),
        ("engine", "engine.ANY"),
        ("flask", "Flask.route"),
        ("functions", "flash"),
        ("signals", "request_started"),
    ],
)
def test_name_as_it_is_imported_is_an_anchor(api, page, name):
    """Where users import a name from is an address, also where it is defined elsewhere."""
    html = api.read(f"{LANDING}/{page}.html")
    assert html.count(f'id="signalbook.reference.{name}"') == 1


def parameters_shown(entry):
    """Return what an entry's signature has between its parentheses, without annotations."""
    shown = []
    for node in entry[0].findall(addnodes.desc_parameter):
        text = node.astext()
        name = re.match(r"[*/\w]+", text)[0]
        shown.append(name + "=" * ("=" in text))
    return shown


def parameters_of(thing):
    """Return the same of the object itself; `self`, which nobody gives, is left out."""
    shown, star = [], False
    parameters = list(inspect.signature(thing).parameters.values())
    parameters = [each for each in parameters if each.name != "self"]
    for number, each in enumerate(parameters):
        if each.kind is each.KEYWORD_ONLY and not star:
            shown.append("*")
            star = True
        star = star or each.kind is each.VAR_POSITIONAL
        mark = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(each.kind, "")
        shown.append(mark + each.name + "=" * (each.default is not each.empty))
        following = parameters[number + 1 :][:1]
        if each.kind is each.POSITIONAL_ONLY and not any(
            other.kind is other.POSITIONAL_ONLY for other in following
        ):
            shown.append("/")
    return shown


@pytest.mark.parametrize(
    ("page", "thing"),
    [
        ("signalbook.reference.app.Flask", Flask),
        ("signalbook.reference.blueprints.Blueprint", Blueprint),
        ("signalbook.reference.engine.base.Signal", Signal),
        ("signalbook.reference.engine.base.Namespace", Namespace),
    ],
)
def test_signatures_are_those_of_the_code(entries, page, thing):
    """A class, and each of its methods that has an entry, takes what `inspect` says."""
    methods = [name for name in entries if name.startswith(f"{page}.")]
    methods = [name for name in methods if entries[name]["objtype"] == "method"]
    shown = {name: parameters_shown(entries[name]) for name in methods}
    real = {name: parameters_of(getattr(thing, name.rpartition(".")[2])) for name in methods}
    assert shown and shown == real
    if thing is not Namespace:  # That is a `dict`, of which nothing is known.
        assert parameters_shown(entries[page]) == parameters_of(thing)


def test_every_public_method_of_flask_is_on_its_page(api):
    """What an application has from a base is where a user looks for it."""
    page = api.read(f"{LANDING}/flask.html")
    shown = set(re.findall(r'id="signalbook\.reference\.app\.Flask\.(\w+)"', page))
    assert "route" in shown
    public = {name for name in dir(Flask) if not name.startswith("_")}
    assert set() == public - shown


def test_every_entry_has_text(entries):
    """No entry is empty, or has nothing but fields."""
    empty = [
        name
        for name, entry in entries.items()
        if not any(isinstance(node, nodes.paragraph) for node in own_content(entry))
        or not "".join(node.astext() for node in own_content(entry)).strip()
    ]
    assert len(entries) > 500 and empty == []


@pytest.mark.parametrize("page", ["clauses", "engine", "others", "kit"])
def test_module_is_explained_before_its_entries(api, page):
    """What a module is for stands under its heading, where a reader begins."""
    document = api.app.env.get_doctree(f"{LANDING}/{page}")
    for section in document.findall(nodes.section):
        kinds = [type(node) for node in section if isinstance(node, nodes.Element)]
        assert nodes.paragraph in kinds
        if addnodes.desc in kinds:
            assert kinds.index(nodes.paragraph) < kinds.index(addnodes.desc)
        if nodes.section in kinds:
            assert set(kinds[kinds.index(nodes.section) :]) <= {nodes.section, nodes.compound}


def test_every_linked_clause_exists(entries, specification):
    """What an entry says that it keeps is a clause."""
    unknown = []
    for name, entry in entries.items():
        for id in re.split(r",\s*", fields(entry).get("Keeps", "")):
            try:
                _ = id and specification.clause(id)
            except UnknownClause:
                unknown.append((name, id))
    assert [] == unknown


def test_keeps_has_each_clause_of_the_docstring_once(entries):
    """Those in its sentences come first, then those of the field."""
    send = fields(entries["signalbook.reference.engine.base.Signal.send"])
    kept = send["Keeps"].split(", ")
    assert kept[:2] == ["connecting.each-send", "connecting.senders"]
    assert len(kept) == len(set(kept)) and "sending.error" in kept
    assert "keeps" not in send


def test_each_signal_leads_to_its_page_and_names_its_clauses(entries):
    """The ten signals have clauses of their own pages."""
    for name in signalbook.reference.signals.__all__:
        if name != "Namespace":
            entry = entries[f"signalbook.reference.signals.{name}"]
            page = name.replace("_", "-")
            links = [link["reftarget"] for link in entry.findall(addnodes.pending_xref)]
            assert f"/spec/signals/{page}" in links
            assert f" {page}.arguments," in fields(entry)["Keeps"]


@pytest.mark.parametrize(
    ("name", "since"),
    [
        ("signals.request_started", "Flask 0.6, the first that was measured"),
        ("signals.appcontext_pushed", "Flask 0.10"),
        ("signals.before_render_template", "Flask 0.11"),
        ("templating.stream_template", "Flask 2.2"),
        ("engine.base.Signal.send", "blinker 1.0, the first that was measured"),
        ("engine.base.Signal.send_async", "blinker 1.6"),
        ("fallback.Signal.send", "Flask 0.6, the first that was measured"),
    ],
)
def test_since_is_measured(entries, name, since):
    """It is the first release of the right project on which one of the clauses passed."""
    assert fields(entries[f"signalbook.reference.{name}"])["Since"] == since


def test_source_leads_to_the_line_of_the_definition(api, entries):
    """Each link leads to a line that has the name, also where it comes from a base."""
    pages, wrong = {}, []
    for name, entry in entries.items():
        (link,) = (each for each in entry[0].findall(nodes.reference) if each.astext() == "")
        address, _, anchor = link["refuri"].partition("#")
        if address not in pages:
            pages[address] = api.read(f"{LANDING}/{address}")
        line = re.search(rf'<span id="{anchor}">(.*)', pages[address])[1]
        if name.rpartition(".")[2] not in line:
            wrong.append((name, line))
    assert [] == wrong


def test_pages_are_few_and_small(api):
    """Browsers show them quickly, and the navigation below the API has two levels."""
    pages = sorted(api.app.env.found_docs)
    assert len(pages) <= 22
    for page in pages:
        assert len(re.findall(r"<[a-z]", api.read(f"{page}.html"))) < 8000
    below = api.app.env.toctree_includes
    rooms = [room for page in below[LANDING] for room in below.get(page, [])]
    assert rooms and not any(below.get(room) for room in rooms)
