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


def test_picture_leads_to_the_pages_of_signals(small_site):
    """Dot and name of a signal are a link to its page, if there is one, and nothing else is."""
    pages = {
        "spec/lifecycle/way.md": page("A way", ("way.timeline", EVENTS)),
        "spec/signals/message-flashed.md": page("On", ("message-flashed.only", ["a line"])),
    }
    html = small_site(pages).read("spec/lifecycle/way.html")
    links = re.findall(r'<a href="([^"]+)"><circle [^>]+><text [^>]+>(\w+)', html)
    assert links == [("../../spec/signals/message-flashed.html", "message_flashed")] * 2
    assert html.count("<circle") == len(EVENTS)


BOTH = ":needs: flask, blinker"


def outcomes(*lines):
    """Return a page with a table of outcomes; of *lines*, those with an id have a sentence too."""
    content = "\n\n".join(line.replace(": ", "\n: ", 1) for line in lines)
    return {"docs/when.md": f"# When\n\n```{{outcomes}}\n{content}\n```\n"}


def rows_of(site):
    return [[" ".join(cell.split()) for cell in row] for row in shown(site, "docs/when.html").rows]


WAY = outcomes("way.timeline: A way is gone.")


def test_outcomes_say_what_happens_and_count_each_signal(small_site):
    """There is a row for each sentence and each heading, with counts and with arguments."""
    template = ["signal       template_rendered (a)"] * 11
    pages = {
        "spec/lifecycle/way.md": page(
            "A way", ("way.timeline", EVENTS, BOTH), ("way.timeline-two", template, BOTH)
        ),
        "spec/lifecycle/zigzag.md": page("Zigzag", ("zigzag.timeline", EVENTS[:1], BOTH)),
    }
    told = outcomes(
        "zigzag.timeline: A `zigzag` is gone.",
        "Straight on",
        "way.timeline: A way is gone.",
        "way.timeline-two: So is this one.",
    )
    site = small_site({**pages, **told})
    assert site.warnings == []
    head, *rows = rows_of(site)
    assert head == ["What happens", *SIGNALS]
    nothing = dict.fromkeys(SIGNALS, "—")
    first = {**nothing, "appcontext_pushed": "1"}
    flashed = "2 message: <b>& &lt (twice)</b>, so"
    assert rows == [
        ["A zigzag is gone.", *first.values()],
        ["Straight on"],
        ["A way is gone.", *{**first, "message_flashed": flashed}.values()],
        ["So is this one.", *{**nothing, "template_rendered": "11 template: a"}.values()],
    ]


def test_outcomes_link_rows_and_cells_to_clauses_and_columns_to_pages(small_site):
    """A row leads to its case, a number to the clause, and a column to its signal's page."""
    lines = ["signal       request_started", "signal       request_finished ({status})"]
    pages = {
        "spec/lifecycle/way.md": with_cases(page("A way", ("way.timeline", lines, BOTH))),
        "spec/signals/request-started.md": page("On", ("request-started.only", ["a line"])),
    }
    site = small_site({**pages, **outcomes("way.timeline.same: A way is gone.")})
    assert site.warnings == []
    table = shown(site, "docs/when.html")
    assert table.links == [
        "../spec/signals/request-started.html",
        "../spec/lifecycle/way.html#way.timeline",
        *["../spec/lifecycle/way.html#way.timeline"] * 2,
    ]
    assert table.heads == ["col"] * 11 + ["row"] + ["td"] * 10


@pytest.mark.parametrize(
    ("times", "note"), [(1, ""), (2, " Two requests, counted together."), (3, " 3 requests, c")]
)
def test_outcomes_note_that_a_row_has_several_requests(small_site, times, note):
    """A row that counts more than one request says so."""
    text = page("A way", ("way.timeline", ["signal       request_started"] * times, BOTH))
    site = small_site({"spec/lifecycle/way.md": text, **WAY})
    _, (words, *_) = rows_of(site)
    assert words.startswith(f"A way is gone.{note}")
    assert bool(note) == ("requests" in words)


