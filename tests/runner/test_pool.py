"""Tasks are done in several threads, of which none goes on when nobody waits any more."""

import threading
from contextlib import nullcontext

import pytest

from signalbook.runner import Helper, in_parallel


def test_what_was_not_begun_when_the_iterator_is_closed_stays_undone():
    """A helper that is stopped ends its task, and takes no other."""
    begun, over = [], threading.Event()

    def do(task):
        begun.append(task)
        if task:
            over.wait(10)
        return task

    found = in_parallel(range(9), [Helper(do, over.set, nullcontext())])
    assert 0 == next(found)
    found.close()
    assert begun in ([0], [0, 1])


def test_what_a_helper_raises_stops_the_others_and_is_raised():
    """None of them waits for what will not come."""
    over = threading.Event()

    def fail(task):
        raise LookupError(task)

    helpers = [
        Helper(lambda task: over.wait(10), over.set, nullcontext()),
        Helper(fail, lambda: None, nullcontext()),
    ]
    with pytest.raises(LookupError):
        list(in_parallel(range(9), helpers))
    assert over.is_set()
