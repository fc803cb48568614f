"""What stands in a folder of pages and is none: one message each, and no waiting."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from signalbook.pages import SpecificationError, read_specification

SOUND = "# Sound\n"
REMEDY = "mend it, or remove it"


def pipe(path):
    os.mkfifo(path)


def listening(path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


NO_FILE = "this is no regular file; put the page itself here"
NO_PAGES = {
    ".md": (pipe, NO_FILE),
    "dangling.md": (
        lambda path: path.symlink_to("missing.md"),
        f"the page can't be read: No such file or directory; {REMEDY}",
    ),
    "device.md": (lambda path: path.symlink_to("/dev/zero"), NO_FILE),
    "folder.md": (
        lambda path: path.mkdir(),
        "this is a folder, and pages are files; rename it",
    ),
    "huge.md": (
        lambda path: path.write_text("# Page\n" + "x\n" * 2**19),
        "the page is larger than 1 MiB; split it",
    ),
    "itself.md": (
        lambda path: path.symlink_to("itself.md"),
        f"the page can't be read: Too many levels of symbolic links; {REMEDY}",
    ),
    "pipe.md": (pipe, NO_FILE),
    "socket.md": (listening, NO_FILE),
}


def test_file_that_is_no_page_is_one_message(write, tmp_path):
    """Whatever else is called like a page is named, with exit status 2, and never waited for."""
    folder = write({"signals/sound.md": SOUND}, tmp_path / "pages")
    for name, (make, _) in NO_PAGES.items():
        make(folder / "signals" / name)
    done = subprocess.run(
        [sys.executable, "-m", "signalbook", "list", "--spec", str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    errors = [f"spec/signals/{name}:1: {error}" for name, (_, error) in NO_PAGES.items()]
    assert (2, "", "Error: " + "\n".join(errors) + "\n") == (
        done.returncode,
        done.stdout,
        done.stderr,
    )


@pytest.mark.parametrize("name", ["two\nlines.md", "\udcff.md", "bell\x07.md"])
def test_name_that_cannot_be_printed_is_one_message(write, tmp_path, name):
    """A file whose name would spoil the message is named in ASCII."""
    (tmp_path / name).write_text(SOUND)
    with pytest.raises(SpecificationError) as caught:
        read_specification(tmp_path)
    assert f"spec/{ascii(name)[1:-1]}:1: the file's name can't be printed; rename it" == str(
        caught.value
    )


def refusing(function, *names):
    """Return *function*, which raises as if nobody were allowed to read what has these names."""

    def refusing(path):
        if os.path.basename(path) in names:
            raise PermissionError(13, "Permission denied", str(path))
        return function(path)

    return refusing


def test_page_and_folder_without_permission_are_named(write, tmp_path, monkeypatch):
    """What may not be read is no page less: each is an error, whether file or folder."""
    # Whoever runs the tests may be allowed everything, so the system's answers are made up.
    write({"signals/secret.md": SOUND, "lifecycle/locked/page.md": SOUND, "index.md": SOUND})
    monkeypatch.setattr("os.scandir", refusing(os.scandir, "locked"))
    monkeypatch.setattr("pathlib.Path.read_bytes", refusing(Path.read_bytes, "secret.md"))
    with pytest.raises(SpecificationError) as caught:
        read_specification(tmp_path)
    assert [
        "spec/lifecycle/locked:1: the folder can't be read: Permission denied; allow it",
        f"spec/signals/secret.md:1: the page can't be read: Permission denied; {REMEDY}",
    ] == [str(error) for error in caught.value.errors]


def test_link_to_a_page_is_read(write, tmp_path):
    """A link that leads to a page is that page, under its own name."""
    write({"elsewhere.txt": "# Linked\n", "pages/signals/sound.md": SOUND})
    (tmp_path / "pages" / "signals" / "linked.md").symlink_to(tmp_path / "elsewhere.txt")
    assert [("linked", "Linked"), ("sound", "Sound")] == [
        (page.subject, page.title) for page in read_specification(tmp_path / "pages").pages
    ]
