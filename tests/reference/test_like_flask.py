"""Scenarios that give the same result, and send the same signals, on Flask and the reference."""

from __future__ import annotations

import asyncio
import importlib
import io
import threading

import click
import click.testing
import flask
import pytest
from werkzeug.exceptions import Conflict, NotFound
from werkzeug.test import EnvironBuilder

from signalbook import reference

CORE = (
    *("request_started", "request_finished", "request_tearing_down", "got_request_exception"),
    *("appcontext_pushed", "appcontext_tearing_down", "appcontext_popped"),
    *("before_render_template", "template_rendered", "message_flashed"),
)
SCENARIOS = []


def scenario(function):
    """Add a function that is called with a framework, an application and its timeline."""
    SCENARIOS.append(function)
    return function


def submodule(framework, name):
    return importlib.import_module(f"{framework.__name__}.{name}")


def played(function, framework):
    """Return what a scenario returns, and what was noted and sent while it ran."""
    app, timeline, receivers = framework.Flask(__name__), [], []
    app.secret_key = "only for tests"
    app.logger.disabled = True
    for name in CORE:

        def receive(sender, name=name, **data):
            timeline.append(name)

        getattr(framework, name).connect(receive, app)
        receivers.append(receive)

    @app.teardown_request
    def tear_down(error):
        timeline.append(f"teardown_request {type(error).__name__}")

    @app.teardown_appcontext
    def tear_down_context(error):
        timeline.append(f"teardown_appcontext {type(error).__name__}")

    result = function(framework, app, timeline)
    assert not framework.has_app_context(), "a context was left"
    return result, timeline


@scenario
def stream_read_to_its_end(framework, app, timeline):
    @app.route("/")
    def view():
        def parts():
            timeline.append("first part")
            yield framework.request.path
            timeline.append("second part")
            yield "end"

        return framework.stream_with_context(parts())

    response = app.test_client().get("/")
    timeline.append("answered")
    return response.text, response.is_streamed


@scenario
def stream_abandoned_by_the_client(framework, app, timeline):
    @app.route("/")
    def view():
        @framework.stream_with_context
        def parts(first):
            try:
                yield first
                yield "never"
            finally:
                timeline.append("closed")

        return framework.Response(parts("first"))

    body = app(EnvironBuilder("/").get_environ(), lambda status, headers: None)
    first = next(iter(body))
    timeline.append("abandoned")
    body.close()
    return first


class Parts:
    """Parts of a body that note when they are closed."""

    def __init__(self, timeline):
        self.timeline = timeline

    def __iter__(self):
        return self

    def __next__(self):
        return "part"

    def close(self):
        self.timeline.append("parts closed")


@scenario
def stream_with_a_close_of_its_own(framework, app, timeline):
    @app.route("/")
    def view():
        return framework.stream_with_context(Parts(timeline))

    body = app(EnvironBuilder("/").get_environ(), lambda status, headers: None)
    first = next(iter(body))
    body.close()
    return first


@scenario
def stream_that_nobody_reads(framework, app, timeline):
    @app.route("/")
    def view():
        return framework.stream_with_context(iter(["never"]))

    app(EnvironBuilder("/").get_environ(), lambda status, headers: None).close()


@scenario
def template_streamed(framework, app, timeline):
    @app.route("/")
    def view():
        timeline.append("view")
        return framework.stream_template_string("{{ request.path }} {{ word }}", word="streamed")

    return app.test_client().get("/").text


@scenario
def template_streamed_outside_of_a_request(framework, app, timeline):
    with app.app_context():
        pieces = framework.stream_template_string("{{ word }}", word="streamed")
        timeline.append("called")
        return "".join(pieces)


@scenario
def client_in_a_with_block(framework, app, timeline):
    @app.route("/")
    def view():
        framework.g.seen = "here"
        framework.session["count"] = framework.session.get("count", 0) + 1
        return ""

    client, seen = app.test_client(), []
    with client:
        client.get("/")
        seen.append((framework.request.path, framework.g.seen, framework.session["count"]))
        timeline.append("second request")
        client.get("/?again")
        seen.append((framework.request.query_string, framework.session["count"]))
        timeline.append("end of block")
    return seen, framework.has_request_context()


