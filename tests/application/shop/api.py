from datetime import date

from flask import Blueprint, Response, current_app, json, jsonify, make_response, request
from flask.views import MethodView

from .stock import BOOKS, OutOfStock, book_or_404

blueprint = Blueprint("api", __name__)
reports = Blueprint("reports", __name__, url_prefix="/reports")


class BookView(MethodView):
    def get(self, name):
        book = book_or_404(name)
        return jsonify(name=name, title=book.title, cents=book.cents)

    def patch(self, name):
        book_or_404(name).title = request.get_json()["title"]
        return "", 204

    def delete(self, name):
        return make_response(("", 405, [("Allow", "GET, PATCH")]))


blueprint.add_url_rule("/books/<name>", view_func=BookView.as_view("book"))


@blueprint.get("/books")
def books():
    return [{"name": name, "count": book.count} for name, book in sorted(BOOKS.items())]


@blueprint.post("/order")
def order():
    data = request.json
    book_or_404(data["name"]).take(data["count"])
    return {"ordered": data, "on": date(2026, 1, 2)}, 201, {"X-Order": data["name"]}


@blueprint.errorhandler(OutOfStock)
def out_of_stock(error):
    return {"error": str(error)}, 409


@blueprint.errorhandler(404)
def not_found(error):
    return jsonify(error=error.description), 404


@reports.get("/<int:year>")
def report(year):
    def rows():
        yield json.dumps({"year": year}) + "\n"
        yield json.dumps({"shop": current_app.name}) + "\n"

    return Response(list(rows()), mimetype="application/x-ndjson")


@reports.teardown_request
def tidy(error):
    current_app.extensions["audit"].note("tidy", error)


blueprint.register_blueprint(reports)
