"""The Sphinx extension, on small sites."""

import json
import re

import pytest
from sphinx.errors import SphinxError

from signalbook.clauses import FEATURES
from signalbook.history import Features, Needed, write_features
from signalbook.pages import read_specification

PAGE = """\
# Doors

:::{setup}
```pycon
>>> doors = []
```
:::

## Open

:::{clause} doors.open
:holds: flask<0.7 | flask>=1.1

A door MUST `open`.

```pycon
>>> doors
[]
```

```{note}
A reason.
```
:::

## Close

:::{clause} doors.close

A door MAY close.

```pycon
>>> doors
[]
```
:::
"""

SHORT = """\
# {subject}

:::{{clause}} {subject}.only

It MUST be.

```pycon
>>> 1
1
```
:::
"""


def test_role_links_to_the_clause(small_site):
    """The role shows the id, or a text of one's own, and the rule as the link's title."""
    text = "# Other\n\n{clause}`doors.open` and {clause}`the other <doors.close>`.\n"
    site = small_site({"spec/signals/doors.md": PAGE, "docs/other.md": text})
    address = 'href="../spec/signals/doors.html#doors.open" title="A door MUST `open`."'
    assert site.warnings == []
    assert f'{address}><code class="xref clause' in site.read("docs/other.html")
    assert ">the other</span></a>" in site.read("docs/other.html")


def test_rule_with_markup_in_code_is_text_everywhere(small_site):
    """What a rule quotes is shown as text, on its page, in tooltips and in tables."""
    page = PAGE.replace("A door MUST `open`.", 'A door MUST show `<script>"&amp;"</script>`.')
    text = "# Other\n\n{clause}`doors.open`\n\n```{clause-table}\n```\n"
    site = small_site({"spec/signals/doors.md": page, "docs/other.md": text})
    pages = ["spec/signals/doors.html", "docs/other.html"]
    texts = [re.sub("</?(span|code)[^>]*>", "", site.read(page)) for page in pages]
    assert site.warnings == []
    shown = '&lt;script&gt;(?:&quot;|&#34;|")&amp;amp;(?:&quot;|&#34;|")&lt;/script&gt;'
    assert [(1, 0), (3, 0)] == [
        (len(re.findall(shown, text)), len(re.findall('<script>[&"]', text))) for text in texts
    ]


def test_raw_html_in_a_rule_stops_the_build(small_site):
    """A rule with markup of its own never reaches the site."""
    page = PAGE.replace("`open`", "<script>open()</script>")
    with pytest.raises(SphinxError, match=r"spec/signals/doors.md:14: '<script>' is raw HTML;"):
        small_site({"spec/signals/doors.md": page})


@pytest.mark.parametrize("link", ["{ref}`doors.open`", "[](#doors.open)", "[](<#doors.open>)"])
def test_label_links_to_the_clause(small_site, link):
    """Those who don't know the role link with what they know, without ambiguity."""
    text = f"# Other\n\n{link}\n"
    site = small_site({"spec/signals/doors.md": PAGE, "docs/other.md": text})
    assert site.warnings == []
    assert 'href="../spec/signals/doors.html#doors.open"' in site.read("docs/other.html")


def test_role_warns_of_an_unknown_clause(small_site):
    """A wrong id is a warning that names the place and near ids."""
    text = "# Other\n\n{clause}`doors.opens`\n"
    site = small_site({"spec/signals/doors.md": PAGE, "docs/other.md": text})
    (warning,) = site.warnings
    assert "docs/other.md:3: WARNING: there is no clause 'doors.opens'" in warning
    assert "did you mean 'doors.open'" in warning


def test_clause_that_the_kit_does_not_read_is_a_warning(small_site):
    """A clause on another page than one of the specification's isn't shown."""
    other = SHORT.format(subject="other")
    site = small_site({"spec/signals/doors.md": PAGE, "docs/other.md": other})
    (warning,) = site.warnings
    assert "docs/other.md:3: WARNING: the kit doesn't read this clause" in warning
    assert "It MUST be" not in site.read("docs/other.html")