@scenario
def client_follows_redirects_in_a_with_block(framework, app, timeline):
    @app.route("/")
    def view():
        framework.flash("moved")
        return framework.redirect(framework.url_for("there"))

    @app.route("/there")
    def there():
        return ",".join(framework.get_flashed_messages())

    with app.test_client() as client:
        response = client.get("/", follow_redirects=True)
        return response.text, framework.request.path, len(response.history)


@scenario
def session_transaction(framework, app, timeline):
    @app.route("/")
    def view():
        return str(dict(framework.session))

    client = app.test_client()
    with client.session_transaction() as session:
        session["user"] = "alice"
        timeline.append("in the block")
        inside = framework.has_request_context()
    return inside, client.get("/").text, client.get_cookie("session") is not None


@scenario
def request_contexts_nested(framework, app, timeline):
    seen = []
    with app.test_request_context("/outer"):
        with app.test_request_context("/inner"):
            seen.append(framework.request.path)
        seen.append(framework.request.path)
        with app.app_context():
            framework.g.inner = True
        seen.append("inner" in framework.g)
    return seen


@scenario
def context_pushed_twice(framework, app, timeline):
    context = app.test_request_context("/")
    with context:
        with context:
            timeline.append("in it twice")
        timeline.append("in it once")


@scenario
def context_copied_to_a_thread(framework, app, timeline):
    @app.route("/<name>")
    def view(name):
        @framework.copy_current_request_context
        def work():
            timeline.append(f"thread at {framework.request.path} {framework.session['user']}")

        framework.session["user"] = "alice"
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        return name

    return app.test_client().get("/copied").text


@scenario
def coroutine_functions(framework, app, timeline):
    @app.before_request
    async def before():
        await asyncio.sleep(0)
        timeline.append("before")

    @app.context_processor
    async def more():
        return {"word": "awaited"}

    @app.route("/")
    async def view():
        await asyncio.sleep(0)
        return framework.render_template_string("{{ word }} at {{ request.path }}")

    @app.teardown_request
    async def after(error):
        timeline.append("awaited teardown")

    async def receive(sender, response):
        timeline.append(response.status)

    framework.request_finished.connect(receive, app)
    return app.test_client().get("/").text


@scenario
def commands(framework, app, timeline):
    cli = submodule(framework, "cli")

    @app.cli.command("greet")
    @click.argument("name")
    def greet(name):
        timeline.append("command")
        click.echo(f"{name} at {framework.current_app.name}")

    @app.cli.command("bare", with_appcontext=False)
    def bare():
        click.echo(framework.has_app_context())

    @click.command()
    @cli.with_appcontext
    def wrapped():
        click.echo(framework.current_app.name)

    @app.cli.command("fail")
    def fail():
        raise LookupError("on purpose")

    blueprint = framework.Blueprint("shop", __name__)
    blueprint.cli.command("count")(lambda: click.echo("none"))
    app.register_blueprint(blueprint)
    runner = app.test_cli_runner()
    results = [
        runner.invoke(args=arguments)
        for arguments in (["greet", "bob"], ["bare"], ["fail"], ["shop", "count"], ["unknown"])
    ]
    results.append(runner.invoke(wrapped))
    return [(result.output, result.exit_code, repr(result.exception)) for result in results]


@scenario
def group_of_an_application(framework, app, timeline):
    cli = submodule(framework, "cli")
    group = cli.FlaskGroup(create_app=lambda: app)
    app.cli.command("own")(lambda: click.echo(framework.current_app.name))
    return click.testing.CliRunner().invoke(group, ["own"]).output


@scenario
def nested_blueprints(framework, app, timeline):
    def note(word):
        return lambda *arguments: timeline.append(word)

    outer = framework.Blueprint("outer", __name__, url_prefix="/outer")
    inner = framework.Blueprint("inner", __name__, url_prefix="/inner")
    for name, one in (("outer", outer), ("inner", inner)):
        one.url_value_preprocessor(note(f"{name} preprocessor"))
        one.before_request(note(f"{name} before"))
        one.teardown_request(note(f"{name} teardown"))
        one.context_processor(lambda name=name: {"who": name, name: True})

        @one.after_request
        def after(response, name=name):
            timeline.append(f"{name} after")
            return response

    @outer.errorhandler(LookupError)
    def handle(error):
        return f"outer handles {error!r}", 418

    @inner.app_errorhandler(404)
    def missing(error):
        return f"inner handles {error.code} of all", 404

    @inner.route("/")
    def index():
        links = framework.url_for(".fail"), framework.url_for("outer.inner.index")
        return framework.render_template_string("{{ who }} {{ outer }} {{ inner }} ") + str(links)

    @inner.route("/fail")
    def fail():
        raise LookupError("on purpose")

    app.url_value_preprocessor(note("preprocessor"))
    app.before_request(note("before"))
    app.teardown_request(note("teardown"))

    @app.after_request
    def after_all(response):
        timeline.append("after")
        return response

    outer.register_blueprint(inner)
    outer.register_blueprint(inner, name="twin", url_prefix="/twin")
    app.register_blueprint(outer)
    client = app.test_client()
    paths = "/outer/inner/", "/outer/inner/fail", "/outer/twin/", "/outer/none"
    return [client.get(path).text for path in paths], sorted(app.blueprints)


