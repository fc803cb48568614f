"""Requests through the reference are no slower than through Flask."""

import re
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("requests.py")


def test_no_request_is_slower_than_with_flask(tmp_path):
    """The table has a row for each kind of request and number of receivers; no ratio is over 1."""
    table = tmp_path / "table.md"
    done = subprocess.run(
        [sys.executable, SCRIPT, "--quick", "--markdown", table], capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    rows = re.findall(r"^\| ([a-z0-9 ]+) \| (\d+) \|.*\| ([\d.]+) \|$", table.read_text(), re.M)
    assert [(kind, int(number)) for kind, number, _ in rows] == [
        (kind, number)
        for kind in ("plain", "rendered", "404", "unhandled error")
        for number in (0, 1, 10)
    ]
    # The goal is 0.9; here the machine may be busy with other tests.
    assert [row for row in rows if float(row[2]) > 1] == []
