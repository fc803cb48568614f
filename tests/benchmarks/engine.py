"""How fast the engine is, beside blinker and others: `nox -s bench`.

All that is measured takes turns within one run, in short rounds, so that what slows the machine
down for a while slows down each of them.
Of the rounds of each, the time of the lower quartile counts: what is above it is other programs.

The bare loop is a list comprehension over the receivers themselves, which makes the same list.
"""

import gc
import importlib
import math
import sys
import time
import tracemalloc

import blinker
from tables import heading, read_options, report, table

from signalbook.reference import engine

ROUND = 100e-6
SEEN = 10_000
OTHERS = {
    "django": "django.dispatch",
    "PyDispatcher": "pydispatch.dispatcher",
    "psygnal": "psygnal",
    "pluggy": "pluggy",
}
SIZES = (1, 10, 100, 1000)
DATA = {"user": "alice", "path": "/"}


class Sender:
    """An object with receivers of its own, as an application is."""


class Listener:
    def receive(self, sender, **data):
        return None

    def plain(self, sender):
        return None


def make_receivers(kind, number, data):
    """Return *number* receivers, and what keeps them alive."""
    if kind == "method":
        listeners = [Listener() for _ in range(number)]
        return [one.receive if data else one.plain for one in listeners]
    return [make_function(data) for _ in range(number)]


def make_function(data):
    if data:
        return lambda sender, user, path: None
    return lambda sender: None


def modules():
    """Return what is installed of the other libraries, by name."""
    found = {}
    for name, module in OTHERS.items():
        try:
            found[name] = importlib.import_module(module)
        except ImportError:
            print(f"{name} is not installed", file=sys.stderr)
    return found


def bare_send(receivers, sender, data):
    if data:
        return lambda: [(one, one(sender, **data)) for one in receivers]
    return lambda: [(one, one(sender)) for one in receivers]


def signal_send(library, receivers, sender, how, data, weak):
    """Return a send from *sender* with blinker's interface."""
    signal = library.Signal()
    for number, one in enumerate(receivers):
        own = how == "one sender" or (how == "mixed" and number % 2)
        signal.connect(one, *([sender] if own else []), weak=weak)
    if data:
        return lambda: signal.send(sender, **data)
    return lambda: signal.send(sender)


def django_send(library, receivers, sender, how, data, weak):
    signal = library.Signal(use_caching=True)
    for number, one in enumerate(receivers):
        own = how == "one sender" or (how == "mixed" and number % 2)
        # Django wants receivers that accept `signal`, too.
        taking = (lambda sender, signal, user, path: None) if data else lambda sender, signal: None
        kept.append(taking if not hasattr(one, "__self__") else DjangoListener())
        taking = kept[-1] if not hasattr(one, "__self__") else kept[-1].receive
        signal.connect(taking, sender=sender if own else None, weak=weak)
    return lambda: signal.send(sender, **data)


kept = []


class DjangoListener:
    def receive(self, sender, signal, user=None, path=None):
        return None


def pydispatcher_send(library, receivers, sender, how, data, weak):
    signal = object()
    for number, one in enumerate(receivers):
        own = how == "one sender" or (how == "mixed" and number % 2)
        library.connect(one, signal, sender if own else library.Any, weak=weak)
    kept.append(signal)
    return lambda: library.send(signal, sender, **data)


def psygnal_send(library, receivers, sender, how, data, weak):
    """It has no senders, no keyword arguments, and no results: this emits one object."""
    if how != "any sender" or data:
        return None
    group = type("Emitter", (), {"sent": library.Signal(object)})()
    for one in receivers:
        group.sent.connect(one, check_nargs=False, check_types=False)
    kept.append(group)
    return lambda: group.sent.emit(sender)


def pluggy_send(library, receivers, sender, how, data, weak):
    """It has no senders and no weak receivers: the hook's arguments are named."""
    if how != "any sender" or weak:
        return None
    manager = library.PluginManager("bench")
    spec, impl = library.HookspecMarker("bench"), library.HookimplMarker("bench")
    names = ["sender", *data]
    space = {}
    exec(f"def sent({', '.join(names)}): pass", space)
    manager.add_hookspecs(type("Specs", (), {"sent": staticmethod(spec(space["sent"]))}))
    for number in range(len(receivers)):
        exec(f"def sent({', '.join(names)}): pass", space)
        plugin = type("Plugin", (), {"sent": staticmethod(impl(space["sent"]))})
        manager.register(plugin, str(number))
    return lambda: manager.hook.sent(sender=sender, **data)


SENDS = {
    "engine": signal_send,
    "blinker": signal_send,
    "django": django_send,
    "PyDispatcher": pydispatcher_send,
    "psygnal": psygnal_send,
    "pluggy": pluggy_send,
}


