"""The recorder of the lifecycle's pages shows what is wrong with an engine."""

import pytest

from signalbook.implementations import Implementation
from signalbook.pages import read_specification
from signalbook.runner import Session

SIGNALS = """\
signals_available = {available}

class Signal:
    def connect(self, receiver, sender):
        raise {error}

request_started = Signal()
"""


@pytest.mark.parametrize(
    ("error", "available", "outcome"),
    [
        ("RuntimeError('no room')", True, ("failed", "RuntimeError: no room\n")),
        ("AttributeError('no room')", True, ("failed", "AttributeError: no room\n")),
        ("AttributeError('no room')", False, ("failed", "AttributeError: no room\n")),
        ("RuntimeError('no engine')", False, ("passed", "")),
    ],
)
def test_recorder_passes_on_what_an_engine_raises(write, tmp_path, error, available, outcome):
    """An engine that can't connect fails the timelines by its own error; to have none is fine."""
    write(
        {
            "implementation/web/__init__.py": "from flask import *\n",
            "implementation/web/signals.py": SIGNALS.format(error=error, available=available),
            "implementation/engine.py": "",
        }
    )
    path = (str(tmp_path / "implementation"),)
    implementation = Implementation(name="web", flask="web", blinker="engine", path=path)
    clause = read_specification().clause("recorder.empty")
    with Session(implementation) as session:
        result = session.run(clause)
    assert outcome == (result.verdict.value, result.got)
