"""The command, and a cache of its own for each test."""

import pytest
from click.testing import CliRunner

from signalbook.cli import main


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path_factory):
    """Keep what failed in a folder that goes with the test, and return it."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("SIGNALBOOK_CACHE", str(folder))
    return folder


@pytest.fixture
def signalbook():
    """Run the command and return its result."""
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])