def test_outcomes_are_those_of_the_newest_release(small_site):
    """Timelines of other releases, without an engine or malformed need no row."""
    text = page(
        "A way",
        ("way.timeline", EVENTS, BOTH, ":holds: flask>=3.1"),
        ("way.timeline-old", EVENTS, BOTH, ":holds: flask<3.1"),
        ("way.timeline-blinker", EVENTS, BOTH, ":holds: blinker<1.9"),
        ("way.timeline-without-engine", EVENTS[1:2]),
        ("way.timeline-malformed", ["what"], BOTH),
        ("way.other", EVENTS, BOTH),
    )
    site = small_site({"spec/lifecycle/way.md": text, **WAY})
    assert [line for line in site.warnings if "table of outcomes:" in line] == []
    other = ["A way is gone.", "Not specified for this release."]
    assert [row for row in rows_of(site)[2:]] == [other]


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ("way.timeline.first", "no row tells of 'way.timeline.same'"),
        ("way.timeline", "the cases of 'way.timeline' don't send the same"),
        ("way.timeline.hooks", "'way.timeline.hooks' is no timeline that holds"),
        ("way.timeline.gone", "'way.timeline.gone' is no timeline that holds"),
    ],
)
def test_outcomes_warn_of_what_they_lack(small_site, told, problem):
    """What isn't told, what is told of two that differ, and what isn't so are all noticed."""
    cases = (
        CASES.replace("status ", "inside ")
        .replace('`"" + "0"`', "`'signal request_started'`")
        .replace("`404`     ", "`'signal message_flashed (a)'`")
    )
    text = page("Way", ("way.timeline", ["{inside}"], BOTH)).replace(
        "status=status", "inside=inside"
    )
    pages = {"spec/lifecycle/way.md": with_cases(text, cases)}
    site = small_site({**pages, **outcomes(f"{told}: A way is gone.")})
    found = [line for line in site.warnings if problem in line]
    assert [line.partition("WARNING: ")[2].partition(":")[0] for line in found] == [
        "the table of outcomes"
    ]
    assert "docs/when.md:3" in found[0]


def test_outcomes_need_no_row_for_cases_that_send_the_same(small_site):
    """One row is enough for cases that send the same signals."""
    text = with_cases(page("Way", ("way.timeline", EVENTS, BOTH)))
    site = small_site({"spec/lifecycle/way.md": text, **outcomes("way.timeline.same: So.")})
    assert site.warnings == []


def test_outcomes_follow_an_edit_of_another_page(small_site):
    """The table is never out of date, although its own page is as it was."""
    small_site({"spec/lifecycle/way.md": page("A way", ("way.timeline", EVENTS, BOTH)), **WAY})
    text = page("A way", ("way.timeline", EVENTS[:3], BOTH))
    _, (_, *counts) = rows_of(small_site({"spec/lifecycle/way.md": text}))
    assert counts[SIGNALS.index("message_flashed")].startswith("1 ")


def test_outcomes_of_something_else_are_an_error(small_site):
    """The content is ids and sentences."""
    pages = {
        "spec/lifecycle/way.md": page("A way", ("way.hooks", ["a line"])),
        "docs/when.md": "# When\n\n```{outcomes}\n- a way\n```\n",
    }
    (warning,) = small_site(pages).warnings
    assert "docs/when.md:3: ERROR: the content is no ids" in warning


def test_outcomes_in_text_are_a_table_too(small_site):
    """Builders that know no row headings show them as cells."""
    pages = {"spec/lifecycle/way.md": page("A way", ("way.timeline", EVENTS, BOTH)), **WAY}
    site = small_site(pages, builder="text")
    assert site.warnings == []
    assert re.search(r"\| A way is gone. +\| 1 +\| — ", site.read("docs/when.txt"))
