"""What a signal of the reference engine keeps, and its lock, for tests that look inside."""


def state(signal):
    """Return how many receivers, listeners, senders and unfinished changes a signal keeps."""
    listeners = sum(map(len, signal._by_sender.values()))
    senders = len(signal._watches) + len(signal._held)
    return [len(signal.receivers), listeners, senders, len(signal._changes)]


class Lock:
    """The lock of a signal, which tells of its use."""

    def __init__(self, signal, wanted=lambda: None, released=lambda: None):
        self.lock, self.wanted, self.released = signal._lock, wanted, released
        signal._lock = self

    def acquire(self, blocking=True):
        self.wanted()
        return self.lock.acquire(blocking)

    def release(self):
        self.released()
        self.lock.release()
