"""A small shop for books, as its owner wrote it for Flask; it is not to know of any replacement."""

import flask
from flask import Flask, flash, g, redirect, render_template, request, session, url_for

from . import accounts, api
from .audit import Audit
from .stock import BOOKS, OutOfStock, book_or_404

audit = Audit()


def create_app(**settings):
    app = Flask(__name__)
    app.config.from_mapping(SECRET_KEY="not so secret", CURRENCY="EUR")
    app.config.update(settings)
    audit.init_app(app)
    app.register_blueprint(accounts.blueprint)
    app.register_blueprint(api.blueprint, url_prefix="/api")
    _add_hooks(app)
    _add_pages(app)
    _add_error_pages(app)
    return app


def _add_hooks(app):
    @app.before_request
    def load_user():
        g.user = session.get("user")

    @app.after_request
    def add_header(response):
        response.headers["X-Shop"] = f"{request.endpoint} for {g.get('user')}"
        return response

    @app.teardown_request
    def note_error(error):
        audit.note("teardown_request", type(error).__name__)

    @app.teardown_appcontext
    def close_database(error):
        audit.note("teardown_appcontext", g.pop("database", "was not opened"))

    @app.context_processor
    def add_basket():
        return {"basket": session.get("basket", [])}

    @app.template_filter()
    def price(cents):
        return f"{cents / 100:.2f} {flask.current_app.config['CURRENCY']}"


def _add_pages(app):
    @app.route("/")
    def index():
        g.database = "was closed"
        return render_template("index.html", books=BOOKS)

    @app.get("/books/<name>")
    def show(name):
        return render_template(["special.html", "book.html"], name=name, book=book_or_404(name))

    @app.post("/books/<name>/order")
    def order(name):
        count = request.form.get("count", 1, type=int)
        book_or_404(name).take(count)
        session["basket"] = [*session.get("basket", []), name]
        audit.ordered.send(flask.current_app._get_current_object(), book=name, count=count)
        flash(f"You ordered {count} of {name}.", "success")
        return redirect(url_for("show", name=name))

    @app.get("/basket/")
    def basket():
        flask.after_this_request(audit.mark)
        return flask.render_template_string("{{ basket|join(', ') or 'empty' }}\n")

    @app.get("/catalogue.txt")
    def catalogue():
        @flask.stream_with_context
        def lines():
            yield f"# for {g.user} at {request.host.partition(':')[0]}\n"
            for name, book in sorted(BOOKS.items()):
                yield f"{name}: {book.title}\n"

        return lines(), {"Content-Type": "text/plain; charset=utf-8"}

    @app.get("/catalogue.html")
    def catalogue_page():
        return flask.stream_template("index.html", books=BOOKS)

    @app.get("/terms")
    def terms():
        return flask.send_from_directory("templates", "book.html", mimetype="text/plain")

    @app.get("/soon")
    async def soon():
        return "soon", 202

    @app.get("/nothing")
    def nothing():
        pass

    @app.get("/crash")
    def crash():
        raise LookupError("the shelf is gone")

    @app.get("/crash-late")
    def crash_late():
        @flask.after_this_request
        def fail(response):
            raise ValueError("too late")

        return "never seen"

    @app.get("/broken-page")
    def broken_page():
        return render_template("broken.html")


def _add_error_pages(app):
    @app.errorhandler(404)
    def not_found(error):
        return render_template("error.html", error=error), 404

    @app.errorhandler(OutOfStock)
    def out_of_stock(error):
        flash(str(error), "error")
        return redirect(url_for("show", name=error.name), 303)

    @app.errorhandler(500)
    def crashed(error):
        original = type(error.original_exception).__name__
        return render_template("error.html", error=error, original=original), 500
