"""Everything that can be wrong with a page, with its line and its remedy."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signalbook.clauses import CHAPTERS
from signalbook.pages import PageError, SpecificationError, read_page, read_specification

TITLE = "# Shop\n\n"
CLAUSE = """\
:::{clause} shop.opens
The shop MUST open.

```pycon
>>> 1
1
```
:::
"""
ONE_WORD = (
    "a rule has exactly one RFC 2119 word in capitals, and it has {};"
    " write one of MUST, MUST NOT, SHOULD, SHOULD NOT, MAY"
)
IN_CAPITALS = "is in capitals outside a rule; write it in lower case, or make it a clause"
STRAY_PROMPT = (
    "there is a prompt outside a clause's examples;"
    " move it into a 'pycon' fence in a clause, or quote it in a 'markdown' fence"
)
NO_STATEMENT = (
    "there is no statement at the prompt; remove the line, or put the comment behind a statement"
)
STRAY_TEXT = (
    "belongs to no example;"
    " put prose outside the fence, and write an empty line of output as <BLANKLINE>"
)
NESTED = (
    "is inside another block or a backtick fence;"
    " write ':::{}' at the start of a line, outside lists and quotes"
)
AT_PROMPT = "write it as at Python's own prompt"
OWN_TARGET = "stands above a clause, which makes the target 'shop.opens' by itself; remove the line"
NOT_ONE = "the rule is not one sentence on one line; move the rest into a {note}"
IN_WORDS = "is malformed; write 'shop.behaviour-in-words', in lower case"
NEITHER = (
    "starts with none of 'flask', 'blinker' and 'python';"
    " write for example 'flask>=1.1' or 'flask<0.7 | flask>=1.1'"
)
SETUP = """\
:::{setup}
```pycon
>>> x = 1
```
:::

