"""What the site shows of the measured history, on small sites."""

import json
import re

import pytest
from sphinx.errors import SphinxError

from signalbook.history import (
    Measurement,
    Next,
    NextVerdict,
    Run,
    Stretch,
    update_history,
)
from signalbook.pages import read_specification
from signalbook.verdicts import Verdict

PAGE = """\
# Doors

:::{clause} doors.open

A door MUST `open`.

```pycon
>>> 1
1
```
:::

:::{clause} doors.creak
:holds: flask<1.0
:otherwise: doors.glide

A door SHOULD creak, & loudly.

```pycon
>>> 2
2
```
:::

:::{clause} doors.glide
:holds: flask>=1.0.1

A door MUST glide.

```pycon
>>> 3
3
```
:::
"""
HISTORY = "\n## History\n\n:::{subject-history}\n:::\n\n:::{subject-claims}\n:::\n"
VERSIONS = ["0.6", "0.6.1", "1.0", "1.0.1", "3.1.3"]
PASSED, FAILED = Verdict.PASSED, Verdict.FAILED
STRETCHES = {
    "doors.open": [Stretch("0.6", "3.1.3", PASSED)],
    "doors.creak": [
        Stretch("0.6", "0.6.1", PASSED),
        Stretch("1.0", "3.1.3", FAILED, 'printed "<silence>"'),
    ],
    "doors.glide": [
        Stretch("0.6", "1.0", Verdict.ABSENT, "raised ImportError"),
        Stretch("1.0.1", "3.1.3", PASSED),
    ],
}


OTHERS = [
    "0.6.1/python==2.7",
    "1.0.1/blinker==1.9.0/python==3.9",
    "1.0.1/python==2.7",
    "3.1.3/python==2.7",
]


def others(*verdicts):
    """Return what a clause did on Flask with others than its own."""
    rows = [Stretch(name, name, *of) for name, of in zip(OTHERS, verdicts, strict=True)]
    return Run({name: "CPython 3.6: flask==1" for name in OTHERS}, rows)


def pins(versions):
    return {version: f"CPython 3.11: flask=={version}" for version in versions}


@pytest.fixture
def measured_site(small_site, write, tmp_path):
    """Build the page and others with a measured history."""

    def measured_site(
        text="",
        leave_out=(),
        other_digest=(),
        other_runs=(),
        with_others=(),
        coming=(),
        history=False,
    ):
        write({"spec/signals/doors.md": PAGE})
        specification = read_specification(tmp_path / "spec")
        runs = {id: Run(pins(VERSIONS), of) for id, of in STRETCHES.items()}
        clauses = {
            clause.id: Measurement(
                "2026-11-22" if clause.id in dict(other_runs) else "2026-11-21",
                "0" if clause.id in other_digest else clause.digest,
                {
                    series: of[clause.id]
                    for series, of in (
                        ("flask", {**runs, **dict(other_runs)}),
                        ("flask-with-others", dict(with_others)),
                    )
                    if clause.id in of
                },
            )
            for clause in specification.clauses
            if clause.id not in leave_out
        }
        file = tmp_path / "history.json"
        verdicts = {
            clause.id: NextVerdict("2026-11-23", clause.digest, *dict(coming)[clause.id])
            for clause in specification.clauses
            if clause.id in dict(coming)
        }
        tree = Next("2ac89889" * 5, "2026-04-08", "CPython 3.12: flask==3.2.0.dev0", verdicts)
        update_history(clauses, list(clauses), file, next=tree if coming else None)
        return small_site(
            {
                "spec/signals/doors.md": PAGE + (HISTORY if history else ""),
                "spec/history.json": file.read_text(),
                "docs/page.md": f"# Page\n\n{text}\n",
            }
        )

    return measured_site


def text_of(html):
    """Return the text, with a space where a block begins or ends."""
    html = re.sub(r"</?(p|li|ul|dt|dd|summary|details)\b[^>]*>", " ", html)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).strip()


def rows(html):
    """Return the cells' texts of each row of the first table's body that isn't a heading."""
    body = re.search(r"<tbody.*?>(.*?)</tbody>", html, re.DOTALL)[1]
    return [
        [text_of(cell) for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL)]
        for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)
        if 'scope="rowgroup"' not in row
    ]


def data_of(html):
    """Return the data that the script of the first table has."""
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', html)[1])


