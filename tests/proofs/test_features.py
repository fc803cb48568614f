"""The mechanism that `nox -s features` measures with, and what it has measured."""

import json
from dataclasses import replace

import features
import pytest
from altered import Altered, digest_of, has_framework, run
from sabotage import specification

from signalbook.clauses import FEATURES
from signalbook.exports import SCHEMA
from signalbook.history import Features, Needed, read_features
from signalbook.pages import read_specification

PAGE = """\
# Doors

:::{setup}
```pycon
>>> from blinker import ANY, Signal
>>> opened = Signal()
>>> calls = []
```
:::

:::{clause} doors.any-sender
A receiver MUST be called.

```pycon
>>> def on_opened(sender):
...     calls.append(sender)
>>> _ = opened.connect(on_opened, ANY)
>>> _ = opened.send("door")
>>> calls
['door']
```
:::

:::{clause} doors.sender
A receiver MUST be called for its sender.

```pycon
>>> def on_opened(sender):
...     calls.append(sender)
>>> _ = opened.connect(on_opened, "door")
>>> _ = opened.send("door")
>>> _ = opened.send("window")
>>> calls
['door']
```
:::

:::{clause} doors.same-sender
A receiver MUST be called for its sender.

```pycon
>>> def on_opened(sender):
...     calls.append(sender)
>>> _ = opened.connect(on_opened, "door")
>>> _ = opened.send("door")
>>> calls
['door']
```
:::

:::{clause} doors.long-ago
:holds: blinker<1.5

It MUST be false.

```pycon
>>> True
False
```
:::
"""


@pytest.fixture
def checks(write):
    folder = write({"dispatch/doors.md": PAGE})
    return read_specification(folder).select()


def test_feature_is_needed_by_what_fails_without_it(checks):
    """A feature that is used is needed; a star marks what would pass were it ignored, and a plus
    what only the set-up asks for."""
    found = features.measure(features.due(checks))
    assert {
        "doors.any-sender": ["any"],
        "doors.sender": ["any*+", "sender"],
        "doors.same-sender": ["any*+", "sender*"],
    } == {id: [*map(str, needed)] for id, needed in found.items()}


REQUEST = """\
# Requests

:::{clause} requests.started
:needs: flask, blinker

A request MUST be started.

```pycon
>>> from flask import Flask, request_started
>>> calls = []
>>> def on_started(sender):
...     calls.append("started")
>>> _ = request_started.connect(on_started)
>>> _ = Flask(__name__).test_client().get("/")
>>> calls
['started']
```
:::
"""


def test_what_is_left_connected_shows_no_lack(write):
    """Where receivers are held strongly, a check leaves its own, and still doesn't need weak."""
    checks = read_specification(write({"dispatch/requests.md": REQUEST})).select()
    (held,) = [of for of in features.COPIES if of.does == "holds every receiver strongly"]
    (result,) = run(held, checks)
    assert "the clause left 1 receiver(s) connected to request_started" == result.reason
    assert {"requests.started": []} == features.measure(checks, [held])


SHOP = """\
# Shops

:::{setup}
```pycon
>>> import flask
>>> app = flask.Flask(__name__)
>>> app.secret_key = "only for this example"
>>> if hasattr(flask, "Blueprint"):
...     shelf = flask.Blueprint("shelf", __name__)
```
:::

:::{clause} shops.answer
:needs: flask

A shop MUST answer.

```pycon
>>> _ = app.route("/")(lambda: "welcome")
>>> app.test_client().get("/").status_code
200
```
:::

:::{clause} shops.needed
:needs: flask

It MUST have this.

::::{cases}
| what        | view                                                            |
| ----------- | --------------------------------------------------------------- |
| sessions    | `lambda: flask.session.update(name="Ada") or "welcome"`         |
| templates   | `lambda: flask.render_template_string("welcome")`               |
| flashing    | `lambda: flask.flash("sold") or "welcome"`                      |
| blueprints  | `lambda: app.register_blueprint and shelf.name and "welcome"`   |
| streaming   | `lambda: flask.Response(flask.stream_with_context(iter("ok")))` |
| commands    | `lambda: str(app.test_cli_runner().invoke(args=["none"]))`      |
| contexts    | `lambda: app.app_context() and "welcome"`                       |
| hooks       | `lambda: flask.after_this_request(lambda one: one) and "done"`  |
| wsgi        | `lambda: lambda environ, start: start("200 OK", []) and 0 or []` |
::::

```pycon
>>> _ = app.route("/")(view)
>>> app.test_client().get("/").status_code
200
```
:::
"""


