"""Serves the shop on a port of its own, until the standard input ends.

The first argument says what to serve it with, `flask` or `reference`.
Prints the port, and at the end the timeline of all signals as JSON.
"""

import json
import os
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "proofs"))

if sys.argv[1] == "reference":
    import stand_in

    stand_in.replace()

import flask
import itsdangerous
import shop
from shop.audit import signals as own_signals
from werkzeug.serving import WSGIRequestHandler, make_server

SECONDS = 60
CORE = (
    *("request_started", "request_finished", "request_tearing_down", "got_request_exception"),
    *("appcontext_pushed", "appcontext_tearing_down", "appcontext_popped"),
    *("before_render_template", "template_rendered", "message_flashed"),
)


class Quiet(WSGIRequestHandler):
    def log(self, *arguments):
        pass


def described(value):
    """Return what is compared of what a signal is sent with."""
    if isinstance(value, flask.Response):
        return value.status
    if isinstance(value, dict):
        return sorted(value)
    if isinstance(value, BaseException):
        # The words of a message are free.
        return type(value).__name__
    return value.name if hasattr(value, "name") else repr(value)


def record(timeline):
    """Write each signal down, and return what has to be kept for that."""
    signals = {name: getattr(flask, name) for name in CORE} | dict(own_signals)

    def receiver(name):
        def write(sender, **data):
            what = [f"{key}={described(data[key])}" for key in sorted(data)]
            path = flask.request.path if flask.has_request_context() else None
            # Whoever the sender is, it is never a proxy.
            timeline.append([name, type(sender).__name__, path, bool(flask.current_app), *what])

        return write

    for name, signal in signals.items():
        signal.connect(receiver(name), weak=False)


def main():
    # A session's cookie has the time in it, by the second.
    itsdangerous.TimestampSigner.get_timestamp = lambda self: 1_700_000_000
    timeline = []
    app = shop.create_app()
    record(timeline)
    server = make_server("127.0.0.1", 0, app, request_handler=Quiet)
    watch = threading.Timer(SECONDS, os._exit, [3])
    watch.daemon = True
    watch.start()
    threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown())).start()
    print(server.port, flush=True)
    server.serve_forever(poll_interval=0.01)
    server.server_close()
    watch.cancel()
    used = [flask.Flask.__module__, type(flask.request_started).__module__]
    json.dump({"timeline": timeline, "used": used, "audit": shop.audit.lines}, sys.stdout)


if __name__ == "__main__":
    main()
