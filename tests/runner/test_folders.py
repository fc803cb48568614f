"""Each clause has a folder of its own, and whatever it does to it, its verdict stays."""

import os
import subprocess

import pytest

from signalbook.runner.folders import remove_folder

CLAUSE = ":::{{clause}} page.{}\nIt MUST.\n\n```pycon\n{}\n>>> 1\n1\n```\n:::\n\n"


def page(*examples):
    clauses = (CLAUSE.format(f"n{number}", text) for number, text in enumerate(examples))
    return "# Page\n\n" + "".join(clauses)


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """An empty folder for the temporary files of the kit."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    yield folder
    remove_folder(str(folder))


def test_folder_of_each_clause_is_empty_and_its_own(run_page):
    """Files of one clause, in its folder or among its temporary files, meet no other clause."""
    example = (
        ">>> import os, tempfile\n"
        ">>> os.listdir('.'), os.listdir(tempfile.gettempdir())\n([], [])\n"
        ">>> os.getcwd() == tempfile.gettempdir() == os.environ['TMPDIR']\nTrue\n"
        ">>> open('left', 'w').close(); _ = tempfile.mkstemp(); os.mkdir('folder')"
    )
    # Once found, the folder for temporary files is remembered by Python.
    results = run_page(page(example, example, example), source="import tempfile as t; t.mkstemp()")
    assert [("passed", "")] * 3 == [(result.verdict.value, result.got) for result in results]


def test_folder_of_a_clause_is_removed_after_it(run_page, temporary):
    """What a clause wrote is gone before the next one runs, and all is gone at the end."""
    write = ">>> import os; os.mkdir('a'); open('a/b', 'w').close(); os.chdir('a')"
    look = ">>> import os; len(os.listdir('..'))\n1"
    results = run_page(page(write, write, look))
    assert [("passed", "")] * 3 == [(result.verdict.value, result.got) for result in results]
    assert [] == list(temporary.iterdir())


def test_folder_may_lie_in_one_whose_name_is_no_text(run_page, tmp_path, monkeypatch):
    """A name that can't be decoded costs no verdict, and the folder in it is removed."""
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/\xff")
    os.mkdir(folder)
    monkeypatch.setattr("tempfile.tempdir", folder)
    [result] = run_page(page(">>> import os; os.listdir('.')\n[]"))
    assert ("passed", "") == (result.verdict.value, result.reason)
    assert [] == os.listdir(folder)


HARD = [
    pytest.param(
        ">>> import os\n>>> for _ in range(3000):\n...     os.mkdir('nested'); os.chdir('nested')",
        id="3000 nested folders",
    ),
    pytest.param(
        ">>> import os; os.makedirs('a/b')\n"
        ">>> for folder in ('a/b', 'a', os.getcwd(), os.path.dirname(os.getcwd())):\n"
        "...     os.chmod(folder, 0)",
        id="folders without permissions",
    ),
    pytest.param(
        ">>> import os; os.symlink('/', 'a'); os.symlink('nowhere', 'b'); os.mkfifo('c')",
        id="links and pipes",
    ),
    pytest.param(
        ">>> import os; folder = os.getcwd(); os.rmdir(folder); os.symlink('/', folder)",
        id="a link instead of it",
    ),
    pytest.param(
        ">>> import os, shutil; shutil.rmtree(os.path.dirname(os.getcwd()))",
        id="no folder at all",
    ),
    pytest.param(
        ">>> import os, shutil; home = os.path.dirname(os.getcwd()); shutil.rmtree(home)\n"
        ">>> open(home, 'w').close()",
        id="a file instead of the worker's",
    ),
]


@pytest.mark.parametrize("example", HARD)
def test_folder_that_is_hard_to_remove_is_removed(run_page, temporary, example):
    """Whatever a clause makes of its folder, it and the next keep their verdicts, and it goes."""
    results = run_page(page(example, ">>> import os; os.listdir('.')\n[]"))
    assert [("passed", "")] * 2 == [(result.verdict.value, result.got) for result in results]
    assert [] == list(temporary.iterdir())


def test_folder_that_cannot_be_removed_changes_no_verdict(run_page, temporary):
    """A file that nobody may remove stays; verdicts do, too, and the next folder is empty."""
    (temporary / "probe").touch()
    if not change_attributes("+i", temporary / "probe"):
        pytest.skip("no file can be made immutable here")
    change_attributes("-i", temporary / "probe")
    (temporary / "probe").unlink()
    example = (
        ">>> import os, subprocess\n>>> open('left', 'w').close()\n"
        ">>> subprocess.call(['chattr', '+i', 'left'])\n0"
    )
    try:
        results = run_page(page(example, ">>> import os; os.listdir('.')\n[]", example))
        left = [file.name for file in temporary.rglob("*") if file.is_file()]
    finally:
        for file in temporary.rglob("left"):
            change_attributes("-i", file)
    assert [("passed", "")] * 3 == [(result.verdict.value, result.got) for result in results]
    assert ["left", "left"] == left


def change_attributes(change, file):
    try:
        return subprocess.run(["chattr", change, file], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def test_remove_folder_tells_whether_it_is_gone(tmp_path, write):
    """It is gone if it is removed now or was before; nothing beside it is touched."""
    write({"folder/a/b/c": "", "folder/a/d": "", "folder/e/b/c": "", "beside/kept": ""})
    os.symlink(tmp_path / "beside", tmp_path / "folder" / "a" / "link")
    assert [True, True] == [remove_folder(str(tmp_path / "folder")) for _ in range(2)]
    assert ["beside", "beside/kept"] == sorted(
        str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")
    )
