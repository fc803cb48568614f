"""What the worker tells the kit."""

from signalbook.runner.worker.own import json


def encoded(message):
    return (json.dumps(message) + "\n").encode("ascii")
