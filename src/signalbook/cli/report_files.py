"""The files that `verify` writes its results to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TextIO

import click

from signalbook.cli import options
from signalbook.files import write_whole
from signalbook.reports import Report, as_html, as_json, as_junit, as_markdown

__all__ = ["ReportFiles", "report_files"]

_FORMATS = {"json": as_json, "junit": as_junit, "markdown": as_markdown, "html": as_html}
_HELP = {
    "json": "Write results here as JSON; - is standard output.",
    "junit": "Write them as JUnit's XML.",
    "markdown": "Write the summary of a job.",
    "html": "Write a page that can be filtered.",
}
_OUTPUT = Path("-")


@dataclass(frozen=True)
class ReportFiles:
    """Where reports go, and where they link to.

    :param files: The file of each format that is asked for; `-` is *output*.
    """

    files: Mapping[str, Path]
    site: str | None
    output: TextIO

    def write(self, report: Report) -> str | None:
        """Write *report* to every file, or say which ones can't be written, and why."""
        problems = []
        for format, file in self.files.items():
            if file == _OUTPUT:
                continue
            try:
                write_whole(_FORMATS[format](report), file)
            except OSError as error:
                problem = f"{str(file)!r} can't be written: {error.strerror}"
                problems.append(f"{problem}; name another with --{format}")
        return "\n".join(problems) or None

    def print(self, report: Report) -> None:
        """Write what goes to standard output."""
        for format, file in self.files.items():
            if file == _OUTPUT:
                self.output.write(_FORMATS[format](report))


def report_files(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add options for report files to *command*, and pass them to it as `reports`.

    If one goes to standard output, all that is printed goes to standard error instead.
    """

    @wraps(command)
    def with_reports(*args: Any, site: str | None, **given: Any) -> Any:
        named = {format: given.pop(format) for format in _FORMATS}
        files = {format: file for format, file in named.items() if file is not None}
        _check_apart(files)
        reports = ReportFiles(files, site, sys.stdout)
        if _OUTPUT in files.values():
            click.get_current_context().with_resource(redirect_stdout(sys.stderr))
        return command(*args, reports=reports, **given)

    decorated: Callable[..., Any] = click.option(
        "--site",
        metavar="ADDRESS",
        envvar="SIGNALBOOK_SITE_ADDRESS",
        callback=_check_address,
        help="Let reports link to the rules there.",
    )(with_reports)
    for format, text in reversed(_HELP.items()):
        decorated = click.option(
            f"--{format}",
            metavar="FILE",
            type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
            callback=options.check_results_file,
            help=text,
        )(decorated)
    return decorated


def _check_apart(files: Mapping[str, Path]) -> None:
    by_file: dict[Path, str] = {}
    for format, file in files.items():
        if file in by_file:
            raise click.UsageError(
                f"--{by_file[file]} and --{format} both go to {str(file)!r}, which has room for"
                " one; name another file for the other"
            )
        by_file[file] = format


def _check_address(
    context: click.Context, parameter: click.Parameter, address: str | None
) -> str | None:
    if address is not None and not address.startswith(("https://", "http://", "file://")):
        raise click.BadParameter(
            f"{address!r} is no address; begin it with https://, http:// or file://"
        )
    return address
