"""The reference and Flask, side by side: one application, the same requests, the same timeline."""

from __future__ import annotations

import flask
import jinja2
import pytest

import signalbook.reference

SIGNALS = [
    "appcontext_popped",
    "appcontext_pushed",
    "appcontext_tearing_down",
    "before_render_template",
    "got_request_exception",
    "message_flashed",
    "request_finished",
    "request_started",
    "request_tearing_down",
    "template_rendered",
]

TEMPLATES = {
    "page.html": "Hello {{ name }}{% for m in get_flashed_messages() %}, {{ m }}{% endfor %}",
    "broken.html": "{{ missing.attribute }}",
    "globals.html": "{{ request.path }} {{ config.DEBUG }} {{ url_for('index') }} {{ extra }}",
}


class Rejected(Exception):
    pass


class Shop:
    """An application with every kind of hook, which notes whatever happens to it."""

    def __init__(self, framework, unheard=""):
        self.framework = framework
        self.timeline = []
        self.app = framework.Flask("shop")
        self.app.secret_key = "only for tests"
        self.app.jinja_env.loader = jinja2.DictLoader(TEMPLATES)
        self.app.log_exception = lambda exc_info: self.note("log", describe(exc_info[1]))
        self.add_hooks()
        self.add_views()
        self.add_blueprint()
        self.receivers = [self.receiver(name) for name in SIGNALS if name != unheard]

    def note(self, *what):
        self.timeline.append(what)

    def receiver(self, name):
        def receive(sender, **data):
            self.note(name, sender is self.app, describe(data), self.state())

        getattr(self.framework, name).connect(receive, self.app)
        return receive

    def state(self):
        framework = self.framework
        if not framework.has_request_context():
            return (framework.has_app_context(),)
        request = framework.request
        return (request.endpoint, request.view_args, framework.current_app.name)

    def hook(self, name, result=None):
        def function(*arguments):
            self.note(name, [describe(argument) for argument in arguments])
            return arguments[0] if name.startswith("after") else result

        return function

    def add_hooks(self):
        app = self.app
        for number in (1, 2):
            app.url_value_preprocessor(self.hook(f"url_value_preprocessor {number}"))
            app.before_request(self.hook(f"before_request {number}"))
            app.after_request(self.hook(f"after_request {number}"))
            app.teardown_request(self.hook(f"teardown_request {number}"))
            app.teardown_appcontext(self.hook(f"teardown_appcontext {number}"))
        app.context_processor(self.hook("context_processor", {"extra": "extra", "name": "nobody"}))

        @app.before_request
        def answer_early():
            if "early" in self.framework.request.args:
                return "early", 202

        @app.errorhandler(Rejected)
        def rejected(error):
            self.note("errorhandler Rejected", repr(error))
            return "rejected", 409

        @app.errorhandler(403)
        def forbidden(error):
            self.note("errorhandler 403", repr(error))
            return f"forbidden: {error.code}", 403

    def add_views(self):
        app, f = self.app, self.framework

        def view(rule, **options):
            def decorator(function):
                def noted(**values):
                    self.note("view", function.__name__, values)
                    return function(**values)

                app.add_url_rule(rule, function.__name__, noted, **options)

            return decorator

        @view("/")
        def index():
            return "welcome"

        @view("/orders/", methods=["GET", "POST"])
        def orders():
            if f.request.method == "POST":
                return {"order": f.request.form.get("order"), "json": f.request.is_json}, 201
            return [1, 2]

        @view("/items/<int:number>", defaults={"colour": "red"})
        def item(number, colour):
            return f.render_template("page.html", name=f"{number} {colour}")

        @view("/globals")
        def template_globals():
            return f.render_template_string(TEMPLATES["globals.html"], number=3)

        @view("/broken")
        def broken():
            return f.render_template("broken.html")

        @view("/no-template")
        def no_template():
            return f.render_template("missing.html")

        @view("/fail")
        def fail():
            raise LookupError("no stock")

        @view("/reject")
        def reject():
            raise Rejected("too late")

        @view("/forbid")
        def forbid():
            f.abort(403)

        @view("/teapot")
        def teapot():
            f.abort(418)

        @view("/nothing")
        def nothing():
            return None

        @view("/elsewhere")
        def elsewhere():
            return f.redirect(f.url_for("orders", page=2, _anchor="top"))

        @view("/flash")
        def flash():
            f.flash("saved")
            f.flash("careful", "warning")
            return ""

        @view("/flashed")
        def flashed():
            first = f.get_flashed_messages(with_categories=True)
            only = f.get_flashed_messages(category_filter=["warning"])
            return f.jsonify(first=first, only=only)

        @view("/visit")
        def visit():
            f.session["visits"] = f.session.get("visits", 0) + 1
            return str(f.session["visits"])

        @view("/leave")
        def leave():
            f.session.clear()
            return ""

        @view("/after")
        def after():
            f.after_this_request(self.hook("after_this_request 1"))
            f.after_this_request(self.hook("after_this_request 2"))
            return f.make_response("body", 207, {"X-Shop": "yes"})

        @view("/stream")
        def stream():
            return iter(["a", "b"])

        @view("/tuple")
        def body_and_headers():
            return "text", {"Content-Type": "text/plain"}

        @view("/wsgi")
        def wsgi():
            return self.wsgi

        @view("/missing-key")
        def missing_key():
            return f.request.args["key"]

        @view("/json", methods=["POST"])
        def json():
            return f.request.get_json()

        @view("/own-options", methods=["OPTIONS", "GET"])
        def own_options():
            return f.request.method

    @staticmethod
    def wsgi(environ, start_response):
        start_response("203 Fine", [("Content-Type", "text/plain")])
        return [b"wsgi"]

    def add_blueprint(self):
        stock = self.framework.Blueprint("stock", "stock", url_prefix="/stock")
        for name in ("url_value_preprocessor", "before_request", "after_request"):
            getattr(stock, name)(self.hook(f"{name} stock"))
        stock.teardown_request(self.hook("teardown_request stock"))
        stock.before_app_request(self.hook("before_app_request stock"))
        stock.context_processor(self.hook("context_processor stock", {"name": "stock"}))
        stock.errorhandler(404)(lambda error: (f"no such shelf: {error.code}", 404))

        @stock.route("/<shelf>")
        def show(shelf):
            if shelf == "none":
                self.framework.abort(404)
            if shelf == "fail":
                raise LookupError("no shelf")
            path = self.framework.url_for(".show", shelf="other")
            return self.framework.render_template("globals.html") + path

        self.app.register_blueprint(stock)


