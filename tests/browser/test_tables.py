"""The long tables: their filters, what they bring on demand, and how they look."""

from itertools import pairwise

import pytest

TABLE = "docs/compatibility/signals.html"
CLAUSES = "docs/reference/clauses.html"


def shown(page, selector="tr[id^=measured-]"):
    """Return how many of the rows are there to be seen."""
    return page.locator(f"{selector}:visible").count()


def heads(page):
    return page.locator(".compatibility-table").first.locator("thead th").all_inner_texts()


def test_link_on_a_signals_page_opens_its_rules(visit):
    """One comes from the history to the table with that signal's rules alone."""
    page = visit("spec/signals/message-flashed.html#history")
    page.get_by_role("link", name="Each rule of this page on each release").click()
    page.wait_for_url("**/signals.html#subject=message-flashed")
    there = page.locator("tr[id^='measured-message-flashed.']").count()
    assert shown(page) == shown(page, "tr[id^='measured-message-flashed.']") == there > 10
    every = page.locator("tr[id^=measured-]").count()
    page.get_by_text(f"{there} of {every} rules").wait_for()
    # The other table has nothing of it.
    assert page.locator(".compatibility:visible").count() == 1


def test_table_by_release_is_filtered_and_remembers_it(visit):
    """What is chosen is in the address, and a new visit finds it."""
    page = visit(TABLE)
    every = shown(page)
    page.get_by_label("Subject").select_option("request-finished")
    page.get_by_label("Only what changes").check()
    some = shown(page)
    assert 0 < some < every
    assert page.url.endswith("#subject=request-finished&changes=yes")
    page.reload()
    assert shown(page) == some
    marks = page.locator("tr[id^=measured-]:visible").first.locator("td").all_text_contents()
    assert len(set(marks)) > 1


def test_table_by_release_brings_all_releases(visit):
    """At first each line has its last release; all of them fit to the same rows, and go again."""
    page = visit(f"{TABLE}#subject=message-flashed")
    usual = heads(page)
    assert usual[0] == "Rule"
    assert usual[-2:] == ["3.1.3", "next"]
    assert len(usual) < 20
    cells = page.locator("[id='measured-message-flashed.once'] td")
    before = cells.all_text_contents()
    page.get_by_label("All releases").check()
    every = heads(page)
    assert len(every) > 50
    assert set(usual) < set(every)
    by_release = dict(zip(every[1:], cells.all_text_contents(), strict=True))
    assert [by_release[release] for release in usual[1:]] == before
    page.get_by_label("All releases").uncheck()
    assert heads(page) == usual
    assert cells.all_text_contents() == before


def test_row_tells_what_came_of_its_cases(visit):
    """A button says what each case did, and why; it works by keyboard, and takes it away again."""
    page = visit(f"{TABLE}#subject=request-finished")
    row = page.locator("[id='measured-request-finished.answers']")
    button = row.get_by_role("button", name="Details")
    button.focus()
    page.keyboard.press("Enter")
    details = page.locator(".compatibility-details")
    assert "dict: 0.6 to 1.0.4 failed" in details.inner_text()
    assert button.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Enter")
    assert details.count() == 0


@pytest.mark.parametrize("width", [1440, 390])
def test_heads_stay_in_view(visit, width):
    """However far one scrolls, release and rule can be read, and some cells are beside them."""
    page = visit(TABLE, width=width)
    left, top, cells = page.evaluate("""
        () => {
          const scroll = document.querySelector(".compatibility-scroll");
          scroll.scrollTo(9999, 3000);
          const box = scroll.getBoundingClientRect();
          const head = scroll.querySelector("thead th:last-child").getBoundingClientRect();
          const row = scroll.querySelector("tr[id] th").getBoundingClientRect();
          return [row.left - box.left, head.top - box.top, (box.right - row.right) / head.width];
        }
    """)
    assert abs(left) <= 2
    assert abs(top) <= 2
    assert cells >= 5


