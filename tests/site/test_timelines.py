"""Pictures of timelines, and the table of outcomes, on small sites."""

import re
from html.parser import HTMLParser

import pytest

from signalbook.sphinx_ext.timelines import SIGNALS

CLAUSE = '''\
:::{{clause}} {id}
{options}
A request MUST have this timeline.

```pycon
>>> timeline = 1
>>> timeline.differences(lanes, """
{lines}
... """, status=status, more="hook a; hook b")
[]
```

```{{note}}
A reason.
```
:::
'''

EVENTS = [
    "signal       appcontext_pushed",
    "application  open_session",
    "signal       message_flashed (<b>& &lt (twice)</b>)",
    "hook         after_request",
    "signal       message_flashed (so)",
    "application  view",
    "server       end of body",
]


def page(title, *clauses):
    """Return a page with clauses, each given by its id, its lines and its options."""
    texts = [
        CLAUSE.format(
            id=id,
            lines="\n".join(f"... {line}" for line in lines),
            options="\n".join([*options, ""]).strip("\n"),
        )
        for id, lines, *options in clauses
    ]
    return "\n".join([f"# {title}\n", *texts])


class Shown(HTMLParser):
    """Collects the listed events of each picture, and the cells of each row, as text."""

    def __init__(self, html):
        super().__init__()
        self.pictures, self.rows, self.heads, self.links = [], [], [], []
        self.inside = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "svg" and given.get("role") == "list":
            self.pictures.append([])
        if given.get("role") == "listitem":
            self.pictures[-1].append("")
            self.inside = self.pictures[-1]
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
            self.heads.append(given.get("scope", tag))
            self.inside = self.rows[-1]
        if tag == "a" and self.inside:
            self.links.append(given["href"])

    def handle_data(self, data):
        if self.inside:
            self.inside[-1] += data

    def handle_endtag(self, tag):
        if tag in {"g", "td", "th"}:
            self.inside = []


def shown(site, page):
    return Shown(site.read(page))


def as_heard(lines):
    """Return recorded lines as a screen reader gets them."""
    return [re.sub(" +", " ", line) for line in lines]


def test_picture_lists_every_event_in_order(small_site):
    """The picture's list has what the clause must print, all of it, and nothing is mark-up."""
    text = page("A way", ("way.timeline", EVENTS), ("way.timeline-too", EVENTS[::-1]))
    site = small_site({"spec/lifecycle/way.md": text})
    assert site.warnings == []
    heard = as_heard(EVENTS)
    assert shown(site, "spec/lifecycle/way.html").pictures == [heard, heard[::-1]]


def test_picture_has_time_downwards_and_a_lane_for_each_kind(small_site):
    """Each event is below the one before it, and beside those of other lanes."""
    site = small_site({"spec/lifecycle/way.md": page("A way", ("way.timeline", EVENTS))})
    html = site.read("spec/lifecycle/way.html")
    events = re.findall(
        r'<g class="timeline-event timeline-(\w+)" transform="translate\((\d+)\)".*?cy="(\d+)"',
        html,
    )
    assert [lane for lane, _, _ in events] == [line.split()[0] for line in EVENTS]
    assert {(lane, left) for lane, left, _ in events} == {
        ("signal", "0"), ("hook", "24"), ("application", "48"), ("server", "72"),
    }  # fmt: skip
    heights = [int(height) for _, _, height in events]
    assert heights == sorted(set(heights))
    assert heights[-1] < int(re.search(r'<svg [^>]*height="(\d+)"', html)[1])


def test_picture_stands_before_the_examples(small_site):
    """A reader comes to the rule, the note and the picture; the examples are folded below."""
    site = small_site({"spec/lifecycle/way.md": page("A way", ("way.timeline", EVENTS))})
    html = site.read("spec/lifecycle/way.html")
    marks = ["clause-rule", "A reason.", '<figure class="timeline"', '<div class="highlight']
    places = [html.index(mark) for mark in marks]
    assert places == sorted(places)


def test_only_timelines_have_pictures(small_site):
    """A clause whose behaviour isn't a timeline has none, whatever it prints."""
    lines = ["a line"]
    text = page("A way", ("way.hooks", lines), ("way.timelines", lines), ("way.a-timeline", lines))
    site = small_site({"spec/lifecycle/way.md": text})
    assert site.warnings == []
    assert "<figure" not in site.read("spec/lifecycle/way.html")


