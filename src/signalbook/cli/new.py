"""The command that begins a clause: `new`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from signalbook.clauses import CHAPTERS
from signalbook.files import write_whole
from signalbook.pages import (
    NewClauseError,
    read_specification,
    specification_folder,
    with_new_clause,
)

__all__ = ["new_command"]

_PACKAGE = Path(__file__).parents[1]


@click.command("new")
@click.option(
    "--spec",
    "given",
    metavar="FOLDER",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Write below this folder instead of the specification's own.",
)
@click.option("--chapter", type=click.Choice(list(CHAPTERS)), help="The chapter of a new page.")
@click.argument("id")
def new_command(given: Path | None, chapter: str | None, id: str) -> None:
    """Begin the clause ID on its page, or on a new one; it fails until it is written."""
    folder = given or specification_folder()
    if folder.is_relative_to(_PACKAGE):
        raise NewClauseError(
            f"the pages in {folder} belong to an installed copy;"
            " work in a checkout, or name a folder with --spec"
        )
    files = with_new_clause(id, chapter, read_specification(folder), folder)
    _write(files)
    option = f" --spec {shlex.quote(str(given))}" if given else ""
    for path in files:
        click.echo(f"wrote {path}")
    click.echo(f"{read_specification(folder).clause(id).place} fails until it is written; then:")
    click.echo(f"  signalbook verify reference flask --clause {id}{option}")
    if not given:
        click.echo(f"  signalbook history --clause {id}")
        click.echo(f"  a sentence for readers in changelog.d/+{id}.normative.md")


def _write(files: dict[Path, str]) -> None:
    """Write all of *files*, or none."""
    before = {path: path.read_text(encoding="utf-8") for path in files if path.exists()}
    written: list[Path] = []
    for path, text in files.items():
        try:
            path.parent.mkdir(exist_ok=True)
            write_whole(text, path)
        except OSError as error:
            for one in written:
                if one in before:
                    write_whole(before[one], one)
                else:
                    one.unlink()
            raise NewClauseError(
                f"{path} can't be written: {error.strerror}; nothing was changed"
            ) from error
        written.append(path)
