"""Runs examples as at Python's prompt."""

from signalbook.runner.worker.errors import described
from signalbook.runner.worker.names import namespace
from signalbook.runner.worker.output import Output
from signalbook.runner.worker.own import ALLOW_AWAIT, __future__, asyncio, clock, gc, linecache, sys

CO_COROUTINE = 0x80


class Console(object):
    """Runs examples one after the other in one namespace."""

    def __init__(self, names):
        self.builtins = names.builtins
        self.globals = namespace(names)
        self.output = Output()
        self.loop = None
        sys.stdout = self.output
        sys.displayhook = self.display

    def display(self, value):
        if value is not None:
            self.output.write(repr(value) + "\n")
            self.builtins["_"] = value

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
        self.builtins.pop("_", None)
        self.globals.clear()
        if hasattr(sys, "exc_clear"):
            sys.exc_clear()
        gc.collect()
