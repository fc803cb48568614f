"""Fragments of the changelog become part of it, or are refused."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# As `nox -s lint` does it.
DRAFT = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "next"]


@pytest.fixture
def draft(tmp_path):
    """Return what makes a draft of the next release's section, of the project's own fragments."""
    (tmp_path / "changelog.d").mkdir()
    for path in (ROOT / "pyproject.toml", ROOT / "CHANGELOG.md", *ROOT.glob("changelog.d/*")):
        shutil.copy(path, tmp_path / path.relative_to(ROOT))
    return lambda: subprocess.run(DRAFT, cwd=tmp_path, capture_output=True, text=True)


@pytest.mark.parametrize("kind", ["normative", "errata", "kit", "docs"])
def test_fragment_appears_under_its_heading(draft, tmp_path, kind):
    """What a fragment says is in the section of its type."""
    (tmp_path / "changelog.d" / f"+page.{kind}.md").write_text("A page on pages.\n")
    done = draft()
    section = done.stdout.partition(f"### {kind.capitalize()}\n")[2].partition("###")[0]
    assert (0, True) == (done.returncode, "- A page on pages.\n" in section), done.stderr


@pytest.mark.parametrize("name", ["+page.normativ.md", "+page.md", "page.txt"])
def test_fragment_of_no_type_is_refused(draft, tmp_path, name):
    """A fragment whose type is misspelt or missing is named, and nothing is written."""
    (tmp_path / "changelog.d" / name).write_text("A page on pages.\n")
    done = draft()
    assert (1, "") == (done.returncode, done.stdout.partition("##")[1])
    assert name in done.stdout + done.stderr


def test_every_fragment_of_the_project_is_in_the_draft(draft):
    """The next section has what each fragment begins with."""
    texts = [path.read_text() for path in sorted((ROOT / "changelog.d").glob("*.md"))]
    done = draft()
    assert (0, []) == (
        done.returncode,
        [text for text in texts if text.splitlines()[0] not in done.stdout],
    )
