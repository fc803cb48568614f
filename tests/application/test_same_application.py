"""A user's application runs unchanged on the reference, and nobody can tell the difference."""

import http.client
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

import pytest

SERVE = Path(__file__).parent / "serve.py"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


def form(**fields):
    return urlencode(fields), FORM


def script():
    """Return the requests of a visit: method, path, body and headers of each."""
    requests = [
        ("GET", "/"),
        ("HEAD", "/"),
        ("GET", "/static/shop.css"),
        ("GET", "/static/none.css"),
        ("GET", "/books/emma?from=index"),
        ("GET", "/books/none"),
        ("GET", "/basket"),
        ("GET", "/basket/"),
        ("POST", "/books/emma/order", *form(count=2)),
        ("GET", "/books/emma"),
        ("POST", "/books/emma/order", *form(count=2)),
        ("GET", "/books/emma"),
        ("GET", "/basket/"),
        ("GET", "/account/"),
        ("GET", "/account/login?next=/account/"),
        ("POST", "/account/login", *form(name="alice", password="wrong")),
        ("POST", "/account/login", *form(name="alice")),
        ("POST", "/account/login?next=/account/", *form(name="alice", password="lighthouse")),
        ("GET", "/account/"),
        ("GET", "/account/", None, {"User-Agent": "a robot"}),
        ("GET", "/catalogue.txt"),
        ("HEAD", "/catalogue.txt"),
        ("GET", "/catalogue.html"),
        ("GET", "/terms"),
        ("GET", "/soon"),
        ("GET", "/api/books"),
        ("GET", "/api/books/walden"),
        ("PATCH", "/api/books/walden", '{"title": "W\\u00e4lden"}', JSON),
        ("PATCH", "/api/books/walden", "{", JSON),
        ("PATCH", "/api/books/walden", "{}", FORM),
        ("GET", "/api/books/walden"),
        ("DELETE", "/api/books/walden"),
        ("PUT", "/api/books/walden"),
        ("OPTIONS", "/api/books/walden"),
        ("GET", "/api/books/none"),
        ("POST", "/api/order", '{"name": "walden", "count": 1}', JSON),
        ("POST", "/api/order", '{"name": "walden", "count": 1}', JSON),
        ("POST", "/api/order", '{"name": "walden"}', JSON),
        ("GET", "/api/reports/2026"),
        ("GET", "/api/reports/none"),
        ("GET", "/nothing"),
        ("GET", "/crash"),
        ("HEAD", "/crash"),
        ("GET", "/crash-late"),
        ("GET", "/broken-page"),
        ("GET", "/nowhere"),
        ("HEAD", "/nowhere"),
        ("DELETE", "/"),
        ("GET", "/account/logout"),
        ("GET", "/"),
        ("POST", "/account/login", *form(name="alice", password="lighthouse", remember="yes")),
        ("GET", "/account/"),
        ("GET", "/account/", None, {"Cookie": "session=forged"}),
    ]
    return [(method, path, *(rest or (None, {}))) for method, path, *rest in requests]


def visit(port):
    """Make all requests, with the cookie of the last response, and return the responses."""
    responses, cookie = [], None
    for method, path, body, headers in script():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        headers = {"Host": "shop.test", **({"Cookie": cookie} if cookie else {}), **headers}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        lines = [
            (name, compared(name, value))
            for name, value in answer.getheaders()
            if name not in {"Date", "Server"}
        ]
        responses.append((method, path, answer.status, lines, answer.read().decode()))
        connection.close()
        for value in answer.headers.get_all("Set-Cookie") or ():
            cookie = value.partition(";")[0]
    return responses


def compared(name, value):
    """Return a header's value without what differs from one moment or process to the next."""
    if name == "Allow":
        return sorted(value.split(", "))
    return re.sub(r"(?i)(expires=)[^;]+", r"\1", value)


def served_with(framework, folder):
    """Return the responses that the shop gives, what its server tells at its end, and the log."""
    log = folder / f"{framework}.log"
    with log.open("w") as errors:
        server = subprocess.Popen(
            [sys.executable, "-W", "error", str(SERVE), framework],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        responses = visit(int(server.stdout.readline() or 0))
        told, _ = server.communicate(timeout=30)
    except Exception as error:
        pytest.fail(f"Served with {framework}: {error!r}\n{log.read_text()}")
    finally:
        server.kill()
        server.wait()
    assert server.returncode == 0, log.read_text()
    return responses, json.loads(told), log.read_text()


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("application")
    return served_with("flask", folder), served_with("reference", folder)


def test_each_is_served_by_what_it_says(both):
    """The one application runs on Flask and blinker, the other on the reference alone."""
    assert [told["used"] for _, told, _ in both] == [
        ["flask.app", "blinker.base"],
        ["signalbook.reference.app", "signalbook.reference.engine.base"],
    ]


def test_responses_are_the_same(both):
    """Status, headers in their order, and body of each response are the same."""
    (on_flask, _, _), (on_reference, _, _) = both

    for wanted, got in zip(on_flask, on_reference, strict=True):
        assert got == wanted


def test_script_goes_every_way(both):
    """The requests get all kinds of responses, so that there is something to compare."""
    (responses, told, _), _ = both

    statuses = Counter(status for _, _, status, _, _ in responses)
    assert sorted(statuses) == [
        *(200, 201, 202, 204, 302, 303, 308, 400, 401, 403, 404, 405, 409, 415, 500)
    ]
    assert len({name for name, *_ in told["timeline"]}) == 12


def test_timelines_are_the_same(both):
    """The same signals are sent in the same order, from and with the same, in the same places."""
    (_, on_flask, _), (_, on_reference, _) = both

    assert on_reference["timeline"] == on_flask["timeline"]
    assert on_reference["audit"] == on_flask["audit"]


def test_logs_are_the_same_but_for_tracebacks(both):
    """The same errors are logged, of the same kinds."""
    lines = r"(?<=\] )ERROR in app(: Exception on .*)?|^[\w.]+(Error|Exception)\b"
    logs = [
        [found.group() for line in log.splitlines() if (found := re.search(lines, line))]
        for _, _, log in both
    ]

    assert logs[1] == logs[0]
    assert [line.split()[-2] for line in logs[0] if line.startswith("ERROR in app: ")] == [
        *("/api/order", "/nothing", "/crash", "/crash", "/crash-late", "/broken-page")
    ]
