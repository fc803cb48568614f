"""The recorder of the lifecycle's pages: what it puts down, and that it hides nothing."""

from pathlib import Path

import pytest

from signalbook.implementations import REFERENCE, Implementation
from signalbook.pages import read_specification
from signalbook.runner import Session

RECORDER = Path(__file__).parents[2] / "spec" / "lifecycle" / "recorder.md"

PAGE = """\
# A page

:::{{setup}}
:after: lifecycle/recorder

```pycon
>>> from flask import Flask
>>> app = Flask(__name__)
```
:::

:::{{clause}} page.recorded
:needs: flask

It MUST be recorded.

```pycon
{examples}
```
:::
"""

SIGNALS = """\
signals_available = {available}

class Signal:
    def connect(self, receiver, sender):
        raise {error}

request_started = Signal()
"""


@pytest.fixture
def outcome(write):
    """Return what became of examples after the recorder's set-up: verdict, and what was got."""

    def run(examples, implementation=REFERENCE):
        folder = write(
            {
                "spec/lifecycle/recorder.md": RECORDER.read_bytes(),
                "spec/lifecycle/page.md": PAGE.format(examples=examples.strip("\n")),
            }
        )
        clause = read_specification(folder / "spec").clause("page.recorded")
        with Session(implementation) as session:
            result = session.run(clause)
        return result.verdict.value, result.got

    return run


RECORDED = """
>>> app.secret_key = "a secret"
>>> @app.route("/<name>")
... def index(name):
...     return "welcome, " + name, 201
>>> plain = app.test_client().get("/ada")
>>> app = Flask(__name__)
>>> app.secret_key = "a secret"
>>> _ = app.route("/<name>")(index)
>>> timeline = record(app)
>>> timeline
[]
>>> recorded = ask(app.test_client(), "GET /ada")
>>> recorded.status_code, recorded.data == plain.data
(201, True)
>>> sorted(plain.headers.keys()) == sorted(recorded.headers.keys())
True
>>> print("\\n".join(timeline))
signal appcontext_pushed
application open_session
signal request_started
hook url_value_preprocessor
hook before_request
application view
hook after_this_request
hook after_request
application save_session
signal request_finished (201)
server start_response (201)
hook teardown_request (None)
signal request_tearing_down (None)
hook teardown_appcontext (None)
signal appcontext_tearing_down (None)
signal appcontext_popped
server end of body
"""


def test_recorder_puts_down_everything_in_its_order(outcome):
    """Every lane has its lines, and the application answers as if it weren't recorded."""
    assert ("passed", "") == outcome(RECORDED)


OTHER = """
>>> timeline, stock = record(app), Flask("stock")
>>> _ = stock.route("/")(lambda: "welcome")
>>> stock.test_client().get("/").status_code
200
>>> timeline
[]
"""


def test_recorder_has_nothing_of_another_application(outcome):
    """What is recorded is one application."""
    assert ("passed", "") == outcome(OTHER)


DIFFERENCES = '''
>>> timeline = Timeline()
>>> timeline.note("hook", "errorhandler", ValueError("no stock"))
>>> timeline.note("hook", "teardown_request", None)
>>> timeline.note("signal", "request_finished", flask.Flask.response_class("gone", 410))
>>> timeline.note("server", "end of body")
>>> timeline.differences(LANES, """
... hook   errorhandler (ValueError); hook teardown_request (None)
... signal request_finished ({status})
... server end of body
... """, status=410)
[]
>>> timeline.differences(["hook", "server"], """
... hook   teardown_request (None)
... signal request_started
... hook   errorhandler (ValueError)
... server end of body
... """)
['+ hook errorhandler (ValueError)', '- hook errorhandler (ValueError)']
>>> sorted(timeline.differences(LANES, "signal request_started"))[-1]
'- signal request_started'
>>> timeline.clear()
>>> timeline
[]
'''


def test_recorder_compares_lanes(outcome):
    """Lines that are elsewhere, missing or too many are told, and only those of the lanes."""
    assert ("passed", "") == outcome(DIFFERENCES)


LACKING = """
>>> class Lacking(Flask):
...     @property
...     def wsgi_app(self):
...         raise AttributeError("wsgi_app")
...
...     session_interface = wsgi_app
>>> timeline = record(Lacking(__name__))
>>> _ = record(Lacking(__name__))
>>> LANES
['signal', 'hook', 'application']
>>> timeline.differences(LANES, "application open_session; application view; server end of body")
['- application view']
>>> timeline.differences(["server"], "server end of body")
['- server end of body']
"""


def test_recorder_does_without_a_server_and_without_sessions(outcome):
    """Where nothing can be seen of them nothing is compared, unless the server's lane is named."""
    assert ("passed", "") == outcome(LACKING)


FAILING = """
>>> app.logger.disabled = True
>>> @app.route("/")
... def index():
...     raise ValueError("no stock")
>>> app.testing = True
>>> timeline = record(app)
>>> ask(app.test_client(), "GET /")
>>> timeline[-1]
'server exception (ValueError)'
"""


def test_recorder_puts_down_what_reaches_the_server(outcome):
    """An exception in place of an answer is an event, too."""
    assert ("passed", "") == outcome(FAILING)


@pytest.mark.parametrize(
    ("error", "available", "result"),
    [
        ("RuntimeError('no room')", True, ("failed", "RuntimeError: no room\n")),
        ("AttributeError('no room')", True, ("failed", "AttributeError: no room\n")),
        ("AttributeError('no room')", False, ("failed", "AttributeError: no room\n")),
        ("RuntimeError('no engine')", False, ("passed", "")),
    ],
)
def test_recorder_passes_on_what_an_engine_raises(
    outcome, write, tmp_path, error, available, result
):
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
    assert result == outcome(">>> len(record(app))\n0", implementation)
