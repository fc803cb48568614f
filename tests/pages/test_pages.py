"""Sound pages, read into the model with every file and line."""

import pytest

from signalbook.clauses import Clause, EarlierSetup, Example, Level, Page, VersionRange
from signalbook.pages import read_page, read_specification

EVERYTHING = """\
---
html_theme.sidebar_secondary.remove: true
---

# The shop's *doors*

Prose, `MUST` in code, and a line
of its own.

% A comment of MyST's.

:::{setup}
```pycon
>>> from flask import Flask
>>> def door():
...     return "open"
```

```pycon
>>> shop = door()
```
:::

```markdown
>>> quoted == "no example"
```

## Opening

(shop.doors)=
This text has a target, and stands before the clause.

:::{clause} shop.opens-in-the-morning
:holds: flask<0.7 | flask>=1.1

The shop's `door()` MUST NOT be "closed" before `MUST` is.

Prose between them.

```pycon
>>> shop
'open'
>>> if shop:
...     print("a")
...
...     print("b")
a
<BLANKLINE>
b

>>> 1 / 0  # doctest: +IGNORE_EXCEPTION_DETAIL, -ELLIPSIS
Traceback (most recent call last):
  ...
ZeroDivisionError: division
```

- In a list:

  ```pycon
  >>> await door
  ```

```{note}
Small print, with a fence of its own:

~~~python
closed = True
~~~
```
:::

### Closing

::::{clause} shop.closes
The shop SHOULD close.
```pycon
>>> 1
1
```
:::{note}
With colons.
:::
::::
"""


def example(line, source, wanted="", raises=None, **options):
    return Example(
        source=source,
        wanted=wanted,
        raises=raises,
        options=options,
        file="spec/signals/shop.md",
        line=line,
    )


SETUP = (
    example(14, "from flask import Flask\n"),
    example(15, 'def door():\n    return "open"\n'),
    example(20, "shop = door()\n"),
)
WHOLE_PAGE = Page(
    subject="shop",
    title="The shop's *doors*",
    chapter="signals",
    setup=SETUP,
    clauses=(
        Clause(
            id="shop.opens-in-the-morning",
            rule='The shop\'s `door()` MUST NOT be "closed" before `MUST` is.',
            level=Level.MUST,
            holds=VersionRange.parse("flask<0.7 | flask>=1.1"),
            chapter="signals",
            title="Opening",
            setup=SETUP,
            examples=(
                example(41, "shop\n", "'open'\n"),
                example(
                    43,
                    'if shop:\n    print("a")\n\n    print("b")\n',
                    "a\n<BLANKLINE>\nb\n",
                ),
                example(
                    51,
                    "1 / 0  # doctest: +IGNORE_EXCEPTION_DETAIL, -ELLIPSIS\n",
                    raises="ZeroDivisionError: division",
                    IGNORE_EXCEPTION_DETAIL=True,
                    ELLIPSIS=False,
                ),
                example(60, "await door\n"),
            ),
            file="spec/signals/shop.md",
            line=33,
        ),
        Clause(
            id="shop.closes",
            rule="The shop SHOULD close.",
            level=Level.SHOULD,
            holds=None,
            chapter="signals",
            title="Closing",
            setup=SETUP,
            examples=(example(77, "1\n", "1\n"),),
            file="spec/signals/shop.md",
            line=74,
        ),
    ),
    file="spec/signals/shop.md",
)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_page_with_everything_is_read_whole(write, tmp_path, newline, mark):
    """Every record of a page is read with its line, whatever ends the lines."""
    content = (mark + EVERYTHING).replace("\n", newline).encode()
    write({"signals/shop.md": content})
    assert WHOLE_PAGE == read_page(tmp_path / "signals" / "shop.md", tmp_path)


def test_range_is_compared_by_its_text():
    """The whole-page comparison above would notice another range."""
    assert VersionRange.parse("flask<0.7") != VersionRange.parse("flask<0.8")


def test_page_without_clauses_may_use_capitals_and_targets(write, tmp_path):
    """A page that only explains is free to name the levels."""
    write({"index.md": "# Levels\n\nMUST means must.\n\n(start)=\n## Start\n"})
    assert Page(
        subject="index", title="Levels", chapter="index", setup=(), clauses=(), file="spec/index.md"
    ) == read_page(tmp_path / "index.md", tmp_path)


