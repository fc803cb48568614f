"""What the timeline doesn't show: servers, cookies, contexts, setup that comes too late."""

from __future__ import annotations

import sys
import threading
import urllib.request
from datetime import UTC, datetime
from uuid import UUID

import flask
import pytest
from markupsafe import Markup
from werkzeug.serving import make_server

from signalbook import reference

BOTH = pytest.mark.parametrize("framework", [flask, reference], ids=["flask", "reference"])


def shop(framework):
    app = framework.Flask("shop")
    app.secret_key = "only for tests"
    return app


def test_application_serves_over_http():
    """A real server answers real requests, each with its own context and signals."""
    app = shop(reference)
    app.route("/<name>")(lambda name: f"welcome, {name}")
    paths = []

    @reference.request_started.connect_via(app)
    def on_request_started(sender):
        paths.append(reference.request.path)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        bodies = []
        for name in ("ada", "grace"):
            with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/{name}") as response:
                bodies.append(response.read())
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

    assert bodies == [b"welcome, ada", b"welcome, grace"]
    assert paths == ["/ada", "/grace"]


SESSION = {
    "tuple": (1, ("two", [3, (4,)])),
    "bytes": b"\x00\xff",
    "markup": Markup("<b>"),
    "date": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    "uuid": UUID(int=7),
    "nested": {" t": "not a tuple"},
    "twice": {" di": {"a": 1}},
    "empty": {},
    "text": "größer",
    "none": None,
}


@pytest.mark.parametrize(
    ("writer", "reader"), [(flask, reference), (reference, flask), (reference, reference)]
)
def test_session_cookie_is_that_of_flask(writer, reader):
    """A session that one framework wrote is read by the other, with all its types."""
    writing, reading, read = shop(writer), shop(reader), []
    writing.route("/")(lambda: writer.session.update(SESSION) or "")
    reading.route("/")(lambda: read.append(dict(reader.session)) or "")
    cookie = writing.test_client().get("/").headers["Set-Cookie"]
    reading.test_client(use_cookies=False).get("/", headers={"Cookie": cookie.partition(";")[0]})

    assert read == [SESSION]
    assert {key: type(read[0][key]) for key in SESSION} == {
        key: type(value) for key, value in SESSION.items()
    }


ATTRIBUTES = [
    {},
    {"SESSION_COOKIE_SECURE": True, "SESSION_COOKIE_SAMESITE": "Lax"},
    {"SESSION_COOKIE_HTTPONLY": False, "SESSION_COOKIE_DOMAIN": "shop.test"},
    {"SESSION_COOKIE_NAME": "basket", "APPLICATION_ROOT": "/shop"},
    {"SESSION_COOKIE_PATH": "/till", "SESSION_COOKIE_PARTITIONED": True},
]


@pytest.mark.parametrize("settings", ATTRIBUTES, ids=str)
@pytest.mark.parametrize("permanent", [False, True])
def test_session_cookie_has_the_attributes_of_flask(settings, permanent):
    """The cookie that sets a session, and the one that deletes it, are configured alike."""

    def cookies(framework):
        app = shop(framework)
        app.config.update(settings)

        @app.route("/<action>")
        def view(action):
            framework.session.permanent = permanent
            framework.session.clear() if action == "clear" else framework.session.update(a=1)
            return ""

        found = []
        for action in ("set", "clear"):
            response = app.test_client().get(f"/{action}")
            cookie = response.headers["Set-Cookie"].split("; ")
            dates = [part for part in cookie if not part.startswith("Expires")]
            found.append(
                (dates[0].split("=")[0], dates[1:], len(cookie), response.vary.to_header())
            )
        return found

    assert cookies(flask) == cookies(reference)


