"""The search finds what people ask for, in the words that they ask for it."""

import pytest

# What is asked, and what must be among the first three found: a page, or a place on it.
QUERIES = [
    # By id.
    ("got-request-exception.handled", "spec/signals/got-request-exception.html#got-request-exception.handled"),
    ("core-signals.sender", "spec/signals/core-signals.html#core-signals.sender"),
    ("request-finished.unhandled-unsent", "spec/signals/request-finished.html#request-finished.unhandled-unsent"),
    ("unhandled-propagated", "spec/signals/request-finished.html#request-finished.unhandled-propagated"),
    # By the rule's words.
    ("sent without keyword arguments", "spec/signals/appcontext-pushed.html#appcontext-pushed.arguments"),
    ("sender of a core signal must be the application itself", "spec/signals/core-signals.html#core-signals.sender"),
    ("receiver that dies while a send is running in another thread", "spec/dispatch/threads.html#threads.death-during-send"),
    ("message_flashed sent once for each call of flash", "spec/signals/message-flashed.html#message-flashed.once"),
    # By message.
    ("Signalling support is unavailable", "spec/fallback.html#fallback.message"),
    ("Cannot send to a coroutine function", "spec/dispatch/async.html#async.messages"),
    # By name.
    ("request_finished", "spec/signals/request-finished.html"),
    ("template_rendered", "spec/signals/template-rendered.html"),
    ("muted", "spec/dispatch/temporary.html#temporary.muted"),
    ("connected_to", "docs/guides/own-signals.html#for-a-while-only"),
    ("Signal.send", "docs/reference/api/signalbook/signalbook.reference.engine.base.html#signalbook.reference.engine.base.Signal.send"),
    ("_get_current_object", "docs/guides/receiver-not-called.html#a-proxy-as-the-sender"),
    # By what people call it.
    ("error handler", "docs/guides/report-errors.html"),
    ("garbage collected", "docs/guides/receiver-not-called.html#nobody-keeps-it"),
    ("upgrade flask 3", "docs/compatibility/changes.html"),
    ("define own signal", "docs/guides/own-signals.html"),
    ("not called", "docs/guides/receiver-not-called.html"),
    ("which signal when", "docs/reference/which-signal-when.html"),
    ("teardown", "spec/signals/request-tearing-down.html"),
    ("streaming", "spec/lifecycle/streamed.html"),
    ("without blinker", "spec/fallback.html"),
    ("thread safety", "spec/dispatch/threads.html"),
    ("async receiver", "spec/dispatch/async.html"),
    ("flash message", "spec/signals/message-flashed.html"),
    ("abort(404)", "spec/signals/got-request-exception.html"),
    ("audit log sqlite", "docs/guides/activity-log.html"),
    ("before_request or signal", "docs/guides/hooks-and-signals.html"),
    # As a question.
    ("why is my receiver not called", "docs/guides/receiver-not-called.html"),
    ("test that a signal was sent with pytest", "docs/guides/own-signals.html#see-in-a-test-that-it-is-sent"),
    ("what changed between 1.1 and 2.3", "docs/compatibility/changes.html"),
    ("how do I verify the engine that I have written?", "docs/guides/verify-your-implementation.html"),
]  # fmt: skip


def found(page):
    """Return the addresses that the search shows, when it has searched."""
    page.locator("#search-results [role=status]").wait_for()
    links = page.locator("#search-results .found a")
    return links.evaluate_all("links => links.map(link => link.getAttribute('href'))")


@pytest.mark.parametrize(("query", "wanted"), QUERIES)
def test_search_finds_the_right_page(visit, query, wanted):
    """The right page is among the first three, with the place if there is one."""
    page = visit("search.html")
    page.get_by_role("main").get_by_role("searchbox").fill(query)
    page.keyboard.press("Enter")
    first = found(page)[:3]
    assert [each for each in first if each == wanted or each.startswith(f"{wanted}#")], first


def test_search_leads_to_the_place(visit):
    """From the front page, and then from what is found, one comes to the rule itself."""
    page = visit()
    page.get_by_role("searchbox").first.fill("core-signals.sender")
    page.keyboard.press("Enter")
    found(page)
    page.locator("#search-results .found a").first.click()
    page.wait_for_url("**/spec/signals/core-signals.html#core-signals.sender")


def test_search_says_that_there_is_nothing(visit):
    """What is nowhere on the site is said not to be found."""
    page = visit("search.html?q=xylophone")
    assert [] == found(page)
    assert "Nothing found" in page.locator("#search-results").inner_text()
