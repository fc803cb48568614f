"""Runs a clause's examples inside the interpreter of the implementation under test.

This one file is started with that interpreter, CPython 2.7 or 3.6 and later: standard library
only, and nothing of the kit. It never sees what an example should print, since the kit compares:
an implementation, however broken, can't turn a failure into a pass. Nor can one that replaces
what it finds by a name when it is imported: this module has none, and holds what it needs itself.
Only one that was written to cheat can, since it runs in the same process and as the same user: by
way of frames, the garbage collector or its classes, or by acting on this process from another.

Its argument is the folder that it removes if the kit doesn't. Standard input brings JSON lines:
first `{"flask", "blinker", "replaced", "path", "memory"}`, then for each job `{"token", "setup",
"examples", "folder", "timeout"}`, where examples are triples of file, line and source, and
`{"begin"}` once the kit knows the process that the job will run in. The original standard output
takes JSON lines: the interpreter and the worker's process, a greeting, then for each job its
process, and its answer.
The process that the kit started is the guard, which loads nothing of the implementation and ends
all the others with the kit. In a fork of it the implementation is imported once; each job runs in
a fork of that, in a folder of its own, so nothing that a clause does outlives it.
"""

from __future__ import print_function

import sys

if __name__ == "__main__" and not getattr(sys.flags, "safe_path", False):
    del sys.path[0]  # This file's own folder: its neighbours are not the standard library.

import __future__

import gc
import json
import linecache
import os
import select
import shutil
import signal
import threading
import traceback
from operator import is_
from types import ModuleType

try:
    import builtins
except ImportError:
    import __builtin__ as builtins

try:
    from time import perf_counter as clock
except ImportError:
    from time import time as clock

try:
    import asyncio
    from ast import PyCF_ALLOW_TOP_LEVEL_AWAIT as ALLOW_AWAIT
except ImportError:
    asyncio = None
    ALLOW_AWAIT = 0

if sys.version_info > (3,):
    __builtins__ = dict(vars(builtins))
else:  # With the line above, CPython 2.7 would run this file in its restricted mode.
    for builtin in vars(builtins):
        globals().setdefault(builtin, getattr(builtins, builtin))


def own(module):
    """Return a copy of a module, which stays as it is whatever is done to the original."""
    copy = ModuleType(module.__name__)
    copy.__dict__.update(vars(module))
    return copy


# An implementation may replace what is in them, as gevent does: the worker keeps its own.
gc, linecache, os = own(gc), own(linecache), own(os)
select, signal, threading, traceback = own(select), own(signal), own(threading), own(traceback)
asyncio = own(asyncio) if asyncio else None

CORE_SIGNALS = (
    "template_rendered before_render_template request_started request_finished "
    "request_tearing_down got_request_exception appcontext_pushed appcontext_tearing_down "
    "appcontext_popped message_flashed"
).split()
OUTPUT_LIMIT = 65536  # characters that an example may print
ANSWER_LIMIT = 2**22  # bytes that a clause's answer may have
CO_COROUTINE = 0x80
COMMON = ("encodings.idna", "logging")  # What frameworks import in nearly every clause.


# Names: what the examples call flask and blinker is the implementation under test.


class Names(object):
    """The import statement of the examples, and of them only."""

    def __init__(self, modules):
        self.modules = modules
        # Made before any fork: copying in each would cost more than most examples do.
        self.builtins = dict(vars(builtins))
        self.builtins["__import__"] = self

    def target(self, name):
        """Return the name of the module that stands in for the module `name`."""
        top, dot, rest = name.partition(".")
        return self.modules.get(top, top) + dot + rest

    def __call__(self, name, globals=None, locals=None, fromlist=(), level=0):
        if isinstance(fromlist, list):
            # No import statement: C code, such as pickle's, imports in its caller's name.
            return builtins.__import__(name, globals, locals, fromlist, max(level, 0))
        package = (globals or {}).get("__package__")
        if level > 0 and package:
            # Counted from the package that the examples think they are in.
            base = package.rsplit(".", level - 1)[0] if level > 1 else package
            name, level = base + "." + name if name else base, 0
        top = name.partition(".")[0]
        if level > 0 or top not in self.modules:
            return builtins.__import__(name, globals, locals, fromlist or (), max(level, 0))
        if self.modules[top] is None:
            raise missing_module(name)
        try:
            module = load(self.target(name), fromlist)
        except ImportError as error:
            raise self.renamed(error, top)
        return module if fromlist else sys.modules[self.modules[top]]

    def renamed(self, error, top):
        """Return the error as the example would see it had it imported the real thing."""
        missing = getattr(error, "name", None) or ""
        target = self.modules[top]
        if missing == target or missing.startswith(target + "."):
            name = top + missing[len(target) :]
            error.name = name
            error.msg = "No module named '%s'" % name
            error.args = (error.msg,)
        return error


