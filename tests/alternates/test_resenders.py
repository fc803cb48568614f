"""The profile of extensions that send is kept by the right ones, and by no wrong one."""

from dataclasses import replace
from pathlib import Path

import pytest

from signalbook.implementations import FLASK
from signalbook.pages import read_specification
from signalbook.runner import Session

HERE = str(Path(__file__).parent)
SPECIFICATION = read_specification()


def unkept(setup, *patterns):
    """Return the rules of the profile that Flask with the set-up doesn't keep."""
    clauses = SPECIFICATION.select(profile="resender", patterns=patterns)
    own = replace(FLASK, setup=setup, path=(HERE,)) if setup else FLASK
    with Session(own) as session:
        results = list(session.run_all(clauses, jobs=2))
    faults = {result.clause.whole_id for result in results if result.verdict.is_fault}
    return [clause.id for clause in SPECIFICATION.clauses if clause.id in faults]


@pytest.mark.parametrize("setup", [None, "resenders:right"])
def test_profile_is_kept_by_who_does_it_right(setup):
    """Flask itself keeps every rule, and so does an extension that sends in its place."""
    assert [] == unkept(setup)


WRONG = {
    "silent": "got-request-exception.unhandled",
    "twice": "got-request-exception.once",
    "proxy": "core-signals.sender",
    "copied": "got-request-exception.very-object",
    "without_async": "core-signals.async-bound",
    "keyword": "got-request-exception.arguments",
    "unfinished": "request-finished.unhandled",
    "swallowing": "propagated-error.exception",
    "late": "got-request-exception.before",
    "http_errors": "got-request-exception.http-exceptions",
    "handled": "request-tearing-down.exc-unhandled",
}


@pytest.mark.parametrize("name", WRONG)
def test_profile_finds_what_an_extension_does_wrong(name):
    """Whatever of it is wrong, a rule that is about just that tells."""
    assert [WRONG[name]] == unkept(f"resenders:{name}", WRONG[name])
