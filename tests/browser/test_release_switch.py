"""The switch that has the whole site speak of another release of Flask."""

import pytest

PAGE = "spec/signals/got-request-exception.html"
OTHER = "spec/signals/request-finished.html"
WHEN = "docs/reference/which-signal-when.html"
ANY_TWO = "docs/upgrading/any-two.html"


def switch(page):
    return page.get_by_role("combobox", name="Flask", exact=True)


def line(page):
    return page.get_by_role("status").filter(has_text="Back to the newest")


def fact(page, term):
    """Return what is in sight of a fact."""
    return page.locator(f"dl.facts dt:text-is('{term}') + dd").inner_text()


def clause(page, id):
    return page.locator("dl.clause", has=page.locator(f"dt[id='{id}']"))


def test_release_is_chosen_and_kept(visit, server):
    """The choice is said, is in the address, holds on the next page, and is taken back."""
    page = visit(PAGE)
    assert switch(page).input_value() == "3.1"
    assert line(page).count() == 0
    switch(page).select_option("2.3")
    assert line(page).inner_text().startswith("Shown for Flask 2.3: 2.3.3, with blinker 1.6.3")
    assert page.url == f"{server}{PAGE}?flask=2.3"
    page.goto(f"{server}{OTHER}#request-finished.unhandled")
    assert switch(page).input_value() == "2.3"
    assert line(page).is_visible()
    assert page.url == f"{server}{OTHER}?flask=2.3#request-finished.unhandled"
    page.get_by_role("button", name="Back to the newest").click()
    assert switch(page).input_value() == "3.1"
    assert switch(page).evaluate("each => each === document.activeElement")
    assert line(page).count() == 0
    assert page.url == f"{server}{OTHER}#request-finished.unhandled"
    page.goto(server + PAGE)
    assert switch(page).input_value() == "3.1"


def test_address_wins_over_what_is_kept(visit, server):
    """Who comes by a link sees what it names: a line, one of its patches; else what is kept."""
    page = visit(f"{PAGE}?flask=1.0")
    assert switch(page).input_value() == "1.0"
    page.goto(f"{server}{PAGE}?flask=2.2.5")
    assert switch(page).input_value() == "2.2"
    page.goto(f"{server}{PAGE}?flask=2")
    assert switch(page).input_value() == "2.2"
    page.goto(f"{server}{PAGE}?flask=3.1.3")
    assert switch(page).input_value() == "3.1"


def test_page_is_as_it_was_when_the_choice_is_taken_back(visit):
    """Whatever was shown in between, nothing of it is left."""
    page = visit(PAGE)
    before = page.locator("article").inner_html()
    for name in ("0.6", "1.0", "next"):
        switch(page).select_option(name)
        assert page.locator("article").inner_html() != before
    switch(page).select_option("3.1")
    assert page.locator("article").inner_html() == before


def test_facts_speak_of_the_release(visit, server):
    """What isn't so is replaced by what was, or said to be unspecified; since when stays."""
    page = visit(PAGE)
    today = {term: fact(page, term) for term in ("Since", "Sent", "Not sent", "May change")}
    assert "It was not sent" not in today["Sent"]
    switch(page).select_option("1.0")
    assert fact(page, "Since") == today["Since"]
    assert "For an exception that nobody handles" in fact(page, "Sent")
    assert "Flask before 1.1 (url-converter): It was not sent" in fact(page, "Sent")
    assert "(open-session)" not in fact(page, "Sent")
    assert "Not for Flask 1.0: stores-in-session." in fact(page, "May change")
    page.goto(f"{server}spec/signals/appcontext-pushed.html?flask=0.9")
    assert fact(page, "Since").startswith("Flask 0.10.")
    assert fact(page, "Since").endswith("Flask 0.9 doesn't have it.")
    assert not page.locator("dl.facts dt", has_text="Arguments").is_visible()


def test_rules_speak_of_the_release(visit):
    """A rule that doesn't hold says so below what held; a case that doesn't says so, too."""
    page = visit(f"{PAGE}?flask=0.6")
    handled = clause(page, "got-request-exception.handled").inner_text()
    assert handled.index("Not in Flask 0.6.") < handled.index("Flask before 0.7 (")
    assert handled.index("Flask before 0.7 (") < handled.index("MUST NOT send")
    switch(page).select_option("1.0")
    assert "Not in" not in clause(page, "got-request-exception.handled").inner_text()
    unhandled = clause(page, "got-request-exception.unhandled")
    assert unhandled.locator(".clause-earlier.release-now").count() == 1
    entry = unhandled.locator("dd > .clause-earlier").first
    assert entry.inner_text().startswith("Flask before 1.1 (url-converter)")
    assert entry.evaluate("each => each.previousElementSibling.className") == "clause-rule"
    page.get_by_role("button", name="Open all examples").click()
    row = "[id='got-request-exception.unhandled.{}']"
    assert "not in Flask 1.0" in page.locator(row.format("coroutine-view")).inner_text()
    assert "not in" not in page.locator(row.format("class-based-view")).inner_text()


def test_link_to_a_rule_leads_there_on_any_release(visit):
    """What comes in above the target doesn't push it out of sight."""
    page = visit(f"{PAGE}?flask=0.6#got-request-exception.once")
    top = page.locator("[id='got-request-exception.once']").bounding_box()["y"]
    assert 0 <= top < 200