@BOTH
def test_forged_session_is_empty(framework):
    """A cookie with another signature counts as no cookie, and an old key still counts."""
    app, read = shop(framework), []
    app.route("/")(lambda: read.append(dict(framework.session)) or "")
    other = shop(framework)
    other.secret_key = "another"
    other.route("/")(lambda: framework.session.update(a=1) or "")
    cookie = other.test_client().get("/").headers["Set-Cookie"].partition(";")[0]
    app.test_client(use_cookies=False).get("/", headers={"Cookie": cookie})
    app.config["SECRET_KEY_FALLBACKS"] = ["another"]
    app.test_client(use_cookies=False).get("/", headers={"Cookie": cookie})

    assert read == [{}, {"a": 1}]


@BOTH
def test_session_without_secret_key_can_only_be_read(framework):
    """Reading finds nothing; writing says that a key is missing."""
    app = framework.Flask("shop")
    with app.test_request_context():
        assert dict(framework.session) == {}
        for write in (
            lambda: framework.session.update(a=1),
            lambda: framework.session.pop("a", None),
            lambda: framework.flash("saved"),
        ):
            with pytest.raises(RuntimeError, match="no secret key was set"):
                write()


PROXIES = ["current_app", "g", "request", "session"]


@BOTH
@pytest.mark.parametrize("name", PROXIES)
def test_proxy_outside_of_its_context_raises(framework, name):
    """Outside of a context a proxy is false, and raises when it is used."""
    proxy = getattr(framework, name)

    assert not proxy
    with pytest.raises(RuntimeError, match=r"Working outside of (application|request) context"):
        proxy._get_current_object()


@BOTH
def test_contexts_nest(framework):
    """A context of another application hides the first one until it is left."""
    first, second = shop(framework), framework.Flask("stock")
    names = []
    with first.test_request_context("/first"):
        framework.g.name = "first"
        with second.app_context():
            names.append((framework.current_app.name, framework.g.get("name")))
        with second.test_request_context("/second"):
            names.append((framework.current_app.name, framework.request.path))
        with first.test_request_context("/third"):
            names.append((framework.g.name, framework.request.path))
        names.append((framework.current_app.name, framework.g.name, framework.request.path))

    assert names == [
        ("stock", None),
        ("stock", "/second"),
        ("first", "/third"),
        ("shop", "first", "/first"),
    ]


@BOTH
def test_setup_after_the_first_request_raises(framework):
    """What would not apply to all requests can't be registered any more."""
    app = shop(framework)
    blueprint = framework.Blueprint("stock", "stock")
    app.register_blueprint(blueprint)
    app.test_client().get("/")

    for late in (
        lambda: app.route("/"),
        lambda: app.before_request(print),
        lambda: app.teardown_appcontext(print),
        lambda: app.errorhandler(404),
        lambda: app.register_blueprint(blueprint),
        lambda: blueprint.before_request(print),
    ):
        with pytest.raises(AssertionError, match=r"can no longer|can't be called"):
            late()


@BOTH
def test_error_handlers_are_looked_up_by_flask_rules(framework):
    """Codes come before classes, blueprints before the application, near classes before far."""
    app = shop(framework)
    stock = framework.Blueprint("stock", "stock", url_prefix="/stock")
    app.register_error_handler(Exception, lambda error: ("app Exception", 500))
    app.register_error_handler(LookupError, lambda error: ("app LookupError", 500))
    app.register_error_handler(404, lambda error: ("app 404", 404))
    stock.register_error_handler(KeyError, lambda error: ("stock KeyError", 500))
    stock.register_error_handler(Exception, lambda error: ("stock Exception", 500))

    def fail(kind):
        raises = {"key": KeyError, "index": IndexError, "zero": ZeroDivisionError}
        if kind.isdigit():
            framework.abort(int(kind))
        raise raises[kind]

    app.add_url_rule("/<kind>", view_func=fail)
    stock.add_url_rule("/<kind>", view_func=fail)
    app.register_blueprint(stock)
    client = app.test_client()
    kinds = ["key", "index", "zero", "404", "403"]

    assert [client.get(f"/{kind}").text for kind in kinds] == [
        "app LookupError",
        "app LookupError",
        "app Exception",
        "app 404",
        "app Exception",
    ]
    assert [client.get(f"/stock/{kind}").text for kind in kinds] == [
        "stock KeyError",
        "stock Exception",
        "stock Exception",
        "app 404",
        "stock Exception",
    ]


