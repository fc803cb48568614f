"""How long a request takes on the reference, beside Flask: `nox -s bench`.

Each application is called as a WSGI server calls it, and its response is read and closed.
It has an engine of its own: Flask sends with blinker, the reference with the reference engine.

All that is compared takes turns within one run, in short rounds, so that what slows the machine
down for a while slows down each of them.
The ratio of a row is the median of the ratios of its rounds.
"""

import gc
import logging
import statistics
import sys
import time

import blinker
import flask
import jinja2
from tables import heading, read_options, report, table
from werkzeug.test import EnvironBuilder

from signalbook import reference

ROUND = 1e-3
FRAMEWORKS = {"reference": reference, "flask": flask}
RECEIVERS = (0, 1, 10)
CORE = (
    *("request_started", "request_finished", "request_tearing_down", "got_request_exception"),
    *("appcontext_pushed", "appcontext_tearing_down", "appcontext_popped"),
    *("before_render_template", "template_rendered", "message_flashed"),
)
REQUESTS = {
    "plain": "/",
    "rendered": "/rendered",
    "404": "/nowhere",
    "unhandled error": "/error",
}
TEMPLATES = {
    "page.html": "<title>{{ title }}</title>{% for item in items %}<li>{{ item }}</li>{% endfor %}",
}


def make_application(framework, name):
    """Return an application with a view for each request of the table."""
    # An error is logged, and thrown away before its traceback is written: that isn't compared.
    logger = logging.getLogger(name)
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    app = framework.Flask(name)
    app.jinja_env.loader = jinja2.DictLoader(TEMPLATES)

    @app.route("/")
    def plain():
        return "Hello, World!"

    @app.route("/rendered")
    def rendered():
        return framework.render_template("page.html", title="Items", items=[1, 2, 3])

    @app.route("/error")
    def error():
        raise LookupError("on purpose")

    return app


def connect(framework, app, number):
    """Connect *number* receivers to each core signal of an application, and return them."""
    receivers = []
    for name in CORE:
        for _ in range(number):

            def receive(sender, **data):
                return None

            getattr(framework, name).connect(receive, app)
            receivers.append(receive)
    return receivers


def make_call(app, path):
    """Return what makes a request and reads its response."""

    environ = EnvironBuilder(path).get_environ()

    def start_response(status, headers, exc_info=None):
        return None

    def call():
        body = app({**environ}, start_response)
        for _ in body:
            pass
        body.close()

    return call


def measure(calls, rounds):
    """Return the seconds of each round that each call takes, by its name."""
    for call in calls.values():
        for _ in range(20):
            call()
    started = time.perf_counter()
    for call in calls.values():
        call()
    repeat = max(1, round(ROUND * len(calls) / (time.perf_counter() - started)))
    times = {name: [] for name in calls}
    order = list(calls.items())
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            # Nobody is always the first.
            order.append(order.pop(0))
            for name, call in order:
                started = time.perf_counter()
                for _ in range(repeat):
                    call()
                times[name].append((time.perf_counter() - started) / repeat)
    finally:
        gc.enable()
    return times


def row_of(kind, number, rounds):
    """Return the cells of a row, and its ratio."""
    apps = {
        name: make_application(framework, f"{name}_{kind}_{number}")
        for name, framework in FRAMEWORKS.items()
    }
    kept = [connect(FRAMEWORKS[name], app, number) for name, app in apps.items()]
    times = measure({name: make_call(app, REQUESTS[kind]) for name, app in apps.items()}, rounds)
    del kept
    ratio = statistics.median(
        ours / theirs for ours, theirs in zip(times["reference"], times["flask"], strict=True)
    )
    middle = [f"{statistics.median(times[name]) * 1e6:.1f}" for name in FRAMEWORKS]
    return [kind, str(number), *middle, f"{ratio:.2f}"], ratio


def run(rounds):
    """Measure all, and return the table as Markdown, and the greatest ratio."""
    header = ["request", "receivers of each signal", "reference, µs", "Flask, µs", "ratio"]
    rows, ratios = [], []
    for kind in REQUESTS:
        for number in RECEIVERS:
            cells, ratio = row_of(kind, number, rounds)
            print(*cells, sep="  ", file=sys.stderr, flush=True)
            rows.append(cells)
            ratios.append(ratio)
    return table(header, rows), max(ratios)


def main():
    chosen = read_options(__doc__)
    assert isinstance(flask.request_started, blinker.Signal), "Flask is to send with blinker"
    rows, worst = run(101 if chosen.quick else 501)
    head = heading("framework.py", "Flask", "blinker", "Werkzeug")
    report(f"{head}\n\n{rows}\n\nThe greatest ratio is {worst:.2f}.\n", chosen.markdown)


if __name__ == "__main__":
    main()
