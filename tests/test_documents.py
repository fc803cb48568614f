"""Every command in the README, the contributor's page and the guides is run as it stands."""

import os
import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from signalbook.implementations import MissingInterpreter, find_interpreter, read_releases

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "index.md", "spec/index.md")),
    *sorted((ROOT / "docs" / "guides").glob("*.md")),
    *sorted((ROOT / "docs" / "reference").glob("*.md")),
]
EXTENSION = ROOT / "docs" / "guides" / "verify-your-extension.md"
NOX = "python3 -m venv .venv && .venv/bin/pip install --quiet nox && .venv/bin/nox -s "
ONE_PAGE = " --clause 'connecting.*'"
OTHER_PAGE = " --clause 'core-signals.*'"
# Stand-ins for what a reader would have: an own engine, and an own framework.
MODULES = {
    "mysignals.py": "from blinker import *\n",
    "myframework/__init__.py": """\
import sys
import flask, flask.cli, flask.testing, flask.views
from flask import *
for name, module in list(sys.modules.items()):
    if name.startswith("flask.") and name != "flask.signals":
        sys.modules["my" + name.replace("flask", "framework", 1)] = module
""",
    "myframework/signals.py": "from blinker import *\nfrom flask.signals import *\n",
}


def fences(document, language):
    text = document.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def commands():
    """Return every command once, in reading order."""
    found = {}
    for document in DOCUMENTS:
        for fence in fences(document, "console"):
            # Those are one story, which test_contributing.py tells.
            only = "nox " if document.name == "CONTRIBUTING.md" else ""
            for command in re.findall(rf"^\$ ({only}.*)$", fence, re.MULTILINE):
                found.setdefault(command, document.relative_to(ROOT).as_posix())
    return found


COMMANDS = commands()
MAIN, TESTS = (command for command in COMMANDS if command.startswith(NOX))


WRONG, SETUP, RIGHT = fences(EXTENSION, "python")
MODULES.update({"shop_setup.py": SETUP, "jsonerrors.py": RIGHT})


@pytest.fixture(scope="module")
def checkout(copy_of_the_tree):
    """Return a fresh copy of what git knows, and what it doesn't ignore."""
    return copy_of_the_tree()


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Return the folder of a reader's own project."""
    folder = tmp_path_factory.mktemp("project")
    for name, source in MODULES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(source)
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Return the folder of programs of an empty environment, to install things into."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    return folder / "bin"


def run(command, folder, programs=Path(sys.executable).parent):
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    return subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env={**os.environ, "PATH": path, "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )


def without_numbers(text):
    """Return lines of words: what no new clause, machine or release changes."""
    return [re.sub(r"[\d.]+", "N", line).split() for line in text.splitlines() if line.strip()]


def test_readme_main_command_prints_what_the_readme_shows(checkout):
    """In a fresh checkout, the README's first command verifies both, and prints what it shows."""
    done = run(MAIN, checkout)
    (shown,) = fences(ROOT / "README.md", "text")
    wanted = without_numbers(shown)

    assert 0 == done.returncode, done.stderr
    assert wanted == without_numbers(done.stdout)[-len(wanted) :]


def test_extension_guide_prints_what_it_shows(tmp_path):
    """The guide's wrong extension comes to the counts that the guide shows, and fails a clause."""
    for name, source in {"shop_setup.py": SETUP, "jsonerrors.py": WRONG}.items():
        (tmp_path / name).write_text(source)
    command, shown, one_clause = fences(EXTENSION, "text")
    done, other = (run(text.removeprefix("$ "), tmp_path) for text in (command, one_clause))
    lines = shown.splitlines()

    assert (1, 1) == (done.returncode, other.returncode), done.stderr
    assert lines == [line.rstrip() for line in done.stdout.splitlines()][-len(lines) :]


def test_readme_test_command_is_what_ci_runs():
    """The README's second command is, to the letter, the last line of .ci/run."""
    assert TESTS == (ROOT / ".ci" / "run").read_text().splitlines()[-1]


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("nox ")])
def test_document_nox_command_names_a_session(command):
    """Every chore that a document names is a session of the noxfile."""
    sessions = re.findall(r"^def (\w+)\(session", (ROOT / "noxfile.py").read_text(), re.MULTILINE)

    assert re.fullmatch(rf"nox -s ({'|'.join(sessions)})", command)


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("pip ")])
def test_document_pip_command_works(command, checkout, environment):
    """Every command that installs something does so, in an empty environment."""
    done = run(command, checkout, environment)

    assert 0 == done.returncode, f"{COMMANDS[command]}: {done.stdout}{done.stderr}"


@pytest.mark.parametrize("name", ["index.md", "docs/guides/verify-your-implementation.md"])
def test_document_installs_what_its_commands_need(name, checkout, project, tmp_path):
    """What a page installs first is enough to run the reference and Flask side by side."""
    shown = [line for fence in fences(ROOT / name, "console") for line in fence.splitlines()]
    venv.create(tmp_path, with_pip=True)
    installed = run(shown[0].removeprefix("$ "), checkout, tmp_path / "bin")
    assert 0 == installed.returncode, installed.stdout + installed.stderr
    command = "signalbook verify reference flask --clause core-signals.sender"
    assert any(line.startswith("$ signalbook verify reference flask") for line in shown)
    done = run(command, project, tmp_path / "bin")
    assert 0 == done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    "command", [c for c in COMMANDS if not c.startswith(("nox ", "pip ", NOX))]
)
def test_document_command_works(command, project):
    """Every other command in a document runs and ends well.

    What would verify everything, as the README's first command does, verifies two pages here, and
    what would verify all of dispatch one.
    """
    for version in re.findall(r"flask==(\S+)", command.partition("--claims")[0]):
        try:
            find_interpreter(read_releases()[version].python)
        except MissingInterpreter as error:
            pytest.skip(str(error))
    is_whole = command.startswith("signalbook verify") and not re.search(
        "--c(lause|hapter)", command
    )
    shorter = command.replace("--chapter dispatch", f"--chapter dispatch{ONE_PAGE}")
    shorter = re.sub(r"(pytest .*-blinker \w+)$", r"\1 --signalbook-clause 'connecting.*'", shorter)
    done = run(shorter + ONE_PAGE + OTHER_PAGE if is_whole else shorter, project)

    assert 0 == done.returncode, f"{COMMANDS[command]}: {done.stdout}{done.stderr}"
