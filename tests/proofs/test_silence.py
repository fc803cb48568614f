"""The mechanism that finds what passes by silence, and the list of what does."""

from dataclasses import replace

import pytest
import silence
from altered import read_altered

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
    """The framework sends by itself, an engine doesn't.

    What is run without an engine as well says nothing of signals, though its set-up may connect.
    """
    by_silence, once, _ = checks
    unsent = replace(once, examples=(replace(once.examples[-1], wanted="[]\n"),))
    assert [by_silence, once] == silence.sending([by_silence, once])
    assert [] == silence.sending([unsent])
    of_framework = [replace(unsent, own_needs=needs) for needs in ({"flask", "blinker"}, {"flask"})]
    assert of_framework[:1] == silence.sending(of_framework)


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
    listed = {id for ids in known.values() for id in ids}
    ids = {check.id for check in silence.sending(silence.specification().select(patterns=listed))}

    assert sorted(engine.name for engine in read_altered("silence")) == sorted(known)
    assert [] == [id for listed in known.values() for id in listed if id not in ids]
    assert all(len(set(listed)) == len(listed) for listed in known.values())
