"""The command `history`."""

from __future__ import annotations

import datetime
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from typing import NoReturn

import click
from click.core import ParameterSource
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from signalbook.clauses import Clause, Specification
from signalbook.cli import options
from signalbook.harmless import harmless
from signalbook.history import (
    SERIES,
    Checkout,
    Environment,
    Outcome,
    Series,
    Unmeasured,
    differences,
    environments_about,
    environments_by_name,
    is_measured,
    left_by,
    measure,
    measurements,
    merge_parts,
    next_of,
    nothing_of,
    opened,
    place_of,
    problems,
    read_history,
    series_of,
    shortened,
    update_history,
    write_part,
)
from signalbook.pages import read_specification
from signalbook.verdicts import Verdict

__all__ = ["history_command"]


@click.command("history")
@click.option("--clause", "patterns", metavar="GLOB", multiple=True, help="Only these clauses.")
@click.option("--stale", is_flag=True, help="Only those that are not measured as they are now.")
@click.option("--series", type=click.Choice(list(SERIES)), multiple=True, help="Only these.")
@click.option("--release", "versions", metavar="VERSION", multiple=True, help="Only these.")
@click.option("--environment", "names", metavar="NAME", multiple=True, help="Only in these.")
@click.option("--environments", "listing", is_flag=True, help="Measure nothing; list them as JSON.")
@click.option("--jobs", type=click.IntRange(min=1), help="Releases at a time.")
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=options.check_results_file,
    help="Keep the verdicts here, for --merge.",
)
@click.option(
    "--next",
    "tree",
    metavar="FOLDER-OR-ARCHIVE",
    type=click.Path(path_type=Path, exists=True),
    help="Measure Flask's main branch, as it is in there.",
)
@click.option("--commit", help="Which commit of it, if nothing in there says so.")
@click.option("--date", "day", metavar="YYYY-MM-DD", help="Of which day, if nothing says so.")
@click.option("--merge", is_flag=True, help="Measure nothing; keep what is in these FILEs.")
@click.option("--check", is_flag=True, help="Measure nothing; check what was measured.")
@click.argument(
    "files",
    metavar="[FILE]...",
    nargs=-1,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@click.pass_context
def history_command(
    context: click.Context,
    /,
    patterns: tuple[str, ...],
    stale: bool,
    listing: bool,
    jobs: int | None,
    output: Path | None,
    tree: Path | None,
    commit: str | None,
    day: str | None,
    merge: bool,
    check: bool,
    files: tuple[Path, ...],
    **only: tuple[str, ...],
) -> None:
    """Run clauses on every release, in range or not, and keep the verdicts in history.json.

    A clause is kept if it ran on every release that it is about. With --series, --release or
    --environment only part is run, and only --output keeps it; --merge takes such files, of several
    machines, for one run. With --next they are run on what is to become the next release, and
    nothing that they do there is wrong.

    The exit status is 0 if every clause holds exactly where it says, 1 if one doesn't, and 2 if
    none was seen that doesn't, but a release could not be run.
    """
    _refuse_what_would_be_ignored(context)
    specification = read_specification()
    console = Console()
    if tree:
        with opened(tree, commit, day) as checkout:
            _next(checkout, specification, patterns, stale, check, console)
    if check:
        _check(specification, console)
    if merge:
        _merge(files, specification, console)
    clauses = _clauses(specification, patterns, stale)
    environments = _environments(clauses, **only)
    if listing:
        click.echo(_as_json(environments))
        return
    is_whole = not (output or any(only.values()))
    if is_whole:
        # Measuring takes long; whether it can be written shows now.
        _forget_what_is_gone(specification)
    outcomes = _follow(clauses, environments, jobs, console)
    if output:
        write_part(clauses, outcomes, output, date=_today())
    left = _keep(specification, clauses, outcomes, _today()) if is_whole else []
    _conclude(clauses, outcomes, console, left)


def _refuse_what_would_be_ignored(context: click.Context) -> None:
    given = {
        name
        for name, value in context.params.items()
        # To click 8.1, FILES came from the command line also when there is none.
        if value and context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }
    next_only = {"tree", "commit", "day"}
    if given & next_only and not given <= {*next_only, "patterns", "stale", "check"}:
        raise click.UsageError(
            "--next measures one tree, and keeps what came of it; with it go only --commit, --date,"
            " --clause, --stale and --check"
        )
    if given & next_only and "tree" not in given:
        raise click.UsageError("--commit and --date are of what --next names; give that, too")
    if "check" in given and given - next_only != {"check"}:
        raise click.UsageError("--check looks at the whole history; give it alone")
    if given & {"merge", "files"} and given != {"merge", "files"}:
        raise click.UsageError("--merge puts files together; give it files, and nothing else")
    if "listing" in given and given & {"jobs", "output"}:
        raise click.UsageError("--environments measures nothing; leave out --jobs and --output")


def _clauses(
    specification: Specification, patterns: Sequence[str], stale: bool
) -> Sequence[Clause]:
    clauses = specification.select(patterns=patterns)
    known = read_history()
    return [clause for clause in clauses if not (stale and is_measured(clause, known))]


def _environments(
    clauses: Sequence[Clause],
    series: Sequence[str],
    versions: Sequence[str],
    names: Sequence[str],
) -> list[tuple[Series, Environment]]:
    for version in versions:
        if not any(version in SERIES[name].descriptions for name in series or SERIES):
            raise click.BadParameter(
                f"there is no release {version!r} in {', '.join(series or SERIES)}"
            )
    for name in names:
        if name not in environments_by_name():
            raise click.BadParameter(
                f"there is no environment {name!r}; 'signalbook history --environments' lists all"
            )
    found = [
        (of, environment)
        for of, environment in environments_about(clauses)
        if (not series or of.name in series)
        and (not versions or environment.version in versions)
        and (not names or environment.name in names)
    ]
    if clauses and not found:
        raise click.UsageError("none of these clauses is about any of these releases")
    return found


def _as_json(environments: Iterable[tuple[Series, Environment]]) -> str:
    """Return what a matrix of jobs is made of: what each measures, and the interpreter it needs."""
    found = [{"environment": of.name, "python": of.release.python} for _, of in environments]
    return json.dumps(found)


def _today() -> str:
    return datetime.date.today().isoformat()


def _follow(
    clauses: Sequence[Clause],
    environments: Sequence[tuple[Series, Environment]],
    jobs: int | None,
    console: Console,
) -> list[Outcome | Unmeasured]:
    """Measure; if that is stopped, say what was found so far."""
    bar = Progress(
        TextColumn("Releases"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[last]}", style="dim"),
        console=console,
        transient=True,
    )
    # Even one that is switched off would print an empty line, with rich before 15.
    shown = bar if console.is_terminal else nullcontext()
    outcomes = []
    try:
        with shown, closing(measure(clauses, environments, jobs=jobs)) as measured:
            task = bar.add_task("", total=len(environments), last="")
            for outcome in measured:
                last = f"{outcome.series.title} {outcome.environment.version}"
                bar.update(task, advance=1, last=last)
                outcomes.append(outcome)
    except BaseException:
        text = f"Stopped after {len(outcomes)} of {len(environments)} releases; nothing was kept."
        console.print(text, highlight=False)
        _print(_differences(clauses, outcomes), console)
        raise
    return outcomes


def _merge(files: Sequence[Path], specification: Specification, console: Console) -> NoReturn:
    merged = merge_parts(files, specification)
    _forget_what_is_gone(specification)
    left = _keep(specification, merged.clauses, merged.outcomes, merged.date)
    _conclude(merged.clauses, merged.outcomes, console, left)


def _forget_what_is_gone(specification: Specification) -> None:
    ids = [clause.id for clause in specification.checks]
    known = read_history()
    there = known.clauses.keys() | (known.next.clauses if known.next else {})
    update_history({}, ids, gone=there - set(ids))


def _check(specification: Specification, console: Console) -> NoReturn:
    """Tell what doesn't fit; of the main branch it is no difference, since it may not be here."""
    known = read_history()
    if known.next and (left := left_by(known.next, specification.checks)):
        text = f"{known.next.title}: {_not_measured_on_next(left)}"
        console.print(f"[yellow]{escape(text)}[/]", soft_wrap=True, highlight=False)
    _report([str(problem) for problem in problems(specification, known)], console)


def _not_measured_on_next(left: Sequence[Clause]) -> str:
    ids = shortened([clause.id for clause in left])
    return f"not measured as they are: {ids}; run 'signalbook history --next ... --stale'"


def _next(
    checkout: Checkout,
    specification: Specification,
    patterns: Sequence[str],
    stale: bool,
    check: bool,
    console: Console,
) -> NoReturn:
    """Measure clauses on the main branch, or say which are not measured on it as they are."""
    nothing, known = nothing_of(checkout), read_history().next
    if not (known and known.is_on_the_same(nothing)):
        known = nothing
    chosen = specification.select(patterns=patterns)
    clauses = left_by(known if stale or check else nothing, chosen)
    if check:
        _report([f"{known.title}: {_not_measured_on_next(clauses)}"] * bool(clauses), console)
    if not (clauses or stale):
        raise click.UsageError("none of these clauses is about Flask with blinker")
    _forget_what_is_gone(specification)
    verdicts = _measured_next(checkout, specification, clauses, console) if clauses else ()
    counts = Counter(verdicts)
    text = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict])
    console.print(
        f"{len(clauses)} clauses on {known.title}{': ' if text else ''}{text}.",
        soft_wrap=True,
        highlight=False,
    )
    sys.exit(0)


