"""The file of the features that clauses need."""

import pytest

from signalbook.history import Features, HistoryError, Needed, read_features, write_features
from signalbook.pages import read_specification


@pytest.fixture
def file(tmp_path):
    return tmp_path / "features.json"


@pytest.fixture
def clause():
    return read_specification().checks[0]


def test_features_are_read_as_they_were_written(file):
    """What is read is what was written, with a line for each clause, and features in order."""
    needed = {"doors.b": Needed("1f", ["weak", "any"]), "doors.a": Needed("2f", [])}
    write_features(Features("0f", needed), file)
    assert [
        "{",
        '"format": 2,',
        '"copies": "0f",',
        '"clauses": {',
        '"doors.b": {"digest": "1f", "features": ["any", "weak"]},',
        '"doors.a": {"digest": "2f", "features": []}',
        "}",
        "}",
    ] == file.read_text().splitlines()
    expected = {"doors.b": Needed("1f", ["any", "weak"]), "doors.a": Needed("2f", [])}
    assert Features("0f", expected) == read_features(file)


def test_features_of_other_examples_are_none_of_the_clause(clause):
    """What was measured before the examples changed, and what never was, isn't told."""
    measured = Features("", {clause.id: Needed(clause.digest, ["any"])})
    changed = Features("", {clause.id: Needed("0" * 16, ["any"])})

    assert [["any"], None, None] == [of.of(clause) for of in (measured, changed, Features())]


def test_rule_needs_what_each_row_needs_and_some_need_more():
    """Both are in the order of all features; of a rule without known rows nothing is told."""
    rule = next(clause for clause in read_specification().clauses if len(clause.rows) > 2)
    first, second, third = rule.rows[:3]
    known = {
        first.id: Needed(first.digest, ["hooks", "any", "sender"]),
        second.id: Needed(second.digest, ["any", "sender", "wsgi"]),
        third.id: Needed("0" * 16, []),
    }
    assert (["sender", "any"], ["hooks", "wsgi"]) == Features("", known).of_rule(rule)
    assert Features().of_rule(rule) is None


def test_features_are_none_without_a_file(file):
    """Before anything was measured, nothing is known, and nothing is wrong."""
    assert Features() == read_features(file)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "can't be read"),
        ('{"format": 3, "copies": "", "clauses": {}}', "format 3, and this kit reads 2"),
        ('{"format": 2, "clauses": {}}', "KeyError: 'copies'"),
        ('{"format": 2, "copies": "", "clauses": {"a.b": {"digest": "1"}}}', "'features'"),
        (
            '{"format": 2, "copies": "", "clauses": {"a.b": {"digest": "1", "features": [1]}}}',
            "1 is no text",
        ),
    ],
)
def test_features_file_that_is_none_is_refused(file, text, problem):
    """It says which file, what is wrong, and what to do."""
    file.write_text(text)
    with pytest.raises(HistoryError) as error:
        read_features(file)
    assert str(error.value).startswith(f"{file}: ")
    assert problem in str(error.value)
    assert str(error.value).endswith("run 'nox -s features'")
