"""Fences and directives: whose fault it is that one isn't closed, and which there are."""

import pytest

TITLE = "# Shop\n\n"
CLAUSE = """\
:::{{clause}} shop.{}
The shop MUST open.

```pycon
>>> 1
1
```
:::

"""
OPENS, CLOSES = CLAUSE.format("opens"), CLAUSE.format("closes")
NOT_CLOSED = "is not closed before line {} opens another; close it"
CLOSES_NOTHING = "remove it, or let it have as many colons as the fence"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (
            OPENS.removesuffix(":::\n\n") + CLOSES,
            f"3: the fence ':::' {NOT_CLOSED.format(10)}",
        ),
        (
            OPENS.replace("\n:::\n", "\n::::\n") + CLOSES + OPENS,
            f"3: the fence ':::' {NOT_CLOSED.format(12)}",
        ),
        (
            ":::{note}\nSmall print.\n\n" + OPENS + CLOSES,
            f"3: the fence ':::' {NOT_CLOSED.format(6)}",
        ),
        (
            ":::{setup}\n```pycon\n>>> x = 1\n```\n\n" + OPENS,
            f"3: the fence ':::' {NOT_CLOSED.format(8)}",
        ),
        ("```python\nx = 1\n\n" + OPENS, f"3: the fence '```' {NOT_CLOSED.format(9)}"),
        ("~~~python\nx = 1\n\n~~~text\ny\n~~~\n", f"3: the fence '~~~' {NOT_CLOSED.format(6)}"),
        (
            OPENS.replace("1\n```", "1\n\n```{note}\nx\n```"),
            f"6: the fence '```' {NOT_CLOSED.format(10)}",
        ),
        (
            OPENS + ":::\n",
            f"12: there is no open fence that ':::' closes; {CLOSES_NOTHING}",
        ),
        (
            OPENS + ":::\n\n" + CLOSES,
            f"12: there is no open fence that ':::' closes; {CLOSES_NOTHING}",
        ),
    ],
    ids=[
        "clause",
        "clause with a longer end",
        "note",
        "set-up",
        "backticks",
        "tildes",
        "example in a clause",
        "end too many",
        "end too many before a clause",
    ],
)
def test_fence_that_is_not_closed_is_blamed(error_of, content, error):
    """It is the fence without an end that is at fault, and none that it swallows."""
    assert error == error_of(TITLE + content)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (OPENS.replace("{clause}", "{clauze}"), "{clauze}; did you mean {clause}?"),
        (OPENS.replace("{clause}", "{clauses}"), "{clauses}; did you mean {clause}?"),
        (":::{set-up}\n```pycon\n>>> 1\n```\n:::\n", "{set-up}; did you mean {setup}?"),
        ("```{toctre}\nopening\n```\n", "{toctre}; did you mean {toctree}?"),
        (
            "```{raw} html\n<script></script>\n```\n",
            "{raw}; use one of {clause}, {setup}, {facts}, {subject-history}, {subject-claims},"
            " {toctree}, {note}, {tip}, {important}, {warning}, {seealso}, {admonition}",
        ),
    ],
)
def test_unknown_directive_names_the_nearest(error_of, content, problem):
    """A directive that pages don't have is an error that names one that they have."""
    assert f"3: there is no directive {problem}" == error_of(TITLE + content)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (
            "::::{note}\n:::{tip}\nx\n:::\n::::\n",
            "4: {tip} is inside another admonition; take it out",
        ),
        (
            "\n".join(":" * n + "{note}" for n in range(900, 3, -1)) + "\n",
            "3: the fence ':::' is not closed; close it".replace(":::", ":" * 900),
        ),
        (
            OPENS.replace("```\n:::", "```\n\n````{note}\n```{tip}\nx\n```\n````\n:::"),
            "12: {tip} is inside a note; take it out",
        ),
        ("- " * 300 + "x\n", "3: this is nested too deeply; take it out of lists and quotes"),
        ("> " * 300 + "x\n", "3: this is nested too deeply; take it out of lists and quotes"),
    ],
    ids=["in a note", "900 notes", "in a clause's note", "300 lists", "300 quotes"],
)
def test_deep_nesting_is_one_error(error_of, content, error):
    """What is nested is an error where it begins, and never exhausts the reader."""
    assert error == error_of(TITLE + content)


def test_deep_nesting_of_closed_notes_is_one_error(error_of):
    """As many notes in each other as anybody likes are one error, at the second."""
    depths = range(4, 600)
    opening = "\n".join(":" * depth + "{note}" for depth in reversed(depths))
    closing = "\n".join(":" * depth for depth in depths)
    assert "4: {note} is inside another admonition; take it out" == error_of(
        f"{TITLE}{opening}\nx\n{closing}\n"
    )


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("## One\n\n#### Two\n", "5: a heading of level 4 stands below one of level 2; '### '"),
        ("## One\n\n# Two\n", "5: the page has a second title; '## '"),
        ("One\n===\n", "3: the page has a second title; '## '"),
        ("- # One\n", "3: a heading is in a list or a quote; take it out"),
        ("> # One\n", "3: a heading is in a list or a quote; take it out"),
        ("```{note}\n# One\n```\n", "4: a heading is in an admonition; take it out"),
    ],
)
def test_heading_out_of_order_is_one_error(error_of, content, error):
    """A page has one title, and its headings go down one level at a time."""
    assert error.replace("; '", "; start it with '") == error_of(TITLE + content)


def test_page_starts_with_its_title(error_of):
    """A page without a title is an error, and one that has a section first too."""
    title = "start it with '# Title'"
    assert f"1: the page has no title; {title}" == error_of("Text.\n")
    assert "1: a heading of level 2 stands above the page's title; start it with '# '" == error_of(
        "## One\n\n# Two\n"
    )
