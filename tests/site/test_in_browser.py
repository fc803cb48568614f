"""The site in a real browser: Debian's Chromium, by Playwright; elsewhere these are not run."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from signalbook.exports import script

CHROMIUM = Path("/usr/bin/chromium")
PAGE = "spec/signals/request-started.html"

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright isn't installed")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def address(site):
    """Where the site is served."""
    handler = partial(Quiet, directory=str(site.output))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser():
    """A browser without a window."""
    with playwright.sync_playwright() as runner:
        browser = runner.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(browser, address):
    """A page of the browser, which may read the clipboard and must not complain."""
    context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    complaints = []
    tab.on("console", lambda message: complaints.append((message.type, message.text)))
    tab.on("pageerror", lambda error: complaints.append(("error", str(error))))
    yield tab
    context.close()
    assert [text for kind, text in complaints if kind in ("error", "warning")] == []


def test_program_is_copied(tab, specification):
    """The button puts what `signalbook script` prints into the clipboard, and says so."""
    tab.goto(PAGE)
    tab.get_by_role("button", name="Open all examples").click()
    line = tab.locator("dl.clause", has=tab.locator("[id='request-started.arguments']"))
    line.locator(".clause-programs").get_by_role("button", name="post", exact=True).click()
    line.get_by_text("Copied.").wait_for()
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert script(specification.clause("request-started.arguments.post")) == copied


def test_programs_are_links_without_scripts(browser, address):
    """Whoever has no JavaScript follows a link to the program."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    tab = context.new_page()
    tab.goto(PAGE)
    line = tab.locator(".clause-programs").first
    assert line.text_content().startswith("As a program: ")
    target = line.locator("a").first.get_attribute("href")
    assert context.request.get(f"{address}/spec/signals/{target}").ok
    context.close()


def test_link_jumps_to_its_place(tab):
    """A link to a clause is there at once: nothing glides."""
    tab.goto(PAGE)
    place = "document.querySelector('[id=\"request-started.view-arguments\"]')"
    tab.evaluate("location.hash = 'request-started.view-arguments'")
    top = tab.evaluate(f"{place}.getBoundingClientRect().top")
    assert 0 <= top < 200
    tab.wait_for_timeout(300)
    assert top == tab.evaluate(f"{place}.getBoundingClientRect().top")


def test_keys_search_and_turn_pages(tab):
    """`/` goes to the search, and an arrow to the next page and back."""
    tab.goto(PAGE)
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.name") == "q"
    tab.evaluate("document.activeElement.blur()")
    tab.keyboard.press("ArrowRight")
    tab.wait_for_url(lambda url: PAGE not in url)
    tab.keyboard.press("ArrowLeft")
    tab.wait_for_url(f"**/{PAGE}")


def test_wide_table_is_scrolled_by_keyboard(tab):
    """What scrolls sideways has a name and the focus, and the arrows move it, not the page."""
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.goto("docs/reference/which-signal-when.html")
    area = tab.locator(".table-wrapper[tabindex='0']").first
    assert area.get_attribute("aria-label").endswith("(scrolls sideways)")
    area.focus()
    tab.keyboard.press("ArrowRight")
    tab.wait_for_function("document.querySelector('.table-wrapper[tabindex]').scrollLeft > 0")
    assert tab.url.endswith("which-signal-when.html")


def test_nothing_moves_for_who_asks_for_that(tab):
    """With reduced motion there are neither transitions nor animations."""
    tab.emulate_media(reduced_motion="reduce")
    tab.goto(PAGE)
    moving = "[...document.querySelectorAll('*')].filter((each) =>"
    moving += " getComputedStyle(each).transitionDuration.split(', ').some((of) => of !== '0s')"
    moving += " || getComputedStyle(each).animationName !== 'none').length"
    assert tab.evaluate(moving) == 0


def test_text_begins_on_the_first_sheet(tab):
    """On paper the title is at the top, and what can't be used there is left out."""
    tab.goto(PAGE)
    tab.emulate_media(media="print")
    assert tab.evaluate("document.querySelector('h1').getBoundingClientRect().top") < 100
    for name in (".sidebar-drawer", ".toc-drawer", "footer", ".clause-programs"):
        assert not tab.locator(name).first.is_visible()


def test_lost_reader_finds_the_way(tab, site):
    """The page for dead links works below any address: its style and its links are there."""
    lost = site.read("404.html")
    tab.route("**/spec/no/such/page", lambda route: route.fulfill(status=200, body=lost))
    tab.goto("spec/no/such/page")
    assert tab.evaluate("getComputedStyle(document.querySelector('article')).fontFamily") != ""
    assert tab.evaluate("[...document.styleSheets].every((each) => each.cssRules.length)")
    tab.get_by_role("link", name="All clauses").click()
    tab.wait_for_url("**/docs/reference/clauses.html")
