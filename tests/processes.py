"""Processes that tests begin: by their ids, and none of them is there afterwards."""

import os
import signal
import time
from contextlib import suppress


def is_running(pid):
    """Whether the process *pid* is there and does something; what is dead doesn't."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def soon(condition, seconds=20.0):
    """Wait until *condition* returns something true, and return that; or what it returns last."""
    end = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(0.01)
    return found


def is_gone(pid):
    """Whether the process *pid* ends soon."""
    return soon(lambda: not is_running(pid), 5.0)


def still_running(pids):
    """Return those of *pids* that don't end soon, and end them."""
    left = [pid for pid in pids if not is_gone(pid)]
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return left
