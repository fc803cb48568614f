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

from signalbook.clauses import Clause, Page, Specification, UnknownProfile
from signalbook.harmless import harmless
from signalbook.implementations import (
    MissingInterpreter,
    ReleasesError,
    UnknownImplementation,
    custom,
)
from signalbook.pages import SpecificationError, read_specification, specification_folder
from signalbook.reports import fault, notes
from signalbook.runner import ImplementationError, Limits, LimitsError, Session
from signalbook.verdicts import (
    Deviation,
    DeviationsError,
    Result,
    Verdict,
    apply_deviations,
    read_deviations,
    tolerated,
)

__all__ = ["ClauseItem", "PageFile"]

_FOR_PEOPLE = (
    DeviationsError,
    LimitsError,
    MissingInterpreter,
    ReleasesError,
    SpecificationError,
    UnknownImplementation,
    UnknownProfile,
)
_MODULES = ("flask", "blinker", "inject_engine", "without_blinker", "python", "setup")


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
    add("--signalbook-setup", metavar="FUNCTION", help="call it with each application")
    add(
        "--signalbook-claims",
        metavar="RELEASE",
        action="append",
        default=[],
        help="be taken for flask==2.2.5",
    )
    add("--signalbook-profile", metavar="NAME", help="only what this kind must keep")
    add("--signalbook-timeout", type=float, default=Limits.timeout, help="seconds a clause")
    add("--signalbook-memory", type=int, default=Limits.memory, help="MiB a clause")
    add("--signalbook-deviations", metavar="FILE", help="known deviations, with reasons")


def _option(config: pytest.Config, name: str) -> Any:
    return config.getoption(f"signalbook_{name}")


class _Run:
    """What all items share: the clauses, the implementation, and its session once it is open."""

    def __init__(self, config: pytest.Config) -> None:
        folders = _option(config, "path")
        own = custom(
            flask=_option(config, "flask"),
            blinker=_option(config, "blinker"),
            inject_engine=_option(config, "inject_engine"),
            without_blinker=_option(config, "without_blinker"),
            python=_option(config, "python"),
            path=folders,
            setup=_option(config, "setup"),
            claims=_option(config, "claims"),
        )
        # What pytest itself would import from: its own ini option.
        paths = (str(path) for path in config.getini("pythonpath"))
        self.implementation = replace(own, path=(*own.path, *paths))
        self.folders = self.implementation.path if folders and not own.setup else ()
        self.limits = Limits(_option(config, "timeout"), _option(config, "memory"))
        self.specification: Specification = read_specification()
        chosen = self.specification.select(profile=_option(config, "profile"))
        self.chosen = {check.id for check in chosen}
        file = _option(config, "deviations")
        self.deviations: dict[str, Deviation] = (
            {} if file is None else read_deviations(Path(file), self.specification)
        )
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
        return tolerated(apply_deviations(self.session.run(clause), self.deviations))


_RUN = pytest.StashKey[_Run]()


def pytest_configure(config: pytest.Config) -> None:
    """Let pytest collect the specification's pages, if there is something to run them on."""
    config.addinivalue_line("markers", "signalbook: a clause of Signalbook")
    # An empty text says something, too: that a variable was not set.
    if all(_option(config, name) in (None, False) for name in _MODULES):
        return
    try:
        run = config.stash[_RUN] = _Run(config)
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
        chosen = self.config.stash[_RUN].chosen
        checks = (check for clause in self.page.clauses for check in clause.checks)
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
        if result.verdict is Verdict.NOT_APPLICABLE:
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
