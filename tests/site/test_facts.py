"""The facts at the top of a page, on small sites."""

import re

import pytest

from signalbook.sphinx_ext.facts import TERMS

CLAUSES = """\
# Gates

:::{clause} gates.open
:holds: flask>=1.1

A gate MUST open.

```pycon
>>> 1
1
```

::::{earlier} gates.stuck
:holds: flask>=0.7,<1.1

It was `stuck`.

```pycon
>>> 2
2
```
::::
:::

:::{clause} gates.locked

A locked gate MAY stay shut.

```pycon
>>> 1
1
```
:::
"""

FACTS = """\
# Facts

:::{facts}
Open
: Always. {clause}`gates.open`

Shut
: If locked. {clause}`gates.locked`
:::
"""


@pytest.fixture
def build_facts(small_site):
    """Build a site with the facts, and return it and its warnings without places."""

    def build_facts(facts):
        pages = {"spec/signals/gates.md": CLAUSES, "docs/facts.md": facts}
        site = small_site(pages)
        found = [re.split("(?:WARNING|ERROR): ", line)[1] for line in site.warnings]
        found = [text.partition(" [")[0] for text in found]
        return site.read("docs/facts.html"), found

    return build_facts


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        (("x", "x"), []),
        (
            (" {clause}`gates.locked`", ""),
            ["the fact 'Shut' is proved by no clause; name one with {clause}"],
        ),
        (
            ("Shut\n: If locked. {clause}`gates.locked`", "Open\n: If locked."),
            ["the fact 'Open' is proved by no clause; name one with {clause}"],
        ),
        (
            ("{clause}`gates.open`\n\nShut\n: If locked.", "\n\nOpen\n: If locked."),
            ["the fact 'Open' is proved by no clause; name one with {clause}"],
        ),
        (
            ("gates.locked", "gates.stuck"),
            [
                "the fact 'Shut' is proved by 'gates.stuck',"
                " which doesn't hold on the newest release"
            ],
        ),
    ],
)
def test_fact_is_proved_by_what_holds_today(build_facts, change, problems):
    """Each phrase names clauses, and each of these holds on the newest release."""
    html, found = build_facts(FACTS.replace(*change))
    assert problems == found
    assert '<dl class="simple myst facts">' in html


def test_own_clauses_are_named_by_their_behaviour(small_site):
    """Beside a phrase there is little room: who is on the clauses' page knows their subject."""
    site = small_site({"spec/signals/gates.md": FACTS.partition("\n")[2] + CLAUSES})
    facts, _, _ = site.read("spec/signals/gates.html").partition("</dl>")
    shown = re.findall(r"<dd[^>]*>.*?<a [^>]*>(.*?)</a>", facts, re.DOTALL)
    assert ["open", "locked"] == [re.sub("<.*?>", "", text) for text in shown]


def test_fact_of_another_release_is_folded_below_it(build_facts):
    """Below a phrase stands what its clauses say of earlier releases, and only there."""
    html, _ = build_facts(FACTS)
    (first, second) = re.findall(r"<dd[^>]*>(.*?)</dd>", html, re.DOTALL)
    assert "<details" not in second
    past = re.search(r"<details.*?>(.*)</details>", first, re.DOTALL)[1]
    text = " ".join(re.sub("<.*?>", "", past).split())
    assert "Earlier Flask from 0.7, before 1.1: It was stuck. gates.stuck" == text


FACT = "{}\n: So. {{clause}}`gates.open`"
ABOUT_A_SIGNAL = "\n\n".join(
    ["# Facts", ":::{facts}\n" + FACT.format(TERMS[0]).replace("So. ", "")]
    + [FACT.format(term) for term in TERMS[1:]]
    + [":::"]
)


def test_first_release_and_changes_are_worked_out(build_facts):
    """The first phrase about a signal names the release that brought it, and what changed it."""
    html, found = build_facts(ABOUT_A_SIGNAL)
    assert [] == found
    phrase = re.search(r"<dd[^>]*>\s*<p>(.*?)</p>", html, re.DOTALL)[1]
    assert "Flask 0.7. Changed in 1.1." == phrase
    html, _ = build_facts(ABOUT_A_SIGNAL.replace("gates.open", "gates.locked"))
    assert "Flask 0.6." == re.search(r"<dd[^>]*>\s*<p>(.*?)</p>", html, re.DOTALL)[1]


@pytest.mark.parametrize(
    ("proof", "problem"),
    [
        ("So.", "the fact 'Since' is proved by no clause; name one with {clause}"),
        ("{clause}`gates.shut`", "there is no clause 'gates.shut'"),
    ],
)
def test_first_release_of_nothing_is_a_warning(build_facts, proof, problem):
    """A first phrase without a clause that there is says what is missing, as all others do."""
    html, found = build_facts(ABOUT_A_SIGNAL.replace("{clause}`gates.open`", proof, 1))
    assert 1 == len(found)
    assert problem in found[0]
    assert "Flask 0" not in re.search(r"<dd[^>]*>(.*?)</dd>", html, re.DOTALL)[1]


@pytest.mark.parametrize("change", [("Order\n", "Ordre\n"), ("Order\n: So. ", "Bound\n: So. ")])
def test_facts_about_a_signal_are_the_same_everywhere(build_facts, change):
    """Who compares two signals finds the same ten facts in the same order."""
    _, found = build_facts(ABOUT_A_SIGNAL.replace(*change))
    assert f"facts about a signal have the terms {', '.join(TERMS)}" in found[0]
