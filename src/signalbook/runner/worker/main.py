"""The worker's life."""

from signalbook.runner.worker.answers import fork
from signalbook.runner.worker.applications import after_making, find_setup
from signalbook.runner.worker.errors import described
from signalbook.runner.worker.guard import guarded
from signalbook.runner.worker.jobs import encoded
from signalbook.runner.worker.leftovers import Watch
from signalbook.runner.worker.loading import interpreter, prepare
from signalbook.runner.worker.names import Names, load
from signalbook.runner.worker.own import ModuleType, gc, json, os, sys, traceback


def private_pipes():
    """Move standard input and output out of the implementation's way."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    # What an implementation prints to no file of Python's would be taken for an answer.
    os.dup2(2, 1)
    os.close(nothing)
    return requests, answers


def main():
    guarded()
    requests, answers = private_pipes()
    incoming = os.fdopen(requests, "rb")
    outgoing = os.fdopen(answers, "wb")

    def tell(message):
        outgoing.write(encoded(message))
        outgoing.flush()

    tell(interpreter())
    config = json.loads(incoming.readline().decode("ascii"))
    try:
        greeting = prepare(config)
    except BaseException:
        tell({"cannot load": described(*sys.exc_info())})
        return
    try:
        setup = find_setup(config)
    except BaseException:
        tell({"cannot set up": described(*sys.exc_info())})
        return
    names = Names({"flask": config["flask"], "blinker": config["blinker"]})
    watch = Watch(names)
    if setup:
        kind, function = setup
        after_making(kind, watch.excusing(function))
    if hasattr(gc, "freeze"):
        # The collector would write to every object, and so copy every page in every fork.
        gc.collect()
        gc.freeze()
    tell(greeting)
    for line in iter(incoming.readline, b""):
        fork(json.loads(line.decode("ascii")), watch, tell, incoming.readline, (requests, answers))


if __name__ == "__main__":
    # Out of reach by name, and yet held, since CPython 2.7 clears a module that nobody holds.
    itself = sys.modules.pop("__main__")
    sys.modules["__main__"] = ModuleType("__main__")
    for part in ("json", "json.decoder", "json.encoder", "json.scanner"):
        sys.modules.pop(part, None)
    load("json")  # Another one, for whoever imports it.
    try:
        main()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)  # Without waiting for threads of the implementation.
