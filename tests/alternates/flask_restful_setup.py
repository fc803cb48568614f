"""Sends the examples' views through Flask-RESTful: each is the method of a resource."""

from flask_restful import Api, Resource

METHODS = {"get", "post", "put", "patch", "delete"}


def install(app):
    api, add = Api(app), app.add_url_rule

    def add_url_rule(rule, endpoint=None, view_func=None, **options):
        name = endpoint or getattr(view_func, "__name__", None)
        known = app.view_functions.get(name)
        if known or issubclass(getattr(view_func, "view_class", object), Resource):
            return add(rule, endpoint, known or view_func, **options)

        def answer(self, **values):
            return app.make_response(app.ensure_sync(view_func)(**values))

        methods = options.get("methods") or getattr(view_func, "methods", None) or ["GET"]
        names = METHODS.union(method.lower() for method in methods)
        resource = type("Example", (Resource,), dict.fromkeys(names, answer))
        api.add_resource(resource, rule, endpoint=name, **{**options, "methods": methods})

    app.add_url_rule = add_url_rule
