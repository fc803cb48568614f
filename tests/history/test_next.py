"""Flask's main branch is measured beside the releases, as something that nothing is demanded of."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass

import pytest
from click.testing import CliRunner

from signalbook.cli import main
from signalbook.history import Environment, Series, read_history
from signalbook.implementations import Implementation, Release
from signalbook.pages import read_specification

PAGE = """\
# Page

:::{clause} page.always

It MUST always be there.

```pycon
>>> import flask
>>> flask.name
'flask'
```
:::

:::{clause} page.early
:holds: flask<1.0

It MUST have `early` at first.

```pycon
>>> import flask
>>> flask.early
True
```
:::

:::{clause} page.late
:holds: flask>=1.0

It SHOULD have `late` later.

```pycon
>>> import flask
>>> flask.late
True
```
:::
"""
SOURCES = {"0.9": "name, early = 'flask', True", "1.0": "name, late = 'flask', True"}
PROJECT = '[project]\nname = "Flask"\nversion = "3.2.0.dev"\n'
COMMIT, DAY = "2ac89889", "2026-04-08"
SAID = ("--commit", COMMIT, "--date", DAY)
TITLE = f"Flask's main branch of {DAY}, commit {COMMIT}"
HOLDS = "Every clause holds exactly where it says.\n"
AGAIN = "run 'signalbook history --next ... --stale'"


@dataclass(frozen=True)
class Framework(Environment):
    """A release that is a file."""

    folder: str = ""

    def install(self):
        claims = {"flask": self.version, "blinker": "1.9.0"}
        return Implementation(name=self.name, path=(self.folder,), claims=claims)


@pytest.fixture
def page(write, tmp_path, monkeypatch):
    """Have the command read the page, as it is or changed."""

    def page(old="", new=""):
        assert old in PAGE
        write({"spec/signals/page.md": PAGE.replace(old, new) if old else PAGE})
        read = read_specification(tmp_path / "spec")
        monkeypatch.setattr("signalbook.cli.history.read_specification", lambda: read)

    return page


@pytest.fixture
def command(page, write, file, tmp_path, monkeypatch):
    """Run `signalbook history` where Flask has two releases; return exit status and output."""
    page()
    write({f"{version}/flask.py": f"{source}\n" for version, source in SOURCES.items()})
    frameworks = [
        Framework(
            f"flask=={version}",
            version,
            Release("flask", version, "3.11", (f"flask=={version}", "blinker==1.9.0")),
            folder=str(tmp_path / version),
        )
        for version in SOURCES
    ]
    series = {"flask": Series("flask", "Flask", lambda: iter(frameworks))}
    for module in ("history.check", "history.file", "history.environments", "cli.history"):
        monkeypatch.setattr(f"signalbook.{module}.SERIES", series)
    monkeypatch.setattr("signalbook.history.file.history_file", lambda: file)
    # What is beside the main branch is what is installed here.
    beside = Implementation(name="beside", python=sys.executable)
    monkeypatch.setattr("signalbook.history.next.install", lambda release: beside)

    def command(*arguments):
        result = CliRunner().invoke(main, ["history", *map(str, arguments)])
        return result.exit_code, result.output

    return command


@pytest.fixture
def tree(write, tmp_path):
    """Write a tree of Flask's repository, as it is or changed, and return its folder."""

    def tree(source="name, early = 'flask', True"):
        shutil.rmtree(tmp_path / "trees", ignore_errors=True)
        write(
            {
                "trees/flask-main/src/flask/__init__.py": f"{source}\n",
                "trees/flask-main/pyproject.toml": PROJECT,
            }
        )
        return tmp_path / "trees" / "flask-main"

    return tree


@pytest.fixture
def archive(tree, tmp_path):
    """Put a tree into an archive, and return that."""

    def archive(name="flask-main.tar.xz"):
        folder = tree()
        with tarfile.open(tmp_path / name, f"w:{name.rpartition('.')[2]}") as tar:
            tar.add(folder, "flask-main")
        return tmp_path / name

    return archive