@scenario
def class_views(framework, app, timeline):
    views = submodule(framework, "views")

    def noting(view):
        def noted(**values):
            timeline.append("decorator")
            return view(**values)

        return noted

    class Item(views.MethodView):
        decorators = [noting]  # noqa: RUF012

        def get(self, name):
            return name

        def delete(self, name):
            return "", 204

    app.add_url_rule("/<name>", view_func=Item.as_view("item"))
    client = app.test_client()
    answers = [client.open("/x", method=m) for m in ("GET", "HEAD", "DELETE", "POST", "OPTIONS")]
    return [(answer.status, answer.text, sorted(answer.allow)) for answer in answers]


@scenario
def values_that_views_return(framework, app, timeline):
    values = {
        "text": "text",
        "bytes": b"bytes",
        "buffer": bytearray(b"buffer"),
        "status": ("text", 201),
        "line": ("text", "202 Fine"),
        "headers": ("text", {"X-One": "1"}),
        "pairs": ("text", 203, [("X-One", "1"), ("X-One", "2")]),
        "dict": {"b": 1, "a": [None, True]},
        "list": [1, 2],
        "generator": (part for part in ("a", "b")),
        "error": NotFound("none"),
        "response": framework.Response("own", 206),
        "own and more": (framework.Response("own", headers={"X-One": "0"}), 207, {"X-One": "1"}),
        "none": None,
        "number": 42,
        "long tuple": ("text", 200, {}, "more"),
    }
    app.route("/<name>")(lambda name: values[name])
    client = app.test_client()
    answers = [client.get(f"/{name}") for name in values]
    return [(answer.status, list(answer.headers), answer.data) for answer in answers]


@scenario
def errors_as_responses(framework, app, timeline):
    seen = []

    @app.after_request
    def look(response):
        seen.append((response.status, response.is_streamed, list(response.headers.keys())))
        seen.append((type(response) is framework.Response, response.data))
        return response

    @app.route("/aborted")
    def aborted():
        framework.abort(framework.Response("own", 418))

    @app.route("/slash/", methods=["POST"])
    def slash():
        return framework.request.query_string

    @app.route("/crash")
    def crash():
        raise LookupError("on purpose")

    client = app.test_client()
    requests = [
        *(("GET", "/none"), ("HEAD", "/none"), ("GET", "/aborted"), ("GET", "/crash")),
        *(("POST", "/slash?a=%C3%A9&b"), ("POST", "/slash/?a=%C3%A9"), ("GET", "//none//")),
        *(("PUT", "/crash"), ("HEAD", "/crash")),
    ]
    for method, path in requests:
        answer = client.open(path, method=method, base_url="http://Shop.test:81/root")
        seen.append((answer.status, answer.data, answer.headers.get("Location")))
    return seen


@scenario
def error_handlers(framework, app, timeline):
    class Own(Conflict):
        pass

    errors = {"own": Own, "conflict": Conflict, "key": KeyError, "lookup": LookupError}
    app.register_error_handler(409, lambda error: ("by code", 409))
    app.register_error_handler(Own, lambda error: ("by class", 409))
    app.register_error_handler(LookupError, lambda error: ("by base class", 500))

    @app.errorhandler(500)
    def crashed(error):
        return repr(error.original_exception), 500

    @app.route("/<name>")
    def fail(name):
        raise errors.get(name, ZeroDivisionError)

    client = app.test_client()
    return [client.get(f"/{name}").text for name in (*errors, "zero")]


