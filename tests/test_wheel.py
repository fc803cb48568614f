"""The wheel and the source distribution: what is in them, and the wheel in empty environments."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.metadata import Metadata

from signalbook.pages import read_specification

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
VERSION = PROJECT["project"]["version"]
SOURCES = PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["only-include"]
ENGINE = """\
class Signal:
    def __init__(self, doc=None):
        self.receivers = []

    def connect(self, receiver, sender=None, weak=True):
        self.receivers.append(receiver)
        return receiver

    def send(self, sender=None, **keywords):
        return [(receiver, receiver(sender, **keywords)) for receiver in self.receivers]

    disconnect = connected_to = receivers_for = has_receivers_for = None

class Namespace(dict):
    def signal(self, name):
        return self.setdefault(name, Signal())

NamedSignal, ANY, signal = Signal, object(), Namespace().signal
"""


def run(*command, folder, **variables):
    """Run a command in a folder, with what it prints on a wide terminal."""
    return subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env={**os.environ, "COLUMNS": "300", **variables},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def tracked():
    """Return the names of all files that are the project's, or are about to be.

    What somebody has beside them in the tree, such as notes, is not.
    """
    names = set()
    for which in (["--cached"], ["--others", "--exclude-standard", "--", *SOURCES]):
        listing = ["git", "ls-files", *which]
        done = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True)
        names.update(done.stdout.splitlines())
    return sorted(name for name in names if (ROOT / name).is_file())


@pytest.fixture(scope="module")
def built(tmp_path_factory, tracked):
    """Return the folder of the two files: of `nox -s release`, or built from a littered copy."""
    if folder := os.environ.get("SIGNALBOOK_BUILT"):
        return ROOT / folder
    copy = tmp_path_factory.mktemp("copy")
    for name in [*tracked, ".gitignore"]:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    for litter in (".hypothesis/constants/1", "notes.txt", ".coverage", "venv/pyvenv.cfg"):
        (copy / litter).parent.mkdir(parents=True, exist_ok=True)
        (copy / litter).touch()
    folder = tmp_path_factory.mktemp("built")
    done = run(sys.executable, "-m", "build", "--no-isolation", "-o", folder, folder=copy)
    assert 0 == done.returncode, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    """Return the wheel."""
    return built / f"signalbook-{VERSION}-py3-none-any.whl"


@pytest.fixture(scope="module")
def install(tmp_path_factory):
    """Return what installs things into a new environment and returns its folder of programs."""
    folder = tmp_path_factory.mktemp("pip")
    venv.create(folder, with_pip=True)
    locked = (ROOT / "requirements" / "verify.txt").read_text()
    pins = re.findall(r"^\S+==[^\\]+", locked, re.MULTILINE)
    (folder / "locked.txt").write_text("\n".join(pins))

    def install(*requirements):
        environment = tmp_path_factory.mktemp("environment")
        venv.create(environment)
        pip = [folder / "bin" / "pip", "--python", environment / "bin" / "python", "install"]
        options = ["--quiet", "--disable-pip-version-check"]
        done = run(*pip, *options, *requirements, folder=folder)
        assert 0 == done.returncode, done.stdout + done.stderr
        return environment / "bin"

    return install


@pytest.fixture(scope="module")
def alone(install, wheel):
    """Return the folder of programs of an environment that has the kit only."""
    return install(wheel, "-c", "locked.txt")


def test_wheel_has_the_package_and_the_specification(wheel, tracked):
    """The wheel holds every file of the package, and beside them the specification's."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
    package = [name.removeprefix("src/") for name in tracked if name.startswith("src/")]
    pages = [f"signalbook/{name}" for name in tracked if name.startswith("spec/")]
    assert sorted(package + pages) == sorted(names)


def test_source_distribution_has_only_files_of_the_project(built, tracked):
    """It holds what the wheel is built from and what checks it, and no tool's litter."""
    with tarfile.open(built / f"signalbook-{VERSION}.tar.gz") as archive:
        names = [member.name.partition("/")[2] for member in archive.getmembers()]
    # Settings of tools that work on the repository.
    others = (".ci/", ".github/", ".pre-commit-config.yaml")
    wanted = [name for name in tracked if not name.startswith(others)]
    assert sorted([*wanted, "PKG-INFO"]) == sorted(names)


