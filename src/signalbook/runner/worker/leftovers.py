"""What a clause must not leave behind."""

from signalbook.runner.worker.own import (
    ModuleType,
    builtins,
    gc,
    is_,
    logging,
    os,
    signal,
    sys,
    threading,
    warnings,
)

CORE_SIGNALS = (
    "template_rendered before_render_template request_started request_finished "
    "request_tearing_down got_request_exception appcontext_pushed appcontext_tearing_down "
    "appcontext_popped message_flashed"
).split()


class Watch(object):
    """Remembers the state before any clause, and names what is left of one after it."""

    grace = 0.2  # seconds that a thread may take to end

    def __init__(self, names):
        self.names = names
        self.stdout = sys.stdout
        self.excused = {}
        self.threads = set(threading.enumerate())
        self.loggers = set(logging.root.manager.loggerDict)
        self.modules = [
            (name, module, dict(vars(module)), list(vars(module).values()))
            for name, module in self.watched()
        ]

    def watched(self):
        """Return pairs of name and module: the implementation's own, and the builtins."""
        # Other people's modules may change: it is theirs to say what that means.
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

    def state(self):
        """Return what a check may change without a fault, and the next one would notice."""
        loggers = [logging.root] + [logger for _, logger in sorted(loggers_by_name().items())]
        return (
            dict(os.environ, TMPDIR=None),
            list(sys.path),
            list(warnings.filters),
            self.names.builtins.copy(),
            [signal.getsignal(number) for number in range(1, signal.NSIG)],
            (gc.isenabled(), sys.getrecursionlimit(), sys.gettrace(), sys.getprofile()),
            [(logger.level, logger.disabled, list(logger.handlers)) for logger in loggers],
        )

    def forget_loggers(self):
        """Let the next check make its loggers anew, with which frameworks keep their handlers."""
        known = logging.root.manager.loggerDict
        for name in set(known) - self.loggers:
            del known[name]

    def framework(self):
        module = self.names.modules.get("flask")
        return sys.modules.get(module) if module else None

    def excusing(self, function):
        """Return *function* so that what it connects, as what is connected now, is no fault."""
        self.excused = self.connected()

        def call(application):
            before = self.connected()
            function(application)
            for name, number in self.connected().items():
                self.excused[name] += number - before[name]

        return call

    def connected(self):
        """Return for each core signal that can be asked how many receivers it has."""
        flask = self.framework()
        signals = sys.modules.get(self.names.target("flask.signals")) if flask else None
        found = {}
        for name in CORE_SIGNALS:
            # Flask has them at its top, and others may have them in the module only.
            core = getattr(flask, name, None) or getattr(signals, name, None)
            receivers = getattr(core, "receivers", None)
            if hasattr(receivers, "__len__"):
                found[name] = len(receivers)
        return found

    def receivers(self):
        connected, found = self.connected(), []
        for name in CORE_SIGNALS:
            left = connected.get(name, 0) - self.excused.get(name, 0)
            if left > 0:
                found.append("left %d receiver(s) connected to %s" % (left, name))
        return found

    def contexts(self):
        flask = self.framework()
        found = []
        for kind in ("request", "app"):
            # Not every release can be asked; the first ones have only their stacks.
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


def loggers_by_name():
    """Return the loggers that there are, without the places that are kept for parents."""
    known = logging.root.manager.loggerDict
    return dict((name, one) for name, one in known.items() if isinstance(one, logging.Logger))


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