"""


@pytest.mark.parametrize(
    ("content", "error"),
    [
        pytest.param(
            TITLE + CLAUSE.replace("shop.opens", "shop.Opens_now"),
            f"3: the id 'shop.Opens_now' {IN_WORDS}",
            id="malformed id",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(" shop.opens", ""),
            f"3: the id '' {IN_WORDS}",
            id="id missing",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("shop.opens", "shop.opens.early"),
            f"3: the id 'shop.opens.early' {IN_WORDS}",
            id="id with two dots",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("shop.opens", "shop.opens early"),
            f"3: the id 'shop.opens early' {IN_WORDS}",
            id="id with argument",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("shop.opens", "store.opens"),
            "3: the id 'store.opens' does not start with the page's subject; start it with 'shop.'",
            id="other subject",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("shop.opens", "shops.opens"),
            "3: the id 'shops.opens' does not start with the page's subject; start it with 'shop.'",
            id="subject prefix",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("MUST", "must"),
            f"4: {ONE_WORD.format('none')}",
            id="no rfc",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("MUST open", "MUST open and SHOULD close"),
            f"4: {ONE_WORD.format('MUST and SHOULD')}",
            id="two rfc",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("MUST open", "MUST open and MUST close"),
            f"4: {ONE_WORD.format('MUST and MUST')}",
            id="must twice",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("MUST", "MAY NOT"),
            "4: MAY NOT can be read in two ways; write MUST NOT, or say what MAY be",
            id="MAY NOT",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("MUST", "SHALL NOT"),
            "4: SHALL is none of our levels; write MUST, SHOULD or MAY",
            id="SHALL NOT",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("MUST", "`MUST`"),
            f"4: {ONE_WORD.format('none')}",
            id="rfc in code only",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("open.", "open.\nIt has a door."),
            f"4: {NOT_ONE}",
            id="two sentences lines",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("open.", "open"),
            f"4: {NOT_ONE}",
            id="no full stop",
        ),
        pytest.param(
            TITLE + "It MUST.\n\n" + CLAUSE,
            f"3: MUST {IN_CAPITALS}",
            id="rfc in prose",
        ),
        pytest.param(
            TITLE + "It has `a very long piece of code`\nand another,\nit MUST.\n\n" + CLAUSE,
            f"5: MUST {IN_CAPITALS}",
            id="rfc in prose 3rd line",
        ),
        pytest.param(
            "# Shop MUST\n\n" + CLAUSE,
            f"1: MUST {IN_CAPITALS}",
            id="rfc in heading",
        ),
        pytest.param(
            TITLE + "| a | b |\n| - | - |\n| 1 | MUST |\n\n" + CLAUSE,
            f"5: MUST {IN_CAPITALS}",
            id="rfc in table",
        ),
        pytest.param(
            TITLE + "- one\n- MUST\n\n" + CLAUSE,
            f"4: MUST {IN_CAPITALS}",
            id="rfc in list",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("```pycon", "It MAY.\n\n```pycon"),
            f"6: MAY {IN_CAPITALS}",
            id="rfc in clause prose",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("```\n:::", "```\n\n```{note}\nFirst.\nIt MAY.\n```\n:::"),
            f"13: MAY {IN_CAPITALS}",
            id="rfc in note",
        ),
        pytest.param(
            TITLE + "```{note}\nIt MAY.\n```\n\n" + CLAUSE,
            f"4: MAY {IN_CAPITALS}",
            id="rfc in outer note",
        ),
        pytest.param(
            TITLE + ":::{note}\nIt MAY.\n:::\n\n" + CLAUSE,
            f"4: MAY {IN_CAPITALS}",
            id="rfc in outer colon note",
        ),
        pytest.param(
            TITLE + ":::{clause} shop.opens\nThe shop MUST open.\n:::\n",
            "3: the clause has no example; prove its rule in a 'pycon' fence",
            id="no example",
        ),
        pytest.param(
            TITLE + ":::{clause} shop.opens\nThe shop MUST open.\n\n```python\nx\n```\n:::\n",
            "3: the clause has no example; prove its rule in a 'pycon' fence",
            id="only python fence",
        ),
        pytest.param(
            TITLE + ":::{clause} shop.opens\n:::\n",
            "3: the clause is empty; write its rule and an example",
            id="empty clause",
        ),
        pytest.param(
            TITLE + ":::{clause} shop.opens\n\n\n:::\n",
            "3: the clause is empty; write its rule and an example",
            id="blank clause",
        ),
        pytest.param(
            TITLE
            + ":::{clause} shop.opens\n\n```pycon\n>>> 1\n1\n```\n\nThe shop MUST open.\n:::\n",
            "5: the clause does not start with its rule; write the sentence first",
            id="example first",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("\nThe", "\n:since: 1.0\n\nThe"),
            "3: the option ':since:' is unknown;"
            " a clause has only ':holds:' and ':needs:' and ':source:' and ':except:'"
            " and ':otherwise:'",
            id="unknown option",
        ),
        pytest.param(
            TITLE + ":::{setup}\n:before: x\n```pycon\n>>> x = 1\n```\n:::\n",
            "3: the option ':before:' is unknown; a setup has only ':after:'",
            id="unknown setup option",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("\nThe", "\n:holds: flask>=1\n:holds: flask>=1\n\nThe"),
            "3: the option ':holds:' is there twice; write it once",
            id="option twice",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("open.", "open.\n\n:holds: flask>=1"),
            "6: an option does not follow the clause's first line; move it up",
            id="option after rule",
        ),
        pytest.param(
            TITLE + CLAUSE + "\n>>> 1\n",
            f"12: {STRAY_PROMPT}",
            id="prompt in prose",
        ),
        pytest.param(
            TITLE + CLAUSE + "\n> >>> 1\n",
            f"12: {STRAY_PROMPT}",
            id="prompt in quote",
        ),
        pytest.param(
            TITLE + CLAUSE + "\n```python\n>>> 1\n```\n",
            f"13: {STRAY_PROMPT}",
            id="prompt in python fence",
        ),
        pytest.param(
            TITLE + CLAUSE + "\n```pycon\n>>> 1\n```\n",
            "12: an example is outside a clause; move it into a ':::{clause}'",
            id="pycon outside",
        ),
        pytest.param(
            TITLE + CLAUSE + "\n- a\n\n  ```pycon\n  >>> 1\n  ```\n",
            "14: an example is outside a clause; move it into a ':::{clause}'",
            id="pycon outside in list",
        ),
        pytest.param(
            TITLE + CLAUSE + "\n<!--\n>>> 1\n-->\n",
            "12: '<!--' is raw HTML; put code between backticks, and a comment behind '% '",
            id="prompt in html comment",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("```\n:::", "```\n\n```{note}\n>>> 1\n```\n:::"),
            f"12: {STRAY_PROMPT}",
            id="prompt in note",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("```\n:::", "```\n\n```python\n>>> 1\n```\n:::"),
            f"12: {STRAY_PROMPT}",
            id="prompt in python fence in clause",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1\n", ">>> # a comment\n>>> 1\n"),
            f"7: {NO_STATEMENT}",
            id="comment prompt",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1\n", ">>> \n>>> 1\n"),
            f"7: {NO_STATEMENT}",
            id="blank prompt",
        ),
        pytest.param(
            TITLE + "```python\nx\n\n" + CLAUSE,
            "3: the fence '```' is not closed before line 9 opens another; close it",
            id="unclosed backtick",
        ),
        pytest.param(
            TITLE + CLAUSE + "\n```python\nx\n",
            "12: the fence '```' is not closed; close it",
            id="unclosed backtick at end",
        ),
        pytest.param(
            TITLE + CLAUSE + "\n```python",
            "12: the fence '```' is not closed; close it",
            id="unclosed empty",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("1\n```\n:::", "1\n:::"),
            "6: the fence '```' is not closed; close it",
            id="unclosed inner",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("```pycon", "````pycon"),
            "6: the fence '````' is not closed; close it",
            id="unclosed inner by shorter",
        ),
        pytest.param(
            TITLE + CLAUSE + "\n````python\nx\n```\n",
            "12: the fence '````' is not closed; close it",
            id="unclosed by shorter",
        ),
        pytest.param(
            TITLE + CLAUSE + "\n::::{note}\nx\n:::\n",
            "12: the fence '::::' is not closed; close it",
            id="unclosed by shorter colon",
        ),
        pytest.param(
            TITLE + CLAUSE.removesuffix(":::\n"),
            "3: the fence ':::' is not closed; close it",
            id="unclosed colon",
        ),
        pytest.param(
            TITLE + CLAUSE.removesuffix(":::\n") + "\n" + CLAUSE,
            "3: the fence ':::' is not closed before line 11 opens another; close it",
            id="unclosed colon then next",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("```\n:::", "```\n::::"),
            "3: the fence ':::' is not closed; close it",
            id="closing four",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("open.\n", "open.\n\n::::\n"),
            "6: there is no open fence that '::::' closes;"
            " remove it, or let it have as many colons as the fence",
            id="four inside",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(":::{clause}", "::::{clause}"),
            "3: the fence '::::' is not closed; close it",
            id="opening four closing three",
        ),
        pytest.param(
            TITLE + CLAUSE + "\n```\nx\n```\n",
            "12: the fence has no language; name it: 'pycon' if it is an example",
            id="no language",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("pycon", ""),
            "6: the fence has no language; name it: 'pycon' if it is an example",
            id="no language inner",
        ),
        pytest.param(
            TITLE + CLAUSE + "\n:::note\nx\n:::\n",
            "12: 'note' is no directive; write for example ':::{clause} id'",
            id="colon no directive",
        ),
        pytest.param(
            TITLE + CLAUSE + "\n:::\nx\n:::\n",
            "12: there is no open fence that ':::' closes;"
            " remove it, or let it have as many colons as the fence",
            id="colon no name",
        ),
        pytest.param(
            TITLE + CLAUSE + "\n    x = 1\n",
            "12: code is indented but not fenced; put it into a fence",
            id="indented code",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("open.\n", "open.\n\n    x = 1\n"),
            "6: code is indented but not fenced; put it into a fence",
            id="indented code in clause",
        ),
        pytest.param(
            TITLE + SETUP.replace(">>> x = 1\n", ">>> x = 1\n>>> x\n1\n") + CLAUSE,
            "6: the set-up checks output; only a clause may: move the check into one",
            id="setup checks",
        ),
        pytest.param(
            TITLE
            + SETUP.replace(
                ">>> x = 1\n",
                ">>> x = 1\n>>> 1/0\nTraceback (most recent call last):\nZeroDivisionError: no\n",
            )
            + CLAUSE,
            "6: the set-up checks output; only a clause may: move the check into one",
            id="setup raises",
        ),
        pytest.param(
            TITLE + SETUP + SETUP + CLAUSE,
            "9: the page has two set-up blocks; join them",
            id="two setups",
        ),
        pytest.param(
            TITLE + CLAUSE + "\n" + SETUP,
            "12: the set-up stands behind a clause; move it before the first one",
            id="setup behind",
        ),
        pytest.param(
            TITLE + SETUP.replace(":::{setup}\n", ":::{setup}\nText.\n\n") + CLAUSE,
            "4: the set-up has something else than examples; move it out",
            id="setup prose",
        ),
        pytest.param(
            TITLE + ":::{setup}\n:::\n\n" + CLAUSE,
            "3: the set-up is empty; write its examples, or remove it",
            id="setup empty",
        ),
        pytest.param(
            TITLE + "```{setup}\n>>> 1\n```\n" + CLAUSE,
            f"3: {{setup}} {NESTED.format('{setup}')}",
            id="setup backtick",
        ),
        pytest.param(
            "# Shop\n\n(shop.other)=\n## Opening\n\n" + CLAUSE,
            f"3: the target 'shop.other' {OWN_TARGET}",
            id="target differs",
        ),
        pytest.param(
            "# Shop\n\n(shop.opens)=\n## Opening\n\n" + CLAUSE,
            f"3: the target 'shop.opens' {OWN_TARGET}",
            id="target repeats",
        ),
        pytest.param(
            TITLE + "(shop.opens)=\n" + CLAUSE,
            f"3: the target 'shop.opens' {OWN_TARGET}",
            id="target before clause",
        ),
        pytest.param(CLAUSE, "1: the page has no title; start it with '# Title'", id="no title"),
        pytest.param(
            TITLE.encode() + b"fine\ncaf\xe9\n" + CLAUSE.encode(),
            "4: the byte 0xe9 is not UTF-8; save the page as UTF-8",
            id="not utf8",
        ),
        pytest.param(
            (TITLE + "fine\n").replace("\n", "\r\n").encode() + b"caf\xe9\n" + CLAUSE.encode(),
            "4: the byte 0xe9 is not UTF-8; save the page as UTF-8",
            id="not utf8 crlf",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1", ">>>1"),
            f"7: the example lacks blank after >>>: '>>>1'; {AT_PROMPT}",
            id="no blank after prompt",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1", ">>> if 1:\n...x"),
            f"8: the example lacks blank after ...: '...x'; {AT_PROMPT}",
            id="no blank after continuation",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1\n1", "  >>> if 1:\n  ...     1\n1"),
            f"9: the example has inconsistent leading whitespace: '1'; {AT_PROMPT}",
            id="inconsistent indentation",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1\n1", "  >>> if 1:\n ...     1\n  1"),
            f"7: the example has inconsistent leading whitespace: '...     1'; {AT_PROMPT}",
            id="inconsistent indentation src",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1", ">>> 1  # doctest: +ELLIPSES"),
            f"7: the example has an invalid option: '+ELLIPSES'; {AT_PROMPT}",
            id="unknown doctest option",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1", ">>> 1  # doctest: ELLIPSIS"),
            f"7: the example has an invalid option: 'ELLIPSIS'; {AT_PROMPT}",
            id="bad doctest option",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1", ">>> 1  # doctest: +SKIP"),
            "7: an example is skipped; no example may be: remove it",
            id="skip",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1", ">>> 1  # doctest: -SKIP"),
            "7: an example is skipped; no example may be: remove it",
            id="no skip",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1", ">>> # doctest: +ELLIPSIS"),
            f"7: {NO_STATEMENT}",
            id="option without example",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1\n1", ">>> 1\n1\n>>> if 1:\n...     2 +\n1"),
            "10: the example is not Python: invalid syntax; correct it",
            id="syntax error",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1", ">>> x = 1\n... x"),
            "7: the example is not Python:"
            " multiple statements found while compiling a single statement;"
            " correct it",
            id="two statements",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1", ">>> if 1:"),
            "7: the example is not Python:"
            " expected an indented block after 'if' statement on line 1;"
            " correct it",
            id="incomplete",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1", ">>> " + "(" * 300 + ")" * 300),
            "7: the example is not Python: too many nested parentheses; correct it",
            id="deep",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1", ">>> " + "-" * 100000 + "1"),
            "7: the example is nested too deeply; cut it",
            id="deeper",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("1\n```", "1\n\nsome text\n```"),
            f"10: 'some text' {STRAY_TEXT}",
            id="text after blank",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1", "text\n>>> 1"),
            f"7: 'text' {STRAY_TEXT}",
            id="text before prompt",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1\n", ""),
            f"7: '1' {STRAY_TEXT}",
            id="no prompt",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(">>> 1\n1\n", ""),
            "6: the pycon fence has no prompt; start lines with '>>> '",
            id="empty pycon",
        ),
        pytest.param(
            TITLE + "- item\n\n  " + CLAUSE.replace("\n", "\n  "),
            f"5: {{clause}} {NESTED.format('{clause}')}",
            id="clause in list",
        ),
        pytest.param(
            TITLE + "> " + CLAUSE.replace("\n", "\n> "),
            f"3: {{clause}} {NESTED.format('{clause}')}",
            id="clause in quote",
        ),
        pytest.param(
            TITLE + CLAUSE.replace(":::{clause}", "````{clause}").replace("\n:::\n", "\n````\n"),
            f"3: {{clause}} {NESTED.format('{clause}')}",
            id="clause backtick",
        ),
        pytest.param(
            TITLE + "::::{note}\n" + CLAUSE + "::::\n",
            f"4: {{clause}} {NESTED.format('{clause}')}",
            id="clause in note",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("```\n:::", "```\n\n```{warning}\nx\n```\n:::"),
            "11: the directive {warning} is not for clauses;"
            " a clause has 'pycon' fences, and {cases}, {earlier} and {note}",
            id="directive in clause",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("open.\n", "open.\n\n## More\n"),
            "6: there is a heading in a clause; close the clause before it",
            id="heading in clause",
        ),
        pytest.param(
            (TITLE + "a\rb\rc\n\n" + CLAUSE.replace("MUST", "must")).encode(),
            f"8: {ONE_WORD.format('none')}",
            id="mixed cr",
        ),
        pytest.param(
            (TITLE + "a\n\u2028b\n\n" + CLAUSE).encode(),
            "4: the character U+2028 LINE SEPARATOR can't be seen;"
            " remove it, or write it as an escape: '\\u2028'",
            id="line separator",
        ),
        pytest.param(
            (TITLE + CLAUSE.replace("1\n```", "1\x0c\n\nstray\n```")).encode(),
            "8: the character U+000C CONTROL CHARACTER can't be seen;"
            " remove it, or write it as an escape: '\\x0c'",
            id="formfeed in example",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("MUST", "SHALL"),
            "4: SHALL is none of our levels; write MUST, SHOULD or MAY",
            id="SHALL",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("MUST", "REQUIRED"),
            "4: REQUIRED is none of our levels; write MUST, SHOULD or MAY",
            id="REQUIRED",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("MUST", "RECOMMENDED"),
            "4: RECOMMENDED is none of our levels; write MUST, SHOULD or MAY",
            id="RECOMMENDED",
        ),
        pytest.param(
            TITLE + CLAUSE.replace("MUST", "OPTIONAL"),
            "4: OPTIONAL is none of our levels; write MUST, SHOULD or MAY",
            id="OPTIONAL",
        ),
    ],
)
def test_page_with_a_fault_is_one_error(error_of, content, error):
    """A faulty page is an error with its file, its line, what is wrong and what to do."""
    assert error == error_of(content)


@pytest.mark.parametrize(
    ("holds", "problem"),
    [
        (
            "",
            f"the range '' {NEITHER}",
        ),
        (
            "werkzeug>=1",
            f"the range 'werkzeug>=1' {NEITHER}",
        ),
        (
            ">=1",
            f"the range '>=1' {NEITHER}",
        ),
        ("flask", "the range 'flask' names no version; leave ':holds:' out instead"),
        ("flask>=", "the range 'flask>=' is malformed: Invalid specifier: '>='"),
        (
            "flask>=1 |",
            "the range 'flask>=1 |' has nothing on one side of '|'; write for example"
            " 'flask<0.7 | flask>=1.1' or 'flask>=1.1 & python<3'",
        ),
        ("flask>=2,<1", "the range 'flask>=2,<1' is empty: no version can be in it"),
        ("flask>1,<=1", "the range 'flask>1,<=1' is empty: no version can be in it"),
        ("flask>=one", "the range 'flask>=one' is malformed: Invalid specifier: '>=one'"),
        (
            "flask>=1 or flask<0.7",
            "the range 'flask>=1 or flask<0.7' is malformed: Invalid specifier: '>=1 or flask<0.7'",
        ),
        ("flask>=1 | blinker", "the range 'blinker' names no version; leave ':holds:' out instead"),
        ("flaskx>=1", "the range 'flaskx>=1' is malformed: Invalid specifier: 'x>=1'"),
    ],
)
def test_range_with_a_fault_is_one_error(error_of, holds, problem):
    """A range that can't be read, or that no release can be in, is an error at its clause."""
    content = TITLE + CLAUSE.replace("\nThe", f"\n:holds: {holds}\n\nThe")
    assert f"3: {problem}; see 'Version ranges' in spec/index.md" == error_of(content)