def clause_texts(site):
    html = site.read("spec/signals/doors.html")
    return [text_of(line) for line in re.findall(r'<p class="clause-run">.*?</p>', html, re.DOTALL)]


def test_clause_says_where_it_passed_and_what_is_true_elsewhere(measured_site):
    """The measured range stands on the clause, with a link to the other behaviour, both ways."""
    site = measured_site()
    assert [text.partition(" To repeat")[0] for text in clause_texts(site)] == [
        "Passed on Flask: every release, 0.6 to 3.1.3.",
        "Passed on Flask: 0.6 to 0.6.1. Otherwise: doors.glide.",
        "Passed on Flask: from 1.0.1. Otherwise: doors.creak.",
    ]
    assert [] == site.warnings


def test_clause_that_was_edited_or_never_measured_says_so(measured_site):
    """Nothing old is shown as if it were about these examples."""
    site = measured_site(leave_out=["doors.open"], other_digest=["doors.creak"])
    assert [text.partition(".")[0] for text in clause_texts(site)[:2]] == [
        "Not measured yet",
        "Not measured since its examples changed, last on 2026-11-21",
    ]


OPEN = "A door MUST open. doors.open"
CREAK = "A door SHOULD creak, &amp; loudly. doors.creak"
GLIDE = "A door MUST glide. doors.glide"


def test_table_shows_each_rule_on_the_last_release_of_each_line(measured_site):
    """A row has the rule with its id, and a cell for each line; another word is another shape."""
    html = measured_site("```{compatibility} signals\n```").read("docs/page.html")
    assert rows(html) == [
        [OPEN, "yes", "yes", "yes"],
        [CREAK, "yes", "otherwise", "otherwise"],
        [GLIDE, "absent", "yes", "yes"],
    ]
    assert ["0.6.1", "1.0.1", "3.1.3"] == re.findall(r'<th scope="col" data-release="(.*?)"', html)
    assert '<td class="absent">absent</td>' in html
    assert 'href="../spec/signals/doors.html#doors.open"' in html


def test_table_has_all_releases_for_its_script(measured_site):
    """What isn't shown at once is in the page: every release, and what came of it, with reasons."""
    data = data_of(measured_site("```{compatibility} signals\n```").read("docs/page.html"))
    assert VERSIONS == data["columns"]
    assert data["rows"] == {
        "measured-doors.open": ["yyyyy", ["0.6 to 3.1.3 passed"]],
        "measured-doors.creak": [
            "yyooo",
            ['0.6 to 0.6.1 passed; 1.0 to 3.1.3 failed (printed "<silence>")'],
        ],
        "measured-doors.glide": [
            "aaayy",
            ["0.6 to 1.0 absent (raised ImportError); 1.0.1 to 3.1.3 passed"],
        ],
    }


CASES = """\
# Doors

:::{clause} doors.open

A door MUST open.

::::{cases}
| door  | number |
| ----- | ------ |
| front | `1`    |
| back  | `2`    |
::::

```pycon
>>> number > 0
True
```
:::
"""


@pytest.mark.parametrize(
    ("back", "word"), [(PASSED, "yes"), (FAILED, "some"), (Verdict.ABSENT, "some")]
)
def test_rule_with_cases_has_one_verdict(write, small_site, tmp_path, back, word):
    """A cell says whether all of a rule's cases are as it says, or some; the data says which."""
    write({"spec/signals/doors.md": CASES})
    (clause,) = read_specification(tmp_path / "spec").clauses
    came = {"front": PASSED, "back": back}
    measured = {
        row.id: Measurement(
            "2026-11-21",
            row.digest,
            {"flask": Run(pins(["3.1.3"]), [Stretch("3.1.3", "3.1.3", came[row.cells["door"]])])},
        )
        for row in clause.rows
    }
    update_history(measured, list(measured), tmp_path / "history.json")
    pages = {
        "spec/signals/doors.md": CASES,
        "spec/history.json": (tmp_path / "history.json").read_text(),
        "docs/page.md": "# Page\n\n```{compatibility} signals\n```\n",
    }
    html = small_site(pages).read("docs/page.html")
    assert rows(html) == [[OPEN, word]]
    together = ["front, back: 3.1.3 passed"]
    apart = ["front: 3.1.3 passed", f"back: 3.1.3 {back}"]
    assert data_of(html)["rows"]["measured-doors.open"][1] == (together if word == "yes" else apart)


