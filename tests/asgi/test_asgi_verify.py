"""`signalbook verify` on frameworks that the adapter stands before."""

import importlib.util
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from signalbook.cli import main

TESTS = Path(__file__).parents[1]
SOURCE = TESTS.parent / "src"
NEVER = """
from signalbook.asgi import WSGI
from signalbook import reference
from signalbook.reference import *
import asyncio, sys
for name, module in list(sys.modules.items()):
    if name.startswith("signalbook.reference."):
        sys.modules["never" + name.removeprefix("signalbook.reference")] = module
class Flask(WSGI, reference.Flask):
    async def asgi_app(self, scope, receive, send):
        await asyncio.get_running_loop().create_future()
"""


def verify(flask, path, *options):
    words = ("verify", "--flask", flask, "--path", str(path), "--path", str(SOURCE), *options)
    result = CliRunner().invoke(main, list(words), env={"COLUMNS": "200"})
    return result.exit_code, result.stdout


def test_verify_of_an_application_that_never_answers_ends_in_time(write):
    """A request without an end takes its own clause's time, and is told as that."""
    folder = write({"never.py": NEVER})
    status, output = verify("never", folder, "--clause", "request-started.once.get", "--timeout=2")

    assert (1, True) == (status, "did not end in time" in output), output


def test_guide_shows_the_adapter_for_quart_as_it_is():
    """What the guide shows is the module that the tests run, and is no longer than it says."""
    adapter = (TESTS / "alternates" / "quart_flask.py").read_text()
    guide = (TESTS.parent / "docs" / "guides" / "verify-an-async-framework.md").read_text()
    (shown,) = re.findall(r"^```python\n(.*?)^```$", guide, re.DOTALL | re.MULTILINE)

    assert adapter == shown
    assert len(adapter.splitlines()) <= 25


@pytest.mark.skipif(not importlib.util.find_spec("quart"), reason="NOT RUN: quart isn't installed")
def test_quart_keeps_what_shows_that_the_adapter_works():
    """Signals, templates, sessions, bodies, error pages, blocks and streams are seen on Quart."""
    kept = [
        "core-signals.sender.request-started",
        "core-signals.sender.template-rendered",
        "message-flashed.bound.view",
        "request-finished.error-pages.class",
        "request-tearing-down.files.small",
        "surroundings.error-handler.nearest-class",
        "template-rendered.sent.streamed",
        "request-started.once.client-block",
    ]
    options = [word for clause in kept for word in ("--clause", clause)]
    status, output = verify("quart_flask", TESTS / "alternates", *options, "--json", "-")
    verdicts = {one["clause"]: one["verdict"] for one in json.loads(output)["runs"][0]["results"]}

    assert dict.fromkeys(kept, "passed") == verdicts
    assert 0 == status
