"""Fifteen pages, one of each kind, can be read in a wide and in a narrow window, and as text."""

import pytest
from kinds import PAGES, unfold


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("address", PAGES)
def test_page_never_scrolls_sideways(visit, address, width):
    """A page is no wider than the window, whatever is unfolded on it."""
    page = visit(address, width=width)
    unfold(page)
    widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    scrolled, seen = page.evaluate(widths)
    assert scrolled <= seen


@pytest.mark.parametrize("address", PAGES)
def test_page_can_be_read_without_scripts(visit, address):
    """The title and the text are there, or what needs scripts is said to need them."""
    page = visit(address, scripts=False)
    text = page.locator("article").inner_text()
    assert page.locator("h1").is_visible()
    assert len(text) > 500 or "scripts" in text or "JavaScript" in text
