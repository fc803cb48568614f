"""Threads that connect, send, disconnect, drop and collect at once, on one signal: `nox -s stress`.

Each thread knows what it has connected, so it knows of each send which of its own receivers must be
called, once each, and which must not.
After each round, all is dropped and collected, and nothing may be left.

    python tests/proofs/stress.py [--operations NUMBER] [MODULE ...]

The reference engine must bear it without a fault; what becomes of blinker is printed beside it.
"""

import argparse
import gc
import importlib
import random
import sys
import threading
import time
import weakref
from collections import Counter
from contextlib import contextmanager
from itertools import chain

OURS = "signalbook.reference.engine"
THREADS = 6
OWN = 12  # receivers that each thread has connected at most
PATIENCE = 60  # seconds for a round, which takes less than one
ROUND = 2_500  # operations, so that few objects are there for the collector to look at
CONDITIONS = [(interval, threshold) for interval in (1e-6, 5e-3) for threshold in (1, 10, 700)]
HANG = "threads that hang"
NAMES = ["any", "door", "window", "object", "object too"]


class Sender:
    pass


class Method:
    """A receiver that is a bound method."""

    def __init__(self, label):
        self.label = label

    def receive(self, sender):
        return self.label


def function(label):
    return lambda sender: label


def cycle(label):
    """A receiver that only the garbage collector ends."""

    def receive(sender):
        return label

    receive.itself = receive
    return receive


class Stage:
    """A signal, and the senders that all threads of a round share."""

    def __init__(self, engine):
        self.signal, self.any = engine.Signal(), engine.ANY
        self.senders = {}
        self.faults = Counter()

    def enter_senders(self):
        self.senders = {"any": self.any, "door": "door", "window": "window"}
        self.senders |= {"object": Sender(), "object too": Sender()}


class Leaver:
    """A sender in a cycle whose destructor uses the signal."""

    def __init__(self, stage):
        self.stage, self.itself = stage, self

    def __del__(self):
        signal, receiver = self.stage.signal, function(None)
        signal.connect(receiver, "lost")
        signal.send("lost")
        signal.disconnect(receiver)


class Player:
    """What one thread does in a round, and what it knows about its receivers.

    A receiver's label, which it returns when it is called, is who made it, its number, and the
    name of the sender that it listens to.
    """

    def __init__(self, stage, name, seed):
        self.stage, self.name = stage, name
        self.choose = random.Random(seed)
        self.connected, self.dropped, self.made = {}, set(), []

    def play(self, operations):
        ways = {
            **{self.connect: 30, self.send: 20, self.send_as_stranger: 20, self.disconnect: 10},
            **{self.drop: 20, self.visit: 5, self.leave: 1},
        }
        for number in range(operations):
            (what,) = self.choose.choices([*ways], ways.values())
            try:
                what(number)
            except Exception as error:
                self.fault(f"{type(error).__name__}: {error}")

    def fault(self, text):
        # No counter is needed to be exact, and a lock would keep the threads in step.
        self.stage.faults[text] += 1

    def connect(self, number, sender=None, name=None):
        """Connect a new receiver, unless there are enough."""
        if len(self.connected) >= OWN:
            return
        name = name or self.choose.choice(NAMES)
        label = self.name, number, name
        kind = self.choose.choice([function, cycle, Method])
        holder = kind(label)
        self.made.append(weakref.ref(holder))
        receiver = holder.receive if kind is Method else holder
        sender = self.stage.senders[name] if sender is None else sender
        self.stage.signal.connect(receiver, sender, weak=self.choose.random() < 0.7)
        self.connected[label] = holder

    def send(self, number):
        name = self.choose.choice(NAMES)
        self.check(name, self.stage.senders[name])

    def send_as_stranger(self, number):
        self.check("stranger", Sender())

    def check(self, name, sender):
        """Send, and compare who was called with who is connected."""
        labels = [label for _, label in self.stage.signal.send(sender) if label]
        if any(heard not in ("any", name) for _, _, heard in labels):
            self.fault("called for another sender")
        mine = [label for label in labels if label[0] == self.name and label not in self.dropped]
        expected = {label for label in self.connected if label[2] in ("any", name)}
        if set(mine) - expected:
            self.fault("called after it was disconnected")
        if expected - set(mine):
            self.fault("lost")
        if len(set(mine)) < len(mine):
            self.fault("called twice")

    def disconnect(self, number):
        if self.connected:
            label = self.choose.choice(list(self.connected))
            holder = self.connected.pop(label)
            receiver = holder.receive if isinstance(holder, Method) else holder
            self.stage.signal.disconnect(receiver)

    def drop(self, number):
        """Let go of a receiver; it may be called for as long as something else holds it."""
        if self.connected:
            label = self.choose.choice(list(self.connected))
            self.dropped.add(label)
            del self.connected[label]

    def visit(self, number):
        """Connect to a sender of our own, send from it, and let it go."""
        sender, name = Sender(), f"{self.name} {number}"
        self.connect(number, sender, name)
        self.check(name, sender)
        for label in [label for label in self.connected if label[2] == name]:
            self.dropped.add(label)
            del self.connected[label]

    def leave(self, number):
        self.stage.signal.connect(self.leave_nothing, Leaver(self.stage))

    def leave_nothing(self, sender):
        """Be a receiver that nobody is connected to for long."""


