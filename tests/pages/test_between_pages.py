"""What takes all pages, or the known releases, to tell: links, imports and ranges."""

import pytest

from signalbook.pages import read_specification

CLAUSE = """\
:::{{clause}} {}
{}
It MUST.

```pycon
{}
```
:::

"""


def clause(id, options="", examples=">>> 1\n1"):
    return CLAUSE.format(id, options, examples)


SHOP = "# Shop\n\n## How *it* opens\n\n" + clause("shop.opens")
# No file can have such a name.
LONG = "x" * 300
NO_TARGET = "which is no target in spec/signals/shop.md"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{clause}`shop.opens`", None),
        ("{clause}`so <shop.opens>`", None),
        ("{clause}`shop.open`", "there is no clause 'shop.open'; did you mean 'shop.opens'?"),
        ("{clause}`so <zzz>`", "there is no clause 'zzz'; 'signalbook list' shows all ids"),
        ("{clauze}`x`", "there is no role {clauze}; write {clause}, which links to a clause"),
        ("[](../signals/shop.md)", None),
        ("[](../index.md)", None),
        ("[](shop.md)", "the link leads to 'shop.md', which is no file; correct the path"),
        ("[](../signals)", "the link leads to '../signals', which is no file; correct the path"),
        (f"[]({LONG})", f"the link leads to '{LONG}', which is no file; correct the path"),
        ("![](shop.png)", "the link leads to 'shop.png', which is no file; correct the path"),
        ("[so](../signals/shop.md#how-it-opens)", None),
        ("[so](../signals/shop.md#shop.opens)", None),
        (
            "[so](../signals/shop.md#how-it-open)",
            f"the link leads to 'how-it-open', {NO_TARGET}; did you mean 'how-it-opens'?",
        ),
        ("[](#shop.opens)", None),
        ("[](#doors)", None),
        (
            "[](#shop.open)",
            "the link leads to 'shop.open', which is no target in spec/dispatch/door.md;"
            " did you mean 'shop.opens'?",
        ),
        ("[so](https://example.org/nowhere)", None),
        ("<https://example.org/nowhere>", None),
        ("[](../../docs/guide.md)", None),
        (
            "[](../../docs/gide.md)",
            "the link leads to '../../docs/gide.md', which is no file; correct the path",
        ),
        ("[](../../src/a.py)", None),
    ],
)
@pytest.mark.parametrize("place", ["prose", "note", "clause's note"])
def test_reference_to_nothing_is_one_error(errors_of, write, tmp_path, text, error, place):
    """Roles and links lead to something; what isn't installed with the pages isn't looked for."""
    write({"docs/guide.md": "# Guide\n"})
    note = f"```{{note}}\nOne.\nSee {text}.\n```\n"
    page = (
        "# Doors\n\n"
        + {
            "prose": f"One.\nSee {text}.\n\n{clause('door.opens')}",
            "note": note + "\n" + clause("door.opens"),
            "clause's note": clause("door.opens").replace("```\n:::", f"```\n\n{note}:::"),
        }[place]
    )
    line = page[: page.index("See")].count("\n") + 1
    pages = {"index.md": "# All\n", "signals/shop.md": SHOP, "dispatch/door.md": page}
    assert [f"spec/dispatch/door.md:{line}: {error}"] * bool(error) == errors_of(pages)


def test_contents_name_pages(errors_of):
    """An entry in a list of contents that is no page is an error at its line."""
    contents = "# Signals\n\n```{toctree}\n:titlesonly:\n\nshop\nThe door <door>\nwindow.md\n```\n"
    pages = {"signals/index.md": contents, "signals/shop.md": SHOP}
    assert [
        "spec/signals/index.md:7: the contents name 'door',"
        " and there is no spec/signals/door.md; remove it",
        "spec/signals/index.md:8: the contents name 'window.md',"
        " and there is no spec/signals/window.md; remove it",
    ] == errors_of(pages)


@pytest.mark.parametrize("other", ["shop.close", "shop.opens"])
def test_otherwise_names_another_clause(errors_of, other):
    """What is true instead is said by another clause, which there is."""
    pages = {"signals/shop.md": "# Shop\n\n" + clause("shop.opens", f":otherwise: {other}\n")}
    assert [
        f"spec/signals/shop.md:3: ':otherwise:' of 'shop.opens' names '{other}', which is no other"
        " clause; name the clause that says what is true on other releases"
    ] == errors_of(pages)


def test_reference_to_a_faulty_page_is_no_second_error(errors_of):
    """While a page can't be read, nobody is blamed for leading there."""
    faulty = SHOP.replace("MUST", "must")
    link = "# Doors\n\n{clause}`shop.opens`\n"
    assert ["spec/signals/shop.md"] == [
        error.partition(":")[0]
        for error in errors_of({"signals/shop.md": faulty, "dispatch/door.md": link})
    ]


