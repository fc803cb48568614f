"""Runs a job in its own fork, and ends with it.

A job is a set-up and checks that come after it. In a job that is "apart" the set-up runs once, and
each check in a fork of the process in which it ran; else all is done in one process, from the
set-up on for each check.
"""

from signalbook.runner.worker.console import Console
from signalbook.runner.worker.errors import described
from signalbook.runner.worker.own import json, os, signal, sys


def run_setup(setup, watch):
    """Run a set-up in a fresh namespace; return its console, and a line for each example."""
    console = Console(watch.names)
    if hasattr(sys, "exc_clear"):
        sys.exc_clear()  # Python 2 would show the examples what this module has caught.
    return console, [console.run(*example) for example in setup]


def run_check(check, console, lines, watch, send):
    """Run a check's examples, and send a line for each, before them *lines*, and what they left.

    Return what they left.
    """
    for message in lines:
        send(message)
    for example in check["examples"]:
        send(console.run(*example))
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
        run = run_apart if job["apart"] else run_together
        run(job, watch, lambda check: sender(check["token"], pipe, os.getpid()))
    except BaseException:
        send({"broken": described(*sys.exc_info())})
    finally:
        os._exit(0)


def run_together(job, watch, sender_for):
    """Run the checks in this process, up to the first that the next might notice."""
    # Looking takes time that a check alone in its process need not spend.
    state = watch.state() if job["checks"][1:] else None
    for check in job["checks"]:
        send = sender_for(check)
        enter(check["folder"])
        console, lines = run_setup(job["setup"], watch)
        if run_check(check, console, lines, watch, send) or not state:
            break
        watch.forget_loggers()
        if state != watch.state():
            break


def run_apart(job, watch, sender_for):
    """Run the set-up here and each check in a fork, up to the first that doesn't end well."""
    enter(job["checks"][0]["folder"])
    console, lines = run_setup(job["setup"], watch)
    for check in job["checks"]:
        # A fork has neither the threads nor the event loop of what it was forked from.
        if console.loop or watch.new_threads():
            break
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # Ignored, it would hide how the fork ended.
        fork = os.fork()
        if not fork:
            send = sender_for(check)
            enter(check["folder"])
            run_check(check, console, lines, watch, send)
            os._exit(0)
        if os.waitpid(fork, 0)[1]:
            break