def _measured_next(
    checkout: Checkout, specification: Specification, clauses: Sequence[Clause], console: Console
) -> list[Verdict]:
    """Measure *clauses*, keep what came of them, and return the verdicts."""
    [outcome] = _follow(clauses, [series_of(checkout)], 1, console)
    if isinstance(outcome, Unmeasured):
        _tell([outcome], console)
        sys.exit(2)
    found = next_of(checkout, clauses, outcome, _today())
    update_history({}, [clause.id for clause in specification.checks], next=found)
    return [of.verdict for of in found.clauses.values()]


def _keep(
    specification: Specification,
    clauses: Sequence[Clause],
    outcomes: Sequence[Outcome | Unmeasured],
    date: str,
) -> list[str]:
    """Write what is whole into the history, and return the ids of the other clauses."""
    done = [outcome for outcome in outcomes if isinstance(outcome, Outcome)]
    measured = measurements(clauses, done, date=date)
    update_history(measured, [clause.id for clause in specification.checks])
    return [clause.id for clause in clauses if clause.id not in measured]


def _conclude(
    clauses: Sequence[Clause],
    outcomes: Sequence[Outcome | Unmeasured],
    console: Console,
    left: Sequence[str],
) -> NoReturn:
    """Say what came of it, and end with its status."""
    missing = [outcome for outcome in outcomes if isinstance(outcome, Unmeasured)]
    _tell(missing, console)
    if left:
        text = f"Not measured, since not on every release: {shortened(left)}."
        console.print(escape(text), soft_wrap=True, highlight=False)
    console.print(f"{len(clauses)} clauses on {len(outcomes) - len(missing)} releases.")
    _report(_differences(clauses, outcomes), console, is_complete=not (missing or left))


