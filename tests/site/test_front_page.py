"""The front page: where it leads, and whether what it shows is so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from signalbook.sphinx_ext.outcomes import ARGUMENTS
from signalbook.sphinx_ext.timelines import SIGNALS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "index.md").read_text(encoding="utf-8")
# Run in a process of its own, in which the two may stand in for Flask and blinker.
REQUEST = """\
import importlib, sys
framework, engine = sys.argv[1:]
sys.modules["blinker"] = importlib.import_module(engine)
sys.modules["flask"] = importlib.import_module(framework)
sys.modules["flask.signals"] = importlib.import_module(f"{framework}.signals")

import flask
from jinja2 import DictLoader
from signalbook.pages import read_specification

(recorder,) = [page for page in read_specification().pages if page.subject == "recorder"]
for example in recorder.setup:
    exec(example.source, globals())

app = flask.Flask("shop")
app.secret_key = "only for this test"
app.logger.disabled = True
app.jinja_loader = DictLoader({"page.html": "{{ note('application', 'template') or 'yes' }}"})

@app.route("/order")
def order():
    flask.flash("saved")
    flask.render_template("page.html")
    raise KeyError("stock")

@app.errorhandler(500)
def sorry(error):
    timeline.note("hook", "errorhandler", error)
    return "sorry", 500

def note_arguments(name):
    def receiver(sender, **arguments):
        named.append(f"{name}: {' '.join(arguments)}")
    return receiver

named = []
timeline = record(app)
receivers = [note_arguments(name) for name in SIGNALS]
for name, receiver in zip(SIGNALS, receivers):
    getattr(flask.signals, name).connect(receiver, app)
ask(app.test_client(), "GET /order")
print("\\n".join(timeline), "", *sorted(named), sep="\\n")
"""
on_both = pytest.mark.parametrize(
    ("framework", "engine"),
    [("flask", "blinker"), ("signalbook.reference", "signalbook.reference.engine")],
    ids=["flask", "reference"],
)


def recorded(framework, engine):
    """Return the timeline of a request that sends all ten, and each one's arguments."""
    command = [sys.executable, "-c", REQUEST, framework, engine]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    timeline, _, named = done.stdout.partition("\n\n")
    return timeline.splitlines(), dict(line.split(": ", 1) for line in named.splitlines())


