"""Sets up each application that is made, as who uses an extension would."""

from signalbook.runner.worker.names import load
from signalbook.runner.worker.own import sys, wraps


def find_setup(config):
    """Return the class of applications and the function to call with each, if *config* has one."""
    if not config["setup"]:
        return None
    module, _, path = config["setup"].partition(":")
    found = load(module)
    for name in path.split("."):
        found = getattr(found, name)
    if not callable(found):
        raise TypeError("%r object is not callable" % type(found).__name__)
    return sys.modules[config["flask"]].Flask, found


def after_making(kind, function):
    """Let *function* be called with each instance of the class *kind* once that has made it.

    The class itself stays, so whatever is compared with it, derived from it or named by it does.
    """
    original = kind.__init__

    @wraps(original)
    def __init__(self, *arguments, **keywords):
        original(self, *arguments, **keywords)
        function(self)

    kind.__init__ = __init__
