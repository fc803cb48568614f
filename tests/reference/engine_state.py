"""What a signal of the reference engine keeps, for tests of what it lets go."""


def state(signal):
    """Return how many receivers, listeners, senders and unfinished changes a signal keeps."""
    listeners = sum(map(len, signal._by_sender.values()))
    return [len(signal.receivers), listeners, len(signal._senders), len(signal._changes)]
