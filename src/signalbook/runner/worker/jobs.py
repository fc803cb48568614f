"""Runs a job in its own fork, and ends with it."""

from signalbook.runner.worker.console import Console
from signalbook.runner.worker.errors import described
from signalbook.runner.worker.messages import encoded
from signalbook.runner.worker.own import os, sys


def run_job(job, watch, send):
    """Run a job's set-up and examples, and send a line for each and for what they left."""
    console = Console(watch.names)
    if hasattr(sys, "exc_clear"):
        sys.exc_clear()  # Python 2 would show the examples what this module has caught.
    for part in ("setup", "examples"):
        for file, line, source in job[part]:
            send(console.run(file, line, source))
    sys.stdout, replaced = watch.stdout, sys.stdout is not console.output
    console.close()
    left = watch.leftovers()
    send({"left": left + (["replaced sys.stdout"] if replaced else [])})


def enter(folder):
    """Make the empty *folder* the one that the job works in, and has its temporary files in."""
    # Whatever CPython 2.7 and 3.6 take the locale for.
    os.chdir(folder.encode("utf-8", "surrogateescape"))
    os.environ["TMPDIR"] = os.getcwd()
    if "tempfile" in sys.modules:
        sys.modules["tempfile"].tempdir = None  # Found out before, it is the worker's.


def child(job, watch, begin, pipe, foreign):
    """Run the job and end the process, come what may.

    :param begin: A pipe on which the worker says that the kit knows of this process.
    :param foreign: The worker's file descriptors, which the examples must not have.
    """
    pid = os.getpid()

    def send(message):
        forked = os.getpid() != pid
        message = {"forked": True} if forked else message
        message["token"] = job["token"]
        data = encoded(message)
        while data:
            data = data[os.write(pipe, data) :]
        if forked:
            os._exit(0)  # Only the original goes on.

    try:
        os.setpgid(0, 0)
        for descriptor in foreign:
            os.close(descriptor)
        if os.read(begin, 1):
            os.close(begin)
            enter(job["folder"])
            run_job(job, watch, send)
    except BaseException:
        send({"broken": described(*sys.exc_info())})
    finally:
        os._exit(0)