def test_table_fits_into_a_wide_window(visit):
    """All of the usual releases are in view at once."""
    page = visit(TABLE)
    widths = "(area) => [area.scrollWidth, area.clientWidth]"
    needed, there = page.locator(".compatibility-scroll").first.evaluate(widths)
    assert needed <= there


def test_cells_differ_in_shape(visit):
    """Who sees no colours tells the kinds apart by their marks; each has its word, too."""
    page = visit(TABLE)
    marks = page.evaluate("""
        () => Object.fromEntries([...document.querySelectorAll("tr[id] td")].map((cell) => [
          cell.textContent,
          getComputedStyle(cell, "::before").content.split(" / ")[0]
            + getComputedStyle(cell, "::after").content.split(" / ")[0],
        ]))
    """)
    assert {"yes", "some", "otherwise", "absent", "yes, depends"} <= set(marks)
    assert len(set(marks.values())) == len(marks)
    assert not any(mark.startswith("none") for mark in marks.values())


def test_table_prints_in_full(visit):
    """On paper no part of it is in a box that would have to be scrolled, and it isn't too wide."""
    page = visit(TABLE, width=760)
    page.emulate_media(media="print")
    overflow, height, widths = page.locator(".compatibility-scroll").first.evaluate("""
        (area) => [
          getComputedStyle(area).overflow,
          area.clientHeight - area.firstElementChild.offsetHeight,
          [area.firstElementChild.offsetWidth, document.documentElement.clientWidth],
        ]
    """)
    assert overflow == "visible"
    assert height >= 0
    assert widths[0] <= widths[1]
    assert not page.locator(".table-filter").is_visible()


def test_clauses_are_filtered_and_it_is_remembered(visit):
    """By words, chapter, level, release and feature; the address keeps it; no empty headings."""
    page = visit(CLAUSES)
    rows = "table.clauses tbody tr:has(td)"
    every = shown(page, rows)
    page.get_by_label("Id or words").fill("error handler")
    page.get_by_label("Chapter").select_option("signals")
    page.get_by_label("Level").select_option("MUST")
    on_newest = shown(page, rows)
    assert 0 < on_newest < every
    texts = page.locator(f"{rows}:visible").all_text_contents()
    assert all("error" in text.lower() and "handler" in text.lower() for text in texts)
    assert page.locator("table.clauses:visible").count() == 1
    page.get_by_label("Holds on Flask").select_option("0.6")
    on_oldest = shown(page, rows)
    assert 0 < on_oldest < on_newest
    assert page.url.endswith("#text=error+handler&chapter=signals&level=MUST&release=0.6")
    page.get_by_label("Needs").select_option("blueprints")
    assert 0 < shown(page, rows) < on_oldest
    page.get_by_label("Needs").select_option("")
    page.reload()
    assert shown(page, rows) == on_oldest
    page.get_by_text(f"{on_oldest} of {every} clauses").wait_for()
    headed = page.locator("table.clauses tbody tr:visible").evaluate_all(
        "(rows) => rows.map((row) => row.cells.length)"
    )
    assert all(pair != (1, 1) for pair in pairwise(headed))
    assert headed[-1] > 1


def test_clause_is_found_by_its_id(visit):
    """An id leads to its one row."""
    page = visit(CLAUSES)
    page.get_by_label("Id or words").fill("request-finished.unhandled-unsent-later")
    assert shown(page, "table.clauses tbody tr:has(td)") == 1


@pytest.mark.parametrize(
    ("address", "rows"),
    [(TABLE, "tr[id^=measured-]"), (CLAUSES, "table.clauses tbody tr:has(td)")],
)
def test_whole_table_is_there_without_scripts(visit, address, rows):
    """Who has no JavaScript has every row, whatever the address asks for."""
    without = visit(f"{address}#subject=request-finished&level=MUST", scripts=False)
    assert shown(without, rows) == shown(visit(address), rows) > 300