def test_page_of_an_unknown_chapter_is_an_error(write, tmp_path):
    """A clause in a folder that is no chapter is an error; a page without clauses is none."""
    write({"shops/shop.md": TITLE + CLAUSE, "guides/shop.md": TITLE})
    with pytest.raises(SpecificationError) as caught:
        read_specification(tmp_path)
    assert [
        "spec/shops/shop.md:3: there is a clause in 'shops', which is no chapter;"
        f" move the page into one of {', '.join(CHAPTERS)}"
    ] == list(map(str, caught.value.errors))


def test_id_taken_twice_names_both_places(write, tmp_path):
    """A duplicate id is an error that names the other clause, on one page or on two."""
    write({"signals/shop.md": TITLE + CLAUSE + CLAUSE, "dispatch/shop.md": TITLE + CLAUSE})
    with pytest.raises(SpecificationError) as caught:
        read_specification(tmp_path)
    taken = "the id 'shop.opens' is taken by spec/dispatch/shop.md:3; choose another"
    assert [
        f"spec/signals/shop.md:3: {taken}",
        f"spec/signals/shop.md:11: {taken}",
    ] == list(map(str, caught.value.errors))


AFTER = ":::{setup}\n:after: %s\n:::\n\n"


@pytest.mark.parametrize(
    ("pages", "errors"),
    [
        (
            {"dispatch/shop.md": "dispatch/stock"},
            [
                "spec/dispatch/shop.md:3: there is no page 'dispatch/stock';"
                " write its path below spec/, without .md"
            ],
        ),
        (
            {"dispatch/shop.md": "signals/stock", "signals/stock.md": None},
            [
                "spec/dispatch/shop.md:3: the page 'signals/stock' has no set-up;"
                " name a page that has one"
            ],
        ),
        (
            {"dispatch/shop.md": "dispatch/shop"},
            [
                "spec/dispatch/shop.md:3: the set-up comes after itself;"
                " remove one ':after:' of the circle"
            ],
        ),
        (
            {
                "dispatch/shop.md": "signals/stock",
                "signals/door.md": "dispatch/shop",
                "signals/stock.md": "dispatch/shop",
            },
            [
                f"spec/{name}.md:3: the set-up comes after itself;"
                " remove one ':after:' of the circle"
                for name in ("dispatch/shop", "signals/stock")
            ],
        ),
    ],
    ids=["unknown", "no set-up", "itself", "circle"],
)
def test_earlier_setup_with_a_fault_is_one_error(write, tmp_path, pages, errors):
    """Each page that names no set-up, or comes after itself, is an error with file and line."""
    write({name: TITLE + (AFTER % after if after else "") for name, after in pages.items()})
    with pytest.raises(SpecificationError) as caught:
        read_specification(tmp_path)
    assert errors == list(map(str, caught.value.errors))


