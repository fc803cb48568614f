"""The command group, its errors, and what its commands share."""

from __future__ import annotations

import os
from typing import Any

import click

from signalbook.clauses import UnknownClause
from signalbook.cli.browse import export_command, list_command, script_command, show_command
from signalbook.cli.history import diff_command, history_command
from signalbook.cli.new import new_command
from signalbook.cli.verify import verify_command
from signalbook.history import HistoryError
from signalbook.implementations import (
    MissingInterpreter,
    NotProvisioned,
    ReleasesError,
    UnknownImplementation,
    UnknownRelease,
)
from signalbook.pages import NewClauseError, SpecificationError
from signalbook.runner import ImplementationError
from signalbook.verdicts import DeviationsError

__all__ = ["main"]

_FOR_PEOPLE = (
    DeviationsError,
    HistoryError,
    ImplementationError,
    MissingInterpreter,
    NewClauseError,
    NotProvisioned,
    ReleasesError,
    SpecificationError,
    UnknownClause,
    UnknownImplementation,
    UnknownRelease,
)


class _Unusable(click.ClickException):
    """Something that was given, or is missing, makes the command impossible."""

    exit_code = 2


class _Group(click.Group):
    """Turns the kit's own errors into one message and exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            os.getcwd()
        except FileNotFoundError as error:
            message = "the folder that you are in was removed; go into another one"
            raise _Unusable(message) from error
        try:
            return super().invoke(ctx)
        except _FOR_PEOPLE as error:
            raise _Unusable(str(error)) from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="signalbook")
def main() -> None:
    """The executable compatibility specification of Flask's signals."""


for _command in (
    verify_command,
    history_command,
    diff_command,
    list_command,
    show_command,
    script_command,
    export_command,
    new_command,
):
    main.add_command(_command)
