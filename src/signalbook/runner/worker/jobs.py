"""Runs a job in its own fork, and ends with it."""

from signalbook.runner.worker.console import Console
from signalbook.runner.worker.errors import described
from signalbook.runner.worker.own import json, os, sys


def run_check(check, setup, watch, send):
    """Run a set-up and a check's examples, and send a line for each and for what they left.

    Return what they left.
    """
    console = Console(watch.names)
    if hasattr(sys, "exc_clear"):
        sys.exc_clear()  # Python 2 would show the examples what this module has caught.
    for file, line, source in setup + check["examples"]:
        send(console.run(file, line, source))
    sys.stdout, replaced = watch.stdout, sys.stdout is not console.output
    console.close()
    left = watch.leftovers() + (["replaced sys.stdout"] if replaced else [])
    send({"left": left})
    return left


def enter(folder):
    """Make the empty *folder* the one that a check works in, and has its temporary files in."""
    # Whatever CPython 2.7 and 3.6 take the locale for.
    os.chdir(folder.encode("utf-8", "surrogateescape"))
    os.environ["TMPDIR"] = os.getcwd()
    if "tempfile" in sys.modules:
        sys.modules["tempfile"].tempdir = None  # Found out before, it is the worker's.


def sender(token, pipe, pid):
    """Return the function that sends the process *pid*'s messages about a check to the kit."""

    def send(message):
        forked = os.getpid() != pid
        message = {"forked": True} if forked else message
        message["token"] = token
        data = encoded(message)
        while data:
            data = data[os.write(pipe, data) :]
        if forked:
            os._exit(0)  # Only the original goes on.

    return send


def encoded(message):
    """Return the line that tells the kit *message*."""
    return (json.dumps(message) + "\n").encode("ascii")


def child(job, watch, begin, pipe, foreign):
    """Run the job and end the process, come what may.

    Where it has several checks, it ends after the first that the next might notice.

    :param begin: A pipe on which the worker says that the kit knows of this process.
    :param foreign: The worker's file descriptors, which the examples must not have.
    """
    pid = os.getpid()
    try:
        send = sender(job["checks"][0]["token"], pipe, pid)
        # Whatever it starts is in its group and is ended with it.
        os.setpgid(0, 0)
        for descriptor in foreign:
            os.close(descriptor)
        # If nothing comes, the kit is gone.
        if not os.read(begin, 1):
            return
        os.close(begin)
        # Looking takes time that a check alone in its process need not spend.
        state = watch.state() if job["checks"][1:] else None
        for check in job["checks"]:
            send = sender(check["token"], pipe, pid)
            enter(check["folder"])
            left = run_check(check, job["setup"], watch, send)
            if left or not state:
                break
            watch.forget_loggers()
            if state != watch.state():
                break
    except BaseException:
        send({"broken": described(*sys.exc_info())})
    finally:
        os._exit(0)