def test_picture_follows_an_edit(small_site):
    """After the recording was edited, so is its picture."""
    small_site({"spec/lifecycle/way.md": page("A way", ("way.timeline", EVENTS))})
    site = small_site({"spec/lifecycle/way.md": page("A way", ("way.timeline", EVENTS[2:]))})
    assert shown(site, "spec/lifecycle/way.html").pictures == [as_heard(EVENTS[2:])]


CASES = """
::::{{cases}}
| way    | status     | lanes         |
| ------ | ---------- | ------------- |
| first  | `404`      | `LANES`       |
| same   | `"" + "0"` | `LANES`       |
| hooks  | `200`      | `LANES[1:]`   |
::::
"""


def with_cases(text, cases=CASES):
    return text.replace("timeline.\n", "timeline.\n" + cases.format(), 1)


def test_picture_of_cases_is_that_of_the_first(small_site):
    """What stands in braces is what the first row says, or what the example gives by name."""
    lines = ["signal       request_finished ({status})", "{more}"]
    site = small_site({"spec/lifecycle/way.md": with_cases(page("W", ("way.timeline", lines)))})
    assert site.warnings == []
    assert shown(site, "spec/lifecycle/way.html").pictures == [
        ["signal request_finished (404)", "hook a", "hook b"]
    ]
    assert "The case first as a picture" in site.read("spec/lifecycle/way.html")


def test_text_has_no_picture(small_site):
    """Builders that know no SVG show the recording, and that is all."""
    text = page("A way", ("way.timeline", EVENTS))
    site = small_site({"spec/lifecycle/way.md": text}, builder="text")
    assert site.warnings == []
    assert site.read("spec/lifecycle/way.txt").count("open_session") == 1


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("sginal       request_started", "starts with none of"),
        ("signal       request_begun", "names no core signal: 'request_begun'"),
        ("signal", "starts with none of"),
        ("hook         after_request (200", "starts with none of"),
        ("hook", "starts with none of"),
        ("{nothing}", "has in braces what isn't given by name"),
    ],
)
def test_malformed_line_is_a_warning_with_its_place(small_site, line, problem):
    """A line that can't be read is a warning at that line, and nothing is shown in its place."""
    text = page("A way", ("way.timeline", [*EVENTS[:2], line, *EVENTS[2:]]))
    site = small_site({"spec/lifecycle/way.md": text})
    (warning,) = site.warnings
    number = text.split("\n").index(f"... {line}") + 1
    assert f"spec/lifecycle/way.md:{number}: WARNING: the timeline's line {line!r} {problem}" in (
        warning
    )
    assert "<figure" not in site.read("spec/lifecycle/way.html")


@pytest.mark.parametrize(
    ("compare", "times"), [("print(timeline)", 0), ("timeline.differences(lanes, '')", 2)]
)
def test_timeline_is_compared_once(small_site, compare, times):
    """A timeline that is only printed, or that is compared twice, is a warning at the clause."""
    text = page("A way", ("way.timeline", EVENTS))
    examples = f">>> {compare}\n[]\n" * max(times, 1)
    text = re.sub(r">>> timeline\.diff.*?(?=```)", examples, text, flags=re.DOTALL)
    site = small_site({"spec/lifecycle/way.md": text})
    (warning,) = site.warnings
    assert "way.md:3: WARNING: the clause 'way.timeline' compares its timeline" in warning
    assert f"timeline {times} times" in warning


def test_timeline_without_events_is_a_warning(small_site):
    """A recording that is still to be filled in is noticed."""
    text = page("A way", ("way.timeline", [""]))
    site = small_site({"spec/lifecycle/way.md": text})
    (warning,) = site.warnings
    assert "way.md:9: WARNING: the timeline of 'way.timeline' has no events" in warning


BOTH = ":needs: flask, blinker"
OUTCOMES = {"docs/when.md": "# When\n\n```{outcomes}\n```\n"}


def test_outcomes_count_each_signal_of_each_way(small_site):
    """There is a row for each timeline, with the page's title or the rest of the id, and counts."""
    template = ["signal       template_rendered (a)"] * 11
    pages = {
        "spec/lifecycle/way.md": page(
            "A `way`",
            ("way.timeline", EVENTS, BOTH),
            ("way.timeline-that-must-none", template, BOTH),
        ).replace("timeline.\n", "timeline of None.\n"),
        "spec/lifecycle/zigzag.md": page("Zigzag", ("zigzag.timeline", EVENTS[:1], BOTH)),
        "spec/signals/request-started.md": page("On", ("request-started.only", ["a line"])),
    }
    site = small_site({**pages, **OUTCOMES})
    assert site.warnings == []
    head, *rows = [[cell.strip() for cell in row] for row in shown(site, "docs/when.html").rows]
    assert head == ["What happens", *SIGNALS]
    names = [row[0] for row in rows]
    assert names == ["A way", "A way: that must None", "Zigzag"]
    counts = [dict(zip(SIGNALS, row[1:], strict=True)) for row in rows]
    nothing = dict.fromkeys(SIGNALS, "—")
    assert counts == [
        {**nothing, "appcontext_pushed": "1", "message_flashed": "2"},
        {**nothing, "template_rendered": "11"},
        {**nothing, "appcontext_pushed": "1"},
    ]


