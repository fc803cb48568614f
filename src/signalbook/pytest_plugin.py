"""Clauses as pytest items: `pytest --signalbook-flask=mypkg`.

Does nothing unless one of its options says what is under test. Every clause is then an item with
its id, after those that pytest finds by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from signalbook.clauses import (
    CHAPTERS,
    FEATURES,
    Clause,
    Page,
    Specification,
    UnknownClause,
    UnknownProfile,
)
from signalbook.harmless import harmless
from signalbook.history import HistoryError, read_features
from signalbook.implementations import (
    MissingInterpreter,
    NotProvisioned,
    ReleasesError,
    UnknownImplementation,
    UnknownRelease,
    custom,
)
from signalbook.pages import SpecificationError, read_specification, specification_folder
from signalbook.reports import fault, notes
from signalbook.runner import ImplementationError, LimitsError, Session, not_claimed
from signalbook.settings import Settings, SettingsError, find_settings, read_settings
from signalbook.verdicts import Result, Verdict, apply_deviations, tolerated, with_stale

__all__ = ["ClauseItem", "PageFile"]

_FOR_PEOPLE = (
    HistoryError,
    LimitsError,
    MissingInterpreter,
    NotProvisioned,
    ReleasesError,
    SettingsError,
    SpecificationError,
    UnknownClause,
    UnknownImplementation,
    UnknownProfile,
    UnknownRelease,
)
_MODULES = ("flask", "blinker", "inject_engine", "without_blinker", "python", "release", "setup")
_DESCRIBING = (*_MODULES, "path", "claims", "lacks")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of `signalbook verify`, each with `--signalbook-` before its name."""
    group = parser.getgroup("signalbook", "clauses of Flask's signals")
    add = group.addoption
    add("--signalbook-flask", metavar="MODULE", help="what stands in for flask")
    add("--signalbook-blinker", metavar="MODULE", help="what stands in for blinker")
    add("--signalbook-inject-engine", action="store_true", help="let the framework use it too")
    add("--signalbook-without-blinker", action="store_true", help="let importing blinker fail")
    add("--signalbook-python", metavar="EXE", help="an interpreter, its name, or its version")
    add("--signalbook-path", metavar="DIR", action="append", default=[], help="import from here")
    add(
        "--signalbook-claims",
        metavar="RELEASE",
        action="append",
        default=[],
        help="be taken for flask==2.2.5",
    )
    add(
        "--signalbook-lacks",
        metavar="FEATURE",
        action="append",
        default=[],
        choices=list(FEATURES),
        help="what it does without",
    )
    add("--signalbook-setup", metavar="FUNCTION", help="call it with each application")
    add("--signalbook-release", metavar="NAME", help="the real half, such as flask==3.1.3")
    add("--signalbook-timeout", type=float, help="seconds a clause")
    add("--signalbook-memory", type=int, help="MiB a clause")
    add("--signalbook-config", metavar="FILE", help="settings, such as a signalbook.toml")
    add("--signalbook-profile", metavar="NAME", help="only what this kind must keep")
    add("--signalbook-chapter", choices=list(CHAPTERS), help="only this chapter")
    add(
        "--signalbook-clause",
        metavar="GLOB",
        action="append",
        default=[],
        help="only these clauses",
    )


def _option(config: pytest.Config, name: str) -> Any:
    return config.getoption(f"signalbook_{name}")


class _Run:
    """What all items share: the clauses, the implementation, and its session once it is open."""

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        options = {name: _option(config, name) for name in _DESCRIBING}
        given = {name: value for name, value in options.items() if value not in (None, False, [])}
        described = settings.described(given)
        own = custom(**described)
        # What pytest itself would import from: its own ini option.
        paths = (str(path) for path in config.getini("pythonpath"))
        self.implementation = replace(own, path=(*own.path, *paths))
        self.folders = self.implementation.path if "path" in described and not own.setup else ()
        self.limits = settings.limits(_option(config, "timeout"), _option(config, "memory"))
        self.strict = settings.strict
        self.specification: Specification = read_specification()
        chosen = self.specification.select(
            chapter=_option(config, "chapter"),
            patterns=_option(config, "clause"),
            profile=_option(config, "profile"),
        )
        self.chosen = frozenset(check.id for check in chosen)
        self.deviations = settings.deviations
        self.needs = read_features().of
        self.notes: list[str] = []
        self.stack = ExitStack()

    @cached_property
    def session(self) -> Session:
        return self.stack.enter_context(Session(self.implementation, self.limits))

    def load(self) -> None:
        session = self.session
        files, releases = session.greeting.files, session.releases
        self.notes += notes(files, self.folders, releases, session.unclaimed)

    def run(self, clause: Clause) -> Result:
        unclaimed = not_claimed(self.session, [clause], self.needs)
        result = unclaimed.get(clause.id) or self.session.run(clause)
        # Of a pattern that is about more it takes all to know whether it is needed.
        (final,) = with_stale([apply_deviations(result, self.deviations)], self.deviations)
        return final if self.strict else tolerated(final)


