"""Real releases are installed from pins and hashes, and kept as they were installed."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import venv
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from signalbook.implementations import (
    MissingInterpreter,
    NotProvisioned,
    Release,
    find_interpreter,
    install,
)
from signalbook.implementations.releases import read_hashes

CURRENT = "{}.{}".format(*sys.version_info)
FLASK = Release("flask", "3.1.3", CURRENT, ("flask==3.1.3", "blinker==1.9.0"))
BLINKER = Release("blinker", "1.9.0", CURRENT, ("blinker==1.9.0",))


@pytest.fixture
def cache(monkeypatch, tmp_path):
    """A cache folder of the test's own, and no package index: a pin can't be satisfied."""
    find_interpreter(CURRENT)  # Found before a test replaces subprocess.
    monkeypatch.setenv("SIGNALBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return tmp_path / "cache" / "signalbook"


def pip(monkeypatch, act):
    """Replace pip; *act* gets the folder that it is to fill, and fills it with what pip would."""

    def run(command, cwd, **options):
        if "--target" in command:
            folder = Path(cwd, command[command.index("--target") + 1])
            folder.mkdir()
            act(folder)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)


def interpreters(monkeypatch, program):
    """Let a program be the only interpreter."""
    name = "signalbook.implementations.provisioning.find_interpreter"
    monkeypatch.setattr(name, {CURRENT: program}.get)


def fill(folder):
    (folder / "blinker").mkdir()
    (folder / "blinker" / "__init__.py").write_text("genuine = True\n")


def files(folder):
    """Return what stands below a folder, by name, without what only says how it got there."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in {"lock", "SHA256SUMS"}
    }


def test_provisioning_is_done_once(cache, monkeypatch):
    """A release is installed on first use, and afterwards taken from the cache."""
    calls = []
    pip(monkeypatch, lambda folder: calls.append(folder) or fill(folder))
    first, second = install(FLASK), install(FLASK)
    [folder] = map(Path, first.path)
    assert (first, 1) == (second, len(calls))
    assert ["__init__.py"] == [path.name for path in (folder / "blinker").iterdir()]
    assert cache == folder.parents[1]
    assert folder.parent.name.startswith(f"flask-3.1.3-python{CURRENT}-")
    assert ("flask==3.1.3", sys.executable) == (first.name, first.python)
    assert {"flask": "3.1.3", "blinker": "1.9.0"} == first.claims


def test_provisioned_blinker_is_an_engine_alone(cache, monkeypatch):
    """Without Flask among the pins there is no framework."""
    pip(monkeypatch, fill)
    engine = install(BLINKER)
    assert ("blinker==1.9.0", {"blinker"}, {"blinker": "1.9.0"}) == (
        engine.name,
        engine.subjects,
        engine.claims,
    )


def alter(folder):
    (folder / "blinker" / "__init__.py").write_text("genuine = None\n")


def add(folder):
    (folder / "flask.py").touch()


def remove(folder):
    (folder / "blinker" / "__init__.py").unlink()


def link(folder):
    shutil.copytree(folder / "blinker", folder.parent / "elsewhere")
    shutil.rmtree(folder / "blinker")
    (folder / "blinker").symlink_to(folder.parent / "elsewhere")


def pipe(folder):
    os.mkfifo(folder / "pipe")


def be_a_file(folder):
    shutil.rmtree(folder)
    folder.touch()


def be_a_link(folder):
    folder.rename(folder.parent / "elsewhere")
    (folder.parent / "elsewhere" / "flask.py").touch()
    folder.symlink_to("elsewhere")


def have_a_half(folder):
    shutil.rmtree(folder)
    (folder.parent / "half").touch()


def have_sums_in_a_folder(folder):
    (folder.parent / "SHA256SUMS").unlink()
    (folder.parent / "SHA256SUMS").mkdir()


def have_sums_in_a_pipe(folder):
    (folder.parent / "SHA256SUMS").unlink()
    os.mkfifo(folder.parent / "SHA256SUMS")


ATTACKS = [alter, add, remove, link, pipe, shutil.rmtree, be_a_file, be_a_link]
ATTACKS += [have_a_half, have_sums_in_a_folder, have_sums_in_a_pipe]


