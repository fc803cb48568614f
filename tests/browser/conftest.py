"""The built site in a real browser: Debian's Chromium, driven by Playwright."""

import os
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
# A machine that does other things, too, may take long.
PATIENCE = 120_000


def pytest_addoption(parser):
    """Add the option for the nightly run."""
    parser.addoption("--every-page", action="store_true", help="axe looks at every page")


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and doesn't write about it."""

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="session")
def folder():
    """Return the folder of the built site."""
    if folder := os.environ.get("SIGNALBOOK_SITE"):
        return ROOT / folder
    pytest.skip("not run: no site to look at; nox -s browser builds one and runs this")


@pytest.fixture(scope="session")
def server(folder):
    """Serve the site, and return its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def browser():
    """Run Chromium, if the machine has it."""
    if not CHROMIUM.exists():
        pytest.skip(f"not run: there is no {CHROMIUM}; 'apt-get install chromium' brings it")
    playwright = pytest.importorskip("playwright.sync_api", reason="not run: no Playwright")
    with playwright.sync_playwright() as running:
        # Chromium's sandbox needs another user than root.
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, server):
    """Open a page of the site; whatever else a test is about, all must be well there.

    No script may fail or complain, all that a page asks for must be there, and no page may ask
    another host for anything.
    """
    contexts, amiss = [], []

    def visit(address="", *, width=1440, scheme="light", scripts=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900 if width > 500 else 844},
            color_scheme=scheme,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: amiss.append(f"{page.url}: {error}"))
        page.on("console", lambda message: amiss.extend(complaints(message)))
        page.on("request", lambda request: amiss.extend(elsewhere(request.url, server)))
        page.goto(server + address)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert [] == amiss


def complaints(message):
    """Return what the console says, if it is no mere note."""
    return [f"{message.location['url']}: {message.text}"] if message.type == "error" else []


def elsewhere(address, server):
    """Return the address, if it isn't the site's."""
    return [] if address.startswith((server, "data:")) else [address]
