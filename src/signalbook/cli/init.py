"""The command `init`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from signalbook.clauses import Specification
from signalbook.cli import options
from signalbook.harmless import harmless
from signalbook.history import read_features
from signalbook.implementations import custom
from signalbook.runner import ImplementationError, Session, preflight
from signalbook.settings import NAME, find_settings, write_settings

__all__ = ["init_command"]


@click.command("init")
@options.implementation
@options.specification
def init_command(specification: Specification, **described: Any) -> None:
    """Write a signalbook.toml for your implementation, with what a preflight finds out.

    It is named as for 'signalbook verify', which then needs no options in this folder.
    """
    given = {name: value for name, value in described.items() if value not in (None, False, ())}
    if not given:
        raise click.UsageError(
            "it doesn't say what your implementation is; give --flask MODULE or --blinker MODULE"
        )
    file = Path(NAME)
    found = find_settings()
    if found and found.parent == Path().absolute():
        raise click.UsageError(f"{found.name} has settings already; edit them, or remove them")
    own = custom(**given)
    with Session(own) as session:
        found_out = preflight(session, specification, read_features().of)
    if found_out.unfit:
        raise ImplementationError(found_out.unfit)
    lacks = [*given.get("lacks", ()), *found_out.missing]
    more = {"path": given.get("path", (".",)), "lacks": tuple(dict.fromkeys(lacks))}
    text = write_settings(file, {**given, **more})
    click.echo(f"{file} is written:\n")
    click.echo(harmless(text))
    click.echo("Run 'signalbook verify' in this folder now.")
