"""The command group, its errors, and what its commands share."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from io import StringIO
from typing import Any, NoReturn

import click

from signalbook.clauses import UnknownClause, UnknownProfile
from signalbook.cli.browse import export_command, list_command, script_command, show_command
from signalbook.cli.compare import compare_command
from signalbook.cli.diff import diff_command
from signalbook.cli.history import history_command
from signalbook.cli.init import init_command
from signalbook.cli.new import new_command
from signalbook.cli.stopping import Stopped, stoppable
from signalbook.cli.streams import standard_streams
from signalbook.cli.verify import NothingRun, verify_command
from signalbook.exports import ScriptError
from signalbook.harmless import harmless
from signalbook.history import HistoryError
from signalbook.implementations import (
    MissingInterpreter,
    NotProvisioned,
    ReleasesError,
    UnknownImplementation,
    UnknownRelease,
)
from signalbook.pages import NewClauseError, SpecificationError
from signalbook.reports import ResultsError
from signalbook.runner import ImplementationError, LimitsError
from signalbook.settings import SettingsError

__all__ = ["main"]

_FOR_PEOPLE = (
    HistoryError,
    ImplementationError,
    LimitsError,
    MissingInterpreter,
    NewClauseError,
    NotProvisioned,
    NothingRun,
    ReleasesError,
    ResultsError,
    ScriptError,
    SettingsError,
    SpecificationError,
    UnknownClause,
    UnknownImplementation,
    UnknownProfile,
    UnknownRelease,
)
_UNUSABLE = 2
_BUG = 70  # as sysexits.h has it


class _Group(click.Group):
    """Ends every command with one message and its own exit status, whatever comes of it.

    Status 1 is kept for what a command found: a clause that is not kept, or a difference.
    """

    def main(self, *args: Any, **options: Any) -> NoReturn:
        command = super().main
        with standard_streams() as output:
            try:
                with stoppable():
                    end = _end(lambda: command(*args, **{**options, "standalone_mode": False}))
            except Stopped as late:
                end = late
            status = end.status if isinstance(end, Stopped) else end
            output.flush()
            # Who closed the pipe, as head does, has seen enough.
            if output.failure and not isinstance(output.failure, BrokenPipeError):
                status = _say(f"standard output can't be written: {output.failure.strerror}")
        sys.exit(status)


def _end(command: Callable[[], int | None]) -> int | Stopped:
    """Run *command* and return its exit status, or what stopped it."""
    try:
        _check_folder()
        return command() or 0
    except SystemExit as end:
        return int(end.code or 0)
    except Stopped as stopped:
        click.echo(f"Stopped by {stopped.signal}.", err=True)
        return stopped
    except click.ClickException as error:
        shown = StringIO()
        error.show(shown)
        click.echo(harmless(shown.getvalue()), err=True, nl=False)
    except _FOR_PEOPLE as error:
        return _say(str(error))
    except OSError as error:
        return _say(f"{error.filename or 'the system'}: {error.strerror or error}")
    except Exception:
        click.echo(harmless(traceback.format_exc()), err=True, nl=False)
        click.echo("This is a bug of Signalbook; report it with the lines above.", err=True)
        return _BUG
    return _UNUSABLE


def _check_folder() -> None:
    try:
        os.getcwd()
    except OSError as error:
        raise click.ClickException(
            f"the current folder can't be used ({error.strerror}); change to another"
        ) from error


def _say(problem: str) -> int:
    click.echo(f"Error: {harmless(problem)}", err=True)
    return _UNUSABLE


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="signalbook")
def main() -> None:
    """The executable compatibility specification of Flask's signals."""


for _command in (
    verify_command,
    init_command,
    history_command,
    compare_command,
    diff_command,
    list_command,
    show_command,
    script_command,
    export_command,
    new_command,
):
    main.add_command(_command)