@BOTH
@pytest.mark.parametrize(
    ("what", "error"),
    [(KeyError("a"), TypeError), (799, ValueError), (int, ValueError), (BaseException, ValueError)],
    ids=str,
)
def test_error_handler_for_something_else_raises(framework, what, error):
    """Handlers are for exception classes and known codes only."""
    with pytest.raises(error):
        shop(framework).register_error_handler(what, print)


@BOTH
def test_urls_are_built_inside_and_outside_of_requests(framework):
    """Outside of a request URLs are external and need a server name."""
    app = shop(framework)
    app.add_url_rule("/items/<int:number>", "item", methods=["GET", "POST"])
    with app.test_request_context("/"):
        found = [
            framework.url_for("item", number=3, q="a b"),
            framework.url_for("item", number=3, _external=True),
            framework.url_for("item", number=3, _scheme="https"),
            framework.url_for("item", number=3, _anchor="x y", _method="POST"),
        ]
    with app.app_context(), pytest.raises(RuntimeError):
        framework.url_for("item", number=3)
    app.config.update(SERVER_NAME="shop.test", PREFERRED_URL_SCHEME="https")
    with app.app_context():
        found.append(framework.url_for("item", number=3))

    assert found == [
        "/items/3?q=a+b",
        "http://localhost/items/3",
        "https://localhost/items/3",
        "/items/3#x%20y",
        "https://shop.test/items/3",
    ]


@BOTH
def test_templates_and_static_files_come_from_folders(framework, tmp_path):
    """Templates and static files are found in the folders of the application and blueprints."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "static").mkdir()
    (tmp_path / "stock").mkdir()
    (tmp_path / "templates" / "page.html").write_text("app {{ name }}")
    (tmp_path / "stock" / "page.html").write_text("never")
    (tmp_path / "stock" / "shelf.txt").write_text("shelf {{ name }}")
    (tmp_path / "static" / "style.css").write_text("p {}")
    app = framework.Flask("shop", root_path=str(tmp_path))
    stock = framework.Blueprint("stock", "stock", root_path=str(tmp_path), template_folder="stock")
    app.register_blueprint(stock)
    with app.app_context():
        rendered = [
            framework.render_template(name, name="<>") for name in ("page.html", "shelf.txt")
        ]
    with app.test_client().get("/static/style.css") as response:
        body = response.data

    assert rendered == ["app &lt;&gt;", "shelf <>"]
    assert (response.status_code, body) == (200, b"p {}")


@BOTH
def test_unhandled_error_is_logged_with_its_traceback(framework, caplog):
    """The application's logger gets the path, the method and the exception."""
    app = shop(framework)

    @app.route("/fail")
    def fail():
        raise LookupError("no stock")

    app.test_client().get("/fail")

    assert [
        (entry.name, entry.levelname, entry.getMessage(), repr(entry.exc_info[1]))
        for entry in caplog.records
    ] == [("shop", "ERROR", "Exception on /fail [GET]", "LookupError('no stock')")]


def test_coroutine_functions_are_awaited():
    """A view, a hook and an error handler may be coroutine functions."""
    app, calls = shop(reference), []

    @app.before_request
    async def before():
        calls.append("before")

    @app.route("/await")
    async def view():
        calls.append("view")
        raise LookupError("no stock")

    @app.errorhandler(LookupError)
    async def handle(error):
        calls.append("handler")
        return "none left", 404

    response = app.test_client().get("/await")

    assert (response.status_code, response.text) == (404, "none left")
    assert calls == ["before", "view", "handler"]


def test_coroutine_functions_need_asgiref(monkeypatch):
    """Without asgiref, a coroutine function is refused, rather than not awaited."""
    monkeypatch.setitem(sys.modules, "asgiref.sync", None)
    app = shop(reference)
    app.testing = True

    @app.route("/await")
    async def view():
        raise AssertionError

    with pytest.raises(RuntimeError, match="asgiref is needed"):
        app.test_client().get("/await")
