"""What a rule may say, and characters and markup that a page may not have."""

import pytest

from signalbook.pages import read_page

TITLE = "# Shop\n\n"
CLAUSE = """\
:::{{clause}} shop.opens
{}

```pycon
>>> 1
1
```
:::
"""
NOT_ONE = "4: the rule is not one sentence on one line; move the rest into a {note}"
RAW = "is raw HTML; put code between backticks, and a comment behind '% '"


@pytest.mark.parametrize(
    "rule",
    [
        "The shop MUST open. It has a door.",
        "The shop MUST open. it has a door.",
        "The shop MUST open! It has a door.",
        "The shop MUST open in 3.1. It has a door.",
        "The shop MUST open `a.b`. `c` is a door.",
        'The shop MUST say "Open." It has a door.',
        "The shop (a door.) MUST open.",
        "The shop MUST open its door, window, etc. It has a door.",
        "The shop MUST open ... It has a door.",
    ],
)
def test_rule_of_two_sentences_is_an_error(error_of, rule):
    """A rule that says a second thing is refused, wherever its first sentence ends."""
    assert NOT_ONE == error_of(TITLE + CLAUSE.format(rule))


@pytest.mark.parametrize(
    "rule",
    [
        "A door, e.g. the front one, i.e. that of the shop, MUST open.",
        "The shop MUST open since 3.1.2 and before 4.",
        "The shop MUST open `a. B`, and `c.d`.",
        'The shop MUST say "It is open. Come in.", and nothing else.',
        "The shop MUST open ... at some time, etc.",
    ],
)
def test_rule_of_one_sentence_is_read(write, tmp_path, rule):
    """Full stops in versions, code, quotes and abbreviations end no sentence."""
    write({"signals/shop.md": TITLE + CLAUSE.format(rule)})
    [clause] = read_page(tmp_path / "signals" / "shop.md", tmp_path).clauses
    assert rule == clause.rule


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (CLAUSE.format("A <b>shop</b> MUST open."), f"4: '<b>' {RAW}"),
        (CLAUSE.format("A shop<script>x</script> MUST open."), f"4: '<script>' {RAW}"),
        ("One.\nTwo.\nThree <br>\n", f"5: '<br>' {RAW}"),
        ("<script>\nx\n</script>\n", f"3: '<script>' {RAW}"),
        ("- item\n\n  <!-- x -->\n", f"5: '<!-- x -->' {RAW}"),
        ("```{note}\nOne <i>\n```\n", f"4: '<i>' {RAW}"),
    ],
)
def test_raw_html_is_an_error(error_of, content, error):
    """HTML in a rule or elsewhere would reach the site as it is."""
    assert error == error_of(TITLE + content)


@pytest.mark.parametrize(
    ("text", "character"),
    [
        ("a\u200bb", r"U+200B ZERO WIDTH SPACE can't be seen; '\u200b'"),
        ("a\u00a0b", r"U+00A0 NO-BREAK SPACE can't be seen; '\xa0'"),
        ("a\u202eb", r"U+202E RIGHT-TO-LEFT OVERRIDE can't be seen; '\u202e'"),
        ("a\u2066b", r"U+2066 LEFT-TO-RIGHT ISOLATE can't be seen; '\u2066'"),
        ("a\u00adb", r"U+00AD SOFT HYPHEN can't be seen; '\xad'"),
        ("a\ufeffb", r"U+FEFF ZERO WIDTH NO-BREAK SPACE can't be seen; '\ufeff'"),
        ("a\ufe0fb", r"U+FE0F VARIATION SELECTOR-16 can't be seen; '\ufe0f'"),
        ("a\u3164b", r"U+3164 HANGUL FILLER can't be seen; '\u3164'"),
        ("a\U000e0100b", r"U+E0100 VARIATION SELECTOR-17 can't be seen; '\U000e0100'"),
        ("a\x1bb", r"U+001B CONTROL CHARACTER can't be seen; '\x1b'"),
        ("a\tb", r"U+0009 TAB can't be seen; '\t'"),
    ],
)
@pytest.mark.parametrize("place", ["The shop", "pycon", ">>> 1"])
def test_character_that_cannot_be_seen_is_named(error_of, text, character, place):
    """A character that nobody sees is an error, with its name, in rules and in examples alike."""
    content = TITLE + CLAUSE.format("The shop MUST open.").replace(place, f"{place} {text}")
    line = content[: content.index(text)].count("\n") + 1
    message = character.replace("; ", "; remove it, or write it as an escape: ")
    assert f"{line}: the character {message}" == error_of(content)


def test_characters_that_can_be_seen_are_read(write, tmp_path):
    """Letters, accents and signs of any script are fine."""
    rule = "The café 東京 “shop” ✓ e\u0301 — MUST open."
    write({"signals/shop.md": TITLE + CLAUSE.format(rule)})
    [clause] = read_page(tmp_path / "signals" / "shop.md", tmp_path).clauses
    assert rule == clause.rule


@pytest.mark.parametrize(
    ("example", "error"),
    [
        (">>> 1\n1 ", "8: the wanted output '1' ends"),
        (">>> print(1, 2)\n1 2\n>>> print('a ', 'b')\na\nb  ", "11: the wanted output 'b' ends"),
        (
            ">>> {}[1]\nTraceback (most recent call last):\nKeyError: 1 ",
            "9: the wanted output 'KeyError: 1' ends",
        ),
    ],
)
def test_space_at_the_end_of_output_is_an_error(error_of, example, error):
    """Output that would differ in what nobody sees is refused, at its line."""
    content = TITLE + CLAUSE.format("The shop MUST open.").replace(">>> 1\n1", example)
    assert (
        f"{error} in a space, which nobody sees; remove it, or show the 'repr' of what is printed"
    ) == error_of(content)


@pytest.mark.parametrize(
    "example", [">>> x = 1", ">>> import os", ">>> def f():\n...     pass\n>>> _ = f()"]
)
def test_clause_that_compares_nothing_is_an_error(error_of, example):
    """Examples that show no output pass whatever happens, unless something raises."""
    content = TITLE + CLAUSE.format("The shop MUST open.").replace(">>> 1\n1", example)
    assert (
        "3: the clause's examples compare nothing; show below a prompt what is printed or raised"
    ) == error_of(content)
