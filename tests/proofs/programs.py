"""Random programs for signal engines: what they consist of, and running them.

A program is a list of operations for two signals, and what each receiver does when it is called.
"""

import gc
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from world import World


class Operation(NamedTuple):
    """One step of a program; each kind of operation uses the fields that it needs."""

    name: str
    signal: int = 0
    receiver: str = "function"
    sender: str = "ANY"
    flag: bool = False
    data: int = 0


@dataclass(frozen=True)
class Program:
    """What is done in turn, and what receivers do when they are called.

    :param ordered: Whether the signals keep receivers in a set that has an order.
        If not, only what doesn't depend on an order is done and compared.
    :param reactions: Operations by the name of the receiver that does them when it is called.
    :param threshold: After how many allocations the garbage collector runs; 0 is for never,
        unless an operation asks for it.
    """

    ordered: bool
    operations: list[Operation]
    reactions: dict[str, list[Operation]]
    threshold: int


def observe(engine, program, seen=None):
    """Run *program* on the module *engine*, and return all that there is to see, step by step.

    :param seen: Counts what happened, by name.
    """
    with collection(program.threshold):
        return steps(World(engine, program, Counter() if seen is None else seen), program)


def steps(world, program):
    """Return what is to be seen of each operation, and of leaving all blocks in the end."""
    return [*map(world.step, program.operations), world.step(Operation("leave_all"))]


@contextmanager
def collection(threshold):
    """Collect garbage after so many allocations, or leave it alone until asked for; and quickly."""
    usual = gc.get_threshold()
    gc.disable()
    gc.freeze()
    if threshold:
        gc.set_threshold(threshold, threshold, threshold)
        gc.enable()
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        # What a program leaves in cycles would not be looked for among the old objects.
        gc.collect()
        gc.unfreeze()
        gc.enable()
