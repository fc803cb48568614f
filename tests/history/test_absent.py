"""A name that isn't there is told apart from one that does something else."""

import pytest

from signalbook.history import measure
from signalbook.history.absent import with_absence
from signalbook.verdicts import Result, Verdict


def told(raised, verdict=Verdict.FAILED):
    result = Result(clause=None, implementation="engine", verdict=verdict, raised=raised)
    return with_absence(result).verdict


@pytest.mark.parametrize(
    "raised",
    [
        "ImportError: cannot import name request_tearing_down",
        "ImportError: cannot import name 'stream_template' from 'flask' (/a/flask/__init__.py)",
        "ImportError: No module named asyncio",
        "ImportError",
        "ModuleNotFoundError: No module named 'flask.sansio'",
        "ModuleNotFoundError: import of blinker halted; None in sys.modules",
        "AttributeError: module 'flask.signals' has no attribute 'early'",
        "AttributeError: 'module' object has no attribute 'early'",
        "AttributeError: 'Flask' object has no attribute 'before_first_request'",
        "AttributeError: type object 'Flask' has no attribute 'early'",
        "AttributeError: class Signal has no attribute 'early'",
        "AttributeError: Signal instance has no attribute 'early'",
    ],
)
def test_name_that_is_not_there_is_absent(raised):
    """It can't be imported, or what is under test has no such attribute, as each Python says it."""
    assert Verdict.ABSENT is told(raised)


@pytest.mark.parametrize(
    "raised",
    [
        "",
        "TypeError: send() got an unexpected keyword argument 'early'",
        "ValueError: 'Flask' object has no attribute 'early'",
        "ImportErrors: cannot import name request_tearing_down",
        "RuntimeError: ImportError: No module named asyncio",
        "AttributeError: can't set attribute",
        "AttributeError: user",
        "AttributeError: AttributeError: 'Flask' object has no attribute 'early'",
        # Python's own lack what another Python has, or are there in place of something else.
        "AttributeError: 'exceptions.LookupError' object has no attribute '__traceback__'",
        "AttributeError: 'RuntimeError' object has no attribute 'add_note'",
        "AttributeError: 'NoneType' object has no attribute 'app'",
        "AttributeError: 'function' object has no attribute 'early'",
        "AttributeError: 'builtin_function_or_method' object has no attribute 'early'",
        "AttributeError: 'instancemethod' object has no attribute 'early'",
        "AttributeError: 'unicode' object has no attribute 'early'",
        # Nobody has put it there.
        "AttributeError: '_AppCtxGlobals' object has no attribute 'user'",
        "AttributeError: '_RequestGlobals' object has no attribute 'user'",
    ],
)
def test_name_that_is_there_fails(raised):
    """It isn't absent since something else is, or since it was nobody's to find."""
    assert Verdict.FAILED is told(raised)


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict != "failed"])
def test_only_what_failed_can_be_absent(verdict):
    """A process that died or didn't end says nothing of names."""
    assert verdict is told("ImportError: No module named asyncio", verdict)


@pytest.mark.parametrize(
    ("example", "verdict"),
    [
        (">>> blinker.early", "absent"),
        (">>> print('before'); blinker.early", "absent"),
        # It should raise, and something else.
        (">>> blinker.early\nTraceback (most recent call last):\nTypeError", "absent"),
        (">>> blinker.name", "failed"),
        (">>> print('ImportError: no'); 1 / 0", "failed"),
        # It is there, though it should not be.
        (">>> blinker.name\nTraceback (most recent call last):\nAttributeError", "failed"),
    ],
)
def test_what_an_example_raises_is_what_counts(releases, specification, example, verdict):
    """Whatever is printed before, and whatever should be raised."""
    examples = f">>> import blinker\n{example}\n>>> 1\n1\n"
    read = specification(">>> import blinker\n>>> blinker.name\n'engine'\n", examples)
    *_, newest = releases()
    [outcome] = measure(read.checks[:1], [newest])
    assert verdict == outcome.results["page.always"].verdict.value