def test_page_after_a_faulty_one_is_not_blamed(write, tmp_path):
    """Only the page that can't be read is reported, and none that names it."""
    write({"dispatch/shop.md": TITLE + AFTER % "dispatch/stock", "dispatch/stock.md": b"\xff"})
    with pytest.raises(SpecificationError) as caught:
        read_specification(tmp_path)
    assert ["spec/dispatch/stock.md"] == [error.file for error in caught.value.errors]


@pytest.mark.parametrize("needs", ["", "jinja2", "flask blinker", "flask, flask", "flask,"])
def test_needs_with_a_fault_is_one_error(error_of, needs):
    """What a clause needs is one of the two subjects or both, each once."""
    content = TITLE + CLAUSE.replace("\nThe", f"\n:needs: {needs}\n\nThe")
    assert (
        f"3: {needs!r} is nothing that a clause needs; write 'flask', 'blinker' or 'flask, blinker'"
    ) == error_of(content)


def test_folder_without_pages_is_an_error(tmp_path):
    """An empty folder is an error that names the folder."""
    with pytest.raises(SpecificationError) as caught:
        read_specification(tmp_path)
    assert f"{tmp_path}:0: there is no page here; name another folder" == str(caught.value)


def test_several_faulty_pages_are_reported_together(write, tmp_path):
    """Each faulty page is reported once, sound pages not at all."""
    write(
        {
            "dispatch/bad.md": TITLE + CLAUSE,
            "dispatch/shop.md": TITLE + CLAUSE,
            "signals/bad.md": b"\xff",
            "signals/worse.md": "# Title\n\n```python\n",
        }
    )
    with pytest.raises(SpecificationError) as caught:
        read_specification(tmp_path)
    assert [
        "spec/dispatch/bad.md:3: the id 'shop.opens' does not start with the page's subject;"
        " start it with 'bad.'",
        "spec/signals/bad.md:1: the byte 0xff is not UTF-8; save the page as UTF-8",
        "spec/signals/worse.md:3: the fence '```' is not closed; close it",
    ] == str(caught.value).split("\n")