CLAUSE = ":::{{clause}} {}\nIt MUST.\n\n```pycon\n>>> 1\n1\n```\n:::\n"


def test_specification_is_in_reading_order(write, tmp_path):
    """Pages are read by chapter, then by name, and clauses by place."""
    write(
        {
            "index.md": "# Index\n",
            "lifecycle/a.md": "# A\n\n" + CLAUSE.format("a.z") + "\n" + CLAUSE.format("a.b"),
            "signals/b.md": "# B\n\n" + CLAUSE.format("b.a"),
            "signals/a.md": "# A\n\n" + CLAUSE.format("a.a"),
            "dispatch/z.md": "# Z\n\n" + CLAUSE.format("z.a"),
            "dispatch/deep/y.md": "# Y\n\n" + CLAUSE.format("y.a"),
        }
    )
    specification = read_specification(tmp_path)
    assert ["y.a", "z.a", "a.a", "b.a", "a.z", "a.b"] == [c.id for c in specification.clauses]
    assert [page.file for page in specification.pages] == [
        "spec/dispatch/deep/y.md",
        "spec/dispatch/z.md",
        "spec/signals/a.md",
        "spec/signals/b.md",
        "spec/lifecycle/a.md",
        "spec/index.md",
    ]


def test_contents_of_a_chapter_decide_its_order(write, tmp_path):
    """Pages come as the chapter's contents name them, and those that they don't by name."""
    write(
        {
            "dispatch/index.md": "# D\n\n```{toctree}\n:titlesonly:\n\nz\nb\n```\n",
            **{f"dispatch/{name}.md": f"# {name}\n" for name in "cabz"},
        }
    )
    assert ["z", "b", "a", "c", "index"] == [p.subject for p in read_specification(tmp_path).pages]


SETUP_OF = ":::{{setup}}\n{}\n:::\n\n"


def test_setup_begins_with_those_of_other_pages(write, tmp_path):
    """Every set-up of the chain runs, the first one's first, with its own file and line."""
    write(
        {
            "dispatch/a.md": "# A\n\n"
            + SETUP_OF.format(":after: signals/b\n\n```pycon\n>>> a = 1\n```")
            + CLAUSE.format("a.a"),
            "signals/b.md": "# B\n\n" + SETUP_OF.format(":after: lifecycle/deep/c"),
            "lifecycle/deep/c.md": "# C\n\n" + SETUP_OF.format("```pycon\n>>> c = 1\n```"),
        }
    )
    specification = read_specification(tmp_path)
    [clause] = specification.clauses
    setup = [("spec/lifecycle/deep/c.md:5", "c = 1\n"), ("spec/dispatch/a.md:7", "a = 1\n")]
    assert setup == [(example.place, example.source) for example in clause.setup]
    assert [setup, setup[:1], setup[:1]] == [
        [(example.place, example.source) for example in page.setup] for page in specification.pages
    ]
    assert [EarlierSetup("signals/b", 3), EarlierSetup("lifecycle/deep/c", 3), None] == [
        page.after for page in specification.pages
    ]


@pytest.mark.parametrize(
    ("chapter", "option", "needs"),
    [
        ("dispatch", "", {"blinker"}),
        ("signals", "", {"flask", "blinker"}),
        ("lifecycle", "", {"flask"}),
        ("lifecycle", ":needs: flask, blinker\n", {"flask", "blinker"}),
        ("signals", ":needs: flask\n", {"flask"}),
    ],
)
def test_clause_needs_what_it_says_or_its_chapter(write, tmp_path, chapter, option, needs):
    """Without the option a clause needs what its chapter does."""
    clause = CLAUSE.format("a.a").replace("\n", f"\n{option}", 1)
    write({f"{chapter}/a.md": "# A\n\n" + clause})
    assert [needs] == [clause.needs for clause in read_specification(tmp_path).clauses]


def test_target_of_a_section_is_free(write, tmp_path):
    """A target that stands above text, and not above a clause, is the author's own."""
    write({"signals/a.md": "# A\n\n(here)=\nText.\n\n" + CLAUSE.format("a.a")})
    assert ["a.a"] == [clause.id for clause in read_specification(tmp_path).clauses]
