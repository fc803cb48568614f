"""Text of unknown origin is shown, and does nothing."""

import pytest

from signalbook.harmless import harmless


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, café, 漢字, \U0001f600", "plain, café, 漢字, \U0001f600"),
        ("two\n\tlines", "two\n\tlines"),
        ("\x1b[2J19 passed", r"\x1b[2J19 passed"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x9b2J", r"\x9b2J"),
        ("over\rwritten\b", r"over\rwritten\x08"),
        ("\x00\x0b\x0c\x7f\x80\x9f", r"\x00\x0b\x0c\x7f\x80\x9f"),
        ("\u202edessap\u202c", r"\u202edessap\u202c"),
        ("\u2066isolated\u2069", r"\u2066isolated\u2069"),
        ("\ud800 \udc80", r"\ud800 \udc80"),
        (r"\x1b", r"\x1b"),
    ],
)
def test_harmless_text_shows_what_could_do_harm(text, shown):
    """Control characters, turns of direction and lone surrogates are written out, nothing else."""
    assert shown == harmless(text)