@pytest.mark.parametrize("attack", ATTACKS)
def test_altered_cached_release_is_made_again(cache, monkeypatch, attack):
    """A cached release that isn't as it was installed is never used, but installed again."""
    pip(monkeypatch, fill)
    [folder] = map(Path, install(BLINKER).path)
    attack(folder)
    [folder] = map(Path, install(BLINKER).path)
    assert {"blinker/__init__.py": "genuine = True\n"} == files(folder)
    assert (False, False) == (folder.is_symlink(), (folder / "blinker").is_symlink())


def test_cached_release_is_listed_as_sha256sum_does(cache, monkeypatch):
    """What the cache holds can be checked by hand."""
    pip(monkeypatch, fill)
    [folder] = map(Path, install(BLINKER).path)
    digest = hashlib.sha256(b"genuine = True\n").hexdigest()
    assert f"{digest}  blinker/__init__.py\n" == (folder.parent / "SHA256SUMS").read_text()


@pytest.mark.parametrize("version", [CURRENT, "2.7", "3.6"])
def test_planted_wheel_is_refused(cache, monkeypatch, tmp_path, version):
    """A file of the right name and version that isn't the pinned one isn't installed."""
    try:
        find_interpreter(version)
    except MissingInterpreter as error:
        pytest.skip(str(error))
    with zipfile.ZipFile(tmp_path / "blinker-1.9.0-py2.py3-none-any.whl", "w") as wheel:
        wheel.writestr("blinker.py", "planted = True\n")
        information = "blinker-1.9.0.dist-info/"
        wheel.writestr(
            f"{information}METADATA", "Metadata-Version: 2.1\nName: blinker\nVersion: 1.9.0\n"
        )
        wheel.writestr(
            f"{information}WHEEL",
            "Wheel-Version: 1.0\nGenerator: x\n"
            "Root-Is-Purelib: true\nTag: py2-none-any\nTag: py3-none-any\n",
        )
        wheel.writestr(f"{information}RECORD", "")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(NotProvisioned, match=r"a file is not the one whose hash is in hashes\.txt"):
        install(replace(BLINKER, python=version))
    assert {} == files(cache)


def test_everything_that_is_installed_has_a_hash(cache, monkeypatch):
    """pip gets the hashes, may fetch nothing without one, and takes nothing from elsewhere."""
    commands, requirements = [], []

    def run(command, cwd, **options):
        commands.append(command[1:])
        if "--target" in command:
            requirements.append((cwd / "requirements.txt").read_text())
            (cwd / "packages").mkdir()
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    install(FLASK)
    words = "install --no-deps --target packages --quiet --disable-pip-version-check"
    words += " --require-hashes --no-build-isolation --requirement requirements.txt"
    assert [["-m", "pip", "--version"], ["-m", "pip", *words.split()]] == commands
    assert ["".join(f"{read_hashes()[pin]}\n" for pin in FLASK.pins)] == requirements


MISSING = "no version\n\nERROR: No matching distribution found for blinker==1.9.0\n"
UNREACHABLE = "the package index could not be reached, or has no such file"
OTHER = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. ...:\n  Got 0\n"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (MISSING, f"{UNREACHABLE}; pip says: no version | {MISSING.splitlines()[2]}"),
        (
            OTHER,
            "a file is not the one whose hash is in hashes.txt;"
            f" pip says: {OTHER.splitlines()[0]} | Got 0",
        ),
        ("1\n2\n3\n4\n5\n", "pip failed; pip says: 3 | 4 | 5"),
        ("", "pip failed; pip says: nothing"),
    ],
    ids=["unreachable", "other", "failed", "silent"],
)
def test_installation_that_fails_says_why(cache, monkeypatch, said, reason):
    """What went wrong is said, in pip's words too, with the command to run by hand."""

    def run(command, **options):
        return subprocess.CompletedProcess(command, "--target" in command, "", said)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(NotProvisioned) as caught:
        install(BLINKER)
    assert str(caught.value) == (
        f"blinker 1.9.0 could not be installed for {sys.executable}: {reason}; run it by hand:"
        f" {sys.executable} -m pip install --no-deps --target packages blinker==1.9.0"
    )
    assert {} == files(cache)


def test_provisioning_works_with_an_interpreter_without_pip(cache, monkeypatch, tmp_path):
    """For an interpreter without pip an environment is made that has it, by hand as well.

    It has no package index here, which is told.
    """
    venv.create(tmp_path / "bare", with_pip=False)
    bare = str(tmp_path / "bare" / "bin" / "python")
    interpreters(monkeypatch, bare)
    with pytest.raises(NotProvisioned) as caught:
        install(BLINKER)
    begin, _, by_hand = str(caught.value).partition("; run it by hand: ")
    assert f"{bare}: {UNREACHABLE}; pip says: " in begin
    assert "No matching distribution found for blinker==1.9.0" in begin
    assert by_hand == (
        f"{bare} -m venv environment && environment/bin/python -m pip install --no-deps"
        " --target packages blinker==1.9.0"
    )


