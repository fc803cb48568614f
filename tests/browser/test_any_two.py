"""What changes between two releases that the reader chooses."""

import re

import pytest

from signalbook.history import compare, read_history, tell
from signalbook.pages import read_specification

PAGE = "docs/upgrading/any-two.html"
PAIRS = [
    ("0.6", "3.1.3"),
    ("3.1.3", "0.6"),
    ("2.2.4", "2.2.5"),
]


def wanted(older, newer):
    """Return what `signalbook diff` prints, as it is shown: title, and then its lines."""
    specification = read_specification()
    told = tell(specification, compare(specification, read_history(), older, newer))
    return [
        [title.replace("`", ""), *map(shown_line, lines)]
        for title, lines in [(page.title, lines) for page, lines in told.sections] + [*told.lists]
    ]


def shown_line(line):
    when = f" in {line.when}" if line.when else ""
    proofs = [f"{p.entry.id} ({p.cases})" if p.cases else p.entry.id for p in line.parts]
    text = f"{line.tag}{when}, {line.level}: {line.text}".replace("`", "")
    return spaced(f"{text} {'; '.join(proofs)}")


def spaced(text):
    return re.sub(r"\s+", " ", text).strip()


def shown(page):
    """Return what the page shows, in the same form, without the numbers of what is folded."""
    parts = page.locator(".release-changes").evaluate("""
        (box) => [...box.querySelectorAll("section, details")].map((part) => [
          part.firstElementChild.textContent.replace(/: \\d+$/, ""),
          ...[...part.querySelectorAll("li")].map(
            (item) => [...item.children].map((each) => each.textContent).join(" "),
          ),
        ])
    """)
    return [[spaced(text) for text in part] for part in parts]


@pytest.mark.parametrize(("older", "newer"), PAIRS)
def test_any_two_has_the_lines_of_the_command(visit, older, newer):
    """Pages, lines, proofs and their order are those of `signalbook diff`, forwards and back."""
    page = visit(f"{PAGE}#from={older}&to={newer}")
    assert shown(page) == wanted(older, newer)


def test_any_two_links_what_sums_it_up_and_each_clause(visit):
    """Pages on upgrades from line to line are named where the whole of them lies between."""
    page = visit(f"{PAGE}#from=1.1.4&to=3.1.3")
    summary = page.locator(".release-changes-summary")
    assert summary.inner_text() == "In short: From 1.1 to 2.3, From 2.3 to 3.1."
    page.get_by_label("From Flask").select_option("2.1.3")
    assert summary.inner_text() == "In short: From 2.3 to 3.1."
    page.get_by_label("to Flask").select_option("2.2.0")
    assert not summary.is_visible()
    assert page.url.endswith("#from=2.1.3&to=2.2.0")
    page.get_by_role("link", name="appcontext-tearing-down.debug-delayed").click()
    page.wait_for_url("**/appcontext-tearing-down.html#appcontext-tearing-down.debug-delayed")


def test_any_two_without_scripts_leads_elsewhere(visit):
    """The pages from line to line are there, and the command."""
    page = visit(PAGE, scripts=False)
    links = page.locator(".release-changes-pages a").all_inner_texts()
    assert links == ["From 0.12 to 1.1", "From 1.1 to 2.3", "From 2.3 to 3.1", "From 3.1 to next"]
    note = page.locator("noscript p")
    assert note.is_visible()
    assert "signalbook diff 2.1.3 3.1.3 needs none" in note.inner_text()
