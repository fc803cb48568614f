"""What axe-core, the usual checker of accessibility, says of fifteen pages, one of each kind."""

import pytest
from kinds import PAGES, unfold


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_no_violation(visit, address, scheme):
    """None of axe's rules is violated, in either scheme and whatever is unfolded."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visit(address, scheme=scheme)
    unfold(page)
    violations = axe.run(page).response["violations"]
    assert [] == [
        f"{violation['id']}: {node['html']}: {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]