def missing_module(name):
    """Return the error for a module that the implementation has nothing in place of."""
    text = "No module named '%s'" % name
    if hasattr(builtins, "ModuleNotFoundError"):
        return builtins.ModuleNotFoundError(text, name=name)
    return ImportError(text)


def load(name, fromlist=()):
    """Import `name`, and of it the submodules in `fromlist`; return the module itself."""
    if fromlist:
        return builtins.__import__(name, {}, {}, fromlist, 0)
    builtins.__import__(name, {}, {}, (), 0)
    return sys.modules[name]


def namespace(names):
    """Return the fresh `__main__` module in which a clause's examples run."""
    module = ModuleType("__main__")
    module.__dict__["__builtins__"] = names.builtins
    module.__dict__["print_function"] = print_function
    sys.modules["__main__"] = module
    return module.__dict__


# Examples: run as at Python's prompt, with what they print kept.


class Output(object):
    """Stands in for `sys.stdout`; keeps text, and not without end."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self):
        self.parts = []
        self.size = 0

    def write(self, text):
        if isinstance(text, bytes):
            text = text.decode("utf-8", "replace")
        room = OUTPUT_LIMIT - self.size
        if 0 <= room < len(text):
            text = text[:room] + "\n[signalbook: cut off after %d characters]\n" % OUTPUT_LIMIT
        if room >= 0:
            self.parts.append(text)
        self.size += len(text)
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return False

    def take(self):
        """Return what was written since the last call."""
        text = "".join(self.parts)
        self.__init__()
        return text


class Console(object):
    """Runs examples one after the other in one namespace."""

    def __init__(self, names):
        self.globals = namespace(names)
        self.output = Output()
        self.loop = None
        sys.stdout = self.output
        sys.displayhook = self.display

    def display(self, value):
        if value is not None:
            self.output.write(repr(value) + "\n")
            self.globals["__builtins__"]["_"] = value

    def run(self, file, line, source):
        """Run one example and return what came of it, ready for JSON."""
        name = "<%s:%d>" % (file, line)
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        started = clock()
        result = {"line": line, "error": None}
        try:
            code = compile(source, name, "single", self.flags(), True)
            value = eval(code, self.globals)
            if ALLOW_AWAIT and code.co_flags & CO_COROUTINE:
                self.wait_for(value)
        except BaseException:
            result["error"] = described(*sys.exc_info())
        result["seconds"] = clock() - started
        result["output"] = self.output.take()
        return result

    def flags(self):
        """Return the compiler's flags, with the `__future__` features imported so far."""
        flags = ALLOW_AWAIT
        for name in __future__.all_feature_names:
            feature = getattr(__future__, name)
            if self.globals.get(name) is feature:
                flags |= feature.compiler_flag
        return flags

    def wait_for(self, coroutine):
        if self.loop is None:
            self.loop = asyncio.new_event_loop()
        self.loop.run_until_complete(coroutine)

    def close(self):
        """Drop every name of the examples, so that what they alone held goes."""
        if self.loop is not None:
            self.loop.close()
        self.globals.clear()
        if hasattr(sys, "exc_clear"):
            sys.exc_clear()
        gc.collect()


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


# Leftovers: what a clause must not leave behind.


class Watch(object):
    """Remembers the state before any clause, and names what is left of one after it."""

    grace = 0.2  # seconds that a thread may take to end

    def __init__(self, names):
        self.names = names
        self.stdout = sys.stdout
        self.threads = set(threading.enumerate())
        self.modules = [
            (name, module, dict(vars(module)), list(vars(module).values()))
            for name, module in self.watched()
        ]

    def watched(self):
        """Return pairs of name and module: the implementation's own, and the builtins."""
        tops = [module for module in self.names.modules.values() if module]
        for name, module in list(sys.modules.items()):
            own_name = any(name == top or name.startswith(top + ".") for top in tops)
            if own_name and module is not None:
                yield name, module
        yield builtins.__name__, builtins

    def leftovers(self):
        """Return a sentence for each thing left behind."""
        found = self.receivers() + self.contexts() + self.changes()
        for thread in threading.enumerate():
            if thread not in self.threads:
                thread.join(self.grace)
            if thread not in self.threads and thread.is_alive():
                found.append("left the thread %r running" % thread.name)
        return found

    def framework(self):
        module = self.names.modules.get("flask")
        return sys.modules.get(module) if module else None

    def receivers(self):
        flask = self.framework()
        signals = sys.modules.get(self.names.target("flask.signals")) if flask else None
        found = []
        for name in CORE_SIGNALS:
            core = getattr(flask, name, None) or getattr(signals, name, None)
            receivers = getattr(core, "receivers", None)
            if hasattr(receivers, "__len__") and len(receivers):
                found.append("left %d receiver(s) connected to %s" % (len(receivers), name))
        return found

    def contexts(self):
        flask = self.framework()
        found = []
        for kind in ("request", "app"):
            pushed = getattr(flask, "has_%s_context" % kind, None)
            if not pushed:
                stack = getattr(flask, "_%s_ctx_stack" % kind, None)
            if pushed() if pushed else getattr(stack, "top", None) is not None:
                found.append("left %s context pushed" % {"app": "an app"}.get(kind, "a request"))
        return found

    def changes(self):
        found = []
        for name, module, before, values in self.modules:
            after = vars(module)
            if not same(values, after):
                for attribute in sorted(changed(name, before, after)):
                    found.append("changed %s.%s" % (name, attribute))
        return found


