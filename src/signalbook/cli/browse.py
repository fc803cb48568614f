"""The commands that show the specification: `list`, `show`, `script`, `export`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from textwrap import indent

import click

from signalbook.clauses import Clause, Example, Level, Specification
from signalbook.cli import options
from signalbook.exports import export, script
from signalbook.files import write_json
from signalbook.history import read_features

__all__ = ["export_command", "list_command", "script_command", "show_command"]


@click.command("list")
@options.specification
@options.chapter
@options.level
@click.argument("patterns", nargs=-1, metavar="[PATTERN]...")
def list_command(
    specification: Specification,
    chapter: str | None,
    level: Level | None,
    patterns: tuple[str, ...],
) -> None:
    """List clauses, all or those whose ids match a PATTERN such as 'connecting.*'."""
    clauses = specification.select(chapter=chapter, level=level, patterns=patterns)
    rows = [
        (clause.id, str(clause.level), str(clause.holds or "every release"), clause.rule)
        for clause in clauses
    ]
    if sys.stdout.isatty():
        # A terminal breaks lines itself, however narrow it is.
        for id, level_name, holds, rule in rows:
            click.echo(f"{click.style(id, bold=True)} {level_name}, {holds}\n    {rule}")
    else:
        # A pipe gets every clause on a line of its own, for grep.
        rows.insert(0, ("clause", "level", "holds", "rule"))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
        for *cells, rule in rows:
            padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
            click.echo("  ".join([*padded, rule]))
    click.echo(f"{len(clauses)} clauses")


@click.command("show")
@options.specification
@click.argument("id")
def show_command(specification: Specification, id: str) -> None:
    """Show the clause ID: its rule, where it holds, and its examples."""
    clause = specification.clause(id)
    click.secho(f"{clause.id} ({clause.level})", bold=True)
    needs = " and ".join(sorted(clause.needs, reverse=True))
    holds = clause.holds or "every release"
    click.echo(f"{clause.place}, holds for {holds}, needs {needs}\n")
    click.echo(f"{clause.rule}\n")
    features = read_features().of(clause)
    if features is not None:
        click.echo(f"Features of the engine: {', '.join(features) or 'none'}\n")
    if clause.setup:
        for file, examples in groupby(clause.setup, lambda example: example.file):
            whose = "The page's set-up" if file == clause.file else f"The set-up of {file}"
            click.echo(f"{whose}, which runs before it:\n")
            click.echo(_session(examples))
        click.echo("Examples:\n")
    click.echo(_session(clause.examples), nl=False)


def _session(examples: Iterable[Example]) -> str:
    text = ""
    for example in examples:
        text += example.at_prompt + example.wanted
        if example.raises is not None:
            text += f"Traceback (most recent call last):\n    ...\n{example.raises}\n"
    return indent(text, "    ")


@click.command("script")
@options.specification
@options.modules
@click.argument("id")
def script_command(
    specification: Specification, flask: str | None, blinker: str | None, id: str
) -> None:
    """Print the clause ID as a Python program that needs the implementation only."""
    clause: Clause = specification.clause(id)
    given = {"flask": flask, "blinker": blinker}
    named = {name: module for name, module in given.items() if module is not None}
    click.echo(script(clause, named), nl=False)


@click.command("export")
@options.specification
@options.chapter
@options.level
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file instead of standard output.",
)
@click.argument("patterns", nargs=-1, metavar="[PATTERN]...")
def export_command(
    specification: Specification,
    chapter: str | None,
    level: Level | None,
    output: Path | None,
    patterns: tuple[str, ...],
) -> None:
    """Print clauses as JSON; its schema is schemas/spec.schema.json in the package."""
    clauses = specification.select(chapter=chapter, level=level, patterns=patterns)
    data = export(specification, clauses, read_features())
    if output is None:
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return
    try:
        write_json(data, output)
    except OSError as error:
        raise click.FileError(str(output), error.strerror) from error