def send_rows(libraries):
    """Yield for each row its group, its name, and what each column does for it."""
    sender = Sender()
    kept.append(sender)
    rows = [("none", 0, "any sender", "weak function", {})]
    rows += [
        (f"{size:,} {kind}{'s' if size > 1 else ''}, {how}", size, how, kind, data)
        for how, kinds in {
            "any sender": ("weak function", "strong function", "weak method"),
            "one sender": ("weak function",),
            "mixed": ("weak function",),
        }.items()
        for kind in kinds
        for size in SIZES
        for data in ({}, DATA)
        if not (how == "mixed" and size == 1)
    ]
    for name, size, how, kind, data in rows:
        strength, what = kind.split()
        receivers = make_receivers(what, size, data)
        kept.append(receivers)
        actions = {"bare": bare_send(receivers, sender, data)}
        for library, module in libraries.items():
            send = SENDS[library](module, receivers, sender, how, data, strength == "weak")
            if send is not None:
                actions[library] = send
        group = "send with two keyword arguments" if data else "send"
        yield group, "to " + name, actions


def other_rows(libraries):
    """Yield rows of what is not a send; these are for blinker's interface alone."""
    both = {name: libraries[name] for name in ("engine", "blinker")}
    makers = [
        ("send to another sender", send_to_nobody, {}),
        ("connect and disconnect, weak function", connect_function, {"weak": True}),
        ("connect and disconnect, strong function", connect_function, {"weak": False}),
        ("connect and disconnect, weak method", connect_method, {"weak": True}),
        ("connect and disconnect, for one sender", connect_for_sender, {}),
        ("connect and disconnect, one of two senders", connect_one_of_two, {}),
        ("connect and send and disconnect, one of 1,000 senders", connect_among_many, {}),
        ("connect again", connect_again, {}),
        (f"disconnect, after {SEEN:,} senders were seen", disconnect_after_many, {}),
        ("`connected_to`", connected_to, {}),
        ("`connected_to`, with a send", connected_to, {"send": True}),
        ("`has_receivers_for`, any sender", has_receivers, {}),
        ("`has_receivers_for`, one sender", has_receivers, {"own": True}),
        ("`has_receivers_for`, another sender", has_none, {}),
        ("`receivers_for`, 10 receivers", receivers_for, {}),
        ("make a signal", make_signal, {}),
        ("`send_async` to 1", send_async, {"number": 1}),
        ("`send_async` to 10", send_async, {"number": 10}),
    ]
    for name, make, options in makers:
        yield "others", name, {one: make(module, **options) for one, module in both.items()}


def connect_function(library, weak):
    signal, receiver = library.Signal(), make_function({})

    def action():
        signal.connect(receiver, weak=weak)
        signal.disconnect(receiver)

    return action


def connect_method(library, weak):
    signal, receiver = library.Signal(), Listener().plain

    def action():
        signal.connect(receiver, weak=weak)
        signal.disconnect(receiver)

    return action


def connect_for_sender(library):
    signal, receiver, sender = library.Signal(), make_function({}), Sender()

    def action():
        signal.connect(receiver, sender)
        signal.disconnect(receiver, sender)

    return action


def connect_one_of_two(library):
    signal, receiver, sender, other = library.Signal(), make_function({}), Sender(), Sender()
    kept.append(other)
    signal.connect(receiver, other)

    def action():
        signal.connect(receiver, sender)
        signal.disconnect(receiver, sender)

    return action


def connect_among_many(library):
    signal, receiver, sender = library.Signal(), make_function({}), Sender()
    others, constant = [Sender() for _ in range(1_000)], make_function({})
    kept.append((others, constant))
    for other in others:
        signal.connect(constant, other)

    def action():
        signal.connect(receiver, sender)
        signal.send(sender)
        signal.disconnect(receiver, sender)

    return action


def connect_again(library):
    signal, receiver = library.Signal(), make_function({})
    return lambda: signal.connect(receiver)


def disconnect_after_many(library):
    signal, receiver, constant = library.Signal(), make_function({}), make_function({})
    for number in range(SEEN):
        signal.connect(constant, sender=str(number))

    def action():
        signal.connect(receiver)
        signal.disconnect(receiver)
        return constant

    return action


def connected_to(library, send=False):
    signal, receiver, sender = library.Signal(), make_function({}), Sender()

    def action():
        with signal.connected_to(receiver):
            if send:
                signal.send(sender)

    return action


def has_receivers(library, own=False):
    signal, receiver, sender = library.Signal(), make_function({}), Sender()
    signal.connect(receiver, sender if own else library.ANY, weak=False)
    return lambda: signal.has_receivers_for(sender)


