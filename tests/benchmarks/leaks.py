"""What is left behind by receivers and senders that come and go.

Each cycle connects a new receiver for a new sender, sends from it, and then drops both; every other
one disconnects first.
Entries are what the signal's own containers hold, in all depths; bytes are by `tracemalloc`.
"""

import argparse
import gc
import json
import subprocess
import sys
import tracemalloc

LIBRARIES = {"blinker": "blinker", "engine": "signalbook.reference.engine"}
# The death of a receiver takes blinker time for each sender ever seen: a million would take hours.
MOST = {"blinker": 100_000}


class Sender:
    pass


def cycles(signal, number):
    for step in range(number):

        def receive(sender):
            return None

        sender = f"sender {step}" if step % 4 > 1 else Sender()
        signal.connect(receive, sender=sender)
        signal.send(sender)
        if step % 2:
            signal.disconnect(receive, sender=sender)
        del receive, sender
    gc.collect()


def entries(thing):
    """Return how many entries the containers in *thing* have, with those inside of them."""
    if isinstance(thing, dict):
        return len(thing) + sum(map(entries, thing.values()))
    if isinstance(thing, (set, list, tuple)) or type(thing).__name__ == "deque":
        return len(thing)
    return 0


def measure(library, number):
    """Return the entries and the bytes that a signal holds after *number* cycles."""
    signal = __import__(library, fromlist=["Signal"]).Signal()
    cycles(signal, 10)
    tracemalloc.start()
    cycles(signal, number)
    size = tracemalloc.get_traced_memory()[0]
    return sum(map(entries, vars(signal).values())), size


def measured(library, number):
    """Measure in a process of its own, so that each starts from nothing."""
    command = [sys.executable, __file__, "--library", library, "--cycles", str(number)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--library", choices=LIBRARIES.values())
    parser.add_argument("--cycles", type=int)
    parser.add_argument("--quick", action="store_true", help="end with 10,000 cycles")
    options = parser.parse_args()
    if options.library:
        print(json.dumps(measure(options.library, options.cycles)))
        return
    columns = [f"{name}, {what}" for name in LIBRARIES for what in ("entries", "KiB")]
    print("| cycles | " + " | ".join(columns) + " |")
    print("| ---: |" + " ---: |" * len(columns))
    for power in range(3, 5 if options.quick else 7):
        cells = []
        for name, library in LIBRARIES.items():
            if 10**power > MOST.get(name, 10**power):
                cells.append("not measured | ")
                continue
            held, size = measured(library, 10**power)
            cells.append(f"{held:,} | {size / 1024:,.0f}")
        print(f"| {10**power:,} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
