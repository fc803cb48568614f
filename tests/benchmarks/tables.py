"""What the benchmarks' pages begin with, and how their tables are written."""

import argparse
import datetime
import platform
from importlib.metadata import version
from pathlib import Path


def heading(script, *distributions):
    """Return the heading of a run: interpreter, script, day, versions and machine."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.is_file() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    versions = ", ".join(f"{name} {version(name)}" for name in distributions)
    return (
        f"## CPython {platform.python_version()}\n\n"
        f"`python tests/benchmarks/{script}` on {datetime.date.today()}, {versions}, "
        f"{(models or [platform.machine()])[0]}, {platform.system()}."
    )


def table(header, rows):
    """Return a table of Markdown; all columns but the first hold numbers."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def read_options(description):
    """Read the command line."""
    parser = argparse.ArgumentParser(description=description.partition(":")[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds, for a first look")
    parser.add_argument("--markdown", metavar="FILE", type=Path, help="add the tables to a file")
    return parser.parse_args()


def report(text, file):
    """Print *text*, and add it to *file* if there is one."""
    print(text)
    if file:
        with file.open("a") as page:
            page.write("\n" + text)
