"""The releases that are known, and the hashes of what they are pinned to."""

import re
import sys

import pytest
from click.testing import CliRunner

from signalbook.cli import main
from signalbook.history import SERIES, place_of
from signalbook.implementations import (
    Release,
    ReleasesError,
    UnknownRelease,
    install,
    provision,
    read_combinations,
    read_releases,
)
from signalbook.implementations.releases import read_hashes

CURRENT = "{}.{}".format(*sys.version_info)
TWO = f"""\
[flask."0.6"]
python = "2.7"
pins = ["flask==0.6", "blinker==1.4"]

[flask."3.1.3"]
python = "{CURRENT}"
pins = ["flask==3.1.3", "blinker==1.9.0"]
"""
ENTRY = '[flask."0.6"]\npython = "2.7"\npins = ["flask==0.6"]\n'
RESTORE = "restore it from version control, or install signalbook again"
MEND = f"; mend the entry, or {RESTORE}"
NO_PIN = "isn't a name in small letters, '==' and a version"
# What is wrong, the file, and what is said of it.
DAMAGED = {
    "empty": ("", f"there is no release of flask in it; {RESTORE}"),
    "other": ('[blinker."1.0"]\n', f"there is no release of flask in it; {RESTORE}"),
    "no-table": ("flask = 3\n", f"there is no release of flask in it; {RESTORE}"),
    "no-toml": ("[flask\n", "this is no TOML (...)"),
    "nested": (f"a = {'[' * 9999}", "this is no TOML (...)"),
    "not-utf-8": (b'[flask."\xe9"]\n', "can't be read (...)"),
    "no-release": (
        "[flask]\nx = 3\n",
        "[flask.\"x\"]: a release has 'python' and 'pins', and nothing else" + MEND,
    ),
    "no-python": (
        ENTRY.replace('python = "2.7"\n', ""),
        "[flask.\"0.6\"]: a release has 'python' and 'pins', and nothing else" + MEND,
    ),
    "misspelt": (
        f'{ENTRY}pinns = ["blinker==1.4"]\n',
        "[flask.\"0.6\"]: a release has 'python' and 'pins', and nothing else" + MEND,
    ),
    "number": (
        ENTRY.replace('"2.7"', "2.7"),
        '[flask."0.6"]: \'python\' is 2.7, and not the version of an interpreter such as "3.9"'
        + MEND,
    ),
    "text": (
        ENTRY.replace('["flask==0.6"]', '"flask==0.6"'),
        "[flask.\"0.6\"]: 'pins' is 'flask==0.6', and not a list of requirements" + MEND,
    ),
    "no-pin": (
        ENTRY.replace('"flask==0.6"', '"flask==0.6", "blinker"'),
        f"[flask.\"0.6\"]: the pin 'blinker' {NO_PIN}{MEND}",
    ),
    "range": (
        ENTRY.replace('"flask==0.6"', '"flask==0.6", "blinker>=1.4"'),
        f"[flask.\"0.6\"]: the pin 'blinker>=1.4' {NO_PIN}{MEND}",
    ),
    "no-version": (
        ENTRY.replace("0.6", "banana"),
        f"[flask.\"banana\"]: the pin 'flask==banana' {NO_PIN}{MEND}",
    ),
    "twice": (
        ENTRY.replace('"flask==0.6"', '"flask==0.6", "flask==0.7"'),
        f"[flask.\"0.6\"]: there are two pins of 'flask'{MEND}",
    ),
    "another": (
        ENTRY.replace("flask==0.6", "flask==0.7"),
        f'[flask."0.6"]: it doesn\'t pin flask==0.6, which is the release itself{MEND}',
    ),
}


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


def test_releases_of_blinker_are_pinned_too():
    """Every minor release of blinker since 1.0 is there, alone or with what it needs."""
    known = read_releases("blinker")
    assert ("1.0", "1.9.0") == (next(iter(known)), next(reversed(known)))
    minors = {".".join(version.split(".")[:2]) for version in known}
    assert {f"1.{minor}" for minor in range(10)} == minors
    assert all(r.subject == "blinker" and r.versions["blinker"] == v for v, r in known.items())


