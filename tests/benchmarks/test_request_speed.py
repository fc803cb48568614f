"""The benchmark of requests runs, and measures what it should."""

import re
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("framework.py")


def test_benchmark_has_a_row_for_each_request(tmp_path):
    """The table has a ratio for each kind of request and number of receivers, in order."""
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
    assert [row for row in rows if float(row[2]) <= 0] == []
