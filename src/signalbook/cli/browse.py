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
    checks = specification.select(chapter=chapter, level=level, patterns=patterns)
    wholes = [specification.clause(id) for id in dict.fromkeys(check.whole_id for check in checks)]
    rows = [
        (each.id, str(each.level), str(each.holds or "every release"), each.rule) for each in wholes
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
    click.echo(f"{len(wholes)} clauses, {len(checks)} checks")


@click.command("show")
@options.specification
@click.argument("id")
def show_command(specification: Specification, id: str) -> None:
    """Show the clause ID, or a row of it: its rule, where it holds, and its examples."""
    clause = specification.clause(id)
    _show_head(clause)
    if clause.setup:
        for file, examples in groupby(clause.setup, lambda example: example.file):
            whose = "The page's set-up" if file == clause.file else f"The set-up of {file}"
            click.echo(f"{whose}, which runs before it:\n")
            click.echo(_session(examples))
    _show_examples(clause)
    for entry in clause.earlier:
        click.echo("\nEarlier:\n")
        _show_head(entry)
        _show_examples(entry)


def _show_head(clause: Clause) -> None:
    """Show everything but the examples."""
    click.secho(f"{clause.id} ({clause.level})", bold=True)
    needs = " and ".join(sorted(clause.needs, reverse=True))
    click.echo(f"{clause.place}, holds for {clause.holds or 'every release'}, needs {needs}\n")
    click.echo(f"{clause.rule}\n")
    if clause.source:
        click.echo(f"Source: {clause.source}")
    if clause.exceptions:
        click.echo(f"Except: {', '.join(clause.exceptions)}")
    if features := _features(clause):
        click.echo(f"Needs: {features}")
    if clause.source or clause.exceptions or features:
        click.echo()


def _features(clause: Clause) -> str:
    """Return the features that a clause needs, in words; empty if it isn't measured."""
    measured = read_features().of_rule(clause)
    if measured is None:
        return ""
    every, some = map(", ".join, measured)
    return f"{every or 'none'}; some of its rows: {some}" if some else every or "none"


def _show_examples(clause: Clause) -> None:
    """Show the examples, and the rows for which they are run."""
    if clause.rows:
        click.echo("Run for each of its rows:\n")
        for row in clause.rows:
            _show_row(row)
        click.echo()
    if clause.setup or clause.rows:
        click.echo("Examples:\n")
    click.echo(_session(clause.examples), nl=False)


def _show_row(row: Clause) -> None:
    _, *others = row.cells.items()
    cells = ", ".join(f"{heading}: {text}" for heading, text in others if text)
    click.echo(f"    {row.id}" + (f" ({cells})" if cells else ""))


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
    """Print the clause ID as a Python program that needs the implementation only.

    Of a clause with rows, name one row.
    """
    clause: Clause = specification.clause(id)
    if clause.rows:
        names = ", ".join(row.id for row in clause.rows)
        raise click.UsageError(f"{id!r} has rows, and a program is of one of them: {names}")
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