def test_releases_are_read_from_a_file(write, tmp_path):
    """A release's record is what its table says."""
    write({"releases.toml": TWO})
    assert {
        "0.6": Release("flask", "0.6", "2.7", ("flask==0.6", "blinker==1.4")),
        "3.1.3": Release("flask", "3.1.3", CURRENT, ("flask==3.1.3", "blinker==1.9.0")),
    } == read_releases(file=tmp_path / "releases.toml")


def test_unknown_release_names_the_known():
    """A release that never was is an error with all that were."""
    with pytest.raises(UnknownRelease) as caught:
        provision("0.5")
    assert str(caught.value) == (
        "there is no Flask '0.5' with signals; known are " + ", ".join(read_releases())
    )


def said(error, folder):
    """Return what an error says, but for what another library says of it."""
    return re.sub(r"\(.*\);.*", "(...)", str(error), flags=re.DOTALL).replace(f"{folder}/", "")


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_releases_are_one_message(write, tmp_path, name):
    """Releases that can't be read are named, with file, entry and remedy."""
    content, message = DAMAGED[name]
    write({"releases.toml": content})
    with pytest.raises(ReleasesError) as caught:
        read_releases(file=tmp_path / "releases.toml")
    assert f"releases.toml: {message}" == said(caught.value, tmp_path)


def combinations(name="0.6/python==3.6", python="3.6", pins=("flask==0.6", "blinker==1.4")):
    return f'[flask-with-others."{name}"]\npython = "{python}"\npins = {list(pins)}\n'


@pytest.mark.parametrize(
    ("name", "python", "pins"),
    [
        ("0.6/python==3.6", "3.6", ("flask==0.6", "blinker==1.4")),
        ("0.6/blinker==1.5", "2.7", ("flask==0.6", "blinker==1.5")),
        ("0.6/blinker==1.9.0/python==3.9", "3.9", ("flask==0.6", "blinker==1.9.0")),
    ],
)
def test_combination_is_a_release_with_another_blinker_or_python(
    write, tmp_path, name, python, pins
):
    """It is called by all that it has instead of the release's own, and installed as it says."""
    write({"releases.toml": TWO + combinations(name, python, pins)})
    found = read_combinations(tmp_path / "releases.toml")
    assert {name: Release("flask", "0.6", python, pins)} == found


def test_releases_without_combinations_have_none(write, tmp_path):
    """A small specification need not have any."""
    write({"releases.toml": TWO})
    assert {} == read_combinations(tmp_path / "releases.toml")


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (
            combinations(python="3.7"),
            "0.6/python==3.6",
            "by what it has, its name is '0.6/python==3.7'",
        ),
        (
            combinations("0.6/blinker==1.5", "3.6", ("flask==0.6", "blinker==1.5")),
            "0.6/blinker==1.5",
            "by what it has, its name is '0.6/blinker==1.5/python==3.6'",
        ),
        (
            combinations(python="2.7"),
            "0.6/python==3.6",
            "it has the blinker and the Python of the release itself",
        ),
        (
            combinations("0.7/python==3.6"),
            "0.7/python==3.6",
            "there is no release '0.7' of Flask that it could be of",
        ),
        (
            combinations(pins=("flask==3.1.3", "blinker==1.4")),
            "0.6/python==3.6",
            "it doesn't pin flask==0.6, which is the release itself",
        ),
        (
            combinations(pins=("flask==0.6", "blinker")),
            "0.6/python==3.6",
            f"the pin 'blinker' {NO_PIN}",
        ),
        (
            '[flask-with-others."0.6/python==3.6"]\npins = []\n',
            "0.6/python==3.6",
            "a release has 'python' and 'pins', and nothing else",
        ),
    ],
)
def test_damaged_combination_is_one_message(write, tmp_path, content, name, problem):
    """What isn't as it is called would be measured as something else."""
    write({"releases.toml": TWO + content})
    with pytest.raises(ReleasesError) as caught:
        read_combinations(tmp_path / "releases.toml")
    expected = f'releases.toml: [flask-with-others."{name}"]: {problem}{MEND}'
    assert expected == said(caught.value, tmp_path)