def same(before, after):
    """Tell whether nothing at all was changed.

    After a fork each object that is looked at costs the copy of a page, so names are not.
    """
    return len(before) == len(after) and all(map(is_, before, after.values()))


def changed(name, before, after):
    """Return the attributes of the module `name` that differ.

    Imported submodules and private names don't count.

    Flask keeps caches in private names. Python's own, such as `__import__`, are no such thing.
    """
    missing = object()
    for attribute in set(before) | set(after):
        old, new = before.get(attribute, missing), after.get(attribute, missing)
        is_import = isinstance(new, ModuleType) and (
            old is missing or new.__name__ == name + "." + attribute
        )
        is_private = attribute.startswith("_") and attribute != "__import__"
        if old is not new and not is_import and not is_private:
            yield attribute


# Jobs: each in a fork of its own.


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
            ready = select.select([self.pipe], [], [], self.grace)[0]
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
            select.select([], [], [], 0.0002)
            self.look()
        kill(os.killpg, self.pid)

    def look(self):
        """See whether the child has ended, or must."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = status if pid else None
            self.ended = clock()
        if self.status is None and not self.timed_out and clock() > self.deadline:
            self.timed_out = True
            kill(os.killpg, self.pid)
            kill(os.kill, self.pid)


def kill(killer, pid):
    try:
        killer(pid, signal.SIGKILL)
    except OSError:
        pass


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


# The worker's life.


def version(name):
    """Return the version of the installed distribution `name`, or `None`."""
    try:
        from importlib.metadata import version as installed

        return installed(name)
    except Exception:
        found = getattr(sys.modules.get(name), "__version__", None)
        return found if isinstance(found, str) else None


def files(config):
    """Return the file that each module under test was loaded from, if it is known as text."""
    found = {}
    for name in filter(None, (config["flask"], config["blinker"])):
        file = getattr(sys.modules.get(name), "__file__", None)
        if isinstance(file, bytes):  # As it is on CPython 2.7.
            file = file.decode("utf-8", "replace")
        if type(file) is type(b"".decode()):
            found[name] = os.path.abspath(file)
    return found


def limit_memory(limit):
    """Let this process have *limit* bytes of address space, unless it may have less already."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    except (ValueError, resource.error):
        pass  # Not every system has this limit.
    bytearray(2**24)  # With less, importing would break in strange ways instead of this.


def prepare(config):
    """Import the implementation as `config` names it and return the greeting."""
    sys.path[:0] = config["path"]
    if config["memory"]:
        limit_memory(config["memory"])
    for name, other in config["replaced"].items():
        sys.modules[name] = load(other) if other else None
    for subject in ("flask", "blinker"):
        if config[subject]:
            load(config[subject])
    for submodule in ("signals", "testing") if config["flask"] else ():
        try:
            load(config["flask"] + "." + submodule)
        except ImportError:
            pass  # Whether it must be there is for the clauses to say.
    for name in COMMON if config["flask"] else ():
        load(name)  # Once, and not in each fork.
    return {
        "await": bool(ALLOW_AWAIT),
        "versions": dict(
            (name, version(name)) for name in ("flask", "blinker") if config[name] == name
        ),
        "files": files(config),
    }


def interpreter():
    """Return the name of the interpreter's make, its version, and the process that loads."""
    make = sys.implementation.name if hasattr(sys, "implementation") else sys.subversion[0].lower()
    version = "%d.%d.%d" % sys.version_info[:3]
    return {"interpreter": make, "python": version, "worker": os.getpid()}


def encoded(message):
    return (json.dumps(message) + "\n").encode("ascii")


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


def private_pipes():
    """Move standard input and output out of the implementation's way."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
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
    names = Names({"flask": config["flask"], "blinker": config["blinker"]})
    watch = Watch(names)
    if hasattr(gc, "freeze"):
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