def test_provisioning_says_that_there_is_no_pip(cache, monkeypatch, write):
    """An interpreter that has no pip and can't make an environment is named, with the remedy."""
    program = write({"python": "#!/bin/sh\nexit 1\n"}) / "python"
    program.chmod(0o755)
    interpreters(monkeypatch, str(program))
    with pytest.raises(NotProvisioned, match="has neither pip nor a working venv; install pip"):
        install(BLINKER)
    assert {} == files(cache)


def test_provisioning_that_is_interrupted_leaves_nothing(cache, monkeypatch):
    """Whoever interrupts an installation finds no half of it afterwards."""

    def interrupt(folder):
        fill(folder)
        raise KeyboardInterrupt

    pip(monkeypatch, interrupt)
    with pytest.raises(KeyboardInterrupt):
        install(BLINKER)
    assert {} == files(cache)


def test_provisioning_at_the_same_time_is_done_once(cache, monkeypatch):
    """Of two runs that need the same release, one installs it and the other waits for it."""
    calls, found = [], []
    started, go_on = threading.Event(), threading.Event()

    def slow(folder):
        calls.append(folder)
        started.set()
        assert go_on.wait(60)
        fill(folder)

    pip(monkeypatch, slow)
    threads = [
        threading.Thread(target=lambda: found.append(install(BLINKER).path)) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    assert started.wait(60)
    go_on.set()
    for thread in threads:
        thread.join()
    assert (1, found[:1] * 2) == (len(calls), found)


KILLED = """\
import os, signal, subprocess, sys
from pathlib import Path
from signalbook.implementations import Release, find_interpreter, install

version = "{}.{}".format(*sys.version_info)
find_interpreter(version)

def run(command, cwd, **options):
    if "--target" in command:
        folder = Path(cwd, command[command.index("--target") + 1])
        folder.mkdir()
        (folder / "half.py").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return subprocess.CompletedProcess(command, 0, "", "")

subprocess.run = run
install(Release("blinker", "1.8.2", version, ("blinker==1.8.2",)))
"""


def test_halves_of_dead_runs_are_swept(cache, monkeypatch):
    """The next installation removes what a killed run has left half-made, and nobody else's."""
    dead = subprocess.run([sys.executable, "-c", KILLED])
    assert (-signal.SIGKILL, ["half.py"]) == (
        dead.returncode,
        [path.name for path in cache.rglob("half.py")],
    )
    seen = []

    def look(folder):
        fill(folder)
        if "flask" in str(folder):
            install(BLINKER)
            seen.extend(path.name for path in cache.rglob("*.py"))

    pip(monkeypatch, look)
    install(FLASK)
    assert ["__init__.py", "__init__.py"] == seen


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("file", "Not a directory"),
        ("file/below", "Not a directory"),
        ("/proc", "No such file or directory"),
    ],
)
def test_unusable_cache_is_one_message(cache, monkeypatch, tmp_path, place, why):
    """A cache that is a file, or that can't be made, is named, and another one asked for."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("SIGNALBOOK_CACHE", str(tmp_path / place))
    with pytest.raises(NotProvisioned) as caught:
        install(BLINKER)
    assert str(caught.value) == (
        f"blinker 1.9.0 can't be kept in the cache '{tmp_path / place / 'signalbook'}' ({why});"
        " make that a folder with room in it, or name another in SIGNALBOOK_CACHE"
    )


def test_relative_cache_is_found_from_anywhere(cache, monkeypatch, tmp_path):
    """A cache that is named from the current folder gives whole paths."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIGNALBOOK_CACHE", "cache")
    pip(monkeypatch, fill)
    [folder] = install(BLINKER).path
    assert str(cache) == str(Path(folder).parents[1])


def test_homeless_cache_is_one_message(cache, monkeypatch):
    """Where nobody has a home, a folder is asked for."""
    monkeypatch.delenv("SIGNALBOOK_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    with pytest.raises(NotProvisioned, match="name a folder in SIGNALBOOK_CACHE"):
        install(BLINKER)
