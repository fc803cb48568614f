"""Quart as a module with Flask's names, for synchronous code."""

import quart.views
from quart.globals import _cv_app
from werkzeug.test import Client

from signalbook.asgi import WSGI, Block, stand_in


class FlaskClient(Block, Client):
    variable, scope = _cv_app, {"_quart._preserve_context": True}

    def kept(self):
        return self.application._preserved_context


class Flask(WSGI, quart.Quart):
    test_client_class = FlaskClient

    def test_request_context(self, path="/", **options):
        return super().test_request_context(path, **options)


globals().update(stand_in(__name__, quart), Flask=Flask)
