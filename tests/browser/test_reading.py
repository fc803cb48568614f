"""Fifteen pages, one of each kind, can be read in a wide and in a narrow window, and as text."""

import re

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


@pytest.mark.parametrize("width", [390, 320])
def test_name_of_a_signal_stays_in_one_line(visit, width):
    """The longest one, on a phone, too."""
    page = visit("spec/signals/appcontext-tearing-down.html", width=width)
    assert page.locator("h1 code").evaluate("(code) => code.getClientRects().length") == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lanes_of_timelines_can_be_told_from_the_page(visit, scheme):
    """The head of each lane has the contrast that text needs, 4.5."""
    page = visit("spec/lifecycle/plain.html", scheme=scheme)
    colours = page.evaluate("""
        () => [
          getComputedStyle(document.body).backgroundColor,
          ...["signal", "hook", "application", "server"].map((lane) => getComputedStyle(
            document.querySelector(`.timeline-lane.timeline-${lane} text`),
          ).fill),
        ]
    """)
    page_colour, *lanes = map(luminance, colours)
    contrasts = [(max(a, page_colour) + 0.05) / (min(a, page_colour) + 0.05) for a in lanes]
    assert [round(contrast, 1) for contrast in contrasts if contrast < 4.5] == []


def luminance(colour):
    """Return what WCAG 2 calls the relative luminance of a colour, from `rgb(1, 2, 3)`."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
