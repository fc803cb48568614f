"""Ends the worker, and what it started, with the kit."""

from signalbook.runner.worker.own import json, os, shutil, signal, sys


def guard(requests, worker, pipe, home):
    """Pass on what the kit says, and end the worker and its job when the kit says no more.

    That is when the kit is done, or gone in whatever way.
    """
    job = None
    try:
        for line in iter(requests.readline, b""):
            message = json.loads(line.decode("ascii"))
            job = message.get("begin")
            try:
                os.write(pipe, line)
            except OSError:
                pass  # The worker is gone, which the kit will notice.
    finally:
        kill(os.killpg, worker)
        kill(os.kill, worker)
        end(job, home)
        os._exit(0)


def end(job, home):
    """Kill a job that may still run, remove the worker's folder, and kill what else it left."""
    try:
        if job and os.getsid(job) == os.getsid(0):  # Or else somebody else has its id now.
            kill(os.killpg, job)
    except OSError:
        pass  # It has ended.
    try:
        shutil.rmtree(home, True)
    finally:
        kill(os.killpg, 0)


def guarded():
    """Return in a fork, with its own standard input; the original process stays as its guard."""
    home = sys.argv.pop()
    readable, writable = os.pipe()
    worker = os.fork()
    if worker:
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (1, 2):  # Whose end the kit takes for the worker's.
            os.dup2(nothing, descriptor)
        os.close(readable)
        guard(os.fdopen(0, "rb"), worker, writable, home)
    os.setpgid(0, 0)  # The first of a group can't leave the session, where the kit would lose it.
    os.dup2(readable, 0)
    os.close(readable)
    os.close(writable)


def kill(killer, pid):
    try:
        killer(pid, signal.SIGKILL)
    except OSError:
        pass
