"""Clauses are found by id, pattern, chapter and level."""

import pytest

from signalbook.clauses import Level, UnknownClause
from signalbook.pages import read_specification


@pytest.fixture
def specification(write, tmp_path):
    """Three clauses on two pages, one of each level."""
    clause = ":::{{clause}} {}\nIt {}.\n\n```pycon\n>>> 1\n1\n```\n:::\n\n"
    write(
        {
            "signals/shop.md": "# Shop\n\n"
            + clause.format("shop.opens", "MUST")
            + clause.format("shop.opens-early", "MAY"),
            "dispatch/engine.md": "# Engine\n\n" + clause.format("engine.starts", "SHOULD NOT"),
        }
    )
    return read_specification(tmp_path)


@pytest.mark.parametrize(
    ("criteria", "ids"),
    [
        ({}, ["engine.starts", "shop.opens", "shop.opens-early"]),
        ({"patterns": ["*"]}, ["engine.starts", "shop.opens", "shop.opens-early"]),
        ({"patterns": ["shop.*"]}, ["shop.opens", "shop.opens-early"]),
        ({"patterns": ["shop.opens"]}, ["shop.opens"]),
        ({"patterns": ["*.starts", "*-early"]}, ["engine.starts", "shop.opens-early"]),
        (
            {"patterns": ["*-early", "*.starts", "*"]},
            ["engine.starts", "shop.opens", "shop.opens-early"],
        ),
        ({"chapter": "signals"}, ["shop.opens", "shop.opens-early"]),
        ({"chapter": "lifecycle"}, []),
        ({"level": Level.SHOULD}, ["engine.starts"]),
        ({"level": Level.MAY, "chapter": "dispatch"}, []),
        ({"level": Level.MAY, "chapter": "signals", "patterns": ["shop.*"]}, ["shop.opens-early"]),
        ({"level": Level.MUST, "patterns": ["*early"]}, []),
    ],
)
def test_selection_keeps_reading_order(specification, criteria, ids):
    """Whatever selects clauses, each is returned once and in reading order."""
    assert ids == [clause.id for clause in specification.select(**criteria)]


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("shop.open", "there is no clause 'shop.open'; did you mean 'shop.opens'?"),
        (
            "request-started",
            "there is no clause 'request-started'; 'signalbook list' shows all ids",
        ),
        ("Shop.*", "no clause's id matches 'Shop.*'; 'signalbook list' shows all ids"),
        ("", "there is no clause ''; 'signalbook list' shows all ids"),
    ],
)
def test_selection_of_nothing_is_an_error(specification, pattern, problem):
    """A pattern that matches no clause is an error, beside others that do."""
    with pytest.raises(UnknownClause) as caught:
        specification.select(patterns=["shop.opens", pattern])
    assert problem == str(caught.value)


def test_clause_is_found_by_its_id(specification):
    """A clause knows its place, its page and its permalink."""
    clause = specification.clause("shop.opens-early")
    assert (
        "shop.opens-early",
        "shop",
        "spec/signals/shop.md:12",
        "spec/signals/shop.html#shop.opens-early",
        Level.MAY,
    ) == (clause.id, clause.subject, clause.place, clause.permalink, clause.level)


def test_unknown_clause_names_the_nearest(specification):
    """An id that is nearly right is an error that names the right one."""
    with pytest.raises(UnknownClause) as caught:
        specification.clause("shop.open-early")
    assert "there is no clause 'shop.open-early'; did you mean 'shop.opens-early'?" == str(
        caught.value
    )


def test_example_is_shown_as_typed(write, tmp_path):
    """An example is shown with its prompts."""
    write(
        {
            "signals/a.md": "# A\n\n:::{clause} a.b\nIt MUST.\n\n```pycon\n"
            ">>> if 1:\n...     2\n...\n...     3\n2\n3\n```\n:::\n"
        }
    )
    [clause] = read_specification(tmp_path).clauses
    [example] = clause.examples
    assert ">>> if 1:\n...     2\n...\n...     3\n" == example.at_prompt