@on_both
def test_picture_of_the_request_is_measured(framework, engine):
    """What the front page draws is what happens, on Flask and on the reference."""
    drawn = re.search(r"^```{timeline}.*?\n\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)[1]
    timeline, _ = recorded(framework, engine)
    assert [" ".join(line.split()) for line in drawn.splitlines()] == timeline


@on_both
def test_arguments_of_the_table_are_measured(framework, engine):
    """The first argument of each signal has the name that the table of outcomes gives it."""
    _, named = recorded(framework, engine)
    assert {name: words.split()[0] for name, words in named.items() if words.split()} == ARGUMENTS


def test_front_page_leads_to_each_signal_from_the_picture(site):
    """All ten signals are in the picture, each a link to its page."""
    html = site.read("index.html")
    figure = re.search(r'<figure class="timeline">.*?</figure>', html, re.DOTALL)[0]
    links = dict(re.findall(r'<a href="([^"]+)"><circle.*?<text [^>]+>(\w+)', figure))
    assert sorted(links.values()) == sorted(SIGNALS)
    for address, name in links.items():
        title = re.search(r"<h1>(.*?)<a", site.read(address), re.DOTALL)[1]
        assert re.sub("<.*?>", "", title) == name


def test_front_page_shows_the_facts_of_the_signal_s_page(site):
    """The card has what the page says of today, with links that work from here."""
    page = site.read("spec/signals/got-request-exception.html")
    card = re.search(r'<div class="fact-card.*?</dl>', site.read("index.html"), re.DOTALL)[0]
    facts = {term: phrase for term, phrase in items(page) if f"<dt>{term}" in card}
    assert list(facts) == ["Since", "Sender", "Arguments", "Sent", "Not sent", "How often"]
    assert dict(items(card)) == facts
    links = re.findall(r'href="(.*?)#(.*?)"', card)
    assert len(links) >= len(facts)
    for address, id in links:
        assert f'id="{id}"' in site.read(address)


def items(html):
    """Return term and phrase of each of the first facts, without mark-up and what is folded."""
    facts = re.search(r'<dl class="[^"]*facts">.*?</dl>', html, re.DOTALL)[0]
    facts = re.sub(r"<details.*?</details>", "", facts, flags=re.DOTALL)
    found = re.findall(r"<dt>(.*?)<.*?<dd[^>]*>(.*?)</dd>", facts, re.DOTALL)
    return [(term, " ".join(re.sub("<.*?>", "", phrase).split())) for term, phrase in found]


def test_front_page_has_four_doors_before_anything_else():
    """Look up, learn, upgrade, implement: they stand before the first heading below the title."""
    above = TEXT.partition("\n## ")[0]
    assert re.findall(r"^:::{grid-item-card} (.*)$", above, re.MULTILINE) == [
        "Look up", "Learn", "Upgrade", "Implement",
    ]  # fmt: skip
    assert "docs/reference/which-signal-when.md" in above
    assert "docs/guides/receiver-not-called.md" in above


def test_front_page_installs_before_it_runs_anything():
    """The first command is the one that installs, and no command stands above the doors."""
    commands = re.findall(r"^\$ (\w+ \w+)", TEXT, re.MULTILINE)
    assert commands == ["pip install", "signalbook verify"]
    assert TEXT.index("```console") > TEXT.rindex(":::")


FACTS = """\
# A signal

:::{facts}
Sent
: Always. {clause}`request-started.kept`
:::

:::{clause} request-started.kept

It MUST be kept.

```pycon
>>> 1
1
```
:::
"""
NO_FACTS = FACTS.replace("started", "finished").replace("{facts}", "{note}")


def front(directive):
    """Return two signals' pages, and one with a directive."""
    return {
        "spec/signals/request-started.md": FACTS,
        "spec/signals/request-finished.md": NO_FACTS,
        "docs/front.md": f"# Front\n\n```{directive}\n```\n",
    }


@pytest.mark.parametrize(
    ("card", "problem"),
    [
        ("request_begun", "ERROR: there is no page of a core signal 'request_begun'"),
        ("request_started\n:terms: Sent, Colour", "has no fact 'Colour'"),
        ("request_finished\n:terms: Sent", "has no fact 'Sent'"),
    ],
)
def test_fact_card_warns_of_what_is_not_there(small_site, card, problem):
    """A card of no signal, and a fact that its page lacks, are noticed at the card."""
    (warning,) = small_site(front(f"{{fact-card}} {card}")).warnings
    assert problem in warning
    assert "docs/front.md:3" in warning


def test_fact_card_without_terms_has_all_and_follows_the_page(small_site):
    """The card shows every fact, and those of today after the signal's page was edited."""
    pages = front("{fact-card} request_started")
    site = small_site(pages)
    assert items(site.read("docs/front.html")) == [("Sent", "Always. kept")]
    edited = {"spec/signals/request-started.md": FACTS.replace("Always", "Never")}
    assert items(small_site(edited).read("docs/front.html")) == [("Sent", "Never. kept")]
    assert site.warnings == []


@pytest.mark.parametrize("line", ["signal request_begun", "what"])
def test_malformed_timeline_is_an_error(small_site, line):
    """A line that can't be read is an error, and nothing is drawn."""
    site = small_site(front(f"{{timeline}} a request\n{line}"))
    (warning,) = site.warnings
    assert f"docs/front.md:3: ERROR: the timeline's line {line!r}" in warning
    assert "<figure" not in site.read("docs/front.html")
