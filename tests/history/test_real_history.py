"""The committed history is the measured truth of the committed clauses."""

import pytest

from signalbook.history import (
    LINES,
    Outcome,
    differences,
    measure,
    passing_in_words,
    problems,
    read_history,
)
from signalbook.pages import read_specification
from signalbook.verdicts import Verdict

# One release of each generation of Python, with and without an engine.
SAMPLE = [
    ("flask", "0.6"),
    ("flask", "0.12.5"),
    ("flask", "1.1.4"),
    ("flask", "2.0.3"),
    ("flask", "2.2.5"),
    ("flask", "3.0.3"),
    ("flask", "3.1.3"),
    ("flask-without-blinker", "0.6"),
    ("flask-without-blinker", "2.2.5"),
    ("blinker", "1.0"),
    ("blinker", "1.4"),
    ("blinker", "1.9.0"),
]


def test_history_is_complete_and_true_to_the_ranges():
    """Every clause was measured as it is, on every release, and holds exactly where it says."""
    assert [] == [str(problem) for problem in problems(read_specification(), read_history())]


@pytest.mark.parametrize(("line", "version"), SAMPLE)
def test_release_does_what_the_history_says(line, version):
    """A release that is run again does what was measured, in range or not."""
    specification, history = read_specification(), read_history()
    member = next(one for one in LINES[line].members() if one.version == version)
    (outcome,) = measure(specification.clauses, [(LINES[line], member)])
    if not isinstance(outcome, Outcome):
        pytest.skip(f"{line} {version}: {outcome.reason}")
    assert [] == list(differences(specification.clauses, outcome))
    now = {id for id, result in outcome.results.items() if result.verdict is Verdict.PASSED}
    verdicts = {id: history.verdicts(id, line)[version].verdict for id in outcome.results}
    assert now == {id for id, verdict in verdicts.items() if verdict is Verdict.PASSED}


def test_measured_ranges_have_edges_on_many_releases():
    """What changed within a patch release is found as such."""
    history = read_history()
    edges = {
        stretch.first
        for measurement in history.clauses.values()
        for stretch in measurement.lines.get("flask", ())
    }
    assert {"0.12.1", "2.0.2", "2.2.4", "3.1.2", "3.1.3"} <= edges
    assert "from 3.1.2" == passing_in_words(history, "request-tearing-down.stream-with-context")
