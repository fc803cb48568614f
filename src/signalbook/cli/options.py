"""Options that several commands share."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from signalbook.clauses import CHAPTERS, FEATURES, Level, Specification
from signalbook.pages import read_specification

__all__ = [
    "SPECIFICATION",
    "chapter",
    "check_results_file",
    "implementation",
    "level",
    "modules",
    "profile",
    "specification",
]


SPECIFICATION = "signalbook.specification"
"""Where a context's `meta` has the folder that was given with --spec, if one was."""

_Command = Callable[..., Any]


def _read(context: click.Context, parameter: click.Parameter, folder: Path | None) -> Specification:
    context.meta[SPECIFICATION] = folder
    return read_specification(folder)


specification = click.option(
    "--spec",
    "specification",
    metavar="FOLDER",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    callback=_read,
    help="Pages to use instead of the specification's own.",
)
chapter = click.option("--chapter", type=click.Choice(list(CHAPTERS)), help="Only this chapter.")
profile = click.option("--profile", metavar="NAME", help="Only what this kind must keep.")
level = click.option("--level", type=click.Choice(list(Level)), help="Only this level.")


def modules(command: _Command) -> _Command:
    """Add the options that name the implementation's two modules."""
    flask = click.option("--flask", metavar="MODULE", help="What stands in for flask.")
    blinker = click.option("--blinker", metavar="MODULE", help="What stands in for blinker.")
    return flask(blinker(command))


def implementation(command: _Command) -> _Command:
    """Add the options that describe an implementation: those of `custom`, by the same names."""
    for option in reversed(
        (
            click.option("--release", metavar="NAME", help="The real half, such as flask==3.1.3."),
            click.option(
                "--inject-engine", is_flag=True, help="Let the framework itself use --blinker."
            ),
            click.option("--without-blinker", is_flag=True, help="Let importing blinker fail."),
            click.option(
                "--python",
                metavar="EXE",
                help="An interpreter, or its name or version.",
            ),
            click.option(
                "--path", metavar="DIR", multiple=True, help="Import from here; repeatable."
            ),
            click.option(
                "--lacks",
                metavar="FEATURE",
                multiple=True,
                type=click.Choice(list(FEATURES)),
                help="What it does without; repeatable.",
            ),
            click.option(
                "--setup", metavar="FUNCTION", help="Call package.module:function with each app."
            ),
            click.option(
                "--claims", metavar="RELEASE", multiple=True, help="Be taken for flask==2.2.5."
            ),
        )
    ):
        command = option(command)
    return modules(command)


def check_results_file(
    context: click.Context, parameter: click.Parameter, file: Path | None
) -> Path | None:
    """Notice before a run what would lose its results after it."""
    if file is None or file == Path("-"):
        return file
    try:
        mode = stat.S_IFREG
        with suppress(FileNotFoundError):
            mode = file.stat().st_mode
        if stat.S_ISREG(mode):
            with tempfile.TemporaryFile(dir=os.path.dirname(os.path.realpath(file))):
                pass
        elif stat.S_ISDIR(mode) or not os.access(file, os.W_OK):
            raise PermissionError(errno.EPERM, "a folder, or not allowed")
    except OSError as error:
        problem = f"{str(file)!r} can't be written ({error.strerror}); name another file"
        raise click.BadParameter(problem) from error
    return file
