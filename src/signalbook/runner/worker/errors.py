"""What is told of an exception."""

from signalbook.runner.worker.output import OUTPUT_LIMIT
from signalbook.runner.worker.own import traceback


def described(kind, error, trace):
    """Return an exception's name, text and traceback; none of the three can raise."""
    name = type.__dict__["__name__"].__get__(kind)
    try:
        text = str(error)
        # A subclass of str, which __str__ may return, is not to be trusted.
        text = text.decode("utf-8", "replace") if isinstance(text, bytes) else "".join([text])
    except BaseException:
        text = "<unprintable %s object>" % name
    try:
        while trace and trace.tb_frame.f_globals is globals():
            trace = trace.tb_next  # Without the worker's own frames.
        depth = list(inner(trace))
        frames = "".join(traceback.format_tb(depth[-30:][0])) if depth else ""
        if isinstance(frames, bytes):
            frames = frames.decode("utf-8", "replace")
    except BaseException:
        frames = ""
    return {"name": name, "text": text[:OUTPUT_LIMIT], "traceback": frames[-4000:]}


def inner(trace):
    """Yield a traceback, and what it holds of each frame further in."""
    while trace:
        yield trace
        trace = trace.tb_next
