"""The CI service's workflow measures each environment in a job, and merges what came of it."""

import json
import os
import re
import shutil
import subprocess
import venv
from pathlib import Path

import pytest
import yaml

from signalbook.history import environments_by_name
from signalbook.implementations import (
    MissingInterpreter,
    find_interpreter,
    newest_release,
    read_releases,
)

FILE = Path(__file__).parents[2] / ".github" / "workflows" / "history.yml"
JOBS = yaml.safe_load(FILE.read_text(encoding="utf-8"))["jobs"]
MOST = 256  # jobs that the service makes of a matrix
# Three releases on three interpreters, and a clause that is not true of all of them.
VERSIONS = ("1.7.0", "1.8.2", "1.9.0")
PAGE = """\
# Page

:::{clause} page.always

It MUST be there.

```pycon
>>> import blinker
>>> blinker.signal("opened").name
'opened'
```
:::

:::{clause} page.version
:holds: blinker<1.8

It MAY say its version.

```pycon
>>> import blinker
>>> isinstance(vars(blinker).get("__version__"), str)
True
```
:::
"""


def table(subject, release):
    return (
        f'[{subject}."{release.version}"]\n'
        f"python = {json.dumps(release.python)}\npins = {json.dumps(release.pins)}\n"
    )


@pytest.fixture(scope="module")
def checkout(copy_of_the_tree):
    """Return a repository of the tree with a small specification, and its history in a commit."""
    for version in VERSIONS:
        try:
            find_interpreter(read_releases("blinker")[version].python)
        except MissingInterpreter as error:
            pytest.skip(str(error))
    folder = copy_of_the_tree()
    spec = folder / "spec"
    hashes = (spec / "hashes.txt").read_text()
    shutil.rmtree(spec)
    (spec / "dispatch").mkdir(parents=True)
    (spec / "dispatch" / "page.md").write_text(PAGE)
    (spec / "hashes.txt").write_text(hashes)
    newest = newest_release()
    releases = [read_releases("blinker")[version] for version in VERSIONS]
    tables = [table("flask", newest), *(table("blinker", release) for release in releases)]
    (spec / "releases.toml").write_text("".join(tables))
    # What the service's own steps with `uses` set up.
    venv.create(folder / ".venv", with_pip=True)
    for step in run_steps(JOBS["list"]):
        shell(step["run"].replace("$(signalbook history --environments)", ""), folder)
    shell("signalbook history", folder)
    author = "-c user.name=Somebody -c user.email=somebody@example.org"
    shell(f"git init -q && git add -A && git {author} commit -q -m All", folder)
    return folder


def run_steps(job):
    return [step for step in job["steps"] if "run" in step]


def shell(text, folder, output=os.devnull):
    """Run a step as the service does, and return what it printed."""
    programs = os.pathsep.join([str(folder / ".venv" / "bin"), os.environ["PATH"]])
    environment = {**os.environ, "PATH": programs, "GITHUB_OUTPUT": str(output)}
    environment.pop("VIRTUAL_ENV", None)
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert 0 == done.returncode, f"{text}: {done.stdout}{done.stderr}"
    return done.stdout


def filled(text, values):
    """Put *values* in place of the expressions of *text*."""
    return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: str(values[found[1]]), text)


def own_steps(job):
    """Return the steps of a job but the one that all jobs have, and that is run once."""
    return [step for step in run_steps(job) if step["name"] != "Install the kit"]


@pytest.fixture
def listed(checkout, tmp_path):
    """Run the job that lists, and return its matrix."""
    (step,) = own_steps(JOBS["list"])
    shell(step["run"], checkout, tmp_path / "output")
    name, _, value = (tmp_path / "output").read_text().partition("=")
    assert "environments" == name
    return json.loads(value)


def test_workflow_measures_and_merges(checkout, listed):
    """Its steps, run for three environments, give the history that one run gave."""
    history = checkout / "spec" / "history.json"
    before = history.read_text()
    expected = [f"blinker=={version}" for version in VERSIONS]
    assert expected == [entry["environment"] for entry in listed]
    measured = checkout / "measured"
    measured.mkdir()
    for index, entry in enumerate(listed):
        values = {f"matrix.{name}": value for name, value in entry.items()}
        values["strategy.job-index"] = index
        (step,) = own_steps(JOBS["measure"])
        shell(filled(step["run"], values), checkout)
        path = filled(JOBS["measure"]["steps"][-1]["with"]["path"], values)
        (checkout / path).rename(measured / path)
    assert before == history.read_text()
    history.write_text(before.replace('"passed"', '"failed"'))
    merge, compare = own_steps(JOBS["merge"])
    shown = shell(merge["run"], checkout)
    assert "2 clauses on 3 releases.\nEvery clause holds exactly where it says.\n" == shown
    assert days_away(before) == days_away(history.read_text())
    # Another day is no difference, another verdict is one.
    history.write_text(re.sub(r'"date": "[^"]+"', '"date": "2026-01-01"', before))
    shell(compare["run"], checkout)
    history.write_text(before.replace('"passed"', '"failed"'))
    with pytest.raises(AssertionError, match="git diff"):
        shell(compare["run"], checkout)


def days_away(text):
    return re.sub(r'"date": "[^"]+"', "", text)


def test_jobs_install_the_kit_alike():
    """What the test does once is the same text in every job."""
    texts = {step["run"] for job in JOBS.values() for step in run_steps(job)[:1]}
    assert 1 == len(texts)


def test_matrix_is_not_larger_than_the_service_takes():
    """Every environment there is has a job."""
    assert len(environments_by_name()) <= MOST


def test_workflow_names_no_host():
    """Where packages come from is the machine's business."""
    assert "://" not in FILE.read_text()
