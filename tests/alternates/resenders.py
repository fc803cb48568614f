"""Extensions that answer errors themselves, one right and the others wrong in one way each."""

import copy
import sys

from flask import current_app, got_request_exception, jsonify
from werkzeug.exceptions import HTTPException


def send(app, error):
    got_request_exception.send(app, _async_wrapper=app.ensure_sync, exception=error)


def propagate(app, error):
    wanted = app.config["PROPAGATE_EXCEPTIONS"]
    if app.testing or app.debug if wanted is None else wanted:
        raise error


def answer(app, error):
    app.log_exception(sys.exc_info())
    response = jsonify(error="internal"), 500
    return app.finalize_request(response, from_error_handler=True)


def right(app):
    def handle_exception(error):
        send(app, error)
        propagate(app, error)
        return answer(app, error)

    app.handle_exception = handle_exception


def instead(step):
    """Return the set-up of an extension that does *step* where the right one sends."""

    def install(app):
        def handle_exception(error):
            step(app, error)
            propagate(app, error)
            return answer(app, error)

        app.handle_exception = handle_exception

    return install


silent = instead(lambda app, error: None)
twice = instead(lambda app, error: [send(app, error), send(app, error)])
proxy = instead(lambda app, error: send(current_app, error))
copied = instead(lambda app, error: send(app, copy.copy(error)))
without_async = instead(lambda app, error: got_request_exception.send(app, exception=error))
keyword = instead(lambda app, error: got_request_exception.send(app, exception=error, code=500))


def unfinished(app):
    def handle_exception(error):
        send(app, error)
        propagate(app, error)
        return app.make_response((jsonify(error="internal"), 500))

    app.handle_exception = handle_exception


def swallowing(app):
    def handle_exception(error):
        send(app, error)
        return answer(app, error)

    app.handle_exception = handle_exception


def late(app):
    def handle_exception(error):
        propagate(app, error)
        response = answer(app, error)
        send(app, error)
        return response

    app.handle_exception = handle_exception


def http_errors(app):
    handle = app.handle_user_exception

    def handle_user_exception(error):
        if isinstance(error, HTTPException):
            send(app, error)
        return handle(error)

    right(app)
    app.handle_user_exception = handle_user_exception


def handled(app):
    def handle_user_exception(error):
        if isinstance(error, HTTPException):
            return app.handle_http_exception(error)
        send(app, error)
        propagate(app, error)
        return app.make_response((jsonify(error="internal"), 500))

    app.handle_user_exception = handle_user_exception
