"""The mechanism that finds what passes by silence, and the list of what does."""

from dataclasses import replace

import pytest
import silence
from altered import read_altered

from signalbook.history import Features, Needed, read_features
from signalbook.pages import read_specification

PAGE = """\
# Doors

:::{setup}
```pycon
>>> from blinker import Signal
>>> opened, closed, calls = Signal(), Signal(), []
>>> def on_opened(sender):
...     calls.append(sender)
>>> _ = opened.connect(on_opened)
```
:::

:::{clause} doors.by-silence
Nobody MUST be called.

```pycon
>>> _ = closed.send("door")
>>> calls
[]
```
:::

:::{clause} doors.once
A receiver MUST be called.

```pycon
>>> _ = opened.send("door")
>>> calls
['door']
```
:::

:::{clause} doors.at-all
A receiver MUST be called.

```pycon
>>> _ = opened.send("door")
>>> "door" in calls
True
```
:::
"""


@pytest.fixture
def checks(write):
    return list(read_specification(write({"dispatch/doors.md": PAGE})).select())


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("silent", ["doors.by-silence"]),
        ("twice", ["doors.by-silence", "doors.at-all"]),
        ("another", []),
    ],
)
def test_engine_whose_sends_are_wrong_is_noticed_by_a_positive_control(checks, name, ids):
    """Who says only that nobody is called doesn't notice that nobody ever is, and so on."""
    (engine,) = [engine for engine in silence.ENGINES if engine.name == name]
    assert ids == silence.unnoticing(engine, checks)


def test_check_sends_if_it_connects_and_something_sends(checks):
    """The framework sends by itself, an engine doesn't; of what isn't known nothing is asked.

    What is run without an engine as well says nothing of signals, though its set-up may connect.
    """
    needs = [["connect", "send"], ["connect", "sender"], ["send"]]
    assert checks[:1] == silence.sending(checks, known(checks, needs))
    with_framework = [
        replace(checks[0], own_needs=frozenset(needs))
        for needs in ({"flask", "blinker"}, {"flask"})
    ]
    features = known(with_framework, [["connect"]] * 2)
    assert with_framework[:1] == silence.sending(with_framework[:1], features)
    assert [] == silence.sending(with_framework[1:], features)
    assert [] == silence.sending(checks, Features())


def known(checks, needs):
    pairs = zip(checks, needs, strict=True)
    return Features("", {check.id: Needed(check.digest, of) for check, of in pairs})


def test_list_of_what_does_not_notice_may_only_shrink():
    """What isn't listed must notice, and what is must not, unless it wasn't run."""
    known, tried = ["doors.a", "doors.b", "doors.c"], {"doors.a", "doors.b", "doors.d"}
    assert [
        "doors.d doesn't notice the engine 'silent'; give it a positive control",
        "doors.b notices the engine 'silent' now; take it off unnoticed.toml",
    ] == list(silence.problems("silent", ["doors.a", "doors.d"], known, tried))


def test_listed_checks_send():
    """Each that is listed is a check in which something is sent to somebody."""
    known = silence.read_unnoticed()
    sending = silence.sending(silence.specification().select(), read_features())
    ids = {check.id for check in sending}

    assert sorted(engine.name for engine in read_altered("silence")) == sorted(known)
    assert [] == [id for listed in known.values() for id in listed if id not in ids]
    assert all(len(set(listed)) == len(listed) for listed in known.values())
