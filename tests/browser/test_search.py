"""The search finds what people ask for, in the words that they ask for it."""

from urllib.parse import urlencode

import pytest

SIGNALS = [
    "request_started",
    "request_finished",
    "got_request_exception",
    "request_tearing_down",
    "template_rendered",
    "before_render_template",
    "message_flashed",
    "appcontext_pushed",
    "appcontext_tearing_down",
    "appcontext_popped",
]
# What is asked, and how the address ends of what must be among the first three: a page, or a place.
QUERIES = [
    # By id.
    ("got-request-exception.handled", "#got-request-exception.handled"),
    ("core-signals.sender", "#core-signals.sender"),
    ("request-finished.unhandled-unsent", "#request-finished.unhandled-unsent"),
    ("muted-other-signals", "#temporary.muted-other-signals"),
    ("core-signals.sender.request-started", "#core-signals.sender"),
    # By the rule's words.
    ("sent without keyword arguments", "#appcontext-pushed.arguments"),
    ("sender of a core signal must be the application itself", "#core-signals.sender"),
    ("receiver that dies while a send is running in another thread", "#threads.death-during-send"),
    ("message_flashed sent once for each call of flash", "#message-flashed.once"),
    # By message.
    ("Signalling support is unavailable", "#fallback.message"),
    ("Cannot send to a coroutine function", "#async.messages"),
    # By name.
    *[(name, f"/{name.replace('_', '-')}.html") for name in SIGNALS],
    ("muted", "#temporary.muted"),
    ("connected_to", "own-signals.html#for-a-while-only"),
    ("Signal.send", "#signalbook.reference.engine.base.Signal.send"),
    ("_get_current_object", "receiver-not-called.html#a-proxy-as-the-sender"),
    # By what people call it.
    ("error handler", "report-errors.html"),
    ("garbage collected", "receiver-not-called.html#nobody-keeps-it"),
    ("upgrade flask 3", "2.3-to-3.1.html"),
    ("define own signal", "own-signals.html"),
    ("not called", "receiver-not-called.html"),
    ("which signal when", "which-signal-when.html"),
    ("teardown", "request-tearing-down.html"),
    ("streaming", "streamed.html"),
    ("without blinker", "fallback.html"),
    ("thread safety", "threads.html"),
    ("async receiver", "async.html"),
    ("flash message", "message-flashed.html"),
    ("abort(404)", "got-request-exception.html"),
    ("audit log sqlite", "activity-log.html"),
    ("before_request or signal", "hooks-and-signals.html"),
    # As a question.
    ("why is my receiver not called", "receiver-not-called.html"),
    ("test that a signal was sent with pytest", "own-signals.html#see-in-a-test-that-it-is-sent"),
    ("what changed between 1.1 and 2.3", "1.1-to-2.3.html"),
    ("how do I verify the engine that I have written?", "verify-your-implementation.html"),
]


def found(page):
    """Return the addresses that the search shows, when it has searched."""
    page.locator("#search-results [role=status]").wait_for()
    links = page.locator("#search-results .found a")
    return links.evaluate_all("links => links.map(link => link.getAttribute('href'))")


@pytest.mark.parametrize(("query", "wanted"), QUERIES)
def test_search_finds_the_right_page(visit, query, wanted):
    """The right page is among the first three, with the place if there is one."""
    first = found(visit(f"search.html?{urlencode({'q': query})}"))[:3]
    # Whatever stands on the page will do, where no place is named.
    assert [address for address in first if f"{wanted}#" in f"{address}#"], first


def test_search_leads_to_the_place(visit):
    """From the front page, and then from what is found, one comes to the rule itself."""
    page = visit()
    page.get_by_role("textbox", name="Search").first.fill("core-signals.sender")
    page.keyboard.press("Enter")
    found(page)
    page.locator("#search-results .found a").first.click()
    page.wait_for_url("**/spec/signals/core-signals.html#core-signals.sender")


def test_search_says_that_there_is_nothing(visit):
    """What is nowhere on the site is said not to be found."""
    page = visit("search.html?q=xylophone")
    assert [] == found(page)
    assert "Nothing found" in page.locator("#search-results").inner_text()
