"""A cache of its own for each test."""

import pytest


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path_factory):
    """Keep what failed in a folder that goes with the test, and return it."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("SIGNALBOOK_CACHE", str(folder))
    return folder