PIECES = st.lists(
    st.sampled_from(
        [
            *[
                "# Shop",
                ":::",
                "::::",
                "```",
                "````",
                "pycon",
                "{clause} shop.opens",
                "{note}",
                "{setup}",
                ":holds: flask>=1",
            ],
            *[
                ">>> 1",
                ">>> if x:",
                "... ",
                "1",
                "The shop MUST open.",
                "MAY",
                "> ",
                "- ",
                "    ",
                "\t",
                "(x)=",
                "`",
                "<!--",
                "---",
                "+SKIP",
            ],
            *[
                "",
                "# doctest: ",
                "\r",
                "\r\n",
                "\n",
                "\n\n",
                "\x00",
                "\x0c",
                "\u2028",
                "\ufeff",
                "é",
                "Traceback (most recent call last):",
            ],
        ]
    )
    | st.text(max_size=3),
    max_size=40,
).map("".join)


@settings(database=None, deadline=None)
@given(content=PIECES | PIECES.map(lambda text: TITLE + CLAUSE.replace("1", text, 1)) | st.binary())
def test_page_of_any_content_is_read_or_one_error(tmp_path_factory, content):
    """Whatever is in a page, it is read, or is an error at one of its lines."""
    folder = tmp_path_factory.getbasetemp()
    page = folder / "shop.md"
    page.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    try:
        read_page(page, folder)
    except PageError as error:
        lines = page.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
        assert 1 <= error.line <= lines
