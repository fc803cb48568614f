"""Examples run as at Python's prompt, alone, and what they print is compared as doctest does."""

import pytest

from signalbook.implementations import Implementation
from signalbook.pages import read_specification
from signalbook.runner import Greeting, Session

CLAUSE = """\
:::{{clause}} page.{}
It MUST.

```pycon
{}
>>> "end"
'end'
```
:::

"""


@pytest.fixture
def judged(run_page):
    """Run examples, each a clause of its own, and return verdict, reason and what was got."""

    def judged(*examples, setup="", source="", **options):
        page = "# Page\n\n"
        if setup:
            page += f":::{{setup}}\n```pycon\n{setup}\n```\n:::\n\n"
        page += "".join(CLAUSE.format(number, text) for number, text in enumerate(examples))
        return [(r.verdict.value, r.reason, r.got) for r in run_page(page, source, **options)]

    return judged


PASSED = ("passed", "", "")
PRINTED = "an example printed something else"
RAISED = "an example raised something else"
TRACEBACK = "\nTraceback (most recent call last):\n"


OUTCOMES = [
    (">>> 'abc'\n'a...'", PASSED),
    (">>> 'abc'\n'x...'", ("failed", PRINTED, "'abc'\n")),
    (">>> 'abc'  # doctest: -ELLIPSIS\n'a...'", ("failed", PRINTED, "'abc'\n")),
    (">>> '...'  # doctest: -ELLIPSIS\n'...'", PASSED),
    (">>> print('a   b')\na b", ("failed", PRINTED, "a   b\n")),
    (">>> print('a   b')  # doctest: +NORMALIZE_WHITESPACE\na b", PASSED),
    (">>> print('a\\n\\nb')\na\n<BLANKLINE>\nb", PASSED),
    (
        ">>> print('a\\n\\nb')  # doctest: +DONT_ACCEPT_BLANKLINE\na\n<BLANKLINE>\nb",
        ("failed", PRINTED, "a\n\nb\n"),
    ),
    (">>> 1\nTrue", ("failed", PRINTED, "1\n")),
    (">>> True\n1", ("failed", PRINTED, "True\n")),
    (">>> 1", ("failed", PRINTED, "1\n")),
    (">>> None", PASSED),
    (">>> x = 1\n1", ("failed", PRINTED, "")),
    (">>> print('a', end='')\na", ("failed", PRINTED, "a")),
    (">>> 1; 2\n1\n2", PASSED),
    (">>> 1; 2\n2", ("failed", PRINTED, "1\n2\n")),
    (">>> for n in 'ab':\n...     n\n'a'\n'b'", PASSED),
    (">>> {1: 2}[3]" + TRACEBACK + "KeyError: 3", PASSED),
    (">>> {1: 2}[3]" + TRACEBACK + "    whatever\nKeyError: ...", PASSED),
    (">>> {1: 2}[3]" + TRACEBACK + "KeyError: 4", ("failed", RAISED, "KeyError: 3\n")),
    (">>> {1: 2}[3]" + TRACEBACK + "IndexError: 3", ("failed", RAISED, "KeyError: 3\n")),
    (">>> {1: 2}[3]" + TRACEBACK + "Error: 3", ("failed", RAISED, "KeyError: 3\n")),
    (">>> {1: 2}[3]" + TRACEBACK + "KeyError", ("failed", RAISED, "KeyError: 3\n")),
    (">>> {1: 2}[3]", ("failed", "an example raised KeyError", "KeyError: 3\n")),
    (">>> {1: 2}[3]\n3", ("failed", "an example raised KeyError", "KeyError: 3\n")),
    (">>> {1: 2}[3]\nKeyError: 3", ("failed", "an example raised KeyError", "KeyError: 3\n")),
    (
        ">>> print('KeyError: 3')" + TRACEBACK + "KeyError: 3",
        ("failed", "an example did not raise", "KeyError: 3\n"),
    ),
    (">>> x = 1" + TRACEBACK + "KeyError: 3", ("failed", "an example did not raise", "")),
    (">>> raise KeyError" + TRACEBACK + "KeyError", PASSED),
    (">>> raise KeyError" + TRACEBACK + "KeyError: 3", ("failed", RAISED, "KeyError\n")),
    (">>> raise ValueError('a\\nb')" + TRACEBACK + "ValueError: a\nb", PASSED),
    (">>> raise ValueError('a: b')" + TRACEBACK + "ValueError: a: b", PASSED),
    (">>> raise ValueError('a.b')" + TRACEBACK + "ValueError: a.b", PASSED),
    (
        ">>> import json; json.loads('')" + TRACEBACK + "JSONDecodeError: Expecting value...",
        PASSED,
    ),
    (
        ">>> import json; json.loads('')"
        + TRACEBACK
        + "json.decoder.JSONDecodeError: Expecting value...",
        PASSED,
    ),
    (
        ">>> import json; json.loads('')"
        + TRACEBACK
        + "other.place.JSONDecodeError: Expecting value...",
        PASSED,
    ),
    (
        ">>> {1: 2}[3]  # doctest: +IGNORE_EXCEPTION_DETAIL" + TRACEBACK + "KeyError: whatever",
        PASSED,
    ),
    (
        ">>> {1: 2}[3]  # doctest: +IGNORE_EXCEPTION_DETAIL" + TRACEBACK + "a.b.KeyError: x",
        PASSED,
    ),
    (
        ">>> {1: 2}[3]  # doctest: +IGNORE_EXCEPTION_DETAIL" + TRACEBACK + "IndexError: 3",
        ("failed", RAISED, "KeyError: 3\n"),
    ),
    (
        ">>> print('a'); {1: 2}[3]" + TRACEBACK + "KeyError: 3",
        ("failed", RAISED, "a\nKeyError: 3\n"),
    ),
    (">>> raise SystemExit(3)" + TRACEBACK + "SystemExit: 3", PASSED),
    (">>> print('\\udc80')\n?", ("failed", PRINTED, "\\udc80\n")),
    # As doctest has it, the escape stands for what can't be on a page.
    (">>> print('é\\u2028')\né\\u2028", PASSED),
    (">>> print('é\\u2028')\né", ("failed", PRINTED, "é\u2028\n")),
    (
        ">>> _",
        ("failed", "an example raised NameError", "NameError: name '_' is not defined\n"),
    ),
    (">>> 41\n41\n>>> _ + 1\n42", PASSED),
    (">>> import asyncio\n>>> await asyncio.sleep(0, 'slept')\n'slept'", PASSED),
    (">>> async def f():\n...     return 1\n>>> x = await f()\n>>> x\n1", PASSED),
    (
        ">>> async def f():\n...     raise KeyError(1)\n>>> await f()" + TRACEBACK + "KeyError: 1",
        PASSED,
    ),
    (
        ">>> def f():\n...     return 1\n>>> import inspect\n>>> print(inspect.getsource(f))\n"
        "def f():\n    return 1\n<BLANKLINE>",
        PASSED,
    ),
    (
        ">>> class C:\n...     pass\n>>> import pickle\n"
        ">>> pickle.loads(pickle.dumps(C)) is C\nTrue",
        PASSED,
    ),
    (
        ">>> from __future__ import annotations\n>>> def f(x: missing): pass\n"
        ">>> f.__annotations__\n{'x': 'missing'}",
        PASSED,
    ),
    (
        ">>> def f(x: missing): pass",
        ("failed", "an example raised NameError", "NameError: name 'missing' is not defined\n"),
    ),
    (">>> __name__\n'__main__'", PASSED),
    (">>> import __main__\n>>> x = 5\n>>> __main__.x\n5", PASSED),
    (
        ">>> import contextlib, io\n>>> with contextlib.redirect_stdout(io.StringIO()) as out:\n"
        "...     print('x')\n>>> out.getvalue()\n'x\\n'",
        PASSED,
    ),
    (">>> import sys\n>>> print('x', file=sys.stderr)", PASSED),
    (">>> import sys\n>>> sys.stdout.write('x')\nx1", PASSED),
    (">>> import sys; sys.stdin.read()\n''", PASSED),
]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """Verdict, reason and what was got of every example, each run in a clause of its own."""
    folder = tmp_path_factory.mktemp("examples")
    page = folder / "spec" / "dispatch" / "page.md"
    page.parent.mkdir(parents=True)
    clauses = (CLAUSE.format(n, example) for n, (example, _) in enumerate(OUTCOMES))
    page.write_text("# Page\n\n" + "".join(clauses))
    (folder / "engine.py").write_text("")
    engine = Implementation(name="engine", flask=None, blinker="engine", path=(str(folder),))
    with Session(engine) as session:
        results = list(map(session.run, read_specification(folder / "spec").checks))
    return [(result.verdict.value, result.reason, result.got) for result in results]


