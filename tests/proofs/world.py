"""The world in which a random program runs: signals of one engine, receivers, senders, and a log.

What `spec/unspecified.md` leaves free is kept out here, so that all engines log the same:
connections of which it is open whether a running send knows them (`World.may_connect`),
receivers and senders that an engine may keep or forget (`World.drop`, `World.drop_sender`),
and answers about them (`World.query`).
So is what depends on the moment at which garbage is collected: whether litter is still called
(`World.litter`).
"""

import gc
import itertools

from receivers import RECEIVERS, SENDERS, Dropped, awaitable, finished, label_of, litter

DEPTH = 3  # sends within sends
LITTER = 5  # receivers at once
CALLS = 60  # after so many calls, receivers do nothing any more

DATA = ({}, {"n": 1}, {"n": 2, "text": "two"}, {"sender": 3, "self": 4, "receiver": 5})


class OrderedSet(dict):
    """A set with an order, for engines to keep connections in."""

    def add(self, item):
        self.setdefault(item)

    def discard(self, item):
        self.pop(item, None)

    # Copied by way of lists: a dictionary that CPython 3.11 copies while garbage collected in the
    # middle takes items out of it can't be iterated, which blinker would do.
    def copy(self):
        return OrderedSet.fromkeys([*self])

    def __or__(self, other):
        return OrderedSet.fromkeys([*self, *other])


