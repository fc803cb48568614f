"""Version ranges: which releases are in them, and which texts are none."""

import pytest

from signalbook.clauses import RangeError, VersionRange


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("flask>=1.1", ["1.1", "1.1.0", "1.1.1", "2.0", "10.0"], ["1.0.9", "1.1.dev0", "1.1rc1"]),
        ("flask<0.7", ["0.6", "0.6.1"], ["0.7", "0.7.1", "0.7rc1"]),
        ("flask<=0.7", ["0.7", "0.7.0", "0.7rc1"], ["0.7.1"]),
        ("flask>1.1", ["1.1.1", "2.0rc1"], ["1.1", "1.1.post1"]),
        ("flask==1.1.*", ["1.1", "1.1.4", "1.1rc1"], ["1.0", "1.10", "11.1"]),
        ("flask~=2.2.3", ["2.2.3", "2.2.5"], ["2.2.2", "2.3.0"]),
        ("flask>=1,!=1.1,<2", ["1.0", "1.1.1"], ["1.1", "1.1.0", "2.0"]),
        ("flask >= 1 , < 2", ["1.5"], ["0.9", "2.0"]),
        ("flask<0.7 | flask>=1.1", ["0.6", "1.1", "3.0"], ["0.7", "1.0.4"]),
        ("flask<0.7|flask>=1.1", ["0.6", "1.1"], ["1.0"]),
        ("flask>=2 | flask==0.12.3 | flask<0.7", ["0.12.3", "2.0", "0.6"], ["0.12.4"]),
        ("flask>=1.2,!=1.2.*,<1.4", ["1.3"], ["1.2", "1.2.5"]),
        ("flask>0.9,<0.9.1", ["0.9.0.1"], ["0.9", "0.9.1"]),
        ("flask>=0.10", ["0.10", "0.10.1", "0.12"], ["0.9"]),
    ],
)
def test_range_contains_its_releases(text, inside, outside):
    """A range contains exactly the releases that one of its alternatives admits."""
    parsed = VersionRange.parse(text)
    found = {release: parsed.contains({"flask": release}) for release in [*inside, *outside]}
    assert {**dict.fromkeys(inside, True), **dict.fromkeys(outside, False)} == found


@pytest.mark.parametrize(
    ("text", "releases", "contained"),
    [
        ("blinker>=1.8", {"flask": "3.1.3", "blinker": "1.9.0"}, True),
        ("blinker>=1.8", {"flask": "3.1.3", "blinker": "1.4"}, False),
        ("blinker>=1.8", {"flask": "3.1.3"}, False),
        ("flask>=1.1", {"blinker": "1.9.0"}, False),
        ("flask>=1.1", {}, False),
        ("flask<0.7 | blinker>=1.8", {"flask": "0.6", "blinker": "1.4"}, True),
        ("flask<0.7 | blinker>=1.8", {"flask": "3.1.3", "blinker": "1.8"}, True),
        ("flask<0.7 | blinker>=1.8", {"flask": "3.1.3", "blinker": "1.4"}, False),
        ("flask<0.7 | blinker>=1.8", {"blinker": "1.8"}, True),
    ],
)
def test_range_looks_at_the_subject_that_it_names(text, releases, contained):
    """A range is about flask or blinker, and never contains what lacks the subject."""
    assert contained == VersionRange.parse(text).contains(releases)


@pytest.mark.parametrize("text", ["flask<0.7 | flask>=1.1", "blinker>=1.8", "flask >= 1"])
def test_range_keeps_its_text(text):
    """A range is shown, and compared, as it was written."""
    assert (text, VersionRange.parse(text)) == (
        str(VersionRange.parse(text)),
        VersionRange.parse(text),
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "django>=1",
            "the range 'django>=1' starts with neither 'flask' nor 'blinker';"
            " write for example 'flask>=1.1' or 'flask<0.7 | flask>=1.1'",
        ),
        (
            "flask>=1 | >=2",
            "the range '>=2' starts with neither 'flask' nor 'blinker';"
            " write for example 'flask>=1.1' or 'flask<0.7 | flask>=1.1'",
        ),
        ("flask", "the range 'flask' names no version; leave ':holds:' out instead"),
        ("flask 1", "the range 'flask 1' is malformed: Invalid specifier: '1'"),
        ("flask>=2,<1", "the range 'flask>=2,<1' is empty: no version can be in it"),
        ("flask===any", "the range 'flask===any' is malformed: Invalid version: 'any'"),
        ("flask==1,==2", "the range 'flask==1,==2' is empty: no version can be in it"),
        ("flask<1,>1", "the range 'flask<1,>1' is empty: no version can be in it"),
        ("flask>=1 | flask<1,>=1", "the range 'flask<1,>=1' is empty: no version can be in it"),
    ],
)
def test_range_that_is_none_is_an_error(text, problem):
    """A range is refused if it is about something else, malformed, or empty in any part."""
    with pytest.raises(RangeError) as caught:
        VersionRange.parse(text)
    assert problem == str(caught.value)


def test_range_of_too_many_digits_is_an_error():
    """A number that Python doesn't read is told as any other mistake in a range."""
    with pytest.raises(RangeError, match=r"the range 'flask>=9+' is malformed: Exceeds the limit"):
        VersionRange.parse(f"flask>={'9' * 5000}")
