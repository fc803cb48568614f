"""The wheel, installed into an empty environment."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

from signalbook.pages import read_specification

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Build the wheel, install it into a new environment, and return its folder of programs."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "environment", with_pip=True)
    programs = folder / "environment" / "bin"
    install = [programs / "pip", "install", "--quiet", "--disable-pip-version-check", wheel]
    subprocess.run(install, check=True, capture_output=True)
    return programs


def test_wheel_verifies_the_reference_outside_the_checkout(environment, tmp_path):
    """From the wheel alone, every clause of the checkout's pages is run on the reference."""
    done = subprocess.run(
        [environment / "signalbook", "verify", "reference"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    listed = subprocess.run(
        [environment / "signalbook", "list"], cwd=tmp_path, capture_output=True, text=True
    )
    ids = [line.split()[0] for line in listed.stdout.splitlines()[1:-1]]

    assert (0, "") == (done.returncode, done.stderr)
    assert [clause.id for clause in read_specification().clauses] == ids


def test_wheel_says_that_flask_is_missing(environment, tmp_path):
    """Where Flask isn't installed, `verify flask` says so, by name, and doesn't pass."""
    done = subprocess.run(
        [environment / "signalbook", "verify", "flask"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert "NOT RUN flask" in done.stdout
    assert "No module named 'flask'" in done.stdout
    assert 2 == done.returncode
