"""The page that `signalbook verify --html` writes, opened from disk."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import signalbook

ENGINE = """
from engine import *

class Signal(Signal):
    def send(self, sender=None, **forgotten):
        return super().send(sender)
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Return a page about an engine that forgets keyword arguments."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "forgetful.py").write_text(ENGINE)
    # Neither blinker nor what the reference framework stands on is there.
    right = Path(signalbook.__file__).parent / "reference" / "engine"
    shutil.copytree(right, folder / "engine")
    command = [sys.executable, "-m", "signalbook", "verify", "--blinker", "forgetful"]
    chosen = ["--clause", "connecting.arguments", "--clause", "connecting.once"]
    subprocess.run([*command, *chosen, "--html", "report.html"], cwd=folder, check=False)
    return folder / "report.html"


@pytest.fixture
def opened(browser, file):
    """Open the page, in which no script may fail."""
    failures, contexts = [], []

    def opened(**options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(file.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [] == failures


def shown(page):
    return [each.text_content() for each in page.locator("article:visible h3").all()]


def test_report_shows_failures_first_and_all_on_demand(opened):
    """What fails the run is chosen when the page opens; any verdict can be chosen instead."""
    page = opened()
    assert ["connecting.arguments MUST"] == shown(page)
    page.get_by_label("Verdict").select_option("passed")
    assert "connecting.once MUST" in shown(page)
    assert 0 == page.locator("li[data-kind=fault]:visible").count()


def test_report_finds_words(opened):
    """All of the words must be in a check's rule, id or reason, in whatever case and order."""
    page = opened()
    page.get_by_label("Verdict").select_option("")
    page.get_by_label("Words").fill("TWICE connecting.once")
    assert ["connecting.once MUST"] == shown(page)
    names = page.locator("li:visible code").all_text_contents()
    assert names and all("twice" in name for name in names)
    assert page.get_by_role("status").text_content().startswith(f"{len(names)} of ")


def test_report_follows_the_scheme_and_needs_no_script(opened):
    """The page is dark where the system is, and without scripts it shows everything."""
    background = "getComputedStyle(document.querySelector('form')).backgroundColor"
    light, dark = (opened(color_scheme=scheme).evaluate(background) for scheme in ("light", "dark"))
    assert light != dark
    plain = opened(java_script_enabled=False)
    assert {"connecting.arguments MUST", "connecting.once MUST"} == set(shown(plain))
    assert not plain.locator("form").is_visible()