@pytest.mark.parametrize(
    "number", range(len(OUTCOMES)), ids=[example.partition("\n")[0] for example, _ in OUTCOMES]
)
def test_output_is_compared(outcomes, number):
    """An example passes only if it prints, or raises, what is wanted."""
    assert OUTCOMES[number][1] == outcomes[number]


def test_too_much_output_is_named(run_page):
    """Output that is cut off in each example, and is too much all the same, is no foreign one."""
    printing = ">>> print('\N{EURO SIGN}' * 70000)\n\N{EURO SIGN}...\n" * 20
    (result,) = run_page("# Page\n\n" + CLAUSE.format("a", printing))
    assert ("crashed", "there was no end to what it printed or wrote") == (
        result.verdict.value,
        result.reason,
    )


def test_first_mismatch_is_reported(run_page):
    """A failure names the first example that differs, its place, and both texts."""
    [result] = run_page("# Page\n\n" + CLAUSE.format("a", ">>> 1\n1\n>>> 2\n3\n>>> 4\n5"))
    assert ("spec/dispatch/page.md:9", "2\n", "3\n", "2\n") == (
        result.place,
        result.example.source,
        result.wanted,
        result.got,
    )


def test_failing_setup_is_reported_at_its_line(run_page):
    """A fault in the set-up fails each clause, at the set-up's own line."""
    setup = ":::{setup}\n```pycon\n>>> 1 / 0\n```\n:::\n\n"
    clauses = CLAUSE.format("a", ">>> 1\n1") + CLAUSE.format("b", ">>> 1\n1")
    results = run_page("# Page\n\n" + setup + clauses)
    assert [("failed", "spec/dispatch/page.md:5")] * 2 == [
        (result.verdict.value, result.place) for result in results
    ]