def others_connected(library):
    """Return a signal with a receiver of one sender, and another sender."""
    signal, other = library.Signal(), Sender()
    kept.append(other)
    signal.connect(make_function({}), other, weak=False)
    return signal, Sender()


def send_to_nobody(library):
    signal, sender = others_connected(library)
    return lambda: signal.send(sender)


def has_none(library):
    signal, sender = others_connected(library)
    return lambda: signal.has_receivers_for(sender)


def receivers_for(library):
    signal, sender = library.Signal(), Sender()
    for receiver in make_receivers("function", 10, {}):
        signal.connect(receiver, weak=False)
    return lambda: list(signal.receivers_for(sender))


def make_signal(library):
    return library.Signal


def send_async(library, number):
    signal, sender = library.Signal(), Sender()
    for _ in range(number):

        async def receive(sender):
            return None

        signal.connect(receive, weak=False)

    def action():
        try:
            signal.send_async(sender).send(None)
        except StopIteration as stop:
            return stop.value

    return action


def measure(actions, rounds):
    """Return the seconds that each action takes, by its name."""
    loops = {}
    for name, action in actions.items():
        action()
        started = time.perf_counter()
        action()
        loops[name] = max(1, min(1000, round(ROUND / (time.perf_counter() - started))))
    times = {name: [] for name in actions}
    gc.collect()
    gc.disable()
    try:
        order = list(actions.items())
        for _ in range(rounds):
            # Nobody is always the first to come to cold caches.
            order.append(order.pop(0))
            for name, action in order:
                repeat = range(loops[name])
                started = time.perf_counter()
                for _ in repeat:
                    action()
                times[name].append((time.perf_counter() - started) / loops[name])
    finally:
        gc.enable()
    return {name: sorted(values)[rounds // 4] for name, values in times.items()}


def bytes_for_each(library, own, number=10_000):
    """Return how many bytes a connected receiver takes up, once the signal was sent."""
    signal = library.Signal()
    receivers, sender = make_receivers("function", number, {}), Sender()
    tracemalloc.start()
    for receiver in receivers:
        signal.connect(receiver, sender if own else library.ANY)
    results = signal.send(sender)
    del results
    gc.collect()
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return used / number


def mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def row_of(name, times, libraries):
    """Return the cells of a row: microseconds, ratios, and the other libraries'."""
    cells = [name]
    for one in ("engine", "blinker"):
        cells.append(f"{times[one] * 1e6:,.2f}")
    cells.append(f"{times['blinker'] / times['engine']:.1f}")
    cells.append(f"{times['engine'] / times['bare']:.2f}" if "bare" in times else "")
    for one in list(libraries)[2:]:
        cells.append(f"{times[one] / times['engine']:.1f}" if one in times else "")
    return cells


def run(rounds):
    """Measure all, and return the tables as Markdown."""
    libraries = {"engine": engine, "blinker": blinker, **modules()}
    ratios, parts = {}, []
    titles = {"bare": "of bare loop"}
    for rows in (send_rows(libraries), other_rows(libraries)):
        by_group = {}
        for group, name, actions in rows:
            times = measure(actions, rounds)
            by_group.setdefault(group, []).append(row_of(name, times, libraries))
            ratios.setdefault(group, []).append(times["blinker"] / times["engine"])
            print(*by_group[group][-1], sep="  ", file=sys.stderr, flush=True)
        for group, cells in by_group.items():
            others = [f"{one}'s" for one in list(libraries)[2:]]
            header = [group, "engine, µs", "blinker, µs", "times as fast", titles["bare"], *others]
            width = len(header) if group != "others" else 4
            parts.append(table(header[:width], [row[:width] for row in cells]))
    memory = []
    for name, own in (("any sender", False), ("one sender", True)):
        ours, theirs = bytes_for_each(engine, own), bytes_for_each(blinker, own)
        memory.append([f"a weak function, {name}", f"{ours:.0f}", f"{theirs:.0f}"])
    parts.append(table(["memory, in bytes", "engine", "blinker"], memory))
    sends = ratios["send"] + ratios["send with two keyword arguments"]
    means = (
        f"Geometric means of times as fast as blinker: {mean(sends):.2f} over all sends, "
        f"{mean(ratios['others']):.2f} over all else."
    )
    return "\n\n".join([*parts, means])


def main():
    chosen = read_options(__doc__)
    tables = run(11 if chosen.quick else 51)
    report(f"{heading('engine.py', 'blinker')}\n\n{tables}\n", chosen.markdown)


if __name__ == "__main__":
    main()
