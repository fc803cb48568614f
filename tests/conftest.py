"""Small specifications and implementations, written into a test's own folder."""

import shutil
import signal
import subprocess
import textwrap
from pathlib import Path

import pytest

from signalbook.implementations import Implementation

ROOT = Path(__file__).parents[1]

# Under nohup, or in the background of a shell, they are ignored, which processes inherit.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_collection_modifyitems(items):
    """Have one process run all of a file's tests, and one all that need the whole site."""
    for item in items:
        group = "site" if "site" in item.fixturenames else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def copy_of_the_tree(tmp_path_factory):
    """Copy what git knows, and what it doesn't ignore, into a new folder, and return that."""

    def copy_of_the_tree():
        folder = tmp_path_factory.mktemp("tree")
        listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        files = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True)
        for name in files.stdout.splitlines():
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, folder / name)
        return folder

    return copy_of_the_tree


@pytest.fixture
def write(tmp_path):
    """Write texts or bytes by relative path below the test's folder, and return the folder."""

    def write(files, folder=tmp_path):
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, str):
                content = textwrap.dedent(content).encode()
            path.write_bytes(content)
        return folder

    return write


@pytest.fixture
def engine(write, tmp_path):
    """Make an implementation of an engine only, from its source."""

    def engine(source, **changes):
        write({"implementation/engine.py": source})
        path = (str(tmp_path / "implementation"),)
        return Implementation(
            **{"name": "engine", "flask": None, "blinker": "engine", "path": path, **changes}
        )

    return engine