def test_clause_at_another_place_is_a_warning(small_site):
    """An id of the specification's can't be used elsewhere."""
    other = SHORT.format(subject="other").replace("other.only", "doors.open")
    site = small_site({"spec/signals/doors.md": PAGE, "docs/other.md": other})
    (warning,) = site.warnings
    assert "at docs/other.md:3 for Sphinx and at spec/signals/doors.md:11 for the kit" in warning


def test_clause_that_the_site_does_not_show_is_a_warning(small_site):
    """A page that the kit reads and Sphinx doesn't is noticed."""
    site = small_site({"spec/signals/doors.md": PAGE}, exclude_patterns=["spec/**"])
    assert [line.partition("WARNING: ")[2] for line in site.warnings if "show" in line] == [
        "the site doesn't show the clause 'doors.open' [signalbook.unseen]",
        "the site doesn't show the clause 'doors.close' [signalbook.unseen]",
    ]


def test_another_grammar_than_the_kits_is_a_warning(small_site):
    """Without exact matching a longer inner fence would close a clause early, silently."""
    site = small_site({"spec/signals/doors.md": PAGE}, myst_colon_fence_exact_match=False)
    (warning,) = site.warnings
    assert "set it to True in conf.py" in warning


def test_unreadable_page_stops_the_build(small_site):
    """There is no site of a specification that the kit refuses; the kit's words say why."""
    page = PAGE.replace("MUST", "must")
    with pytest.raises(SphinxError, match=r"spec/signals/doors.md:14: a rule has exactly one"):
        small_site({"spec/signals/doors.md": page})


def test_incremental_build_follows_an_edit(small_site):
    """After a page was edited, its clauses, the links' titles and the table are new."""
    text = "# Other\n\n```{clause-table}\n```\n"
    small_site({"spec/signals/doors.md": PAGE, "docs/other.md": text})
    edited = PAGE.replace("A door MUST `open`.", "A door SHOULD open.")
    edited = edited.replace("doors.close", "doors.shut")
    site = small_site({"spec/signals/doors.md": edited, "docs/other.md": text})
    assert site.warnings == []
    assert "A door SHOULD open." in site.read("spec/signals/doors.html")
    assert "A door SHOULD open." in site.read("docs/other.html")
    assert "doors.shut" in site.read("docs/other.html")
    assert "doors.close" not in site.read("docs/other.html")


AFTER = """\
# Windows

:::{setup}
:after: signals/doors
:::

:::{clause} windows.shut
:needs: flask

A window MUST be shut.

```pycon
>>> doors
[]
```
:::
"""


def test_setup_after_another_pages_links_to_it(small_site):
    """A set-up that begins with another page's says so, with the link and that page's title."""
    pages = {"spec/signals/doors.md": PAGE, "spec/signals/windows.md": AFTER}
    site = small_site(pages)
    assert site.warnings == []
    assert re.search(
        'These examples begin with the set-up of <a class="[^"]*" href="doors.html">'
        "<span[^>]*>Doors</span></a>.",
        site.read("spec/signals/windows.html"),
    )
    assert small_site({"spec/signals/doors.md": PAGE.replace("# Doors", "# Gates")}).warnings == []
    assert ">Gates</span></a>." in site.read("spec/signals/windows.html")


def test_clause_shows_its_own_needs(small_site):
    """A clause that needs something else than its chapter says what; another says nothing."""
    site = small_site({"spec/signals/doors.md": PAGE, "spec/signals/windows.md": AFTER})
    needs = '<span class="pre">needs</span> <code class="docutils literal notranslate">'
    assert f'{needs}<span class="pre">flask</span>' in site.read("spec/signals/windows.html")
    assert needs not in site.read("spec/signals/doors.html")


WINDOWS = """\
# Windows

:::{clause} windows.cases

A window MUST open.

::::{cases}
| by   | name |
| ---- | ---- |
| hand | `1`  |
| wind | `2`  |
::::

```pycon
>>> name > 0
True
```
:::
"""