def verdicts(file):
    """Return what is kept of the main branch."""
    return {id: (of.verdict.value, of.why) for id, of in read_history(file).next.clauses.items()}


LATE_MISSING = "an example raised AttributeError: module 'flask' has no attribute 'late'"
MEASURED = {"page.always": ("passed", ""), "page.early": ("passed", "")} | {
    "page.late": ("absent", LATE_MISSING)
}
COUNTED = f"3 clauses on {TITLE}: 2 passed, 1 absent.\n"


def test_next_is_measured_and_kept_with_its_commit(command, tree, file):
    """What came of each clause is there, with the day, and with what it was measured on."""
    assert (0, COUNTED) == command("--next", tree(), *SAID)
    assert MEASURED == verdicts(file)
    found = read_history(file).next
    assert (COMMIT, DAY, TITLE) == (found.commit, found.date, found.title)
    assert found.description.startswith("CPython 3.12: flask==3.2.0.dev0 asgiref==")
    assert {} == read_history(file).clauses


def test_next_is_no_release_and_nothing_there_is_wrong(command, tree, file):
    """A clause that passes there out of its range, or fails in it, makes nothing red."""
    assert 0 == command()[0]
    releases = read_history(file).clauses
    assert (0, COUNTED) == command("--next", tree(), *SAID)
    assert releases == read_history(file).clauses
    assert (0, HOLDS) == command("--check")
    assert 0 == command()[0]
    assert MEASURED == verdicts(file)


@pytest.mark.parametrize("name", ["flask-main.tar.xz", "next.tar.gz", "main.tar.bz2"])
def test_next_may_be_in_an_archive(command, archive, file, name):
    """It is unpacked as long as it is needed."""
    assert (0, COUNTED) == command("--next", archive(name), *SAID)
    assert MEASURED == verdicts(file)


def git(folder, *words):
    author = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
    day = {**os.environ, "GIT_COMMITTER_DATE": f"{DAY}T12:00:00+0000"}
    command = ["git", *author, "-C", folder, *words]
    return subprocess.run(command, env=day, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(tree):
    """Return a tree that is a commit of its own, and the commit."""
    folder = tree()
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "All")
    return folder, git(folder, "rev-parse", "HEAD").strip()


@pytest.mark.parametrize("is_archive", [False, True])
def test_next_says_itself_of_which_commit_it_is(command, repository, file, tmp_path, is_archive):
    """Git knows it of its folder, and writes it into the archives that it makes."""
    path, commit = repository
    if is_archive:
        path = tmp_path / "made.tar"
        git(repository[0], "archive", "--prefix=flask/", f"--output={path}", "HEAD")
    assert 0 == command("--next", path)[0]
    found = read_history(file).next
    assert (commit, DAY) == (found.commit, found.date)
    status, output = command("--next", path, *SAID)
    text = f"it says itself that it is commit {commit} of {DAY}; leave out --commit and --date"
    assert (2, f"Error: {path}: {text}\n") == (status, output)


def test_next_with_changes_in_it_is_of_no_commit(command, repository):
    """What was measured is not what git would show of the commit."""
    folder, _ = repository
    (folder / "src" / "flask" / "__init__.py").write_text("name = 'mine'\n")
    assert (2, NO_COMMIT.format(folder)) == command("--next", folder)
    assert 0 == command("--next", folder, *SAID)[0]


GIVE = "give a folder or a tar archive of Flask's repository"
NO_COMMIT = (
    "Error: {}: nothing in it says of which commit it is; say it with --commit COMMIT and"
    " --date DAY\n"
)