def _differences(clauses: Sequence[Clause], outcomes: Iterable[Outcome | Unmeasured]) -> list[str]:
    return sorted(
        text
        for outcome in outcomes
        if isinstance(outcome, Outcome)
        for text in differences(clauses, outcome)
    )


def _tell(missing: Iterable[Unmeasured], console: Console) -> None:
    """Name the releases that were not run, those with the same reason together."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in sorted(missing, key=lambda one: place_of(one.environment.version)):
        found.setdefault((one.series.title, one.reason), []).append(one.environment.version)
    for (title, reason), versions in found.items():
        # A reason may be what pip or another machine's file says.
        text = escape(harmless(f"{title} {', '.join(versions)}: {reason}"))
        console.print(f"[red]NOT RUN[/] {text}", soft_wrap=True, highlight=False)


def _report(found: Sequence[str], console: Console, is_complete: bool = True) -> NoReturn:
    _print(found, console)
    if found:
        console.print(f"{len(found)} differences between what is declared and what is measured.")
    elif is_complete:
        console.print("Every clause holds exactly where it says.")
    sys.exit(1 if found else 0 if is_complete else 2)


def _print(found: Sequence[str], console: Console) -> None:
    for text in found:
        console.print(f"[red]{escape(text)}[/]", soft_wrap=True, highlight=False)
