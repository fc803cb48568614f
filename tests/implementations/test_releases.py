"""Real releases: what is known of them, and how they are installed."""

import subprocess
import sys
import venv

import pytest

from signalbook.implementations import (
    NotProvisioned,
    Release,
    UnknownRelease,
    provision,
    read_releases,
    releases,
)

CURRENT = "{}.{}".format(*sys.version_info)
TWO = f"""\
[flask."0.6"]
python = "2.7"
pins = ["flask==0.6", "blinker==1.4"]

[flask."3.1.3"]
python = "{CURRENT}"
pins = ["flask==3.1.3", "blinker==1.9.0"]
"""


def test_releases_are_all_that_ever_had_signals():
    """The specification pins the 54 releases from 0.6 to the current one, oldest first."""
    known = read_releases()
    assert (54, "0.6", "3.1.3") == (len(known), next(iter(known)), next(reversed(known)))
    assert sorted(known, key=lambda version: tuple(map(int, version.split(".")))) == list(known)
    assert list(known) == [release.version for release in known.values()]


@pytest.mark.parametrize("release", read_releases().values(), ids=lambda release: release.version)
def test_release_is_pinned_exactly(release):
    """Every release pins itself and a blinker, each with one exact version."""
    assert release.version == release.versions["flask"]
    assert {"blinker", "flask", "jinja2", "werkzeug"} <= set(release.versions)
    assert [f"{name}=={version}" for name, version in release.versions.items()] == list(
        release.pins
    )


def test_releases_are_read_from_a_file(write, tmp_path):
    """A release's record is what its table says."""
    write({"releases.toml": TWO})
    assert {
        "0.6": Release("flask", "0.6", "2.7", ("flask==0.6", "blinker==1.4")),
        "3.1.3": Release("flask", "3.1.3", CURRENT, ("flask==3.1.3", "blinker==1.9.0")),
    } == read_releases(file=tmp_path / "releases.toml")


@pytest.fixture
def cache(write, monkeypatch, tmp_path):
    """A cache folder of the test's own, and pins of two releases."""
    known = read_releases(file=write({"releases.toml": TWO}) / "releases.toml")
    monkeypatch.setattr(releases, "read_releases", lambda subject="flask": known)
    releases.find_interpreter(CURRENT)  # Found before a test replaces subprocess.
    monkeypatch.setenv("SIGNALBOOK_CACHE", str(tmp_path / "cache"))
    # No package index: a pin can't be satisfied.
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return tmp_path / "cache" / "signalbook"


def pip(monkeypatch, act):
    """Replace pip; *act* gets the folder that it is to fill."""

    def run(command, **options):
        if "--target" in command:
            act(command[command.index("--target") + 1])
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(releases.subprocess, "run", run)


def test_provisioning_that_fails_leaves_nothing(cache):
    """A pin that can't be installed is an error with pip's reason, and no trace in the cache."""
    with pytest.raises(NotProvisioned) as caught:
        provision("3.1.3")
    message = str(caught.value)
    assert message.startswith(f"flask 3.1.3 could not be installed for {sys.executable}: ERROR: ")
    assert "No matching distribution found for flask==3.1.3; run it by hand: " in message
    assert [] == list(cache.iterdir())


def test_provisioning_works_with_an_interpreter_without_pip(cache, monkeypatch, tmp_path):
    """For an interpreter that has no pip, an environment of it is made that has."""
    venv.create(tmp_path / "bare", with_pip=False)
    bare = str(tmp_path / "bare" / "bin" / "python")
    monkeypatch.setattr(releases, "find_interpreter", lambda version: bare)
    with pytest.raises(NotProvisioned, match="No matching distribution found"):
        provision("3.1.3")


def test_provisioning_says_that_there_is_no_pip(cache, monkeypatch, write):
    """An interpreter that has no pip and can't make an environment is named, with the remedy."""
    program = write({"python": "#!/bin/sh\nexit 1\n"}) / "python"
    program.chmod(0o755)
    monkeypatch.setattr(releases, "find_interpreter", lambda version: str(program))
    with pytest.raises(NotProvisioned, match="has neither pip nor a working venv; install pip"):
        provision("3.1.3")
    assert [] == list(cache.iterdir())


def test_provisioning_that_is_interrupted_leaves_nothing(cache, monkeypatch):
    """Whoever interrupts an installation finds no half of it afterwards."""

    def interrupt(folder):
        raise KeyboardInterrupt

    pip(monkeypatch, interrupt)
    with pytest.raises(KeyboardInterrupt):
        provision("3.1.3")
    assert [] == list(cache.iterdir())


def test_provisioning_is_done_once(cache, monkeypatch):
    """A release is installed on first use, and afterwards taken from the cache."""
    calls = []

    def install(folder):
        calls.append(folder)
        releases.Path(folder).mkdir()
        (releases.Path(folder) / "flask.py").touch()

    pip(monkeypatch, install)
    first, second = provision("3.1.3"), provision("3.1.3")
    assert (first, 1) == (second, len(calls))
    [folder] = cache.iterdir()
    assert folder.name.startswith(f"flask-3.1.3-python{CURRENT}-")
    assert ["flask.py"] == [path.name for path in folder.iterdir()]
    assert ("flask==3.1.3", sys.executable, (str(folder),)) == (
        first.name,
        first.python,
        first.path,
    )
    assert {"flask": "3.1.3", "blinker": "1.9.0"} == first.claims


def test_provisioning_yields_to_the_quicker(cache, monkeypatch):
    """Of two installations at a time, the first to be complete is kept."""

    def install(folder):
        folder = releases.Path(folder)
        folder.mkdir()
        final = folder.parent.with_name(folder.parent.name.rpartition("-")[0])
        final.mkdir()
        (final / "quicker.py").touch()

    pip(monkeypatch, install)
    [path] = provision("3.1.3").path
    assert [path] == list(map(str, cache.iterdir()))
    assert ["quicker.py"] == [file.name for file in releases.Path(path).iterdir()]


def test_releases_of_blinker_are_pinned_too():
    """Every minor release of blinker since 1.0 is there, alone or with what it needs."""
    known = read_releases("blinker")
    assert ("1.0", "1.9.0") == (next(iter(known)), next(reversed(known)))
    minors = {".".join(version.split(".")[:2]) for version in known}
    assert {f"1.{minor}" for minor in range(10)} == minors
    assert all(r.subject == "blinker" and r.versions["blinker"] == v for v, r in known.items())


def test_provisioned_blinker_is_an_engine_alone(cache, monkeypatch):
    """Without Flask among the pins there is no framework."""
    release = Release("blinker", "1.9.0", CURRENT, ("blinker==1.9.0",))
    monkeypatch.setattr(releases, "read_releases", lambda subject: {"1.9.0": release})
    pip(monkeypatch, lambda folder: releases.Path(folder).mkdir())
    engine = provision("1.9.0", subject="blinker")
    assert ("blinker==1.9.0", {"blinker"}, {"blinker": "1.9.0"}) == (
        engine.name,
        engine.subjects,
        engine.claims,
    )


def test_unknown_release_names_the_known():
    """A release that never was is an error with all that were."""
    with pytest.raises(UnknownRelease) as caught:
        provision("0.5")
    assert str(caught.value) == (
        "there is no Flask '0.5' with signals; known are " + ", ".join(read_releases())
    )
