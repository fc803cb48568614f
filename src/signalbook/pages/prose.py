"""What a rule may say, and what the text around it may not."""

from __future__ import annotations

import re

from markdown_it.token import Token

from signalbook.clauses import Level
from signalbook.pages.errors import PageError
from signalbook.pages.markdown import Source

__all__ = ["read_level", "read_past", "refuse_capitals"]

_CODE = re.compile(r"`[^`]*`")
_QUOTE = re.compile(r'"[^"]*?([.!?]?)"')
_RFC_WORD = re.compile(r"\b(MUST|SHOULD|MAY|SHALL|REQUIRED|RECOMMENDED|OPTIONAL)\b")
# 'etc.' and '...' may also end a sentence.
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|cf|vs)\.|(?:\betc\.|\.\.\.)(?!\s+[A-Z])")
_SENTENCE_END = re.compile(r"""[.!?][')\]*_]*\s|[.!?]"\s+[A-Z]""")


def read_level(token: Token, body: Source) -> Level:
    """Return the level of a rule.

    :param token: The rule's paragraph.
    :raises PageError: If it isn't one sentence with one level.
    """
    text = _sentence(token, body)
    if "MAY NOT" in text:
        raise body.error(
            token, "MAY NOT can be read in two ways", "write MUST NOT, or say what MAY be"
        )
    words = _RFC_WORD.findall(text)
    if len(words) != 1:
        found = f"it has {' and '.join(words)}" if words else "it has none"
        raise body.error(
            token,
            f"a rule has exactly one RFC 2119 word in capitals, and {found}",
            "write one of MUST, MUST NOT, SHOULD, SHOULD NOT, MAY",
        )
    if words[0] not in tuple(Level):
        raise body.error(token, f"{words[0]} is none of our levels", "write MUST, SHOULD or MAY")
    return Level(words[0])


def read_past(token: Token, body: Source, level: Level) -> Level:
    """Return the level of what was true earlier, which is that of its clause: *level*.

    :param token: The paragraph that says it.
    :raises PageError: If it isn't one sentence, or has a level of its own.
    """
    refuse_capitals(_sentence(token, body), body.file, body.line(token))
    return level


def _sentence(token: Token, body: Source) -> str:
    """Return the paragraph *token* without what is code in it, if it is one sentence."""
    text = _CODE.sub("code", token.content)
    if not _is_one_sentence(text):
        raise body.error(
            token, "the rule is not one sentence on one line", "move the rest into a {note}"
        )
    return text


def _is_one_sentence(text: str) -> bool:
    # What is quoted has full stops of its own, and so have abbreviations.
    words = _ABBREVIATION.sub("", _QUOTE.sub(r'"quote\1"', text))
    return "\n" not in text and text.endswith(".") and not _SENTENCE_END.search(words)


def refuse_capitals(text: str, file: str, line: int) -> None:
    """Refuse an RFC 2119 word in capitals outside a rule.

    :raises PageError: If *text* has one.
    """
    if word := _RFC_WORD.search(_CODE.sub(_blank, text)):
        raise PageError(
            file,
            line + text.count("\n", 0, word.start()),
            f"{word[0]} is in capitals outside a rule",
            "write it in lower case, or make it a clause",
        )


def _blank(code: re.Match[str]) -> str:
    """Return as many lines and characters as *code* has, without a word."""
    return re.sub(r"[^\n]", " ", code[0])
