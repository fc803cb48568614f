"""What the site shows of the measured history, on small sites."""

import json
import re

import pytest
from sphinx.errors import SphinxError

from signalbook.history import History, Measurement, Stretch, digest, write_history
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
VERSIONS = ["0.6", "0.6.1", "1.0", "1.0.1", "3.1.3"]
PASSED, FAILED = Verdict.PASSED, Verdict.FAILED
STRETCHES = {
    "doors.open": [Stretch("0.6", "3.1.3", PASSED)],
    "doors.creak": [
        Stretch("0.6", "0.6.1", PASSED),
        Stretch("1.0", "3.1.3", FAILED, 'printed "<silence>"'),
    ],
    "doors.glide": [
        Stretch("0.6", "1.0", FAILED, "raised Stuck"),
        Stretch("1.0.1", "3.1.3", PASSED),
    ],
}


@pytest.fixture
def measured_site(small_site, write, tmp_path):
    """Build the page and others with a measured history."""

    def measured_site(text="", leave_out=(), other_digest=()):
        write({"spec/signals/doors.md": PAGE})
        specification = read_specification(tmp_path / "spec")
        clauses = {
            clause.id: Measurement(
                "2026-11-21",
                "0" if clause.id in other_digest else digest(clause),
                {"flask": STRETCHES[clause.id]},
            )
            for clause in specification.clauses
            if clause.id not in leave_out
        }
        pins = {version: f"CPython 3.11.7: flask=={version}" for version in VERSIONS}
        file = tmp_path / "history.json"
        write_history(History({"flask": pins}, clauses), list(clauses), file)
        return small_site(
            {
                "spec/signals/doors.md": PAGE,
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
    """Return the cells' texts of each row of the first table's body."""
    body = re.search(r"<tbody>(.*?)</tbody>", html, re.DOTALL)[1]
    return [
        [text_of(cell) for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL)]
        for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    ]


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


def test_table_shows_each_clause_on_each_line(measured_site):
    """A cell says yes, no, from or up to which release; the row says all in words."""
    site = measured_site("```{compatibility}\n```")
    html = site.read("docs/page.html")
    assert rows(html) == [
        [
            "doors.open every release, 0.6 to 3.1.3 A door MUST open. 0.6 to 3.1.3: passed",
            "yes",
            "yes",
            "yes",
        ],
        [
            "doors.creak 0.6 to 0.6.1 A door SHOULD creak, &amp; loudly. 0.6 to 0.6.1: passed"
            " 1.0 to 3.1.3: failed (printed &quot;&lt;silence&gt;&quot;)",
            "yes",
            "no",
            "no",
        ],
        [
            "doors.glide from 1.0.1 A door MUST glide. 0.6 to 1.0: failed (raised Stuck)"
            " 1.0.1 to 3.1.3: passed",
            "no",
            "from 1.0.1",
            "yes",
        ],
    ]
    assert 'title="printed &quot;&lt;silence&gt;&quot;">no</td>' in html
    assert ["true", "true"] == re.findall(r'data-changes="(true)"', html)
    assert 'href="../spec/signals/doors.html#doors.open"' in html


def test_table_of_an_unknown_subject_is_a_warning(measured_site):
    """A subject that nothing was measured of is no empty table."""
    site = measured_site("```{compatibility}\n:subject: windows\n```")
    assert ["no clause of the subject 'windows' was measured" in w for w in site.warnings] == [True]


def test_history_of_a_subject_tells_release_by_release(measured_site):
    """What ceases and what begins stands under the release with which it does."""
    site = measured_site("```{subject-history} doors\n```")
    html = site.read("docs/page.html")
    listing = re.search(r'<dl class="[^"]*subject-history.*?</dl>', html, re.DOTALL)[0]
    assert text_of(listing) == (
        "Flask 1.0 No longer: A door SHOULD creak, &amp; loudly. doors.creak"
        " Flask 1.0.1 From here on: A door MUST glide. doors.glide"
    )


def test_page_of_changes_has_what_it_needs(measured_site):
    """The data for the script is in the page, so that it works without a server."""
    site = measured_site("```{changes}\n```")
    data = re.search(
        r'<script type="application/json">(.*?)</script>', site.read("docs/page.html")
    )[1]
    assert VERSIONS == json.loads(data)["versions"]
    assert [(c["id"], c["passed"]) for c in json.loads(data)["clauses"]] == [
        ("doors.open", [[0, 4]]),
        ("doors.creak", [[0, 1]]),
        ("doors.glide", [[3, 4]]),
    ]


def test_runs_are_shown_with_day_interpreter_and_pins(measured_site):
    """Whoever doubts a measurement can repeat it."""
    html = measured_site("```{measured-on} flask\n```").read("docs/page.html")
    assert "<p>Measured on 2026-11-21.</p>" in html
    assert [[v, "CPython 3.11.7", f"flask=={v}"] for v in VERSIONS] == rows(html)


@pytest.mark.parametrize(
    ("options", "verdict"),
    [
        (":follows-from: doors.open", "Holds, in every release; follows from doors.open."),
        (
            ":follows-from: doors.open, doors.creak",
            "Holds in these releases only: 0.6 to 0.6.1; follows from doors.open, doors.creak.",
        ),
        (
            ":contradicts: doors.glide",
            "Holds in these releases only: 0.6 to 1.0; contradicted by doors.glide.",
        ),
        (
            ":follows-from: doors.creak\n:contradicts: doors.open",
            "False; follows from doors.creak; contradicted by doors.open.",
        ),
    ],
)
def test_verdict_on_a_claim_is_computed(measured_site, options, verdict):
    """A claim holds where all that it follows from passed, and nothing that contradicts it."""
    site = measured_site(f"```{{claim}} Doors are *loud*.\n{options}\n\nSo.\n```")
    html = site.read("docs/page.html")
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


def test_corrupt_history_stops_the_build(small_site):
    """A site must not be built without what was measured."""
    with pytest.raises(SphinxError, match=r"history\.json: can't be read"):
        small_site({"index.md": "# Doors\n", "spec/a.md": "# A\n", "spec/history.json": "{"})