@pytest.mark.parametrize(
    ("chapter", "options", "examples", "name"),
    [
        ("dispatch", "", "import flask", "flask"),
        ("dispatch", "", "from flask.signals import Namespace", "flask"),
        ("dispatch", "", "def f():\n...     import os, flask.views", "flask"),
        ("dispatch", "", "await f(); import flask as web", "flask"),
        ("lifecycle", "", "from blinker import Signal", "blinker"),
        ("signals", ":needs: blinker\n", "import flask", "flask"),
        ("dispatch", "", "import blinker", None),
        ("dispatch", "", "import flaskish", None),
        ("dispatch", "", "from . import flask", None),
        ("dispatch", ":needs: flask, blinker\n", "import flask", None),
        ("lifecycle", "", "try:\n...     import blinker\n... except ImportError: pass", None),
        ("dispatch", "", "try:\n...     import flask\n... finally: pass", "flask"),
        ("dispatch", "", "try: 1\n... except OSError: pass\n... finally: import flask", "flask"),
    ],
)
def test_import_of_what_a_clause_does_not_need_is_an_error(
    errors_of, chapter, options, examples, name
):
    """A clause imports what it needs, or only asks whether something is there."""
    page = "# Shop\n\n" + clause("shop.opens", options, f">>> {examples}\n>>> 1\n1")
    error = (
        f"spec/{chapter}/shop.md:{8 + bool(options)}: the example imports '{name}', which the"
        " clause 'shop.opens' does not need; do without it, or write ':needs: flask, blinker'"
    )
    assert [error] * bool(name) == errors_of({f"{chapter}/shop.md": page})


def test_import_in_a_setup_is_told_for_each_clause_without_need(errors_of):
    """A set-up may import only what each clause after it needs; the clause's line is named."""
    setup = ":::{setup}\n```pycon\n>>> import flask\n```\n:::\n\n"
    needing = clause("shop.needs", ":needs: flask, blinker\n")
    page = f"# Shop\n\n{setup}{needing}{clause('shop.opens')}"
    assert [
        "spec/dispatch/shop.md:20: the set-up, at spec/dispatch/shop.md:5, imports 'flask',"
        " which the clause 'shop.opens' does not need;"
        " do without it, or write ':needs: flask, blinker'"
    ] == errors_of({"dispatch/shop.md": page})


RELEASES = """\
[flask."0.6"]
python = "2.7"
pins = ["flask==0.6", "blinker==1.4", "jinja2==2.6"]
[flask."3.1.3"]
python = "3.12"
pins = ["flask==3.1.3", "blinker==1.9.0"]
[blinker."1.9.0"]
python = "3.13"
pins = ["blinker==1.9.0"]
"""


@pytest.mark.parametrize(
    ("holds", "empty"),
    [
        ("blinker>=7", "blinker>=7"),
        ("flask>=3.2", "flask>=3.2"),
        ("flask<0.6", "flask<0.6"),
        ("flask<0.7 | blinker>=7", "blinker>=7"),
        ("flask==3.1.2", "flask==3.1.2"),
        ("flask>=3", None),
        ("flask<0.7 | blinker>=1.9", None),
        ("python==3", "python==3"),
        ("flask<0.7 & python>=3 | flask>=3", "flask<0.7 & python>=3"),
        ("flask>=3 & blinker<1.9", "flask>=3 & blinker<1.9"),
        ("flask<0.7 & python<3 | flask>=3 & python>=3", None),
    ],
)
def test_range_that_no_known_release_is_in_is_an_error(errors_of, holds, empty):
    """A rule that can't be measured anywhere would never be contradicted."""
    page = "# Shop\n\n" + clause("shop.opens", f":holds: {holds}\n")
    error = (
        f"spec/signals/shop.md:3: no release in spec/releases.toml is in '{empty}';"
        " name one that is, or add the release first"
    )
    pages = {"signals/shop.md": page, "releases.toml": RELEASES}
    assert [error] * bool(empty) == errors_of(pages)


def test_range_in_pages_without_releases_is_held_against_the_kits_own(errors_of):
    """Other people's pages are about the releases that there are, too."""
    page = "# Shop\n\n" + clause("shop.opens", ":holds: HERE\n")
    assert [] == errors_of({"signals/shop.md": page.replace("HERE", "flask==0.12.5")})
    assert [
        "spec/signals/shop.md:3: no release in spec/releases.toml is in 'blinker>=7';"
        " name one that is, or add the release first"
    ] == errors_of({"signals/shop.md": page.replace("HERE", "blinker>=7")})


def test_own_pages_are_sound():
    """Every page of the specification keeps all of this."""
    assert len(read_specification().checks) > 1000
