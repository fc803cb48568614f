"""Every link on the site leads somewhere."""

from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urlsplit


class Page(HTMLParser):
    """Collects the links of a page, and what a link to it can name: an element, or a subject."""

    def __init__(self, text):
        super().__init__()
        self.links, self.anchors = set(), {"", "top"}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.anchors.update(value for name, value in attributes if name in ("id", "name") and value)
        if subject := given.get("data-subject"):
            self.anchors.add(f"subject={subject}")
        if tag == "a" and given.get("href"):
            self.links.add(given["href"])


def test_every_link_leads_to_a_page_and_a_fragment(folder):
    """Each link within the site names a file that is there, and an element that is on it."""
    pages = {path: Page(path.read_text("utf-8")) for path in folder.rglob("*.html")}
    assert len(pages) > 100
    broken = []
    for path, page in pages.items():
        for link in sorted(page.links):
            address, fragment = urldefrag(link)
            if urlsplit(address).scheme:
                continue
            name = unquote(urlsplit(address).path)
            target = (path.parent / name).resolve() if name else path
            target = target / "index.html" if target.is_dir() else target
            there = target.exists()
            if not there or (target in pages and unquote(fragment) not in pages[target].anchors):
                broken.append((str(path.relative_to(folder)), link))
    assert [] == broken
