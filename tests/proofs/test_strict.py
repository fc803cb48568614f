"""The reference beside Flask, also in what nobody promises."""

from features import DIFFERENT

from signalbook.clauses import Level
from signalbook.implementations import FLASK, REFERENCE
from signalbook.pages import read_specification
from signalbook.runner import Isolation, Session
from signalbook.verdicts import Verdict

FREE = [check for check in read_specification().checks if check.level is Level.MAY]


def faults(implementation):
    """Return the ids of what an implementation does otherwise than today's release."""
    with Session(implementation, isolation=Isolation.PAGE) as session:
        results = list(session.run_all(FREE))
    assert any(result.verdict is Verdict.PASSED for result in results)
    return {result.clause.id for result in results if result.verdict.is_fault}


def test_reference_does_what_flask_does_without_promising_it():
    """Where a strict run finds a difference, it is one that we know of."""
    assert (DIFFERENT, set()) == (faults(REFERENCE), faults(FLASK))
