"""The command `verify`."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from signalbook.clauses import Clause, Specification
from signalbook.cli import options
from signalbook.export import write_json
from signalbook.implementations import (
    Implementation,
    MissingInterpreter,
    NotProvisioned,
    custom,
    known,
)
from signalbook.reports import NotRun, Run, follow, print_summary, report
from signalbook.runner import ImplementationError, Limits, Session
from signalbook.verdicts import Deviation, Result, apply_deviations, read_deviations

__all__ = ["verify_command"]


@click.command("verify")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@options.implementation
@options.chapter
@click.option("--clause", "patterns", metavar="GLOB", multiple=True, help="Only these clauses.")
@click.option("--timeout", default=Limits.timeout, show_default=True, help="Seconds a clause.")
@click.option("--memory", default=Limits.memory, show_default=True, help="MiB a clause.")
@click.option("--jobs", type=click.IntRange(min=1), help="Parallel workers.")
@click.option(
    "--json", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write results here."
)
@click.option(
    "--deviations",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Known deviations, with reasons.",
)
@options.specification
def verify_command(
    names: tuple[str, ...],
    chapter: str | None,
    patterns: tuple[str, ...],
    timeout: float,
    memory: int,
    jobs: int | None,
    file: Path | None,
    deviations: Path | None,
    specification: Specification,
    **described: Any,
) -> None:
    """Run clauses on implementations, side by side, and print the verdicts.

    NAME is 'reference', 'flask' (the one installed here) or 'flask==VERSION' (installed from
    known pins). Your own is named by modules: --flask MODULE, --blinker MODULE, or both.
    Without any, it is the reference.

    The exit status is 0 if everything that applies passed, 1 if something didn't, and 2 if
    something could not be run.
    """
    clauses = specification.select(chapter=chapter, patterns=patterns)
    listed = read_deviations(deviations, specification) if deviations else {}
    console = Console()
    with ExitStack() as stack:
        opened = list(_open(names, described, Limits(timeout, memory), stack, console))
        runs = [
            _run(session, clauses, listed, jobs, console)
            for session in opened
            if isinstance(session, Session)
        ]
    not_run = [session for session in opened if isinstance(session, NotRun)]
    limits = _limit_words(timeout, memory)

    def again(result: Result) -> str:
        name = result.implementation
        own = [name] if name in names or name == "reference" else _words(described)
        return shlex.join(["signalbook", "verify", *own, *limits, "--clause", result.clause.id])

    print_summary(runs, not_run, console, again)
    if file:
        _write(report(runs, not_run), file)
    has_fault = any(result.verdict.is_fault for run in runs for result in run.results)
    sys.exit(2 if not_run else int(has_fault))


def _open(
    names: Sequence[str],
    described: Mapping[str, Any],
    limits: Limits,
    stack: ExitStack,
    console: Console,
) -> Iterator[Session | NotRun]:
    """Load every implementation before any is run, so that a wrong name costs no time."""
    for name in names or ([] if any(described.values()) else ["reference"]):
        with console.status(f"Preparing {name}"):
            try:
                yield stack.enter_context(Session(known(name), limits))
            except (ImplementationError, MissingInterpreter, NotProvisioned) as error:
                yield NotRun(name, str(error))
    if any(described.values()):
        own = _distinct(custom(**described), names)
        try:
            yield stack.enter_context(Session(own, limits))
        except ImplementationError as error:
            yield NotRun(own.name, str(error))


def _distinct(own: Implementation, names: Sequence[str]) -> Implementation:
    return replace(own, name=f"{own.name} (yours)") if own.name in names else own


def _run(
    session: Session,
    clauses: Sequence[Clause],
    deviations: Mapping[str, Deviation],
    jobs: int | None,
    console: Console,
) -> Run:
    order = {clause.id: place for place, clause in enumerate(clauses)}
    started = time.perf_counter()
    coming = (apply_deviations(r, deviations) for r in session.run_all(clauses, jobs=jobs))
    results = list(follow(coming, session.implementation.name, len(clauses), console))
    return Run(
        implementation=session.implementation,
        python=session.greeting.python,
        releases=session.releases,
        seconds=time.perf_counter() - started,
        results=sorted(results, key=lambda result: order[result.clause.id]),
    )


def _limit_words(timeout: float, memory: int) -> list[str]:
    words = [] if timeout == Limits.timeout else ["--timeout", f"{timeout:g}"]
    return words if memory == Limits.memory else [*words, "--memory", str(memory)]


def _words(described: Mapping[str, Any]) -> list[str]:
    words: list[str] = []
    for option, value in described.items():
        flag = f"--{option.replace('_', '-')}"
        if value is True:
            words.append(flag)
        elif value:
            values = value if isinstance(value, tuple) else (value,)
            words += [word for one in values for word in (flag, one)]
    return words


def _write(data: object, file: Path) -> None:
    try:
        write_json(data, file)
    except OSError as error:
        raise click.FileError(str(file), error.strerror) from error