def test_metadata_is_what_an_index_takes(built, wheel):
    """Both files carry the same valid metadata, with the extras and no dependency of theirs."""
    with zipfile.ZipFile(wheel) as archive:
        of_wheel = archive.read(f"signalbook-{VERSION}.dist-info/METADATA")
    with tarfile.open(built / f"signalbook-{VERSION}.tar.gz") as archive:
        of_source = archive.extractfile(f"signalbook-{VERSION}/PKG-INFO").read()
    metadata = Metadata.from_email(of_wheel, validate=True)
    assert (of_wheel, "text/markdown") == (of_source, metadata.description_content_type)
    assert ["reference", "sphinx"] == sorted(metadata.provides_extra)
    assert ["click", "markdown-it-py", "mdit-py-plugins", "packaging", "rich", "tomlkit"] == sorted(
        requirement.name for requirement in metadata.requires_dist if not requirement.marker
    )


def test_wheel_moves_nothing_of_an_application(alone):
    """The kit alone brings nothing that an application with Flask stands on, but for click."""
    program = "from importlib.metadata import distributions as d\nfor x in d(): print(x.name)"
    done = run(alone / "python", "-c", program, folder=alone)
    kit = ["click", "markdown-it-py", "mdit-py-plugins", "mdurl", "packaging", "Pygments", "rich"]
    assert sorted([*kit, "tomlkit", "signalbook"]) == sorted(
        set(done.stdout.split()) - {"pip", "setuptools"}
    )


def test_wheel_lists_the_clauses(alone, tmp_path):
    """The wheel brings every clause of the checkout's pages."""
    done = run(alone / "signalbook", "list", folder=tmp_path)
    ids = [line.split()[0] for line in done.stdout.splitlines()[1:-1]]
    assert (0, "") == (done.returncode, done.stderr)
    assert [entry.id for clause in read_specification().clauses for entry in clause.entries] == ids


