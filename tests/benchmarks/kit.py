"""What the kit itself costs: `nox -s bench`.

Prints the wall time of `verify` for each implementation, what share of it is the examples' own,
and the time and memory of generated specifications of growing size.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from signalbook.implementations import FLASK, REFERENCE
from signalbook.pages import read_specification
from signalbook.runner import Session

IMPLEMENTATIONS = {"reference": REFERENCE, "flask": FLASK}
SIZES = (100, 1000, 3000)
CLAUSE = """
:::{{clause}} page-{page}.clause-{number}
A receiver MUST be called with the sender that the signal is sent with.

```pycon
>>> @opened.connect
... def on_opened(sender, **extra):
...     calls.append((sender, sorted(extra)))
>>> _ = opened.send({number}, size=1)
>>> calls
[({number}, ['size'])]
```
:::
"""
PAGE = """# Page {page}

:::{{setup}}
```pycon
>>> from blinker import Signal
>>> opened = Signal()
>>> calls = []
```
:::
"""


def generate(folder, size):
    """Write pages of fifty clauses each."""
    chapter = folder / "dispatch"
    chapter.mkdir()
    for page in range(size // 50):
        clauses = "".join(CLAUSE.format(page=page, number=number) for number in range(50))
        (chapter / f"page-{page}.md").write_text(PAGE.format(page=page) + clauses)


def measure(name, folder):
    """Run all clauses below `folder` once and return figures: seconds, and MiB at the peak."""
    started = time.perf_counter()
    specification = read_specification(folder and Path(folder))
    read = time.perf_counter() - started
    with Session(IMPLEMENTATIONS[name]) as session:
        results = list(session.run_all(specification.checks))
    applied = [result for result in results if result.seconds]
    assert applied and not any(result.verdict.is_fault for result in results)
    return {
        "clauses": len(applied),
        "reading": read,
        "wall": time.perf_counter() - started,
        "clauses, summed": sum(result.seconds for result in applied),
        "examples, summed": sum(result.example_seconds for result in applied),
        "kit MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "worker MiB": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }


def measured(name, folder=""):
    """Measure in a process of its own, so that each starts from nothing."""
    command = [sys.executable, __file__, name, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def show(label, figures):
    cells = [f"{figures['clauses']:>7}"]
    cells += [f"{figures[key]:>10.2f}" for key in list(figures)[1:5]]
    cells += [f"{figures[key]:>10.0f}" for key in list(figures)[5:]]
    print(f"{label:<28}", *cells)


def main():
    columns = ["reading", "wall", "clauses*", "examples*", "kit", "worker"]
    print(f"{'':<28} {'clauses':>7}", *(f"{column:>10}" for column in columns))
    for name in IMPLEMENTATIONS:
        show(f"the specification, {name}", measured(name))
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            generate(Path(folder), size)
            for name in IMPLEMENTATIONS:
                show(f"{size} generated, {name}", measured(name, folder))
    print("Seconds, and MiB of memory at the peak; * summed over the workers.")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(measure(*sys.argv[1:])))
    else:
        main()
