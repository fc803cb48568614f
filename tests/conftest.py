"""Small specifications and implementations, written into a test's own folder."""

import textwrap

import pytest

from signalbook.implementations import Implementation


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