DEPENDING = [
    ("doors.open", others([PASSED], [FAILED, "silence"], [Verdict.NOT_APPLICABLE], [PASSED])),
    ("doors.creak", others([PASSED], [FAILED], [PASSED], [PASSED])),
    ("doors.glide", others([FAILED], [PASSED], [FAILED], [PASSED])),
]


def test_clause_says_with_what_it_did_otherwise(measured_site):
    """What depends on the blinker or the Python beside a release stands on the clause."""
    site = measured_site(with_others=DEPENDING)
    assert [text.partition(". ")[0] for text in clause_texts(site)] == [
        "Passed on Flask: every release, 0.6 to 3.1.3,"
        " but not 1.0.1 with blinker 1.9.0 on Python 3.9",
        "Passed on Flask: 0.6 to 0.6.1, and also 1.0.1 to 3.1.3 on Python 2.7",
        "Passed on Flask: from 1.0.1, but not 1.0.1 on Python 2.7",
    ]


def test_table_says_where_it_depends_on_what_is_beside_a_release(measured_site):
    """A cell doesn't say yes or no of a release where another blinker or Python decides."""
    site = measured_site("```{compatibility} signals\n```", with_others=DEPENDING)
    html = site.read("docs/page.html")
    assert [row[1:] for row in rows(html)] == [
        ["yes", "yes, depends", "yes"],
        ["yes", "otherwise, depends", "otherwise, depends"],
        ["absent", "yes, depends", "yes"],
    ]
    assert '<td class="yes depends">yes, depends</td>' in html
    assert data_of(html)["rows"]["measured-doors.open"] == [
        "yyyYy",
        ["0.6 to 3.1.3 passed; 1.0.1 with blinker 1.9.0 on Python 3.9 failed (silence)"],
    ]


COMING = {
    "doors.open": (PASSED, ""),
    "doors.creak": (FAILED, 'printed "<more>"'),
    "doors.glide": (Verdict.ABSENT, "raised ImportError"),
}


def test_clause_says_what_comes_of_it_next(measured_site):
    """What it did on Flask's main branch stands behind what it did on releases."""
    assert [text.partition(". ")[0] for text in clause_texts(measured_site(coming=COMING))] == [
        "Passed on Flask: every release, 0.6 to 3.1.3; next: passed",
        "Passed on Flask: 0.6 to 0.6.1; next: failed",
        "Passed on Flask: from 1.0.1; next: absent",
    ]


def test_table_has_a_column_for_what_comes_next(measured_site):
    """Flask's main branch stands behind the releases, with its commit, and with reasons."""
    html = measured_site("```{compatibility} signals\n```", coming=COMING).read("docs/page.html")
    assert [row[-1] for row in rows(html)] == ["yes", "otherwise", "absent"]
    title = "Flask&#x27;s main branch of 2026-04-08, commit 2ac89889"
    assert f'data-release="next" title="{title}">next</th></tr></thead>' in html
    data = data_of(html)
    assert [*VERSIONS, "next"] == data["columns"]
    codes, (details,) = data["rows"]["measured-doors.creak"]
    assert codes == "yyoooo"
    assert details.endswith('; next failed (printed "<more>")')


def test_table_shows_nothing_of_other_examples_as_next(measured_site, small_site):
    """What was measured of other examples, or never, isn't known."""
    one = {"doors.open": (PASSED, "")}
    html = measured_site("```{compatibility} signals\n```", coming=one).read("docs/page.html")
    assert [row[-1] for row in rows(html)] == ["yes", "not run", "not run"]
    edited = PAGE.replace(">>> 1\n1", ">>> 1 + 0\n1")
    site = small_site({"spec/signals/doors.md": edited})
    assert ["not run"] * 3 == [row[-1] for row in rows(site.read("docs/page.html"))]
    assert "next" not in clause_texts(site)[0].partition(". ")[0]


def test_next_that_was_never_measured_is_not_shown(measured_site):
    """A column of which nothing is known would say nothing."""
    site = measured_site("```{compatibility} signals\n```\n\n```{measured-on} next\n```")
    html = site.read("docs/page.html")
    assert 4 == html.count('<th scope="col"')
    assert 'data-release="next"' not in html
    assert "<p>Nothing was measured yet.</p>" in html


