"""What is locked, for the sessions of nox: everything that the project names, with hashes."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = PROJECT["dependency-groups"]
FILES = ("browser", "everything", "suites", "verify")
SHA256 = r"--hash=sha256:[0-9a-f]{64}"


def locked(name):
    """Return the requirements of a file, and the hashes of each."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text().replace("\\\n", "")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {re.split(r" +--hash=", line)[0]: re.findall(r"--hash=\S+", line) for line in lines}


def named(*groups):
    """Return what the project itself, its extras and some of its groups ask for."""
    extras = PROJECT["project"]["optional-dependencies"]
    texts = [*PROJECT["project"]["dependencies"], *(extras["reference"])]
    texts += [text for group in groups for text in GROUPS[group] if isinstance(text, str)]
    if "docs" in groups:
        texts += extras["sphinx"]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("name", FILES)
def test_locked_file_has_the_hashes_of_each(name):
    """Each requirement has one version and the sha256 of each file, and the file names no host."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert [] == re.findall(r".*(?:://|--index|--find).*", text)
    assert {} == {
        requirement: hashes
        for requirement, hashes in locked(name).items()
        if not (re.match(r"[a-z0-9-]+==[^ ]+", requirement) and hashes)
        or not all(re.fullmatch(SHA256, each) for each in hashes)
    }


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("browser", ["browser", "build"]),
        ("everything", ["real", "build", "tests", "docs", "lint", "types"]),
        ("suites", ["suites", "build"]),
        ("verify", ["real", "build"]),
    ],
)
def test_locked_file_is_current(name, groups):
    """What the project asks for is locked, in a version that it asks for; else run nox -s lock."""
    releases = {}
    for requirement in map(Requirement, locked(name)):
        releases.setdefault(requirement.name, []).append(requirement.specifier)
    unmet = [
        str(requirement)
        for requirement in named(*groups)
        if not any(
            requirement.specifier.contains(next(iter(specifier)).version)
            for specifier in releases.get(canonicalize_name(requirement.name), [])
        )
    ]
    assert [] == unmet


def test_sessions_verify_what_they_test():
    """What `verify` installs is, to the hash, what all other sessions install, too."""
    everything = locked("everything")
    assert {} == {
        requirement: hashes
        for requirement, hashes in locked("verify").items()
        if hashes != everything.get(requirement)
    }
