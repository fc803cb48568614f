"""What the examples call flask and blinker is the implementation under test."""

from signalbook.runner.worker.own import ModuleType, builtins, print_function, sys


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