def describe(value):
    """Return *value* such that those of two frameworks compare."""
    if isinstance(value, dict):
        return {key: describe(item) for key, item in value.items()}
    if isinstance(value, jinja2.Template):
        return ("template", value.name)
    if hasattr(value, "status_code"):
        return ("response", value.status_code, value.headers.get("Set-Cookie") is not None)
    if isinstance(value, RuntimeError | TypeError):
        # What these say is each framework's own.
        return type(value)
    if isinstance(value, BaseException):
        return repr(value)
    if type(value).__module__.startswith(("flask", "signalbook", "werkzeug")):
        return type(value).__name__.removeprefix("_AppCtx").removeprefix("App")
    return value


def answer(client, method, path, options):
    """Make a request; return the response, or what was raised in its place."""
    try:
        response = client.open(path, method=method, **options)
        headers = sorted((name, value) for name, value in response.headers if name != "Set-Cookie")
        return response.status, headers, response.data
    except Exception as error:
        return describe(error)


def record(framework, settings, requests):
    """Return all responses of a shop to *requests*, and the timeline."""
    shop = Shop(framework)
    shop.app.config.update(settings)
    client = shop.app.test_client()
    answers = []
    for method, path, *options in requests:
        shop.note(method, path)
        answers.append(answer(client, method, path, options[0] if options else {}))
    assert not framework.has_app_context()
    return answers + shop.timeline