def test_next_is_shown_with_day_commit_and_pins(measured_site):
    """Whoever doubts what was measured of the main branch can repeat it."""
    html = measured_site("```{measured-on} next\n```", coming=COMING).read("docs/page.html")
    assert "<p>Measured on 2026-11-23.</p>" in html
    assert [["2ac89889" * 5 + " of 2026-04-08", "CPython 3.12", "flask==3.2.0.dev0"]] == rows(html)


def test_table_tells_of_clauses_that_were_edited_or_never_measured(measured_site):
    """Neither is left out, and what was measured of other examples isn't shown as theirs."""
    site = measured_site(
        "```{compatibility} signals\n```", leave_out=["doors.open"], other_digest=["doors.creak"]
    )
    html = site.read("docs/page.html")
    assert rows(html)[:2] == [[OPEN, *["not run"] * 3], [CREAK, *["not run"] * 3]]
    assert list(data_of(html)["rows"].values())[:2] == [
        ["nnnnn", ["Not measured yet"]],
        ["nnnnn", ["Not measured since its examples changed, last on 2026-11-21"]],
    ]


def test_table_claims_nothing_of_clauses_that_were_not_measured_on_flask(
    measured_site, small_site, tmp_path
):
    """What was measured on engines only, before it needed Flask, fails on no release of Flask."""
    measured_site("```{compatibility} signals\n```")
    text = (tmp_path / "source" / "spec" / "history.json").read_text()
    site = small_site({"spec/history.json": text.replace('"flask ', '"blinker ')})
    assert rows(site.read("docs/page.html")) == [[OPEN], [CREAK], [GLIDE]]


def test_table_of_an_unknown_chapter_is_a_warning(measured_site):
    """The warning names the chapters that there are."""
    (warning,) = measured_site("```{compatibility} windows\n```").warnings
    assert "there is no chapter 'windows'; choose from dispatch, signals" in warning


def test_changes_leave_out_what_was_edited(measured_site):
    """What was measured of other examples changes nothing of these."""
    site = measured_site("```{changes}\n```", other_digest=["doors.creak"], history=True)
    listing = listing_in(site.read("spec/signals/doors.html"))
    assert text_of(listing) == "Flask 1.0.1 added, MUST: A door MUST glide. (glide)"
    data = data_of(site.read("docs/page.html"))
    assert [["doors.open", [0]], ["doors.creak", [-1]], ["doors.glide", [1, 0]]] == [
        [entry["id"], [reason for reason, _ in entry["checks"][0][1]]]
        for clause in data["pages"][0]["clauses"]
        for entry in clause["entries"]
    ]


def test_history_of_a_page_tells_release_by_release(measured_site):
    """What ceases and what begins stands under the release with which it does; links stay here."""
    html = measured_site(history=True).read("spec/signals/doors.html")
    assert "2 changes, the newest first" in html
    assert text_of(listing_in(html)) == (
        "Flask 1.0.1 added, MUST: A door MUST glide. (glide)"
        " Flask 1.0 removed, SHOULD: A door SHOULD creak, &amp; loudly"
        " → printed &quot;&lt;silence&gt;&quot;. (creak)"
    )
    assert ["#doors.glide", "#doors.creak"] == re.findall(r'href="(.*?)"', listing_in(html))


def listing_in(html):
    return re.search(r'<dl class="[^"]*subject-history.*?</dl>', html, re.DOTALL)[0]


def test_history_leads_to_the_table_of_the_page(measured_site):
    """The link opens the table of the chapter with the page's rules alone, if there is one."""
    link = 'href="../../docs/page.html#subject=doors">Each rule of this page on each release</a>'
    with_table = measured_site("```{compatibility} signals\n```", history=True)
    assert link in with_table.read("spec/signals/doors.html")
    without = measured_site(history=True)
    assert "on each release" not in without.read("spec/signals/doors.html")
    assert [] == with_table.warnings + without.warnings


def test_page_lists_the_claims_that_its_clauses_judge(measured_site, small_site):
    """Each has its verdict, which leads to the claim; an edited claim is seen by the next build."""
    text = ":::{claim} Doors `open`.\n:follows-from: doors.glide\n\nSo.\n:::"
    site = measured_site(text, history=True)

    def shown(site):
        html = site.read("spec/signals/doors.html")
        return re.findall(r'<ul class="subject-claims.*?</ul>', html, re.DOTALL)

    (claims,) = shown(site)
    assert text_of(claims) == "Doors open. True today, since 1.0.1"
    (id,) = re.findall(r'href="../../docs/page.html#(.*?)"', claims)
    assert f'id="{id}"' in site.read("docs/page.html")
    (edited,) = shown(small_site({"docs/page.md": f"# Page\n\n{text.replace('glide', 'open')}\n"}))
    assert text_of(edited) == "Doors open. True, in every release"
    assert [] == shown(small_site({"docs/page.md": "# Page\n"}))


