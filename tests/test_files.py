"""Files are written whole, and where they belong, whatever stands there."""

import os
import signal
import stat
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from signalbook.files import replacing, write_whole

ROOT = Path(__file__).parents[1]


@pytest.fixture
def file(tmp_path):
    """A file in a folder of its own."""
    folder = tmp_path / "folder"
    folder.mkdir()
    return folder / "results.json"


@contextmanager
def umask(mask):
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode(file):
    return oct(stat.S_IMODE(file.stat().st_mode))


def names(file):
    """Return what is in the file's folder."""
    return sorted(path.name for path in file.parent.iterdir())


@pytest.mark.parametrize(("mask", "expected"), [(0o022, "0o644"), (0o077, "0o600")])
def test_new_file_has_the_mode_that_the_umask_leaves(file, mask, expected):
    """A new file is as readable as any other that its writer makes."""
    with umask(mask):
        write_whole("new", file)
    assert expected == mode(file)


def test_file_that_standard_output_goes_to_is_continued(file):
    """What is written to it before and after stays, in its order, and the file is the same."""
    program = (
        "from pathlib import Path; from signalbook.files import write_whole; print('before',"
        " flush=True); write_whole('whole\\n', Path('/dev/stdout')); print('after')"
    )
    with file.open("w") as output:
        subprocess.run([sys.executable, "-c", program], stdout=output, check=True)
    assert ("before\nwhole\nafter\n", ["results.json"]) == (file.read_text(), names(file))


@pytest.mark.parametrize("old", [0o600, 0o664])
def test_file_that_is_written_again_keeps_its_mode(file, old):
    """Whoever made a file private, or shared it, meant it."""
    file.write_text("old")
    file.chmod(old)
    write_whole("new", file)
    assert (oct(old), "new") == (mode(file), file.read_text())


def test_private_file_is_private_while_it_is_written(file):
    """Nobody can read in the half of a file what the file keeps from them."""
    file.write_text("old")
    file.chmod(0o600)
    with umask(0o022), replacing(file):
        (half,) = [path for path in file.parent.iterdir() if path != file]
        assert "0o600" == mode(half)


def test_mode_is_not_that_of_what_a_killed_writer_left(file):
    """What is left belongs to another write, which may have had another mode."""
    half = file.with_name(f".{file.name}.half")
    half.write_text("half")
    half.chmod(0o600)
    with umask(0o022):
        write_whole("new", file)
    assert ("0o644", "new", ["results.json"]) == (mode(file), file.read_text(), names(file))


def test_link_is_followed(file, tmp_path):
    """What a link leads to is written, whether it was there or not, and the link stays."""
    target = tmp_path / "target.json"
    file.symlink_to(target)
    for text in ("first", "second"):
        write_whole(text, file)
        assert (True, text) == (file.is_symlink(), target.read_text())
    assert ["results.json"] == names(file)


def test_pipe_gets_the_text(file):
    """A pipe is written to, and is one afterwards."""
    os.mkfifo(file)
    # Opened for both, or whoever doesn't write to it would let the test wait for ever.
    pipe = os.open(file, os.O_RDWR | os.O_NONBLOCK)
    try:
        write_whole("into the pipe", file)
        assert b"into the pipe" == os.read(pipe, 100)
    finally:
        os.close(pipe)
    assert stat.S_ISFIFO(file.stat().st_mode)


def test_device_that_takes_nothing_is_an_error(file):
    """A device is written to, and says what is wrong."""
    if os.geteuid():
        file.symlink_to("/dev/full")
    else:  # A device of its own, or a fault in the kit would cost root the machine's.
        os.mknod(file, stat.S_IFCHR | 0o666, os.makedev(1, 7))
    with pytest.raises(OSError, match="No space left on device"):
        write_whole("text", file)
    assert (["results.json"], True) == (names(file), stat.S_ISCHR(file.stat().st_mode))


def test_folder_is_an_error(file):
    """A folder stays one."""
    file.mkdir()
    with pytest.raises(IsADirectoryError):
        write_whole("text", file)
    assert ["results.json"] == names(file)


def test_link_to_itself_is_an_error(file):
    """A link that leads nowhere is told of."""
    file.symlink_to(file)
    with pytest.raises(OSError, match="symbolic link"):
        write_whole("text", file)
    assert ["results.json"] == names(file)


def test_text_that_cannot_be_encoded_leaves_the_old_file(file):
    """Half of a text is worse than none."""
    file.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_whole("new \ud800", file)
    assert (["results.json"], "old") == (names(file), file.read_text())


KILLED = """\
import os, sys
from pathlib import Path
from signalbook.files import replacing, write_whole

def die(*arguments):
    os.kill(os.getpid(), 9)

os.replace = die
write_whole("half", Path(sys.argv[1]))
"""


def test_what_a_killed_writer_leaves_is_gone_with_the_next_write(file):
    """A writer that is killed leaves the old file, and nothing that stays or that Git sees."""
    file.write_text("old")
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", KILLED, str(file)], check=False)
        assert -signal.SIGKILL == done.returncode
    assert [".results.json.half", "results.json"] == names(file)
    assert ".*.half" in (ROOT / ".gitignore").read_text().splitlines()
    assert "old" == file.read_text()
    write_whole("new", file)
    assert (["results.json"], "new") == (names(file), file.read_text())


def test_who_replaces_a_file_waits_for_whoever_does(file):
    """What was read of a file inside is what is there until it is replaced."""
    file.write_text("")
    read = threading.Event()

    def append(text):
        with replacing(file) as half:
            before = file.read_text()
            read.set()
            half.write(f"{before}{text}\n")

    other = threading.Thread(target=append, args=("other",))
    with replacing(file) as half:
        other.start()
        assert not read.wait(0.3)
        half.write("first\n")
    other.join()
    assert "first\nother\n" == file.read_text()