REQUESTS = [
    [("GET", "/")],
    [("HEAD", "/"), ("OPTIONS", "/"), ("POST", "/"), ("OPTIONS", "/own-options")],
    [("GET", "/missing"), ("POST", "/missing"), ("GET", "/orders"), ("GET", "/orders/?a=1")],
    [("POST", "/orders/", {"data": {"order": "7"}}), ("POST", "/orders/", {"json": {"a": 1}})],
    [("GET", "/items/3"), ("GET", "/items/x"), ("GET", "/globals")],
    [("GET", "/broken"), ("GET", "/"), ("GET", "/no-template")],
    [("GET", "/fail"), ("GET", "/reject"), ("GET", "/forbid"), ("GET", "/teapot")],
    [("GET", "/nothing"), ("GET", "/")],
    [("GET", "/?early=1"), ("GET", "/missing?early=1"), ("GET", "/fail?early=1")],
    [("GET", "/elsewhere"), ("GET", "/elsewhere", {"follow_redirects": True})],
    [("GET", "/flash"), ("GET", "/flashed"), ("GET", "/flashed"), ("GET", "/flash")],
    [("GET", "/flash"), ("GET", "/items/1"), ("GET", "/items/1")],
    [("GET", "/visit"), ("GET", "/visit"), ("GET", "/"), ("GET", "/leave"), ("GET", "/visit")],
    [("GET", "/after"), ("GET", "/stream"), ("GET", "/tuple"), ("GET", "/wsgi")],
    [("GET", "/missing-key"), ("GET", "/missing-key?key=k")],
    [("POST", "/json", {"json": [1]}), ("POST", "/json", {"data": "x"})],
    [("POST", "/json", {"data": "{", "content_type": "application/json"})],
    [("GET", "/stock/1"), ("GET", "/stock/none"), ("GET", "/stock/fail"), ("GET", "/stock/1/2")],
    [("GET", "/static/none.txt"), ("GET", "https://localhost/"), ("GET", "http://else.where/")],
]

SETTINGS = [
    {},
    {"TESTING": True},
    {"DEBUG": True},
    {"DEBUG": True, "PROPAGATE_EXCEPTIONS": False},
    {"TRAP_HTTP_EXCEPTIONS": True},
    {"TRAP_BAD_REQUEST_ERRORS": True, "SECRET_KEY": None},
    {"SERVER_NAME": "shop.test", "APPLICATION_ROOT": "/app", "PREFERRED_URL_SCHEME": "https"},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("requests", REQUESTS, ids=str)
def test_timeline_is_that_of_flask(requests, settings):
    """Every response, hook, signal and argument is the same, in the same order."""
    expected = record(flask, settings, requests)
    actual = record(signalbook.reference, settings, requests)

    assert expected == actual


HOOKS = [
    "url_value_preprocessor",
    "before_request",
    "after_request",
    "teardown_request",
    "teardown_appcontext",
]


def record_failure(framework, where, settings, path):
    """Return answers and timeline of a shop in which the hook or receiver *where* fails."""
    shop = Shop(framework, unheard=where)
    shop.app.config.update(settings)
    shop.app.logger.addFilter(lambda entry: shop.note("logged", entry.levelname))

    def fail(*arguments, **keywords):
        shop.note("failing")
        raise ZeroDivisionError(where)

    if where in HOOKS:
        getattr(shop.app, where)(fail)
    else:
        getattr(framework, where).connect(fail, shop.app)
    client = shop.app.test_client()
    answers = [answer(client, "GET", path, {}) for _ in range(2)]
    shop.app.logger.filters.clear()
    return answers + shop.timeline


# A receiver of appcontext_pushed that fails leaves Flask with a context that is never popped.
FAILING = HOOKS + [name for name in SIGNALS if name != "appcontext_pushed"]


@pytest.mark.parametrize("path", ["/items/3", "/fail", "/reject", "/missing", "/flash"])
@pytest.mark.parametrize("settings", [{}, {"TESTING": True}], ids=str)
@pytest.mark.parametrize("where", FAILING)
def test_timeline_with_a_failure_is_that_of_flask(where, settings, path):
    """A hook or receiver that raises has the same consequences."""
    expected = record_failure(flask, where, settings, path)
    actual = record_failure(signalbook.reference, where, settings, path)

    assert expected == actual