def test_page_of_changes_has_what_it_needs(measured_site):
    """The data for the script is in the page, so that it works without a server."""
    site = measured_site("```{changes}\nSee [a page](/spec/signals/doors.md).\n```")
    html = site.read("docs/page.html")
    data = data_of(html)
    assert VERSIONS == data["versions"]
    (page,) = data["pages"]
    assert ("Doors", "../spec/signals/doors.html") == (page["title"], page["url"])
    reasons = data["reasons"]
    assert [
        (entry["id"], [(reasons[reason], length) for reason, length in entry["checks"][0][1]])
        for clause in page["clauses"]
        for entry in clause["entries"]
    ] == [
        ("doors.open", [("", 5)]),
        ("doors.creak", [("", 2), ('printed "<silence>"', 3)]),
        ("doors.glide", [("raised ImportError", 3), ("", 2)]),
    ]
    pages = re.search('<div class="release-changes-pages.*?</div>', html, re.DOTALL)[0]
    assert "See a page." == text_of(pages)


def test_upgrade_has_a_section_for_each_page_that_changes(measured_site):
    """It says how much changes, with which releases, and what proves it; it works as it is."""
    html = measured_site("```{upgrade} 0.6 3.1.3\n```").read("docs/page.html")
    assert "2 changes from Flask 0.6 to Flask 3.1.3." in html
    section = re.search(r'<section id="doors">.*?</section>', html, re.DOTALL)[0]
    assert text_of(re.search(r"<ul.*</ul>", section, re.DOTALL)[0]) == (
        "removed in 1.0, SHOULD: A door SHOULD creak, &amp; loudly"
        " → printed &quot;&lt;silence&gt;&quot;. creak"
        " added in 1.0.1, MUST: A door MUST glide. glide"
    )
    assert ["doors.creak", "doors.glide"] == re.findall(r'doors.html#([^"]+)"', section)


def test_upgrade_tells_what_was_not_measured(measured_site):
    """What other examples did is not told of these, and the reader knows it."""
    site = measured_site("```{upgrade} 0.6 3.1.3\n```", other_digest=["doors.creak"])
    html = site.read("docs/page.html")
    assert "1 changes from Flask 0.6 to Flask 3.1.3. 1 cases are left out" in html


def test_upgrade_to_an_unknown_release_is_a_warning(measured_site):
    """The warning names the releases that there are."""
    site = measured_site("```{upgrade} 0.6 4.0\n```")
    assert [
        "Flask '4.0' was not measured; measured are 0.6, 0.6.1" in w for w in site.warnings
    ] == [True]


def test_runs_are_shown_with_day_interpreter_and_pins(measured_site):
    """Whoever doubts a measurement can repeat it."""
    html = measured_site("```{measured-on} flask\n```").read("docs/page.html")
    assert "<p>Measured on 2026-11-21.</p>" in html
    assert [[v, "CPython 3.11", f"flask=={v}"] for v in VERSIONS] == rows(html)


NEWER = {"doors.glide": Run(pins(["1.0.1", "3.1.4"]), [Stretch("1.0.1", "3.1.4", PASSED)])}


def test_table_says_where_a_clause_was_not_measured(measured_site):
    """A release that only other clauses were measured on is neither yes nor no."""
    site = measured_site("```{compatibility} signals\n```", other_runs=NEWER)
    html = site.read("docs/page.html")
    assert rows(html) == [
        [OPEN, "yes", "yes", "not run"],
        [CREAK, "yes", "otherwise", "not run"],
        [GLIDE, "not run", "yes", "yes"],
    ]
    assert '<td class="not-run">not run</td>' in html