def test_traceback_shows_the_example_and_no_worker(run_page):
    """A traceback begins in the example, with its line on the page and its source."""
    [result] = run_page("# Page\n\n" + CLAUSE.format("a", ">>> def f():\n...     1 / 0\n>>> f()"))
    assert [
        '  File "<spec/dispatch/page.md:9>", line 1, in <module>',
        "    f()",
        '  File "<spec/dispatch/page.md:7>", line 2, in f',
        "    1 / 0",
    ] == [line for line in result.detail.splitlines() if not set(line) <= set(" ~^")]


def test_traceback_shows_an_earlier_setup_at_its_own_place(run_page, write):
    """A function of another page's set-up is shown with that page's file, line and source."""
    setup = ":::{setup}\n```pycon\n>>> def f():\n...     1 / 0\n```\n:::\n"
    write({"spec/dispatch/earlier.md": "# Earlier\n\n" + setup})
    after = ":::{setup}\n:after: dispatch/earlier\n:::\n\n"
    [result] = run_page("# Page\n\n" + after + CLAUSE.format("a", ">>> f()"))
    assert [
        '  File "<spec/dispatch/page.md:11>", line 1, in <module>',
        "    f()",
        '  File "<spec/dispatch/earlier.md:5>", line 2, in f',
        "    1 / 0",
    ] == [line for line in result.detail.splitlines() if not set(line) <= set(" ~^")]


def test_clauses_are_alone(judged):
    """Names, the last value, futures and changes of one clause are not there in the next."""
    leaky = (
        ">>> import builtins, engine, os, sys\n>>> x = 41\n>>> 42\n42\n"
        ">>> from __future__ import annotations\n"
        ">>> engine._cache.append(1)\n>>> os.environ['LEAK'] = '1'\n>>> sys.path.append('leak')\n"
        ">>> class C: pass"
    )
    after = (
        ">>> import engine, os, sys\n>>> 'x' in dir(), '_' in dir(__builtins__), 'C' in dir()\n"
        "(False, False, False)\n>>> engine._cache, 'LEAK' in os.environ, 'leak' in sys.path\n"
        "([], False, False)\n>>> 'annotations' in dir()\nFalse"
    )
    assert [PASSED, PASSED] == judged(leaky, after, source="_cache = []\n")


def test_setup_runs_before_each_clause(judged):
    """Each clause starts from a set-up of its own."""
    example = ">>> calls.append(1)\n>>> calls\n[0, 1]"
    assert [PASSED] * 3 == judged(*[example] * 3, setup=">>> calls = []\n>>> calls.append(0)")


def test_await_is_not_applicable_without_it(run_page, monkeypatch):
    """A clause that awaits outside a function, in its set-up too, needs an interpreter that can."""
    page = "# Page\n\n" + CLAUSE.format("a", ">>> x = await y") + CLAUSE.format("b", ">>> 1\n1")
    monkeypatch.setattr(
        "signalbook.runner.process.read_greeting",
        lambda message, python: Greeting("3.7.16", False, {}, {}),
    )
    assert [
        ("not applicable", "CPython 3.7.16 can't await outside a function"),
        ("passed", ""),
    ] == [(result.verdict.value, result.reason) for result in run_page(page)]
    setup = ":::{setup}\n```pycon\n>>> x = await y\n```\n:::\n\n"
    assert ["not applicable"] == [
        result.verdict.value
        for result in run_page("# Page\n\n" + setup + CLAUSE.format("a", ">>> 1\n1"))
    ]