class World:
    """Two signals of one engine, receivers, senders, and a log of what is to be seen."""

    def __init__(self, engine, program, seen):
        self.any = engine.ANY
        self.program = program
        self.seen = seen
        kind = engine.Signal
        if program.ordered:
            kind = type("OrderedSignal", (kind,), {"set_class": OrderedSet})
        self.signals = [kind(), kind()]
        self.log = []
        self.calls = 0
        self.versions = itertools.count()
        self.receivers = {}
        self.senders = {}
        self.entered = []
        self.running = [[], []]
        self.departed = [set(), set()]
        self.named = [set(), set()]
        self.pairs = [set(), set()]
        self.lingering = [set(), set()]
        self.littered = [False, False]
        self.needed = set()

    def step(self, operation):
        """Do one operation and return what it made visible."""
        self.log = []
        raised = self.raised_by(operation)
        if raised:
            # An exception may be in a cycle with the frames that it went through.
            gc.collect()
            self.log.append(("raised", raised))
        if self.program.ordered:
            return self.log
        return ["raised"] if raised else sorted(self.log, key=repr)

    def raised_by(self, operation):
        """Do one operation and return the name of the type of what it raises, or `None`."""
        try:
            self.do(operation)
        except (ArithmeticError, LookupError, RuntimeError, TypeError) as error:
            return type(error).__name__

    def do(self, operation):
        self.seen[operation.name] += 1
        getattr(self, operation.name)(operation)

    def receiver(self, operation):
        """Return the receiver of that name, a new one if the last was dropped.

        :raises Dropped: A send is running: a new one could get the identity of a dropped one.
        """
        name = operation.receiver
        if name not in self.receivers:
            if any(self.running):
                raise Dropped
            self.receivers[name] = RECEIVERS[name](self, f"{name}-{next(self.versions)}")
        holder = self.receivers[name]
        return holder.method if name.startswith("method") else holder

    def sender(self, operation):
        """Return the sender of that name, a new one if the last was dropped."""
        name = operation.sender
        if name == "ANY":
            return self.any
        if name not in self.senders:
            if any(self.running):
                raise Dropped
            self.senders[name] = SENDERS[name]()
        return self.senders[name]

    def called(self, name, label, sender, data):
        """Be called as a receiver, and react to it."""
        self.log.append(("call", label, self.name_of(sender), sorted(data.items())))
        self.seen["calls"] += 1
        self.calls += 1
        if self.calls < CALLS and sum(map(len, self.running)) <= DEPTH:
            for operation in self.program.reactions.get(name, ()):
                if self.program.ordered or operation.name == "fail":
                    self.do(operation)
        return label

    def name_of(self, sender):
        if sender is self.any:
            return "ANY"
        return next((name for name, known in self.senders.items() if known is sender), "gone")

    def may_connect(self, operation):
        """Tell whether it is specified which of the running sends will know this connection."""
        signal = operation.signal
        return not self.running[signal] or operation.receiver not in self.departed[signal]

    def connect(self, operation, how="connect"):
        try:
            receiver, sender = self.receiver(operation), self.sender(operation)
        except Dropped:
            return
        if not self.may_connect(operation):
            return
        signal = self.signals[operation.signal]
        weak = not operation.flag
        if how == "connect_via":
            result = signal.connect_via(sender, weak)(receiver)
        else:
            result = signal.connect(receiver, sender, weak)
        self.note_connected(operation)
        self.log.append(("connected", label_of(result), result == receiver))

    def connect_via(self, operation):
        self.connect(operation, "connect_via")

    def litter(self, operation):
        """Connect receivers that nobody holds, and leave them to the garbage collector."""
        # While a send is running, a new one could get the identity of one that died.
        if any(self.running):
            return
        sender = self.sender(operation)
        for _ in range(LITTER):
            self.signals[operation.signal].connect(litter(), sender)
        self.littered[operation.signal] = True
        self.named[operation.signal].add(operation.sender)
        self.needed.add(operation.sender)

    def note_connected(self, operation):
        self.named[operation.signal].add(operation.sender)
        self.pairs[operation.signal].add((operation.receiver, operation.sender))

    def disconnect(self, operation):
        try:
            receiver, sender = self.receiver(operation), self.sender(operation)
        except Dropped:
            return
        if operation.flag or operation.sender == "ANY":
            self.signals[operation.signal].disconnect(receiver)
            self.note_disconnected(operation)
        elif operation.sender not in self.running[operation.signal]:
            # The receiver would have to leave the sends that are running, or not: unspecified.
            self.signals[operation.signal].disconnect(receiver, sender)
            self.named[operation.signal].add(operation.sender)
            self.lingering[operation.signal].add(operation.receiver)

    def note_disconnected(self, operation):
        self.departed[operation.signal].add(operation.receiver)
        self.lingering[operation.signal].discard(operation.receiver)

    def enter(self, operation):
        """Enter the block of `connected_to`."""
        try:
            receiver, sender = self.receiver(operation), self.sender(operation)
        except Dropped:
            return
        if self.may_connect(operation):
            block = self.signals[operation.signal].connected_to(receiver, sender)
            block.__enter__()
            self.note_connected(operation)
            self.entered.append((block, operation))

    def mute(self, operation):
        """Enter the block of `muted`."""
        block = self.signals[operation.signal].muted()
        block.__enter__()
        self.entered.append((block, None))

    def leave(self, operation):
        """Leave the innermost block, with an exception if so flagged."""
        if not self.entered:
            return
        block, entered_by = self.entered.pop()
        if entered_by:
            self.note_disconnected(entered_by)
        error = KeyError("left") if operation.flag else None
        swallowed = block.__exit__(error and KeyError, error, None)
        self.log.append(("left", bool(swallowed)))

    def leave_all(self, operation):
        while self.entered:
            self.leave(operation)

    def send(self, operation, result_of=None):
        try:
            sender = self.sender(operation)
        except Dropped:
            return
        running = self.running[operation.signal]
        if not running:
            self.departed[operation.signal].clear()
        if any(self.running):
            self.seen["nested sends"] += 1
        running.append(operation.sender)
        try:
            result = (result_of or self.result_of_send)(operation, sender)
        except Exception as error:
            self.log.append(("send raised", type(error).__name__))
            raise
        finally:
            running.pop()
        replies = [(label_of(receiver), value) for receiver, value in result]
        replies = [reply for reply in replies if reply[0] != "litter"]
        self.log.append(("sent", replies if self.program.ordered else sorted(replies)))

    def result_of_send(self, operation, sender):
        signal, data = self.signals[operation.signal], DATA[operation.data]
        if operation.flag:
            return signal.send(sender, _async_wrapper=finished, **data)
        if operation.sender == "None":
            return signal.send(**data)
        return signal.send(sender, **data)

    def send_async(self, operation):
        self.send(operation, self.result_of_send_async)

    def result_of_send_async(self, operation, sender):
        signal, data = self.signals[operation.signal], DATA[operation.data]
        # Without one it would matter whether there is litter left.
        wrapped = operation.flag or self.littered[operation.signal]
        wrapper = {"_sync_wrapper": awaitable} if wrapped else {}
        return finished(signal.send_async)(sender, **wrapper, **data)

    def send_two(self, operation):
        self.signals[operation.signal].send("one", "two")

    def fail(self, operation):
        raise (ZeroDivisionError if operation.flag else KeyError)("a receiver failed")

    def drop(self, operation):
        """Drop the last outside reference to a receiver, and collect garbage."""
        name = operation.receiver
        # A receiver that lost its last sender may be kept alive.
        if name not in self.receivers or any(name in lingering for lingering in self.lingering):
            return
        # A send holds what it calls, so the collector would end it some time after the send.
        if self.program.threshold and name == "cycle" and any(self.running):
            return
        del self.receivers[name]
        gc.collect()
        for departed, pairs in zip(self.departed, self.pairs, strict=True):
            departed.add(name)
            self.needed.update(sender for receiver, sender in pairs if receiver == name)

    def drop_sender(self, operation):
        """Drop the last outside reference to a sender that can die."""
        name = operation.sender
        if not name.startswith("object") or name in self.needed:
            return
        self.senders.pop(name, None)
        for named, pairs, lingering in zip(self.named, self.pairs, self.lingering, strict=True):
            lingering.update(receiver for receiver, sender in pairs if sender == name)
            if name in named:
                # Another sender may get the identity of this one.
                named.update(other for other in SENDERS if other.startswith("object"))

    def watch(self, operation):
        """Log what the meta signals of a signal say."""
        signal = self.signals[operation.signal]
        for name in ("receiver_connected", "receiver_disconnected"):
            getattr(signal, name).connect(self.watcher(name), weak=False)

    def watcher(self, name):
        def on_change(signal, /, receiver, sender, **data):
            what = label_of(receiver), self.name_of(sender), sorted(data.items())
            self.log.append((name, self.signals.index(signal), *what))

        return on_change

    def query(self, operation):
        """Ask everything that can be asked, and log what is specified."""
        try:
            sender = self.sender(operation)
        except Dropped:
            return
        signal = self.signals[operation.signal]
        receivers = [label_of(receiver) for receiver in signal.receivers_for(sender)]
        receivers = [label for label in receivers if label != "litter"]
        if not self.program.ordered:
            receivers.sort()
        self.log.append(("receivers_for", receivers))
        self.log.append(("is_muted", signal.is_muted))
        # A sender that was named, or a receiver that lost a sender, may linger, and so may litter.
        lingering, littered = self.lingering[operation.signal], self.littered[operation.signal]
        if receivers or not (littered or operation.sender in self.named[operation.signal]):
            self.log.append(("has_receivers_for", signal.has_receivers_for(sender)))
        if receivers or not (littered or lingering):
            self.log.append(("receivers", bool(signal.receivers)))
