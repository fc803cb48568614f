"""What a clause may use, in numbers that can be kept."""

import math

import pytest

from signalbook.runner import Limits, LimitsError

TIMEOUT = "give more than 0 and at most 86400"
MEMORY = f"give 0 for no limit, or at most {2**40}"


@pytest.mark.parametrize(
    ("limits", "problem"),
    [
        ({"timeout": math.nan}, f"a timeout of nan seconds can't be kept; {TIMEOUT}"),
        ({"timeout": math.inf}, f"a timeout of inf seconds can't be kept; {TIMEOUT}"),
        ({"timeout": 0.0}, f"a timeout of 0 seconds can't be kept; {TIMEOUT}"),
        ({"timeout": -5.0}, f"a timeout of -5 seconds can't be kept; {TIMEOUT}"),
        ({"timeout": 86400.5}, f"a timeout of 86400.5 seconds can't be kept; {TIMEOUT}"),
        ({"memory": -1}, f"a memory of -1 MiB can't be kept; {MEMORY}"),
        ({"memory": 2**40 + 1}, f"a memory of {2**40 + 1} MiB can't be kept; {MEMORY}"),
    ],
)
def test_limits_that_cannot_be_kept_are_an_error(limits, problem):
    """A number that no clock or system can keep is an error that says which can be."""
    with pytest.raises(LimitsError) as caught:
        Limits(**limits)
    assert problem == str(caught.value)


def test_limits_may_be_at_their_bounds():
    """The smallest time, a day, no limit of memory and the largest are all right."""
    assert [(0.001, 0), (86400, 2**40)] == [
        (limits.timeout, limits.memory) for limits in (Limits(0.001, 0), Limits(86400, 2**40))
    ]


def test_clause_that_ends_a_little_late_has_timed_out(run_page):
    """The time of a clause is what it was given, and no more."""
    example = ">>> import time\n>>> time.sleep(0.55)\n>>> 1 + 1\n2"
    [result] = run_page(
        f"# Page\n\n:::{{clause}} page.a\nIt MUST.\n\n```pycon\n{example}\n```\n:::\n", timeout=0.5
    )
    assert ("timed out", "it did not end in time") == (result.verdict.value, result.reason)