def measured(write, tmp_path, page, **needed):
    """Write pages and what was measured of them; return them for a site."""
    write({"spec/signals/windows.md": page}, tmp_path / "measured")
    checks = read_specification(tmp_path / "measured" / "spec").checks
    known = {check.id: needed.get(check.id.rpartition(".")[2]) for check in checks}
    features = Features("", {c.id: Needed(c.digest, known[c.id]) for c in checks if known[c.id]})
    write_features(features, tmp_path / "features.json")
    text = (tmp_path / "features.json").read_text()
    return {"spec/signals/windows.md": page, "spec/features.json": text}


@pytest.mark.parametrize(
    ("hand", "wind", "said"),
    [
        (["sender"], ["sender"], "Needs sender."),
        (["hooks", "any"], ["any"], "Needs any; some cases hooks."),
        (["weak"], ["any"], "Some cases need any, weak."),
        (None, ["any"], "Needs any."),
        (None, None, "To repeat it:"),
    ],
)
def test_clause_names_the_features_that_it_needs(small_site, write, tmp_path, hand, wind, said):
    """What each case needs comes first, then what some need; what isn't measured is left out."""
    pages = measured(write, tmp_path, WINDOWS, hand=hand, wind=wind)
    html = small_site(pages).read("spec/signals/windows.html")
    line = re.search(r'<p class="clause-run">(.*?)</p>', html, re.DOTALL)[1]
    assert re.sub("<[^>]*>", "", line).startswith(said)


def test_table_says_to_its_script_what_clauses_need(small_site, write, tmp_path):
    """It has the features that any case of a clause needs, and all that there are."""
    pages = measured(write, tmp_path, WINDOWS, hand=["hooks"], wind=["any"])
    html = small_site({**pages, "docs/other.md": "# Other\n\n```{clause-table}\n```\n"}).read(
        "docs/other.html"
    )
    data = json.loads(re.search(r'<script type="application/json">(.*?)</script>', html)[1])
    assert {"windows.cases": ["any", "hooks"]} == data["needs"]
    assert list(FEATURES) == data["features"]


def test_incremental_build_forgets_a_removed_page(small_site, tmp_path):
    """A link to a clause whose page is gone is a warning, and the table has it no more."""
    table = "# All\n\n```{clause-table}\n```\n"
    pages = {"spec/signals/doors.md": PAGE, "spec/signals/one.md": SHORT.format(subject="one")}
    site = small_site({**pages, "docs/all.md": table})
    assert "one.only" in site.read("docs/all.html")
    (tmp_path / "source/spec/signals/one.md").unlink()
    site = small_site({"docs/other.md": "# Other\n\n{clause}`one.only`\n"})
    (warning,) = site.warnings
    assert "there is no clause 'one.only'" in warning
    assert "one.only" not in site.read("docs/all.html")


def test_parallel_build_finds_every_clause(small_site):
    """What several processes read is put together."""
    subjects = [f"subject{number}" for number in range(8)]
    pages = {f"spec/signals/{name}.md": SHORT.format(subject=name) for name in subjects}
    table = "# All\n\n```{clause-table}\n```\n"
    site = small_site({**pages, "docs/all.md": table}, parallel=2)
    html = site.read("docs/all.html")
    assert site.warnings == []
    assert [name for name in subjects if f"#{name}.only" in html] == subjects


def test_table_has_a_section_for_each_chapter(small_site):
    """Chapters come in reading order, and below each the pages, with what each clause is."""
    pages = {
        "spec/signals/doors.md": PAGE,
        "spec/dispatch/one.md": SHORT.format(subject="one"),
        "docs/other.md": "# Other\n\n```{clause-table}\n```\n",
    }
    html = small_site(pages).read("docs/other.html")
    sections = re.findall(r'<section class="no-search" id="(.*?)">(.*?)</section>', html, re.DOTALL)
    cells = [
        (id, re.findall(r"<t[hd][^>]*><p>(.*?)</p>", text, re.DOTALL)) for id, text in sections
    ]
    shown = [(id, [re.sub("<[^>]*>", "", cell) for cell in found]) for id, found in cells]
    heads = ["Clause", "Level", "Holds for", "Rule"]
    everywhere = "every release with signals"
    assert shown == [
        ("dispatch", [*heads, "one", "one.only", "MUST", everywhere, "It MUST be."]),
        (
            "signals",
            [
                *(*heads, "Doors", "doors.open", "MUST"),
                *("Flask before 0.7, or Flask 1.1 and later", "A door MUST open."),
                *("doors.close", "MAY", everywhere, "A door MAY close."),
            ],
        ),
    ]