def test_wheel_below_another_project_has_its_own_pages(wheel, alone, tmp_path):
    """Installed below the folder of another project, the wheel takes that for no checkout."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "vendor" / "packages")
    (tmp_path / "vendor" / "pyproject.toml").write_text('[project]\nname = "another"\n')
    (tmp_path / "vendor" / "spec").mkdir()
    path = str(tmp_path / "vendor" / "packages")
    program = "from signalbook.pages import specification_folder as f; print(f())"
    done = run(alone / "python", "-c", program, folder=tmp_path, PYTHONPATH=path)
    assert (f"{path}/signalbook/spec\n", "") == (done.stdout, done.stderr)


def test_wheel_verifies_an_engine_without_flask(alone, tmp_path):
    """Where neither Flask nor Werkzeug is installed, an engine is verified."""
    (tmp_path / "mysignals.py").write_text(ENGINE)
    words = ["verify", "--blinker", "mysignals", "--clause", "connecting.arguments.keywords"]
    done = run(alone / "signalbook", *words, folder=tmp_path)
    assert (0, "") == (done.returncode, done.stderr), done.stdout
    assert ["mysignals", "MUST", "1", "0"] in [line.split() for line in done.stdout.splitlines()]


def test_wheel_works_with_the_oldest_it_asks_for(install, wheel, tmp_path):
    """The kit does its work with the lowest release of whatever it says that it needs."""
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(f"signalbook-{VERSION}.dist-info/METADATA")
    needed = Metadata.from_email(text).requires_dist
    lowest = [str(each).replace(">=", "==") for each in needed if not each.marker]
    (tmp_path / "mysignals.py").write_text(ENGINE)
    words = ["verify", "--blinker", "mysignals", "--clause", "connecting.arguments.keywords"]
    done = run(install(wheel, *lowest) / "signalbook", *words, folder=tmp_path)
    assert (0, "") == (done.returncode, done.stderr), done.stdout


def test_wheel_says_that_flask_is_missing(alone, tmp_path):
    """Where Flask isn't installed, `verify flask` says so, by name, and doesn't pass."""
    done = run(alone / "signalbook", "verify", "flask", folder=tmp_path)
    assert "NOT RUN flask" in done.stdout
    assert "No module named 'flask'" in done.stdout
    assert 2 == done.returncode


@pytest.mark.parametrize("names", [[], ["reference"]], ids=["plain", "reference"])
def test_wheel_says_how_to_get_the_reference(alone, tmp_path, names):
    """Without the extra, there is one message that says how to get it."""
    done = run(alone / "signalbook", "verify", *names, folder=tmp_path)
    assert (2, "") == (done.returncode, done.stderr)
    assert done.stdout.split("\n") == [
        "",
        "NOT RUN reference",
        "  the reference needs asgiref>=3.9, itsdangerous>=2.2, jinja2>=3.1, markupsafe>=2.1,"
        " werkzeug>=3.1; get what it needs with \"pip install 'signalbook[reference]'\", best in"
        " an environment of its own",
        "",
    ]


def test_wheel_with_the_extra_verifies_the_reference(install, wheel, tmp_path):
    """With the extra, every clause that applies passes on the reference."""
    programs = install(f"{wheel}[reference]", "-c", "locked.txt")
    done = run(programs / "signalbook", "verify", "reference", folder=tmp_path)
    assert (0, "") == (done.returncode, done.stderr), done.stdout
    words = "reference conforms to dispatch, signals, lifecycle and fallback"
    assert words == done.stdout.splitlines()[-1]


GUIDE = ROOT / "docs" / "guides" / "verify-your-implementation.md"
# An engine that tells no senders apart, and has one fault more.
MYSIGNALS = """\
from blinker import *


class Signal(Signal):
    def connect(self, receiver, sender=ANY, weak=True):
        if sender is not ANY:
            raise NotImplementedError("broadcast only")
        return super().connect(receiver, weak=weak)

    def has_receivers_for(self, sender):
        return True
"""


def test_guide_leads_from_an_empty_environment_to_a_green_job(wheel, install, tmp_path):
    """Each command of the guide's five minutes does what the guide says, and so does its job."""
    section = GUIDE.read_text().partition("## In five minutes")[2].partition("\n## ")[0]
    first, *commands = re.findall(r"^\$ (.*)$", section, re.MULTILINE)
    (workflow,) = re.findall(r"^```yaml\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    steps = yaml.safe_load(workflow)["jobs"]["conformance"]["steps"]
    asked, *others = [step["run"] for step in steps if "run" in step]
    assert ["pip install signalbook"] * 2 == [first, asked]
    programs = install(wheel, "blinker")
    (tmp_path / "mysignals.py").write_text(MYSIGNALS)
    summary = tmp_path / "summary.md"
    path = os.pathsep.join([str(programs), os.environ["PATH"]])

    def shell(command):
        given = {"PATH": path, "GITHUB_STEP_SUMMARY": summary, "SIGNALBOOK_CACHE": tmp_path}
        done = run(
            "bash", "-e", "-c", command, folder=tmp_path, **{k: str(v) for k, v in given.items()}
        )
        return done.returncode, done.stdout + done.stderr

    said = [shell(command) for command in commands]
    assert [1, 0, 1] == [status for status, _ in said], said
    assert 'lacks = ["sender"]' in said[1][1]
    settings = tmp_path / "signalbook.toml"
    assert 1 <= settings.read_text().count('reason = ""')
    assert 2 == shell("signalbook verify")[0]
    settings.write_text(settings.read_text().replace('reason = ""', 'reason = "by design"'))
    assert [0] * len(others) == [status for status, _ in map(shell, others)]
    assert "conforms to dispatch" in shell("signalbook verify")[1]
    assert "known deviation" in summary.read_text()
    assert json.loads((tmp_path / "verdicts.json").read_text())["complete"]
