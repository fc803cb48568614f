"""Results as one HTML file."""

import re
from html.parser import HTMLParser

from signalbook.reports import as_html

SITE = "https://book.example"


class Page(HTMLParser):
    """Keeps what is asked about."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data


def test_html_has_every_check_with_its_verdict(report):
    """Each check is an item with its verdict, and whether that fails the run."""
    items = [attributes for tag, attributes in Page(as_html(report())).elements if tag == "li"]

    assert [
        ("passed", "other"),
        ("failed", "fault"),
        ("crashed", "fault"),
        ("differs", "other"),
        ("known deviation", "other"),
        ("not applicable", "other"),
        ("timed out", "fault"),
        ("stale", "fault"),
    ] == [(item["data-verdict"], item["data-kind"]) for item in items]


def test_html_links_rules_to_the_site(report):
    """The id of each rule is a link to its place on the site, if it is known where that is."""
    links = [
        attributes["href"]
        for tag, attributes in Page(as_html(report(site=SITE))).elements
        if tag == "a"
    ]

    assert f"{SITE}/spec/signals/shop.html#shop.opens" == links[0]
    assert 7 == len(links)
    assert "<a " not in as_html(report())


def test_html_shows_what_was_printed_as_it_is(report):
    """What looks like HTML in a rule, a name or an output is text."""
    page = Page(as_html(report(hostile="</pre><script>alert(1)</script>")))

    assert "<Bell object at 0x...></pre><script>alert(1)</script>" in page.text
    assert "A shop MUST ring & <open>." in page.text
    assert 1 == [tag for tag, _ in page.elements].count("script")


def test_html_needs_no_other_file(report):
    """Nothing in the page is loaded from elsewhere, and it follows the system's scheme."""
    written = as_html(report())

    assert not re.search(r"<link|\ssrc=|@import|url\(|https?://", written)
    assert '<meta name="color-scheme" content="light dark">' in written