_RUN = pytest.StashKey[_Run]()


def pytest_configure(config: pytest.Config) -> None:
    """Let pytest collect the specification's pages, if there is something to run them on."""
    config.addinivalue_line("markers", "signalbook: a clause of Signalbook")
    # An empty text says something, too: that a variable was not set.
    described = any(_option(config, name) not in (None, False) for name in _MODULES)
    file = _option(config, "config")
    if not described and file is None:
        return
    try:
        specification = read_specification()
        found = find_settings(config.invocation_params.dir) if file is None else Path(file)
        settings = read_settings(found, specification) if found else Settings(file=Path())
        run = config.stash[_RUN] = _Run(config, settings)
    except _FOR_PEOPLE as error:
        raise pytest.UsageError(harmless(str(error))) from error
    config.add_cleanup(run.stack.close)
    pages = str(specification_folder())
    if pages not in config.args:
        config.args.append(pages)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Load the implementation before anything is run, and before xdist starts its workers."""
    config = session.config
    if _RUN not in config.stash or config.option.collectonly or hasattr(config, "workerinput"):
        return
    try:
        config.stash[_RUN].load()
    except (ImplementationError, ReleasesError) as error:
        pytest.exit(harmless(str(error)), returncode=2)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Tell what may not be as the implementer believes."""
    run = config.stash.get(_RUN, None)
    for note in run.notes if run else ():
        terminalreporter.write_line(harmless(f"NOTE {note}"), yellow=True)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> PageFile | None:
    """Collect a page of the specification."""
    run = parent.config.stash.get(_RUN, None)
    folder = specification_folder()
    if run is None or not file_path.is_relative_to(folder):
        return None
    name = f"spec/{file_path.relative_to(folder).as_posix()}"
    for page in run.specification.pages:
        if page.file == name and page.clauses:
            return PageFile.from_parent(parent, path=file_path, page=page)
    return None


class PageFile(pytest.File):
    """A page; its items are its clauses."""

    def __init__(self, *, page: Page, **rest: Any) -> None:
        super().__init__(**rest)
        self.page = page

    def collect(self) -> Iterator[ClauseItem]:
        """Yield an item for each clause, named by its id."""
        checks = (check for clause in self.page.clauses for check in clause.checks)
        chosen = self.config.stash[_RUN].chosen
        for clause in checks:
            if clause.id in chosen:
                yield ClauseItem.from_parent(self, name=clause.id, clause=clause)


class Unkept(Exception):
    """The implementation does not keep the clause."""

    def __init__(self, result: Result) -> None:
        super().__init__(result.reason)
        self.result = result


class ClauseItem(pytest.Item):
    """A clause, run on the implementation under test."""

    def __init__(self, *, clause: Clause, **rest: Any) -> None:
        super().__init__(**rest)
        self.clause = clause
        self.add_marker("signalbook")
        self.user_properties.append(("clause", clause.id))
        self.user_properties.append(("level", str(clause.level)))

    def runtest(self) -> None:
        """Run the clause; what doesn't apply is skipped, a known deviation an expected failure."""
        try:
            result = self.config.stash[_RUN].run(self.clause)
        except ImplementationError as error:
            pytest.exit(harmless(str(error)), returncode=2)
        if not result.verdict.is_run:
            pytest.skip(result.reason)
        if result.verdict in {Verdict.KNOWN_DEVIATION, Verdict.DIFFERS}:
            pytest.xfail(result.reason)
        if result.verdict is not Verdict.PASSED:
            raise Unkept(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show what was wanted and got instead of the plugin's own traceback."""
        if isinstance(excinfo.value, Unkept):
            files = self.config.stash[_RUN].session.greeting.files
            return fault(excinfo.value.result, files)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the page, the clause's line from 0, and its id."""
        return self.path, self.clause.line - 1, self.clause.id
