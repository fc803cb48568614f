"""Three releases of an engine that never was, and pages about it."""

from dataclasses import dataclass

import pytest
from click.testing import CliRunner

from signalbook.cli import main
from signalbook.history import Environment, History, Series, measure, measurements
from signalbook.implementations import Implementation, MissingInterpreter, Release
from signalbook.pages import read_specification

PAGE = """\
# Page

:::{clause} page.always

It MUST always be there.

```pycon
>>> import blinker
>>> blinker.name
'engine'
```
:::

:::{clause} page.early
:holds: blinker<1.2
:otherwise: page.late

It MUST have `early` at first.

```pycon
>>> import blinker
>>> blinker.early
True
```
:::

:::{clause} page.late
:holds: blinker>=1.2

It SHOULD have `late` later.

```pycon
>>> import blinker
>>> blinker.late
True
```
:::
"""
SOURCES = {
    "1.0": "name, early = 'engine', True",
    "1.1": "name, early = 'engine', True",
    "1.2": "name, late = 'engine', True",
}


@dataclass(frozen=True)
class Engine(Environment):
    """A release that is a file."""

    folder: str = ""

    def install(self):
        if not self.folder:
            raise MissingInterpreter("CPython 9.9 is not on this machine")
        claims = {"blinker": self.version}
        return Implementation(
            name=f"engine {self.version}", flask=None, path=(self.folder,), claims=claims
        )


@pytest.fixture
def releases(write, tmp_path, monkeypatch):
    """Make some releases the only ones there are, and return them."""

    def releases(changed=(), *, missing=(), pins=()):
        sources = {**SOURCES, **dict(changed)}
        write({f"{version}/blinker.py": f"{source}\n" for version, source in sources.items()})
        engines = [
            Engine(
                f"blinker=={version}",
                version,
                Release("blinker", version, "3.11", (f"blinker=={version}", *pins)),
                folder="" if version in missing else str(tmp_path / version),
            )
            for version in sources
        ]
        series = Series("blinker", "blinker", lambda: iter(engines))
        for module in ("history.check", "history.file", "history.environments", "cli.history"):
            monkeypatch.setattr(f"signalbook.{module}.SERIES", {"blinker": series})
        return [(series, engine) for engine in engines]

    return releases


@pytest.fixture
def specification(write, tmp_path):
    """Return a function that reads the page, as it is or changed."""

    def specification(old="", new=""):
        assert old in PAGE
        write({"spec/dispatch/page.md": PAGE.replace(old, new) if old else PAGE})
        return read_specification(tmp_path / "spec")

    return specification


@pytest.fixture
def measured(releases, specification):
    """Measure the page, as it is or changed, and return specification and history."""

    def measured(old="", new="", changed=()):
        read = specification(old, new)
        outcomes = measure(read.checks, releases(changed))
        return read, History(measurements(read.checks, outcomes, date="2026-11-21"))

    return measured


@pytest.fixture
def file(tmp_path):
    return tmp_path / "history.json"


@pytest.fixture
def page(specification, monkeypatch):
    """Have the command read the page, as it is or changed."""

    def page(old="", new=""):
        read = specification(old, new)
        monkeypatch.setattr("signalbook.cli.history.read_specification", lambda: read)

    return page


@pytest.fixture
def command(page, releases, file, monkeypatch):
    """Run `signalbook history` on the page and the releases; return exit status and output."""
    page()
    releases()
    monkeypatch.setattr("signalbook.history.file.history_file", lambda: file)

    def command(*arguments):
        result = CliRunner().invoke(main, ["history", *arguments])
        return result.exit_code, result.output

    return command
