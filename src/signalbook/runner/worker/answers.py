"""Forks for each job, and reads what comes back, whatever the fork does."""

from signalbook.runner.worker.guard import kill
from signalbook.runner.worker.jobs import child
from signalbook.runner.worker.own import clock, os, select, signal

ANSWER_LIMIT = 2**22  # bytes that a clause's answer may have


class Answer(object):
    """Reads a child's answer to its end, to the child's end, or to the end of its time."""

    grace = 0.2  # seconds that the child's last words may take

    def __init__(self, pid, pipe, timeout):
        self.pid = pid
        self.pipe = pipe
        self.deadline = clock() + timeout
        self.chunks = []
        self.size = 0
        self.status = None
        self.ended = 0.0
        self.timed_out = False
        self.held = False

    def read(self):
        """Return when there is nothing more to come."""
        open_ = True
        while open_ and not self.held:
            ready = select.select([self.pipe], [], [], self.patience())[0]
            if ready:
                data = os.read(self.pipe, 65536)
                self.chunks.append(data)
                self.size += len(data)
                open_ = bool(data) and self.size < ANSWER_LIMIT
            self.look()
            # The child is gone, yet somebody has its pipe open?
            self.held = open_ and self.status is not None and clock() > self.ended + self.grace
        if self.size >= ANSWER_LIMIT:
            kill(os.kill, self.pid)
        self.look()
        while self.status is None:
            # Its pipe is closed, so the end is near, and nothing tells of it sooner.
            select.select([], [], [], 0.0002)
            self.look()
        kill(os.killpg, self.pid)

    def patience(self):
        """Return for how many seconds there is nothing to look for, unless the child says more."""
        left = self.grace if self.timed_out else self.deadline - clock()
        return min(self.grace, max(left, 0.0))

    def look(self):
        """See whether the child has ended, or must."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = status if pid else None
            self.ended = clock()
        if self.status is None and not self.timed_out and clock() > self.deadline:
            self.timed_out = True
            kill(os.killpg, self.pid)
            # It may have left its group.
            kill(os.kill, self.pid)


def fork(job, watch, tell, wait, pipes):
    """Run a job in a fork, and tell the kit first of the fork and then the answer.

    :param wait: Returns when the kit knows of the fork, which it then ends if need be.
    :param pipes: The worker's own file descriptors.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # Ignored, it would hide how the fork ended.
    readable, writable = os.pipe()
    begin, begun = os.pipe()
    pid = os.fork()
    if pid == 0:
        child(job, watch, begin, writable, pipes + (readable, begun))
    try:
        os.setpgid(pid, pid)
    except OSError:
        pass  # The child was quicker, or is gone already.
    os.close(writable)
    os.close(begin)
    tell({"token": job["token"], "pid": pid})
    try:
        if wait():
            os.write(begun, b"1")
    except OSError:
        pass  # It is gone already.
    os.close(begun)
    answer = Answer(pid, readable, job["timeout"])
    answer.read()
    os.close(readable)
    tell(
        {
            "token": job["token"],
            "lines": b"".join(answer.chunks).decode("latin-1"),
            "status": answer.status,
            "timed out": answer.timed_out,
            "held": answer.held,
            "too much": answer.size >= ANSWER_LIMIT,
        }
    )