def half(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("name", ["flask-main.tar.xz", "next.tar.gz", "main.tar.bz2"])
@pytest.mark.parametrize(
    "damage", [half, lambda path: path.write_bytes(b""), lambda path: path.write_text("flask")]
)
def test_damaged_archive_is_one_message(command, archive, file, name, damage):
    """It is named, with what to give instead, and nothing is measured or written."""
    path = archive(name)
    damage(path)
    status, output = command("--next", path, *SAID)
    assert (2, 1) == (status, len(output.splitlines())), output
    assert output.startswith(f"Error: {path}: can't be unpacked (")
    assert output.endswith(f"); {GIVE}\n")
    assert not file.exists()


def test_archive_that_leaves_its_folder_is_one_message(command, tree, tmp_path):
    """What would be written elsewhere isn't."""
    with tarfile.open(tmp_path / "evil.tar", "w") as tar:
        tar.add(tree(), "../flask-main")
    status, output = command("--next", tmp_path / "evil.tar", *SAID)
    assert (2, 1) == (status, len(output.splitlines())), output
    assert "can't be unpacked ('../flask-main' would be written outside of its folder)" in output


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            lambda folder: shutil.rmtree(folder / "src"),
            f"there is no Flask in it, such as 'src/flask'; {GIVE}",
        ),
        (
            lambda folder: (folder / "pyproject.toml").unlink(),
            "its pyproject.toml doesn't say which version it is (FileNotFoundError: [Errno 2] No"
            f" such file or directory: 'pyproject.toml'); {GIVE}",
        ),
        (
            lambda folder: (folder / "pyproject.toml").write_text("[project]\n"),
            f"its pyproject.toml doesn't say which version it is (KeyError: 'version'); {GIVE}",
        ),
        (
            lambda folder: (folder / "pyproject.toml").write_text('project = "Flask"\n'),
            "its pyproject.toml doesn't say which version it is (TypeError: string indices must be"
            f" integers, not 'str'); {GIVE}",
        ),
    ],
)
def test_folder_that_is_not_flasks_is_one_message(command, tree, file, change, problem):
    """What isn't found in it is named."""
    folder = tree()
    change(folder)
    assert (2, f"Error: {folder}: {problem}\n") == command("--next", folder, *SAID)
    assert not file.exists()


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ((), None),
        (("--commit", COMMIT), None),
        (("--date", DAY), None),
        (
            ("--commit", "main", "--date", DAY),
            "'main' is no commit; give 7 to 40 of its hexadecimal digits",
        ),
        (
            ("--commit", COMMIT, "--date", "yesterday"),
            "'yesterday' is no day; write it as 2026-04-08",
        ),
    ],
)
def test_next_of_no_known_commit_is_one_message(command, tree, said, problem):
    """Without a commit nobody could repeat it."""
    folder = tree()
    expected = f"Error: {problem}\n" if problem else NO_COMMIT.format(folder)
    assert (2, expected) == command("--next", folder, *said)


def test_next_that_is_not_there_is_one_message(command, tmp_path):
    """A path that leads nowhere is named."""
    status, output = command("--next", tmp_path / "nowhere", *SAID)
    assert (2, True) == (status, f"'{tmp_path / 'nowhere'}' does not exist." in output)


def test_next_that_cannot_be_run_is_named(command, tree, file):
    """What can't even be imported is measured as nothing, and what is known stays."""
    command("--next", tree(), *SAID)
    before = file.read_text()
    status, output = command("--next", tree("1 / 0"), "--commit", "f" * 40, "--date", DAY)
    assert 2 == status
    assert output.startswith("NOT RUN Flask 3.2.0.dev0: next: importing 'flask' and 'blinker'")
    assert before == file.read_text()


CHANGED = ("flask.late\n", "flask.late is True\n")


def test_stale_next_is_told_and_is_no_difference_by_itself(command, page, tree, file):
    """Who checks the history may not have it; who names it is told that it must be measured."""
    folder = tree()
    command("--next", folder, *SAID)
    page(*CHANGED)
    command()
    said = f"{TITLE}: not measured as they are: page.late; {AGAIN}\n"
    assert (0, said + HOLDS) == command("--check")
    status, output = command("--check", "--next", folder, *SAID)
    assert (1, said) == (status, output.partition("1 differences")[0])
    assert (0, f"1 clauses on {TITLE}: 1 absent.\n") == command("--next", folder, *SAID, "--stale")
    assert (0, HOLDS) == command("--check")
    assert (0, HOLDS) == command("--check", "--next", folder, *SAID)
    assert (0, f"0 clauses on {TITLE}.\n") == command("--next", folder, *SAID, "--stale")


