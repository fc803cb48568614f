"""The reference engine and blinker do the same for random programs."""

import os
from collections import Counter
from functools import cache
from itertools import product

import blinker
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from programs import Operation, Program, observe
from receivers import RECEIVERS, SENDERS

from signalbook.reference import engine

PROGRAMS = os.environ.get("SIGNALBOOK_PROGRAMS")

THRESHOLDS = [0, 1, 10]

BLOCKS = ["mute", "leave", "leave"]
OUTSIDE = ["send_two", "watch", *BLOCKS]
INSIDE = [*["fail"] * 4, *BLOCKS]


@cache
def choices(receivers, senders, others):
    """Every operation that this cast of receivers and senders can do, the usual ones repeatedly."""
    signals, flags = (0, 0, 1), (False, True)
    every = [
        Operation(name, signal, flag=flag) for name, signal, flag in product(others, signals, flags)
    ]
    every += [Operation("drop", receiver=receiver) for receiver in receivers * 4]
    every += [Operation("drop_sender", sender=sender) for sender in senders * 2]
    for signal, sender, flag in product(signals, senders, flags):
        every += [Operation("query", signal, sender=sender)] * 2
        every += [Operation("litter", signal, sender=sender)] * 2
        for data in (0, 0, 0, 0, 1, 1, 2, 3):
            every.append(Operation("send", signal, sender=sender, flag=flag, data=data))
        every.append(Operation("send_async", signal, sender=sender, flag=flag))
        for receiver in receivers:
            every += [Operation("connect", signal, receiver, sender, flag)] * 2
            for name in ("connect_via", "disconnect", "enter"):
                every.append(Operation(name, signal, receiver, sender, flag))
    return every


@st.composite
def programs(draw):
    """Programs with a few receivers and senders each, so that operations meet."""
    receivers = draw(st.lists(st.sampled_from([*RECEIVERS]), min_size=1, max_size=4, unique=True))
    senders = draw(st.lists(st.sampled_from([*SENDERS]), min_size=1, max_size=3, unique=True))
    cast = tuple(receivers), ("ANY", *senders)
    outside, inside = choices(*cast, tuple(OUTSIDE)), choices(*cast, tuple(INSIDE))
    least = draw(st.sampled_from([0, 10, 25]))
    operations = draw(st.lists(st.sampled_from(outside), min_size=least, max_size=60))
    reactions = {
        receiver: draw(st.lists(st.sampled_from(inside), max_size=3))
        for receiver in receivers
        if draw(st.booleans())
    }
    ordered = draw(st.sampled_from([True, True, True, False]))
    return Program(ordered, operations, reactions, draw(st.sampled_from(THRESHOLDS)))


def test_engine_does_what_blinker_does():
    """Whatever a program of connections and sends makes visible is the same on both engines."""
    seen = Counter()

    @settings(
        max_examples=int(PROGRAMS or 300),
        derandomize=PROGRAMS is None,
        database=None,
        deadline=None,
        suppress_health_check=[*HealthCheck],
    )
    @given(programs())
    def compare(program):
        seen["programs"] += 1
        assert observe(blinker, program, seen) == observe(engine, program)

    compare()
    print("\n" + ", ".join(f"{count} {name}" for name, count in seen.most_common()))
