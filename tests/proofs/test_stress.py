"""The reference engine bears many threads at once; `stress.py` is the whole of it."""

from stress import OURS, stress


def test_engine_bears_threads_that_connect_send_disconnect_drop_and_collect():
    """Nothing is raised, lost, called too late or left behind."""
    assert stress(OURS, 15_000) == {}