def test_runs_with_other_pins_are_shown_apart(measured_site):
    """A clause that was measured later, on something else, does not change what others ran on."""
    html = measured_site("```{measured-on} flask\n```", other_runs=NEWER).read("docs/page.html")
    assert ["Measured on 2026-11-21, 2 clauses.", "Measured on 2026-11-22, 1 clauses."] == [
        text_of(line) for line in re.findall(r"<p>Measured on.*?</p>", html)
    ]
    tables = re.findall(r"<table.*?</table>", html, re.DOTALL)
    assert [[row[0] for row in rows(table)] for table in tables] == [VERSIONS, ["1.0.1", "3.1.4"]]


@pytest.mark.parametrize(
    "directive",
    [
        "{changes}",
        "{compatibility} signals",
        "{upgrade} 0.6 3.1.3",
        "{blinker-by-flask}",
        "{measured-on} blinker",
    ],
)
def test_page_about_what_was_not_measured_everywhere_is_built(measured_site, directive):
    """What is not known of some releases stops no build."""
    site = measured_site(f"```{directive}\n```", other_runs=NEWER, history=True)
    assert [] == site.warnings


@pytest.mark.parametrize(
    "options", [":follows-from: doors.open", ":follows-from: doors.glide\n:contradicts: doors.open"]
)
def test_claim_about_what_was_not_measured_is_neither_true_nor_false(measured_site, options):
    """What was never run proves nothing, and refutes nothing."""
    site = measured_site(f"```{{claim}} Doors.\n{options}\n\nSo.\n```", leave_out=["doors.open"])
    html = site.read("docs/page.html")
    found = re.search(r'<p class="claim-verdict claim-unmeasured">.*?</p>', html, re.DOTALL)[0]
    assert "Not measured yet" == text_of(found).partition(";")[0]


@pytest.mark.parametrize(
    ("options", "verdict"),
    [
        (":follows-from: doors.open", "True, in every release; follows from doors.open."),
        (
            ":follows-from: doors.open, doors.creak",
            "False today; true in 0.6 to 0.6.1; follows from doors.open, doors.creak.",
        ),
        (
            ":contradicts: doors.glide",
            "False today; true in 0.6 to 1.0; contradicted by doors.glide.",
        ),
        (":follows-from: doors.glide", "True today, since 1.0.1; follows from doors.glide."),
        (
            ":follows-from: doors.creak\n:contradicts: doors.open",
            "False, in every release; follows from doors.creak; contradicted by doors.open.",
        ),
    ],
)
def test_verdict_on_a_claim_is_computed(measured_site, options, verdict):
    """A claim holds where all that it follows from passed, and nothing that contradicts it."""
    site = measured_site(f"```{{claim}} Doors are *loud*.\n{options}\n:found: a *book*\n\nSo.\n```")
    html = site.read("docs/page.html")
    assert '<p>So.</p>\n<p class="claim-found">Found in a <em>book</em>.</p>' in html
    found = re.search(r'<p class="claim-verdict.*?</p>', html, re.DOTALL)[0]
    assert verdict == text_of(found)
    assert '<p class="claim-said">Doors are <em>loud</em>.</p>' in html
    assert [] == site.warnings


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ("", "a claim names clauses in ':follows-from:' or ':contradicts:'"),
        (":contradicts: doors.opne", "there is no clause 'doors.opne'; did you mean 'doors.open'?"),
    ],
)
def test_claim_without_a_known_clause_is_a_warning(measured_site, options, problem):
    """A claim is about clauses that exist."""
    site = measured_site(f"```{{claim}} Doors.\n{options}\n\nSo.\n```")
    assert [True] == [problem in warning for warning in site.warnings]


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda text: "{", "can't be read"),
        (lambda text: "[" * 100_000, "can't be read"),
        (
            lambda text: text.replace('["0.6", "3.1.3",', '["0.6", "9.9",'),
            "0.6 to 9.9 is no stretch",
        ),
        (lambda text: text.replace('"flask ', '"django '), "is of no series"),
    ],
)
def test_damaged_history_stops_the_build(measured_site, small_site, tmp_path, damage, problem):
    """A site must not be built without what was measured, and the message says what to do."""
    measured_site()
    file = tmp_path / "source" / "spec" / "history.json"
    damaged = damage(file.read_text())
    assert damaged != file.read_text()
    with pytest.raises(SphinxError) as caught:
        small_site({"spec/history.json": damaged})
    message = str(caught.value)
    assert (message.startswith(f"{file}: "), problem in message) == (True, True)
    assert message.endswith("or remove it and run 'signalbook history'")