def test_table_says_to_its_script_where_clauses_hold(small_site):
    """It has a digit for each release of Flask: whether the clause holds there."""
    other = "# Other\n\n```{clause-table}\n```\n"
    html = small_site({"spec/signals/doors.md": PAGE, "docs/other.md": other}).read(
        "docs/other.html"
    )
    data = json.loads(re.search(r'<script type="application/json">(.*?)</script>', html)[1])
    on = dict(zip(data["releases"], data["holds"]["doors.open"], strict=True))
    chosen = ("0.6.1", "0.7", "1.0.4", "1.1.0", "3.1.3")
    assert ["1", "0", "0", "1", "1"] == [on[version] for version in chosen]
    assert set(data["holds"]["doors.close"]) == {"1"}


def test_text_shows_a_clause_too(small_site):
    """Builders that know no style show the same facts."""
    site = small_site({"spec/signals/doors.md": PAGE}, builder="text")
    text = site.read("spec/signals/doors.txt")
    assert "Set-up: runs before every clause on this page\n\n   >>> doors = []\n" in text
    assert (
        "doors.open\n"
        "MUST for Flask before 0.7, or Flask 1.1 and later (flask<0.7 | flask>=1.1)\n"
        "\n"
        '   A door MUST "open".\n'
        "\n"
        "   Note:\n"
        "\n"
        "     A reason.\n"
        "\n"
        "   Examples\n"
        "\n"
        "      >>> doors\n"
        "      []\n"
        "\n"
        "   Runs after this page's set-up. To repeat it: \"signalbook verify\n"
        '   --clause doors.open".\n'
    ) in text


API = """\
# API

```{{py:module}} shed
```

```{{py:class}} Door()
{class_text}

:::{{py:method}} open()
{method_text}
:::
```
"""


def test_clause_links_to_the_docstrings_that_name_it(small_site):
    """A clause shows the objects whose docstrings name it, in order; a page's prose is none."""
    api = API.format(
        class_text="See {clause}`doors.open`.", method_text="See {clause}`doors.open`."
    )
    pages = {"spec/signals/doors.md": PAGE, "docs/api.md": api}
    site = small_site({**pages, "docs/other.md": "# Other\n\n{clause}`doors.open`\n"})
    page = site.read("spec/signals/doors.html")
    (line,) = re.findall("In the reference: (.*)", page)
    assert site.warnings == []
    links = re.findall('href="([^"]*)"', line)
    assert [link for link in links if "/programs/" not in link] == [
        "../../docs/api.html#shed.Door",
        "../../docs/api.html#shed.Door.open",
    ]


def test_incremental_build_follows_a_docstring(small_site):
    """When a docstring no longer names a clause, the clause's own page is new too."""
    named = API.format(class_text="A door.", method_text="See {clause}`doors.open`.")
    small_site({"spec/signals/doors.md": PAGE, "docs/api.md": named})
    unnamed = API.format(class_text="A door.", method_text="It opens.")
    site = small_site({"docs/api.md": unnamed})
    assert "In the reference" not in site.read("spec/signals/doors.html")