def test_outcomes_link_rows_to_clauses_and_columns_to_pages(small_site):
    """A row leads to its timeline, and a column to its signal's page, if there is one."""
    pages = {
        "spec/lifecycle/way.md": page("A way", ("way.timeline", EVENTS, BOTH)),
        "spec/signals/request-started.md": page("On", ("request-started.only", ["a line"])),
    }
    table = shown(small_site({**pages, **OUTCOMES}), "docs/when.html")
    assert table.links == [
        "../spec/signals/request-started.html",
        "../spec/lifecycle/way.html#way.timeline",
    ]
    assert table.heads == ["col"] * 11 + ["row"] + ["td"] * 10


def test_outcomes_are_those_of_the_newest_release(small_site):
    """Timelines of other releases, without an engine or malformed are left out."""
    text = page(
        "A way",
        ("way.timeline", EVENTS, BOTH, ":holds: flask>=3.1"),
        ("way.timeline-old", EVENTS, BOTH, ":holds: flask<3.1"),
        ("way.timeline-blinker", EVENTS, BOTH, ":holds: blinker<1.9"),
        ("way.timeline-without-engine", EVENTS[1:2]),
        ("way.timeline-malformed", ["what"], BOTH),
        ("way.other", EVENTS, BOTH),
    )
    site = small_site({"spec/lifecycle/way.md": text, **OUTCOMES})
    assert len(site.warnings) == 1
    _, *rows = shown(site, "docs/when.html").rows
    assert [row[0].strip() for row in rows] == ["A way"]


def test_outcomes_have_a_row_for_cases_that_send_the_same(small_site):
    """Cases are one way if they send the same signals, and else as many as they differ."""
    cases = CASES.replace("status ", "inside ").replace(
        "`404`     ", "`'signal message_flashed (a)'`"
    )
    pages = {
        "spec/lifecycle/way.md": with_cases(page("Way", ("way.timeline", EVENTS, BOTH))),
        "spec/lifecycle/ways.md": with_cases(
            page("Ways", ("ways.timeline", ["{inside}"], BOTH)).replace(
                "status=status", "inside=inside"
            ),
            cases.replace('`"" + "0"`', "`'signal request_started'`"),
        ),
    }
    site = small_site({**pages, **OUTCOMES})
    assert site.warnings == []
    _, *rows = shown(site, "docs/when.html").rows
    assert [row[0].strip() for row in rows] == ["Way", "Ways: first", "Ways: same"]


def test_outcomes_follow_an_edit_of_another_page(small_site):
    """The table is never out of date, although its own page is as it was."""
    small_site({"spec/lifecycle/way.md": page("A way", ("way.timeline", EVENTS, BOTH)), **OUTCOMES})
    text = page("Other way", ("way.timeline", EVENTS[:3], BOTH))
    _, (name, *counts) = shown(small_site({"spec/lifecycle/way.md": text}), "docs/when.html").rows
    assert name.strip() == "Other way"
    assert counts[SIGNALS.index("message_flashed")].strip() == "1"


def test_outcomes_without_any_timeline_are_an_error(small_site):
    """An empty table would hide that nothing was found."""
    pages = {"spec/lifecycle/way.md": page("A way", ("way.hooks", ["a line"], BOTH)), **OUTCOMES}
    (warning, *_) = small_site(pages).warnings
    assert "docs/when.md:3: ERROR: no clause has a timeline" in warning


def test_outcomes_in_text_are_a_table_too(small_site):
    """Builders that know no row headings show them as cells."""
    pages = {"spec/lifecycle/way.md": page("A way", ("way.timeline", EVENTS, BOTH)), **OUTCOMES}
    site = small_site(pages, builder="text")
    assert site.warnings == []
    assert re.search(r"\| A way +\| 1 +\| — ", site.read("docs/when.txt"))
