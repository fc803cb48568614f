from functools import wraps

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for

PASSWORDS = {"alice": "lighthouse"}

blueprint = Blueprint("accounts", __name__, url_prefix="/account", template_folder="templates")


def login_required(view):
    @wraps(view)
    def guarded(**values):
        if g.user is None:
            flash("Please log in.")
            return redirect(url_for("accounts.login", next=request.path))
        return view(**values)

    return guarded


@blueprint.before_request
def refuse_robots():
    if "robot" in request.headers.get("User-Agent", ""):
        return "No robots here.\n", 403


@blueprint.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "GET":
        return render_template("accounts/login.html")
    if PASSWORDS.get(request.form["name"]) != request.form["password"]:
        abort(401)
    session.clear()
    session["user"] = request.form["name"]
    session.permanent = "remember" in request.form
    flash("Welcome back.", "success")
    return redirect(request.args.get("next") or url_for(".profile"))


@blueprint.get("/logout")
def logout():
    session.clear()
    return redirect(url_for("index"))


@blueprint.get("/")
@login_required
def profile():
    return {"name": g.user, "links": [url_for(".logout"), url_for("index", _external=False)]}


@blueprint.errorhandler(401)
def wrong_password(error):
    flash("Wrong name or password.", "error")
    return render_template("accounts/login.html"), 401
