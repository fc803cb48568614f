"""A profile is a named selection of clauses, kept in a file beside the pages."""

import pytest

from signalbook.clauses import UnknownClause, UnknownProfile
from signalbook.pages import SpecificationError, read_specification

CLAUSE = ":::{{clause}} {}\nIt MUST.\n\n```pycon\n>>> 1\n1\n```\n:::\n\n"
PAGE = "# Shop\n\n" + "".join(map(CLAUSE.format, ["shop.opens", "shop.opens-early", "shop.closes"]))
WHOLE = '[door]\nabout = "A door."\nclauses = ["shop.opens*"]\n'


@pytest.fixture
def read(write, tmp_path):
    """Read three clauses, and a file of profiles beside them."""

    def read(profiles):
        write({"signals/shop.md": PAGE, "profiles.toml": profiles})
        return read_specification(tmp_path)

    return read


@pytest.mark.parametrize(
    ("more", "patterns", "ids"),
    [
        ("", [], ["shop.opens", "shop.opens-early"]),
        ('without = ["*-early"]', [], ["shop.opens"]),
        ("", ["*.opens", "*.closes"], ["shop.opens"]),
    ],
)
def test_profile_selects_its_clauses(read, more, patterns, ids):
    """What a profile leaves out isn't selected, and other criteria hold as well."""
    chosen = read(WHOLE + more).select(profile="door", patterns=patterns)
    assert ids == [clause.id for clause in chosen]


def test_profile_that_is_unknown_is_named(read):
    """A name that is none is told with those that are."""
    with pytest.raises(UnknownProfile) as caught:
        read(WHOLE).select(profile="doors")
    assert "there is no profile 'doors'; the specification has 'door'" == str(caught.value)


@pytest.mark.parametrize("list_", ["clauses", "without"])
def test_profile_of_a_clause_that_is_gone_is_an_error(read, list_):
    """An id that no clause has is told, and not passed over."""
    text = WHOLE + 'without = ["shop.closes"]\n'
    old = {"clauses": "shop.opens*", "without": "shop.closes"}[list_]
    specification = read(text.replace(old, "shop.shuts"))
    with pytest.raises(UnknownClause, match=r"no clause 'shop.shuts'"):
        specification.select(profile="door")


@pytest.mark.parametrize(
    ("profiles", "problem"),
    [
        ("door", "it can't be read (Expected '=' after a key"),
        ("door = 1", "'door' is no profile"),
        ("[door]\nclauses = []", "'door' is no profile"),
        ("[door]\nabout = 'A door.'", "'door' is no profile"),
        (WHOLE + "without = 'shop.opens'", "'door' is no profile"),
        (WHOLE + "without = [1]", "'door' is no profile"),
        (WHOLE + "needs = ['shop.opens']", "'door' is no profile"),
    ],
)
def test_profiles_that_mean_nothing_are_an_error(read, tmp_path, profiles, problem):
    """A file of another form is told with its place and with what belongs there."""
    with pytest.raises(SpecificationError) as caught:
        read(profiles)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'profiles.toml'}:1: {problem}")
    assert message.endswith("'clauses' and, if any are left out, 'without'")
