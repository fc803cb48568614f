"""What elements say of the lines of Flask on which they hold, against the specification."""

import re

import pytest

from signalbook.clauses import applies
from signalbook.history import NEXT, SERIES, History, read_history
from signalbook.implementations import newest_release, read_releases
from signalbook.sphinx_ext.lines import lines_of
from signalbook.verdicts import Verdict

LAST = {".".join(version.split(".")[:2]): version for version in read_releases()}
NAMES = [*LAST, NEXT]


@pytest.fixture(scope="module")
def history():
    """What was measured."""
    return read_history()


@pytest.fixture(scope="module")
def page(site):
    """Return a function that reads a page once."""
    pages = {}

    def page(name):
        if name not in pages:
            pages[name] = site.read(name)
        return pages[name]

    return page


def told(classes, kind="flask"):
    """Return the lines that an element's classes name; all if they name none."""
    stretches = re.findall(rf"(?:^| ){kind}:(\S+)", classes)
    if not stretches:
        return NAMES
    found = []
    for stretch in stretches:
        first, _, last = stretch.partition("-")
        if stretch != "none":
            found += NAMES[NAMES.index(first) : NAMES.index(last or first) + 1]
    return found


def meant(check, history):
    """Return the lines on which a clause, an entry or a row holds, by what the kit says of it."""
    if check.rows:
        rows = [meant(row, history) for row in check.rows]
        return [name for name in NAMES if any(name in row for row in rows)]
    series = "flask-without-blinker" if check.lacks else "flask"
    axes = {each.version: each.axes for each in SERIES[series].environments()}
    found = [name for name, last in LAST.items() if last in axes and applies(check, axes[last])]
    coming = history.coming(check)
    if coming.verdict is Verdict.PASSED if coming else "3.1" in found:
        found.append(NEXT)
    return found


def test_each_element_says_where_its_rule_holds(specification, page, history):
    """Clauses, rows and earlier entries name exactly the lines on which they apply."""
    wrong = []
    for clause in specification.clauses:
        for entry in clause.entries:
            html = page(entry.permalink.partition("#")[0])
            id = re.escape(entry.id)
            if entry is clause:
                pattern = rf'<dl class="([^"]*)">\n<dt [^>]*id="{id}"'
            else:
                pattern = rf'<details class="([^"]*)">(?:(?!<details).)*? id="{id}"'
            (classes,) = re.findall(pattern, html, re.DOTALL)
            found = [(entry, classes)]
            for row in entry.rows:
                tags = re.findall(rf'<tr class="([^"]*)" id="{re.escape(row.id)}"', html)
                found += [(row, tag) for tag in tags]
            wrong += [
                (check.id, told(classes), meant(check, history))
                for check, classes in found
                if told(classes) != meant(check, history)
            ]
    assert wrong == []


def test_rows_of_each_clause_are_marked(specification, page):
    """Each row of a clause's table is a target, so that the test above sees it."""
    rows = [row for clause in specification.clauses for row in clause.rows]
    assert len(rows) > 2000
    for row in rows:
        assert f' id="{row.id}"' in page(row.permalink.partition("#")[0])


def facts_of(html):
    """Return the classes and the content of each fact's phrase but the first."""
    facts = re.search(r'<dl class="[^"]*facts">.*?</dl>', html, re.DOTALL)[0]
    return re.findall(r'<dd(?: class="([^"]*)")?>(.*?)</dd>', facts, re.DOTALL)[1:]


def test_facts_say_where_they_and_what_was_earlier_hold(specification, page, history):
    """A phrase holds where any of its clauses does, each link where its own does."""
    seen = 0
    for signal in [each for each in specification.pages if each.file.startswith("spec/signals/")]:
        html = page(signal.file.replace(".md", ".html"))
        if 'facts">' not in html:
            continue
        for classes, content in facts_of(html):
            phrase, _, past = content.partition("<details")
            links = re.findall(r'href="[^"]*#([^"]+)"[^>]*><\w+ class="([^"]*)"', phrase)
            clauses = [specification.clause(id) for id, _ in links]
            each = [meant(clause, history) for clause in clauses]
            assert told(classes) == [n for n in NAMES if any(n in names for names in each)]
            assert [told(link) for _, link in links] == each
            lines = re.findall(r'<li(?: class="([^"]*)")?>.*?#([^"]+)"', past, re.DOTALL)
            entries = [entry for clause in clauses for entry in clause.earlier]
            assert [id for _, id in lines] == [entry.id for entry in entries]
            assert [told(c) for c, _ in lines] == [meant(entry, history) for entry in entries]
            seen += len(lines)
    assert seen > 20


def test_exactly_one_row_of_outcomes_is_for_each_release(page):
    """Whatever is chosen, what happens is told of once; at first as on the newest."""
    html = page("docs/reference/which-signal-when.html")
    body = re.search(r"<tbody>.*</tbody>", html, re.DOTALL)[0]
    lines = {}
    for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL):
        if sentence := re.search(r'<th [^>]*scope="row"><p>(.*?)</p>', row, re.DOTALL):
            classes = re.match(r'<tr class="([^"]*)"', row)[1]
            words = re.sub("<.*?>", "", sentence[1])
            lines.setdefault(words, []).extend(told(classes))
            assert ("outcomes-other" in classes) is ("3.1" not in told(classes))
    assert len(lines) > 30
    assert {words for words, names in lines.items() if sorted(names) != sorted(NAMES)} == set()


def test_claims_say_where_they_are_true(page):
    """A claim's verdict is told by line, as its words have it."""
    html = page("docs/claims.html")
    claims = re.findall(r'claim-said">(.*?)</p>\s*<p class="(claim-verdict[^"]*)"', html)
    classes = dict(claims)
    (handled,) = [c for said, c in claims if "even when an error handler handles" in said]
    assert told(handled) == ["0.6"]
    assert told(handled, "measured") == NAMES
    always = [c for c in classes.values() if "claim-holds" in c and "measured:" not in c]
    assert always
    assert all(told(c)[: len(LAST)] == list(LAST) for c in always)


def test_lines_are_those_of_the_releases_and_the_main_branch(history):
    """Each line has the versions of its last release; what wasn't measured is none."""
    lines = lines_of(history)
    assert [line.name for line in lines] == NAMES
    assert [line.axes["flask"] for line in lines][:-1] == list(LAST.values())
    assert lines[-2].axes == newest_release().axes
    assert [line.name for line in lines_of(History())] == list(LAST)
