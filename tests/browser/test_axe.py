"""What axe-core, the usual checker of accessibility, says of fifteen pages, one of each kind."""

import os
from pathlib import Path

import pytest
from kinds import PAGES, unfold


def pytest_generate_tests(metafunc):
    """Take fifteen pages, or with `--every-page` all that Sphinx wrote, without shown sources."""
    pages = PAGES
    if metafunc.config.getoption("--every-page", default=False):
        site = Path(__file__).parents[2] / os.environ["SIGNALBOOK_SITE"]
        found = (file.relative_to(site).as_posix() for file in site.rglob("*.html"))
        pages = sorted(page for page in found if "/source/" not in page)
    metafunc.parametrize("address", pages)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(visit, address, scheme):
    """None of axe's rules is violated, whatever is unfolded; in the dark, those about colours."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit(address, scheme=scheme)
    unfold(page)
    options = {"runOnly": ["color-contrast"]} if scheme == "dark" else None
    violations = axe.run(page, options=options).response["violations"]
    assert [] == [
        f"{violation['id']}: {node['html']}: {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]