def test_next_of_another_commit_takes_the_place_of_the_one_before(command, tree, file):
    """A column is of one commit: what is known of another one is known no more."""
    command("--next", tree(), *SAID)
    folder, other = tree(), ("--commit", "f" * 40, "--date", "2026-05-01")
    assert 1 == command("--check", "--next", folder, *other)[0]
    assert 0 == command("--next", folder, *other, "--clause", "page.early")[0]
    assert {"page.early": ("passed", "")} == verdicts(file)
    assert 0 == command("--next", folder, *other, "--clause", "page.late")[0]
    assert ["page.early", "page.late"] == list(verdicts(file))
    assert 0 == command("--next", folder, *other, "--stale")[0]
    assert MEASURED == verdicts(file)
    assert "2026-05-01" == read_history(file).next.date


def test_next_of_a_clause_that_is_gone_is_forgotten(command, page, tree, file):
    """A name that nobody has any more has no verdict."""
    command("--next", tree(), *SAID)
    page("clause} page.always", "clause} page.ever")
    assert 0 == command("--next", tree(), *SAID, "--stale")[0]
    assert ["page.ever", "page.early", "page.late"] == list(verdicts(file))


def test_history_without_next_tells_nothing_of_it(command):
    """Who never measured it lacks nothing."""
    assert 0 == command()[0]
    assert (0, HOLDS) == command("--check")


def test_next_of_clauses_about_engines_alone_is_refused(command, page, tree):
    """What Flask has no part in is measured on engines."""
    early = PAGE[PAGE.index(":holds: flask<1.0") : PAGE.index("early\nTrue")]
    page(early, ":needs: blinker\n\nIt MUST be.\n\n```pycon\n>>> True # ")
    status, output = command("--next", tree(), *SAID, "--clause", "page.early")
    assert (2, True) == (status, "none of these clauses is about Flask with blinker" in output)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--next", "TREE", "--release", "0.9"], "--next measures one tree, and keeps what came"),
        (["--next", "TREE", "--output", "x"], "--next measures one tree, and keeps what came of"),
        (["--next", "TREE", "--series", "flask"], "--next measures one tree, and keeps what"),
        (["--next", "TREE", "--environments"], "--next measures one tree, and keeps what came"),
        (["--next", "TREE", "--jobs", "2"], "--next measures one tree, and keeps what came of"),
        (["--commit", COMMIT], "--commit and --date are of what --next names; give that, too"),
        (["--check", "--date", DAY], "--commit and --date are of what --next names; give that"),
        (["--check", "--stale", "--next", "TREE"], "--check looks at the whole history; give"),
    ],
)
def test_next_with_what_would_be_ignored_is_refused(command, tree, arguments, problem):
    """An option that means nothing beside another is told, before it looks like an answer."""
    folder = str(tree())
    status, output = command(*(folder if word == "TREE" else word for word in arguments))
    assert (2, True) == (status, problem in output), output


DAMAGES = {
    "in a list": lambda data: data.update(next=[]),
    "without a commit": lambda data: data["next"].pop("commit"),
    "commit that is a number": lambda data: data["next"].update(commit=2),
    "date that is none": lambda data: data["next"].update(date="yesterday"),
    "no clauses": lambda data: data["next"].pop("clauses"),
    "verdict that is unknown": lambda data: late(data, 2, "perfect"),
    "day that is none": lambda data: late(data, 0, "yesterday"),
    "reason that is none": lambda data: late(data, 3, None),
    "five of them": lambda data: data["next"]["clauses"]["page.late"].append(""),
}


def late(data, place, value):
    data["next"]["clauses"]["page.late"][place] = value


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_next_is_one_message(command, tree, file, damage):
    """It is refused as any other part of the file."""
    command("--next", tree(), *SAID)
    data = json.loads(file.read_text())
    DAMAGES[damage](data)
    file.write_text(json.dumps(data))
    status, output = command("--check")
    assert (2, 1) == (status, len(output.splitlines())), output
    assert output.startswith(f"Error: {file}: not a history (")