def test_framework_that_lacks_a_feature_is_whole_otherwise(write):
    """Each use of a feature needs it and no other; what uses none needs none."""
    checks = read_specification(write({"dispatch/shops.md": SHOP})).select()
    names = [name for name, of in FEATURES.items() if of.subject == "flask"]
    copies = [copy for copy in features.COPIES if copy.name in names]
    found = features.measure(checks, copies)
    assert {
        "shops.answer": [],
        "shops.needed.sessions": ["sessions"],
        "shops.needed.templates": ["templates"],
        "shops.needed.flashing": ["flashing"],
        "shops.needed.blueprints": ["blueprints"],
        "shops.needed.streaming": ["streaming"],
        "shops.needed.commands": ["commands"],
        "shops.needed.contexts": ["app-contexts"],
        "shops.needed.hooks": ["hooks"],
        "shops.needed.wsgi": ["wsgi"],
    } == {id: [need.feature for need in needed] for id, needed in found.items()}


def test_table_counts_checks_and_rules(checks):
    """A rule needs a feature if any of its rows does."""
    known = {check.id: Needed(check.digest, ["sender"]) for check in checks[:2]}
    lines = list(features.table(checks, Features("", known)))
    assert ["feature       checks  rules", "sender             2      2"] == lines[:2]
    assert ["any                0      0"] == lines[2:3]


def test_check_that_the_reference_fails_is_refused(checks):
    """That it fails says nothing of an engine then."""
    with pytest.raises(AssertionError, match=r"^doors.wrong fails on the reference: an example"):
        features.measure([changed(checks[0], id="doors.wrong", wanted="1\n")])


def test_copy_that_uses_an_unknown_name_is_refused(checks):
    """It would fail every check, and lack nothing."""
    broken = Altered("sender", "is broken", "def send(*_): unknown\nSignal.send = send\n")
    with pytest.raises(AssertionError, match=r"^doors.any-sender: NameError: name 'unknown'"):
        features.measure(features.due(checks), [broken])


def changed(check, *, id, wanted):
    example = replace(check.examples[-1], wanted=wanted)
    return replace(check, id=id, examples=(*check.examples[:-1], example))


def test_stale_is_what_changed_since_it_was_measured(checks):
    """Examples that changed, or copies, have to be measured again; what isn't due has not."""
    first, second, third, _ = checks
    known = {check.id: Needed(check.digest, []) for check in (first, second)}
    now = digest_of(features.COPIES)
    other = changed(second, id=second.id, wanted="['window']\n")

    assert [third] == features.stale(checks, Features(now, known))
    assert [other, third] == features.stale([first, other, third], Features(now, known))
    assert [first, second, third] == features.stale(checks, Features("other", known))


def test_updated_features_are_of_what_is_due(checks):
    """What was measured replaces what was known, in reading order; what there isn't goes."""
    first, second, *_ = checks
    known = {id: Needed("1", ["weak"]) for id in ("doors.gone", second.id, "doors.long-ago")}
    found = features.updated(checks, Features("", known), {first.id: []})

    assert [first.id, second.id] == list(found.clauses)
    assert [Needed(first.digest, []), Needed("1", ["weak"])] == list(found.clauses.values())


# What was measured


def test_features_are_of_the_checks_and_copies_that_there_are():
    """What changed since it was measured has to be measured again: nox -s features -- --stale."""
    checks, measured = specification().select(), read_features()
    assert [] == [check.id for check in features.stale(checks, measured)]
    assert [check.id for check in features.due(checks)] == list(measured.clauses)


def test_each_feature_is_needed_by_some_check():
    """A copy that lacks something fails a check; kit and schema have the features' names."""
    names = json.loads(SCHEMA.read_text())["$defs"]["clause"]["properties"]["features"]
    needed = {name for of in read_features().clauses.values() for name in of.features}
    assert sorted(needed) == sorted(FEATURES)
    subjects = {copy.name: copy.part for copy in features.COPIES}
    parts = {"blinker": "engine", "flask": "framework"}
    assert subjects == {name: parts[of.subject] for name, of in FEATURES.items()}
    assert sorted(needed) == names["items"]["enum"]


@pytest.mark.parametrize(
    ("framework", "every", "names"),
    [
        (False, 12, {name for name, of in FEATURES.items() if of.subject == "blinker"}),
        (True, 40, {"data", "sender"}),
        (True, 40, {name for name, of in FEATURES.items() if of.subject == "flask"}),
    ],
)
def test_sample_needs_what_was_measured(framework, every, names):
    """What is run again needs what it needed."""
    measured = read_features()
    about = [
        check
        for check in specification().select()
        if has_framework(check) is framework and measured.of(check) is not None
    ]
    sample = about[::every]
    copies = [copy for copy in features.COPIES if copy.name in names]
    found = features.measure(sample, copies)
    for check in sample:
        expected = [name for name in measured.of(check) if name in names]
        assert expected == [need.feature for need in found[check.id]], check.id