@contextmanager
def conditions(interval, threshold):
    """Switch threads and collect garbage often, and note what destructors raise."""
    switch, usual, hook = sys.getswitchinterval(), gc.get_threshold(), sys.unraisablehook
    raised = []
    sys.unraisablehook = lambda what: raised.append(f"{what.exc_type.__name__}: {what.exc_value}")
    sys.setswitchinterval(interval)
    gc.set_threshold(threshold, 10, 10)
    try:
        yield raised
    finally:
        sys.setswitchinterval(switch)
        gc.set_threshold(*usual)
        gc.collect()
        sys.unraisablehook = hook


def play_round(stage, number, interval, threshold):
    """Let all threads play, drop what they leave, and note what lives on."""
    stage.enter_senders()
    players = [Player(stage, name, f"{number} {name}") for name in range(THREADS)]
    with conditions(interval, threshold) as raised:
        threads = [
            threading.Thread(target=one.play, args=[ROUND // THREADS], daemon=True)
            for one in players
        ]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + PATIENCE
        for thread in threads:
            thread.join(max(0, deadline - time.monotonic()))
        stage.faults[HANG] = sum(thread.is_alive() for thread in threads)
        if stage.faults[HANG]:
            # What destructors do from now on need not wait for a lock that nobody gives back.
            stage.signal = type(stage.signal)()
            return
        made = [*chain.from_iterable(one.made for one in players)]
        del players, threads, thread
        stage.senders.clear()
        gc.collect()
        disconnect_all(stage.signal, made)
    stage.faults.update(f"in a destructor, {text}" for text in raised)
    stage.faults["receivers that live on"] += sum(one() is not None for one in made)
    stage.faults["entries that are left"] += entries(stage.signal)


def disconnect_all(signal, made):
    """Disconnect what is left, since the signal holds it strongly."""
    for holder in filter(None, (reference() for reference in made)):
        signal.disconnect(holder.receive if isinstance(holder, Method) else holder)


def entries(signal):
    """Return how many entries the containers of a signal have, but for what is there for `ANY`."""
    every = {id(signal.ANY), 0}
    count = 0
    for container in vars(signal).values():
        if isinstance(container, dict):
            count += sum(key not in every for key in container)
            count += sum(len(one) for one in container.values() if hasattr(one, "__len__"))
        elif hasattr(container, "__len__"):
            # A reference to what has died is cleared away by the next change.
            count += sum(not isinstance(one, weakref.ref) or bool(one()) for one in container)
    return count


def stress(module, operations):
    """Return the faults of a module's signals, and how often each was seen."""
    stage = Stage(importlib.import_module(module))
    gc.collect()
    gc.freeze()
    try:
        for number in range(operations // ROUND):
            play_round(stage, number, *CONDITIONS[number % len(CONDITIONS)])
            if stage.faults[HANG]:
                break
    finally:
        gc.unfreeze()
    return dict(+stage.faults)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--operations", type=int, default=1_000_000)
    parser.add_argument("modules", nargs="*", default=[OURS, "blinker"])
    options = parser.parse_args()
    faults = {}
    for module in options.modules:
        started = time.perf_counter()
        faults[module] = stress(module, options.operations)
        seconds = time.perf_counter() - started
        print(f"{module}: {options.operations:,} operations in {seconds:.0f} s", flush=True)
        for text, count in sorted(faults[module].items()):
            print(f"  {count:,} times: {text}", flush=True)
    sys.exit(bool(faults.get(OURS)))


if __name__ == "__main__":
    main()