CASES = """\
# Gates

:::{clause} gates.open
:holds: blinker>=1.5
:source: blinker's tests
:except: gates.locked

A gate MUST open.

::::{cases}
| which gate | gate | holds |
| ---------- | ---- | ----- |
| old        | `1`  |       |
| new        | `2`  | `blinker>=1.8` |
::::

```pycon
>>> gate in (1, 2)
True
```

::::{earlier} gates.stuck
:holds: blinker<1.5
:rows: old

It was `stuck`.

```pycon
>>> gate
3
```
::::

::::{earlier} gates.gone
:holds: blinker<1.1

There was none.

:::::{cases}
| which gate | gate |
| ---------- | ---- |
| none       | `4`  |
:::::

```pycon
>>> gate
4
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


@pytest.fixture
def gates(small_site):
    """The page of a clause with rows and earlier entries."""
    return small_site({"spec/dispatch/gates.md": CASES}).read("spec/dispatch/gates.html")


def test_row_is_the_target_of_its_id(gates):
    """Each row of a table has its id, its name is a link to it, and its names are code."""
    rows = re.findall(r'<tr class="[^"]*" id="([^"]*)">\s*<td><p><a [^>]*href="#([^"]*)">', gates)
    assert [
        ("gates.open.old", "gates.open.old"),
        ("gates.open.new", "gates.open.new"),
        ("gates.gone.none", "gates.gone.none"),
    ] == rows
    heads = re.findall(r'<th class="head"><p>(.*?)</p></th>', gates)
    assert ["which gate", "gate", "holds", "which gate", "gate"] == [
        re.sub("<.*?>", "", head) for head in heads
    ]
    assert ["gate", "holds", "gate"] == [
        re.sub("<.*?>", "", head) for head in heads if head.startswith("<code")
    ]


FOLDED_CASES = r"<summary[^>]*>(?:<[^>]*>)*(\d cases.*?)</summary>"


def test_cases_are_folded_below_a_line_that_names_them(small_site):
    """Who reads a rule sees which ways there are; of many as fit in a line."""
    names = [f"another-long-name-{number}" for number in range(3)]
    rows = "".join(f"| {name} | `0` | |\n" for name in names)
    last = "| new        | `2`  | `blinker>=1.8` |\n"
    pages = {"spec/dispatch/gates.md": CASES}
    html = small_site(pages).read("spec/dispatch/gates.html")
    assert ["2 cases: old, new"] == re.findall(FOLDED_CASES, html)
    pages = {"spec/dispatch/gates.md": CASES.replace(last, last + rows)}
    html = small_site(pages).read("spec/dispatch/gates.html")
    named = f"5 cases: old, new, {names[0]}, {names[1]}, …"
    assert [named] == re.findall(FOLDED_CASES, html)


def test_past_is_a_folded_line_with_its_ids_inside(gates):
    """What was true earlier is a line with its releases; whoever comes by its ids gets it open."""
    entries = re.findall(
        r'<details class="[^"]*clause-earlier[^"]*">\s*<summary>(.*?)</summary>(.*?)</details>',
        gates,
        re.DOTALL,
    )
    assert [
        "blinker before 1.5 (old): It was stuck.",
        "blinker before 1.1: There was none.",
    ] == [re.sub("<.*?>", "", summary) for summary, _ in entries]
    assert [["gates.stuck", "gates.stuck.old"], ["gates.gone", "gates.gone.none"]] == [
        [id for id in re.findall(r'id="([^"]*)"', body) if id.startswith("gates.")]
        for _, body in entries
    ]


def test_exceptions_are_linked_both_ways(gates):
    """A rule names what narrows it, and that names the rule."""
    lines = re.findall(r'<p class="clause-except">(.*?)</p>', gates)
    assert ["Except gates.locked. ", "An exception to gates.open. "] == [
        re.sub("<.*?>", "", line) for line in lines
    ]
    assert ["#gates.locked", "#gates.open"] == re.findall(r'href="(#[^"]*)"', " ".join(lines))


def test_source_stands_with_the_proof(gates):
    """Who promises a rule is said where its examples are."""
    assert ["Source: blinker\u2019s tests."] == re.findall(
        r'<p class="clause-source">(.*?)</p>',
        gates.replace("&#39;", "\u2019").replace("'", "\u2019"),
    )
