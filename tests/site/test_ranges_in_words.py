"""Version ranges in words."""

import pytest

from signalbook.clauses import VersionRange
from signalbook.sphinx_ext.ranges_in_words import range_in_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("flask>=1.1", "Flask 1.1 and later"),
        ("flask<0.7", "Flask before 0.7"),
        ("flask<=0.12.5", "Flask up to 0.12.5"),
        ("flask>0.6", "Flask after 0.6"),
        ("flask==0.9", "Flask 0.9"),
        ("flask==1.0.*", "Flask 1.0.x"),
        ("flask~=1.0", "Flask compatible with 1.0"),
        ("flask!=0.12.3", "Flask every release, except 0.12.3"),
        ("flask<2.3,>=0.8", "Flask from 0.8, before 2.3"),
        ("flask>=0.8,!=0.12.3", "Flask 0.8 and later, except 0.12.3"),
        ("flask>=0.8,!=0.12.3,<2", "Flask from 0.8, before 2, except 0.12.3"),
        ("flask<0.7 | flask>=1.1", "Flask before 0.7, or Flask 1.1 and later"),
        ("flask>=2 | blinker<1.5", "Flask 2 and later, or blinker before 1.5"),
        ("python<3", "Python before 3"),
        ("python>=3.8 & flask>=2", "Python 3.8 and later, with Flask 2 and later"),
        (
            "flask>=0.9,<0.11 & python<3 | flask>=1.0",
            "Flask from 0.9, before 0.11, on Python before 3, or Flask 1.0 and later",
        ),
        (
            "flask>=2 & blinker<1.8 & python==3.9",
            "Flask 2 and later, with blinker before 1.8, on Python 3.9",
        ),
    ],
)
def test_range_in_words_says_what_the_range_means(text, words):
    """Each kind of specifier, alone and with others, has its words."""
    assert range_in_words(VersionRange.parse(text)) == words


def test_range_in_words_without_a_range_means_every_release():
    """A clause that names no releases claims all."""
    assert range_in_words(None) == "every release with signals"
