"""An extension: it keeps a log of what happens, and has signals of its own."""

from blinker import Namespace
from flask import got_request_exception, request_finished, template_rendered

signals = Namespace()


class Audit:
    ordered = signals.signal("ordered", "Sent with `book` and `count` by the application.")
    noted = signals.signal("noted", "Sent with `what` after a line was added to the log.")

    def __init__(self):
        self.lines = []

    def init_app(self, app):
        app.extensions["audit"] = self
        self.ordered.connect(self.on_ordered, app)
        request_finished.connect(self.on_finished, app)
        got_request_exception.connect(self.on_exception, app)
        template_rendered.connect(self.on_rendered, app)

    def note(self, *what):
        self.lines.append(" ".join(map(str, what)))
        self.noted.send(self, what=self.lines[-1])

    def mark(self, response):
        response.headers["X-Audit"] = str(bool(self.lines))
        return response

    def on_ordered(self, sender, book, count):
        self.note("ordered", sender.name, book, count)

    def on_finished(self, sender, response):
        self.note("finished", response.status)

    def on_exception(self, sender, exception):
        self.note("exception", type(exception).__name__)

    def on_rendered(self, sender, template, context):
        self.note("rendered", template.name, *sorted(context))