def test_which_signal_when_is_of_the_release(visit):
    """The numbers and the caption are those of the release, or it is said that there are none."""
    page = visit(WHEN)
    row = page.locator("table.outcomes tr:visible", has_text="nothing handles it, and the answer")
    texts = page.locator("table.outcomes caption")
    assert "on Flask 3.1.3" in texts.inner_text()
    assert row.locator("td").all_inner_texts() == list("11———11111")
    switch(page).select_option("1.0")
    assert "on Flask 1.0.4" in texts.inner_text()
    assert row.locator("td").all_inner_texts() == list("11———1—111")
    switch(page).select_option("0.9")
    template = page.locator("table.outcomes tr:visible", has_text="renders a template")
    assert template.locator("td").all_inner_texts() == ["Not specified for this release."]


def test_claim_begins_with_the_verdict_for_the_release(visit):
    """A claim is judged for the release first, and then for all."""
    page = visit("docs/claims.html?flask=0.6")
    verdict = page.locator(".claim", has_text="even when an error handler").locator(
        ".claim-verdict"
    )
    assert verdict.inner_text().startswith("True in Flask 0.6. False today; true in")
    switch(page).select_option("2.3")
    assert verdict.inner_text().startswith("False in Flask 2.3. False today")
    fallback = page.locator(".claim-verdict[class*='measured:']").first
    assert fallback.inner_text().startswith("Not measured on Flask 2.3.")


def test_changes_begin_at_the_release(visit, server):
    """The older is the release that is chosen, else the line before, unless the address has one."""
    page = visit(ANY_TWO)
    older = page.get_by_role("combobox", name="From Flask")
    assert older.input_value() == "3.0.3"
    switch(page).select_option("2.3")
    assert older.input_value() == "2.3.3"
    page.goto("about:blank")
    page.goto(f"{server}{ANY_TWO}#from=1.1.4&to=3.1.3")
    assert older.input_value() == "1.1.4"


def test_front_page_speaks_of_the_release(visit, server):
    """The card with facts does; and a page that says the same for all tells so."""
    page = visit("index.html?flask=1.0")
    assert "Flask before 1.1 (url-converter)" in page.locator(".fact-card").inner_text()
    page.goto(f"{server}docs/guides/index.html")
    assert line(page).inner_text().startswith("This page doesn't change with the release")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("address", [PAGE, "index.html", "docs/guides/index.html", "404.html"])
def test_switch_is_on_the_first_screen(visit, address, width):
    """It is in sight without scrolling, and makes no page wider than the window."""
    page = visit(address, width=width)
    box = switch(page).bounding_box()
    assert 0 <= box["x"] < box["x"] + box["width"] <= width
    assert 0 <= box["y"] < 200
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_switch_works_by_keyboard(visit):
    """It has the focus after the search, and typing chooses."""
    page = visit(PAGE)
    page.get_by_role("textbox", name="Search").first.focus()
    page.keyboard.press("Tab")
    assert switch(page).evaluate("each => each === document.activeElement")
    page.keyboard.type("2.3")
    page.locator("text=Shown for Flask 2.3").wait_for()


NOTHING_IS_KEPT = """
Object.defineProperty(window, "localStorage", {
  configurable: true,
  get() { throw new DOMException("Access is denied for this document.", "SecurityError"); },
});
"""


def test_nothing_fails_where_nothing_may_be_kept(visit, server):
    """Each page is shown for the newest, or for what the address or its reader chooses there."""
    page = visit("404.html")
    page.add_init_script(NOTHING_IS_KEPT)
    page.goto(f"{server}{PAGE}?flask=1.0")
    assert switch(page).input_value() == "1.0"
    page.goto(server + PAGE)
    assert switch(page).input_value() == "3.1"
    switch(page).select_option("2.3")
    assert line(page).inner_text().startswith("Shown for Flask 2.3")
    page.goto(server + OTHER)
    assert switch(page).input_value() == "3.1"
    assert line(page).count() == 0


def test_without_scripts_the_newest_is_shown(visit):
    """There is no switch that does nothing, and what was earlier is there, folded."""
    page = visit(f"{PAGE}?flask=1.0", scripts=False)
    assert page.locator("select").count() == 0
    assert page.locator("article").is_visible()
    earlier = page.locator("dl.facts details").first
    assert earlier.get_attribute("open") is None
    assert "Flask before 1.1 (url-converter)" in earlier.text_content()
    assert page.locator("dl.clause .clause-earlier").first.is_visible()


def test_nothing_is_painted_for_another_release(visit, server):
    """Until the choice is applied the article is hidden, and it never stays so."""
    page = visit(PAGE)
    page.route("**/release.js*", lambda route: route.fulfill(content_type="text/javascript"))
    page.evaluate("localStorage.setItem('flask', '1.0')")
    page.goto(server + OTHER, wait_until="commit")
    page.locator("h1").wait_for(state="attached")
    assert not page.locator("h1").is_visible()
    page.locator("h1").wait_for(state="visible", timeout=10_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", [PAGE, WHEN])
def test_axe_finds_no_violation_on_another_release(visit, address, scheme):
    """What doesn't hold can still be read by everybody."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit(f"{address}?flask=0.9", scheme=scheme)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    violations = axe.run(page, "article").response["violations"]
    assert [] == [(each["id"], node["html"]) for each in violations for node in each["nodes"]]
