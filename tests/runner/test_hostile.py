"""Implementations that act against the kit: on its records, and on what runs them."""

import textwrap

import pytest

from signalbook.runner import ImplementationError, Session

# Clears the screen, hides what follows, and can't be encoded.
RAW = "\\x1b[2J19 passed\\u202e\\udc80"
SHOWN = r"\x1b[2J19 passed\u202e\udc80"

CLAUSE = ":::{{clause}} page.n{}\nIt MUST.\n\n```pycon\n{}\n>>> 1\n1\n```\n:::\n\n"

HOSTILE = f"""\
import os, sys, threading

class Value:
    def __repr__(self):
        return "{RAW}"

class Text(str):
    __repr__ = Value.__repr__

class Thread(threading.Thread):
    name = Text("left")

def unnamed():
    raise type("Kind\x1b[2J", (Exception,), {{}})

def raises():
    raise KeyError(Value())

def writes():
    os.write(2, b"\\x1b]0;title\\x07 \\xe2\\x80\\xae")
    os._exit(1)

def leaves():
    Thread(target=threading.Event().wait, daemon=True).start()

exec(compile("def traced():\\n    raise ValueError", "\\x1b[2J.py", "exec"))
"""


def pages(*examples):
    clauses = (CLAUSE.format(number, text) for number, text in enumerate(examples))
    return "# Page\n\n" + "".join(clauses)


@pytest.mark.parametrize(
    ("example", "reason", "got", "detail"),
    [
        ("blinker.Value()", "an example printed something else", SHOWN + "\n", ""),
        ("blinker.raises()", "an example raised KeyError", f"KeyError: {SHOWN}\n", None),
        ("blinker.unnamed()", r"an example raised Kind\x1b[2J", "Kind\\x1b[2J\n", None),
        (
            "blinker.writes()",
            "the process closed its pipe or ended early, with exit status 1",
            "",
            r"\x1b]0;title\x07 \u202e",
        ),
        ("blinker.leaves()", f"the clause left the thread {SHOWN} running", "", ""),
        ("blinker.traced()", "an example raised ValueError", "ValueError\n", r'File "\x1b[2J.py"'),
    ],
)
def test_record_of_what_an_implementation_wrote_is_harmless(run_page, example, reason, got, detail):
    """Whatever it prints, raises, names or writes last, a result holds no harmful character."""
    [result] = run_page(pages(f">>> import blinker\n>>> {example}"), HOSTILE)
    assert (reason, got) == (result.reason, result.got)
    assert not [text for text in ("\x1b", "\u202e", "\udc80") if text in result.detail]
    if detail is not None:
        assert detail in result.detail


@pytest.mark.parametrize(
    ("wanted", "verdict"), [("a\x1b\n", "passed"), ("a\\x1b\n", "failed"), ("a\n", "failed")]
)
def test_comparison_is_of_what_was_printed(run_clause, wanted, verdict):
    """A harmful character isn't taken for the characters that it is shown as."""
    result = run_clause('print("a\\x1b")\n', wanted)
    got = "" if verdict == "passed" else "a\\x1b\n"
    assert (verdict, got) == (result.verdict.value, result.got)


@pytest.mark.parametrize(
    "source",
    [
        f'raise KeyError("{RAW}")',
        'raise type("\\x1b[2J19 passed\\u202e", (Exception,), {})',
        'import os; os.write(2, b"\\x1b[2J19 passed\\xe2\\x80\\xae"); os._exit(1)',
        'exec(compile("raise ValueError", "\\x1b[2J19 passed\\u202e.py", "exec"))',
    ],
)
def test_error_of_an_import_is_harmless(engine, source):
    """Whatever an implementation raises or writes while it is imported, the error is harmless."""
    with pytest.raises(ImplementationError) as caught, Session(engine(source)):
        pass
    message = str(caught.value)
    assert r"\x1b[2J19 passed" in message
    assert r"\u202e" in message
    assert not [text for text in ("\x1b", "\u202e", "\udc80") if text in message]


WRONG = ">>> from blinker import right\n>>> right()\n'right'"

OUT_OF_REACH = {
    "Console.run": """\
        main.Console.run = lambda self, file, line, source: {
            "line": line, "error": None, "seconds": 0.0,
            "output": "'right'\\n" if "right()" in source else "",
        }
        """,
    "run_check": """\
        def run_check(check, setup, watch, send):
            for file, line, source in check["examples"]:
                output = "'right'\\n" if "right()" in source else ""
                send({"line": line, "error": None, "seconds": 0.0, "output": output})
            send({"left": []})
            return []
        main.run_check = run_check
        """,
    "JSON": """\
        import json.encoder
        iterencode = json.encoder.JSONEncoder.iterencode
        def forged(self, message, **options):
            if message.get("output"):
                message["output"] = "'right'\\n"
            return iterencode(self, message, **options)
        json.JSONEncoder.iterencode = json.encoder.JSONEncoder.iterencode = forged
        """,
    "modules": """\
        import types
        class Forged(types.ModuleType):
            def __init__(self, name):
                super(Forged, self).__init__(name)
                self.eval = None
                sys.displayhook = print
            @property
            def __dict__(self):
                return {"__name__": "__main__", "__builtins__": FORGED}
        import builtins
        FORGED = dict(vars(builtins), __import__=lambda *rest: Forged, repr=lambda value: "'right'")
        Forged.right = staticmethod(lambda: "right")
        types.ModuleType = Forged
        """,
}


@pytest.mark.parametrize("name", OUT_OF_REACH)
def test_what_runs_a_clause_is_out_of_reach(engine, run_page, name):
    """Replacing by name what runs clauses, or what that uses, makes no wrong engine right."""
    source = (
        "import sys\nmain = sys.modules['__main__']\ndef right():\n    return 'wrong'\ntry:\n"
        + textwrap.indent(textwrap.dedent(OUT_OF_REACH[name]), "    ")
        + "\nexcept AttributeError:\n    pass\n"
    )
    [result] = run_page(pages(WRONG), source)
    assert ("failed", "'wrong'\n") == (result.verdict.value, result.got)


def test_hidden_change_is_named(engine, run_page):
    """An implementation can't hide what a clause changed by what comparing uses."""
    source = "import operator\noperator.is_ = lambda old, new: True\nvalue = 1\n"
    [result] = run_page(pages(">>> import blinker\n>>> blinker.value = 2"), source)
    assert ("failed", "the clause changed engine.value") == (result.verdict.value, result.reason)