def test_combinations_in_no_table_are_one_message(write, tmp_path):
    """What isn't a table is named."""
    write({"releases.toml": "flask-with-others = 3\n"})
    with pytest.raises(ReleasesError, match=f"'flask-with-others' is no table; {RESTORE}"):
        read_combinations(tmp_path / "releases.toml")


def test_combinations_are_of_the_last_release_of_each_minor():
    """No two are the same, and none is what is measured already."""
    releases, found = read_releases(), read_combinations()
    last = {".".join(version.split(".")[:2]): version for version in releases}
    assert {of.version for of in found.values()} <= set(last.values())
    things = [(of.python, of.pins) for of in [*releases.values(), *found.values()]]
    assert len(things) == len(set(things))


def test_combinations_are_in_order():
    """Oldest first, as everything that is shown of them, and each by its blinker or its Python."""
    assert sorted(read_combinations(), key=place_of) == list(read_combinations())


def test_missing_releases_are_one_message(tmp_path):
    """Releases that aren't there are named."""
    with pytest.raises(ReleasesError) as caught:
        read_releases(file=tmp_path / "releases.toml")
    assert "releases.toml: can't be read (...)" == said(caught.value, tmp_path)


def test_damaged_releases_run_nothing(write, monkeypatch, tmp_path):
    """The command says what is wrong with the releases, in one line and with exit status 2."""
    write({"releases.toml": "flask = 3\n"})
    folder = "signalbook.implementations.releases.specification_folder"
    monkeypatch.setattr(folder, lambda: tmp_path)
    read_releases.cache_clear()
    done = CliRunner().invoke(main, ["verify", "flask==0.6"])
    message = f"{tmp_path}/releases.toml: {DAMAGED['no-table'][1]}"
    assert (2, f"Error: {message}\n") == (done.exit_code, done.output)


def test_hashes_are_those_of_the_pins():
    """Each pin of each release that is measured has its hashes, in order, and no other has."""
    pins = {
        pin for series in SERIES.values() for of in series.environments() for pin in of.release.pins
    }
    assert sorted(pins) == list(read_hashes())


def test_hashes_may_have_empty_lines(write, tmp_path):
    """A line of nothing but blanks says nothing."""
    write({"hashes.txt": b"  \nflask==0.6 --hash=sha256:" + b"0" * 64})
    wanted = {"flask==0.6": f"flask==0.6 --hash=sha256:{'0' * 64}"}
    assert wanted == read_hashes(tmp_path / "hashes.txt")


@pytest.mark.parametrize(
    "content",
    ["flask==0.6\n", "flask==0.6 --hash=md5:0\n", "flask==0.6 \\\n    --hash=sha256:0\n"],
    ids=["no-hash", "other-hash", "short-hash"],
)
def test_damaged_hashes_are_one_message(write, tmp_path, content):
    """A requirement that admits files of any content is named, with the remedy."""
    write({"hashes.txt": content})
    with pytest.raises(ReleasesError) as caught:
        read_hashes(tmp_path / "hashes.txt")
    assert str(caught.value) == (
        f"{tmp_path}/hashes.txt: the requirement 'flask==0.6' has something else than hashes, or"
        f" none; write it with 'nox -s lock', or {RESTORE}"
    )


def test_pin_without_hashes_is_refused():
    """Of a pin without hashes nothing is installed."""
    with pytest.raises(ReleasesError) as caught:
        install(Release("flask", "0.5", CURRENT, ("flask==0.5",)))
    assert str(caught.value) == (
        "the hashes of 'flask==0.5' are not in hashes.txt, which is beside releases.toml;"
        " write them with 'nox -s lock'"
    )
