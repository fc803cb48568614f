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
        ("python<3", {"flask": "0.6", "python": "2.7"}, True),
        ("python<3", {"flask": "0.6", "python": "3.6"}, False),
        ("python<3", {"flask": "0.6"}, False),
        ("python>=3.9", {"python": "3.10"}, True),
        ("python==3.*", {"python": "3.13"}, True),
        ("python>3.1", {"python": "3.1"}, False),
    ],
)
def test_range_looks_at_the_axis_that_it_names(text, releases, contained):
    """A range is about flask, blinker or python, and never contains what lacks that."""
    assert contained == VersionRange.parse(text).contains(releases)


TWO = "flask>=0.9,<0.11 & python<3 | flask>=1.0"
THREE = "flask>=2 & blinker>=1.8 & python>=3.9"


@pytest.mark.parametrize(
    ("text", "flask", "blinker", "python", "contained"),
    [
        (TWO, "0.10", "1.4", "2.7", True),
        (TWO, "0.10", "1.4", "3.6", False),
        (TWO, "0.11", "1.4", "2.7", False),
        (TWO, "1.0", "1.4", "2.7", True),
        (TWO, "1.0", "1.4", "3.6", True),
        # Bound the other way round, `&` would ask for Python 2 of Flask 1.0 as well.
        ("flask>=1.0 | flask>=0.9 & python<3", "1.0", "1.4", "3.6", True),
        # Bound the other way round, `,` would leave 0.12 in.
        ("python<3 & flask>=0.9,<0.11", "0.12", "1.4", "2.7", False),
        (THREE, "2.0", "1.8", "3.9", True),
        (THREE, "1.1", "1.8", "3.9", False),
        (THREE, "2.0", "1.7", "3.9", False),
        (THREE, "2.0", "1.8", "3.8", False),
        ("flask>=2&python<3.9|blinker<1.5", "2.0", "1.8", "3.8", True),
        ("flask>=2&python<3.9|blinker<1.5", "1.0", "1.4", "3.9", True),
        ("flask>=2&python<3.9|blinker<1.5", "2.0", "1.8", "3.9", False),
    ],
)
def test_range_binds_specifiers_before_axes_before_alternatives(
    text, flask, blinker, python, contained
):
    """`,` binds before `&`, and `&` before `|`: all of one side of a `|` must be so."""
    versions = {"flask": flask, "blinker": blinker, "python": python}
    assert contained == VersionRange.parse(text).contains(versions)


def test_range_tells_the_axes_that_it_goes_by():
    """Each is told once, wherever it is named."""
    axes = VersionRange.parse("flask<0.7 & python<3 | flask>=1.1").axes
    assert {"flask", "python"} == axes


@pytest.mark.parametrize("text", ["flask<0.7 | flask>=1.1", "blinker>=1.8", "flask >= 1", TWO])
def test_range_keeps_its_text(text):
    """A range is shown, and compared, as it was written."""
    assert (text, VersionRange.parse(text)) == (
        str(VersionRange.parse(text)),
        VersionRange.parse(text),
    )


EXAMPLES = "write for example 'flask<0.7 | flask>=1.1' or 'flask>=1.1 & python<3'"
AND_SIDE = f"side of '&'; {EXAMPLES}"
NOTHING_BETWEEN = f"the range 'flask>=1 && python<3' has nothing on one {AND_SIDE}"
PATCH = (
    "tells patches of an interpreter apart, and it counts by major and minor version;"
    " write for example 'python>=3.12'"
)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "django>=1",
            "the range 'django>=1' starts with none of 'flask', 'blinker' and 'python';"
            " write for example 'flask>=1.1' or 'flask<0.7 | flask>=1.1'",
        ),
        (
            "flask>=1 | >=2",
            "the range '>=2' starts with none of 'flask', 'blinker' and 'python';"
            " write for example 'flask>=1.1' or 'flask<0.7 | flask>=1.1'",
        ),
        ("flask", "the range 'flask' names no version; leave ':holds:' out instead"),
        ("flask 1", "the range 'flask 1' is malformed: Invalid specifier: '1'"),
        ("flask>=2,<1", "the range 'flask>=2,<1' is empty: no version can be in it"),
        ("flask===any", "the range 'flask===any' is malformed: Invalid version: 'any'"),
        ("flask==1,==2", "the range 'flask==1,==2' is empty: no version can be in it"),
        ("flask<1,>1", "the range 'flask<1,>1' is empty: no version can be in it"),
        ("flask>=1 | flask<1,>=1", "the range 'flask<1,>=1' is empty: no version can be in it"),
        ("flask>=1 & python<3,>3", "the range 'python<3,>3' is empty: no version can be in it"),
        ("flask>=1 &", f"the range 'flask>=1 &' has nothing on one side of '&'; {EXAMPLES}"),
        (" & python<3", f"the range '& python<3' has nothing on one side of '&'; {EXAMPLES}"),
        ("flask>=1 && python<3", NOTHING_BETWEEN),
        ("flask>=1 |", f"the range 'flask>=1 |' has nothing on one side of '|'; {EXAMPLES}"),
        ("flask>=2 | python<3 &", f"the range 'python<3 &' has nothing on one {AND_SIDE}"),
        (
            "flask>=1 & python<3 & flask<2",
            "the range 'flask>=1 & python<3 & flask<2' names 'flask' twice, with '&' between;"
            " write one list for it, such as 'flask>=1,<2'",
        ),
        (
            "flask>=1 & django<3",
            "the range 'django<3' starts with none of 'flask', 'blinker' and 'python';"
            " write for example 'flask>=1.1' or 'flask<0.7 | flask>=1.1'",
        ),
        ("python", "the range 'python' names no version; leave ':holds:' out instead"),
        ("python2", "the range 'python2' is malformed: Invalid specifier: '2'"),
        ("python>=3.11.2", f"the range 'python>=3.11.2' {PATCH}"),
        ("flask>=2 & python<3.9,!=3.8.1.*", f"the range 'python<3.9,!=3.8.1.*' {PATCH}"),
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