@scenario
def errors_that_propagate(framework, app, timeline):
    @app.route("/")
    def view():
        framework.request.args["missing"] if framework.request.args else 1 / 0

    seen = []
    settings = [
        {"TESTING": True},
        {"DEBUG": True},
        {"DEBUG": True, "PROPAGATE_EXCEPTIONS": False},
        {"TRAP_BAD_REQUEST_ERRORS": True, "PROPAGATE_EXCEPTIONS": True},
        {"TRAP_HTTP_EXCEPTIONS": True, "PROPAGATE_EXCEPTIONS": True},
        {},
    ]
    for setting in settings:
        app.config.update(DEBUG=False, TESTING=False, PROPAGATE_EXCEPTIONS=None)
        app.config.update(TRAP_BAD_REQUEST_ERRORS=None, TRAP_HTTP_EXCEPTIONS=False)
        app.config.update(setting)
        for path in ("/", "/?some=1", "/nowhere"):
            try:
                seen.append(app.test_client().get(path).status)
            except Exception as error:
                seen.append(type(error).__name__)
    return seen


@scenario
def error_that_is_ignored(framework, app, timeline):
    app.should_ignore_error = lambda error: isinstance(error, KeyboardInterrupt)

    @app.route("/")
    def view():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        app.test_client().get("/")


@scenario
def json_of_the_application(framework, app, timeline):
    provider = submodule(framework, "json.provider")

    class Provider(provider.DefaultJSONProvider):
        sort_keys = False
        mimetype = "application/x-own"

    app.json = Provider(app)

    @app.post("/")
    def view():
        data = framework.request.get_json()
        return {
            "z": framework.json.dumps(data),
            "a": framework.render_template_string("{{ data|tojson }}", data=data),
        }

    answer = app.test_client().post("/", json={"y": 1, "b": 2})
    return answer.data, answer.content_type, framework.json.dumps({"b": 1, "a": 2})


@scenario
def files(framework, app, timeline):
    @app.route("/sent")
    def sent():
        return framework.send_file(io.BytesIO(b"content"), download_name="some.txt")

    @app.post("/kept")
    def kept():
        return framework.request.files["file"].read()

    @app.route("/missing")
    def missing():
        return framework.send_from_directory(app.root_path, "../pyproject.toml")

    client = app.test_client()
    answers = [
        client.get("/sent"),
        client.post("/kept", data={"file": (io.BytesIO(b"up"), "up.txt")}),
        client.get("/missing"),
    ]
    return [(answer.status, answer.data, answer.content_type) for answer in answers]


@scenario
def urls(framework, app, timeline):
    app.config["SERVER_NAME"] = "shop.test"
    app.add_url_rule("/<int:number>", "number", lambda number: "")
    app.url_defaults(lambda endpoint, values: values.setdefault("number", 7))
    app.url_build_error_handlers.append(
        lambda error, endpoint, values: f"no {endpoint} {sorted(values)}"
    )
    made = []
    with app.app_context():
        made.append(framework.url_for("number"))
        made.append(framework.url_for("number", _external=False, number=1, page=2, _anchor="a b"))
    with app.test_request_context():
        made.append(framework.url_for("number", _scheme="https"))
        made.append(framework.url_for("elsewhere", color="red"))
    return made


@scenario
def keys_of_the_session(framework, app, timeline):
    @app.route("/<word>")
    def view(word):
        framework.session.setdefault("words", []).append(word)
        framework.session.modified = True
        return " ".join(framework.session["words"])

    client = app.test_client()
    seen = [client.get("/old").text]
    app.config.update(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[app.secret_key])
    seen.append(client.get("/rotated").text)
    app.config["SECRET_KEY_FALLBACKS"] = None
    seen.append(client.get("/new").text)
    app.config["SECRET_KEY"] = "other"
    return [*seen, client.get("/other").text]


@scenario
def objects_behind_the_names(framework, app, timeline):
    with app.test_request_context("/"):
        framework.g.name = "value"
        return (
            framework.g.get("name"),
            framework.g.pop("name", None),
            "name" in framework.g,
            repr(framework.g),
            framework.current_app.name,
            bool(framework.request),
            framework.session.permanent,
            framework.session.new,
        )


@pytest.mark.parametrize("function", SCENARIOS, ids=lambda function: function.__name__)
def test_scenario_is_the_same(function):
    """Nobody can tell the reference from Flask by what a scenario gives and sends."""
    on_flask = played(function, flask)

    assert played(function, reference) == on_flask
