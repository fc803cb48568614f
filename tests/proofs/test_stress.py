"""The reference engine bears many threads at once; `stress.py` is the whole of it."""

import sys
import threading
from types import SimpleNamespace

import stress as stressing
from stress import OURS, THREADS, stress


def test_engine_bears_threads_that_connect_send_disconnect_drop_and_collect():
    """Nothing is raised, lost, called too late or left behind."""
    assert stress(OURS, 15_000) == {}


def test_stress_ends_when_all_threads_hang(monkeypatch):
    """An engine whose threads wait for each other is told of, and waited for only once."""
    over = threading.Event()

    class Signal:
        def connect(self, *arguments, **keywords):
            over.wait()

        send = disconnect = connect

    stuck = SimpleNamespace(Signal=Signal, ANY=object())
    monkeypatch.setitem(sys.modules, "stuck", stuck)
    monkeypatch.setattr(stressing, "PATIENCE", 0.1)
    try:
        assert stress("stuck", 15_000) == {"threads that hang": THREADS}
    finally:
        over.set()
