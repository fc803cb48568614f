"""What examples call flask and blinker is the implementation under test, for them alone."""

import textwrap

import pytest

from signalbook.clauses import CHAPTERS, Chapter
from signalbook.implementations import Implementation
from signalbook.pages import read_specification
from signalbook.runner import Session

FILES = {
    # Decoys: what an example gets if the redirect fails.
    "implementation/flask/__init__.py": "name = 'real flask'\n",
    "implementation/flask/signals.py": "name = 'real flask.signals'\n",
    "implementation/flask/only_real.py": "",
    "implementation/blinker.py": "name = 'real blinker'\n",
    # The implementation under test, which wraps the real one.
    "implementation/vendor/__init__.py": "",
    "implementation/vendor/web/__init__.py": """\
        import flask
        from vendor.web.signals import Namespace
        __all__ = ["Namespace", "name", "signals"]
        name = "vendor.web, around " + flask.name
        def fail():
            import vendor.web.missing
        """,
    "implementation/vendor/web/signals.py": "class Namespace: pass\nname = 'vendor.web.signals'\n",
    "implementation/vendor/engine.py": "name = 'vendor.engine'\n",
    # Somebody else's module, which is not redirected.
    "implementation/extension.py": """\
        import flask, blinker
        from flask import signals
        names = [flask.name, signals.name, blinker.name]
        def later():
            from flask import name
            return name
        """,
}
VENDOR = {"flask": "vendor.web", "blinker": "vendor.engine"}


@pytest.fixture
def got(write, run_page, tmp_path):
    """Run one statement on the vendor's implementation and return what it printed or raised."""
    write(FILES)

    def got(*statements, **changes):
        implementation = Implementation(
            **{"name": "vendor", **VENDOR, "path": (str(tmp_path / "implementation"),), **changes}
        )
        page = "# Imports\n\n" + clause("imports", statements)
        [result] = run_page(page, implementation=implementation, chapter="signals")
        assert "spec/signals/page.md" == result.example.file
        return result.got.removesuffix("\n")

    return got


def clause(name, statements):
    """Return a clause whose last statement wants what nobody prints."""
    lines = "\n".join(line for statement in statements for line in at_prompt(statement))
    return (
        f":::{{clause}} page.{name}\nNames MUST be redirected.\n\n"
        f"```pycon\n{lines}\nwhat nobody prints\n```\n:::\n\n"
    )


def at_prompt(statement):
    first, *rest = statement.split("\n")
    return [f">>> {first}", *(f"... {line}" for line in rest)]


SIGNALS = "vendor.web.signals"
WEB = "vendor.web, around real flask"


IMPORTS = [
    (["import flask", "print(flask.name)"], WEB),
    (["import flask as f", "print(f.name)"], WEB),
    (["import flask.signals", "print(flask.name)"], WEB),
    (["import flask.signals", "print(flask.signals.name)"], SIGNALS),
    (["import flask.signals as s", "print(s.name)"], SIGNALS),
    (["from flask import name", "print(name)"], WEB),
    (["from flask import signals", "print(signals.name)"], SIGNALS),
    (["from flask.signals import name", "print(name)"], SIGNALS),
    (["from flask.signals import Namespace", "print(Namespace.__module__)"], SIGNALS),
    (["from flask import *", "print(name, signals.name)"], f"{WEB} {SIGNALS}"),
    (["from flask.signals import *", "print(name)"], SIGNALS),
    (["import blinker", "print(blinker.name)"], "vendor.engine"),
    (["from blinker import name", "print(name)"], "vendor.engine"),
    (["import blinker, flask, sys", "print(blinker.name, sys.__name__)"], "vendor.engine sys"),
    (["def f():\n    import flask\n    return flask.name", "print(f())"], WEB),
    (["class C:\n    from flask import name", "print(C.name)"], WEB),
    (["f = lambda: __import__('flask').name", "print(f())"], WEB),
    (["print([__import__('flask').name for _ in '1'])"], f"[{WEB!r}]"),
    (["print(next(__import__('flask').name for _ in '1'))"], WEB),
    (["def f():\n    import flask\n    yield flask.name", "print(*f())"], WEB),
    (["exec('import flask')", "print(flask.name)"], WEB),
    (["d = {}", "exec('import flask', d)", "print(d['flask'].name)"], WEB),
    (["print(eval('__import__(\"flask\").name', {}))"], WEB),
    (
        ["def f():\n    exec('import flask; print(flask.name)')", "f()"],
        WEB,
    ),
    (
        ['__package__ = "flask"', "from .signals import name", "print(name)"],
        SIGNALS,
    ),
    (['__package__ = "flask"', "from . import signals", "print(signals.name)"], SIGNALS),
    (['__package__ = "flask.sub"', "from ..signals import name", "print(name)"], SIGNALS),
    (
        [
            "import threading",
            "def f():\n    import flask\n    print(flask.name)",
            "t = threading.Thread(target=f)",
            "t.start(); t.join()",
        ],
        WEB,
    ),
    (
        [
            "import asyncio",
            "async def f():\n    import flask\n    print(flask.name)",
            "asyncio.run(f())",
        ],
        WEB,
    ),
    (
        ["import extension", "print(*extension.names)"],
        "real flask real flask.signals real blinker",
    ),
    (["import extension", "print(extension.later())"], "real flask"),
    (["import importlib", "print(importlib.import_module('flask').name)"], "real flask"),
    (
        [
            "import flask, sys",
            "print(sys.modules['flask'].name, sys.modules['vendor.web'] is flask)",
        ],
        "real flask True",
    ),
    (["import builtins", "print(builtins.__import__('flask').name)"], "real flask"),
    (["import flask.only_real"], "ModuleNotFoundError: No module named 'flask.only_real'"),
    (["import flask.missing"], "ModuleNotFoundError: No module named 'flask.missing'"),
    (["from flask.missing import x"], "ModuleNotFoundError: No module named 'flask.missing'"),
    (
        ["try:\n    import flask.missing.deep\nexcept ImportError as e:\n    print(e.name)"],
        "flask.missing",
    ),
    (
        ["import blinker.missing"],
        "ModuleNotFoundError: No module named 'blinker.missing'",
    ),
    (["import missing"], "ModuleNotFoundError: No module named 'missing'"),
    (
        ["from .missing import x"],
        "ImportError: attempted relative import with no known parent package",
    ),
    (
        ["from . import x"],
        "ImportError: attempted relative import with no known parent package",
    ),
    (
        ["import flask", "flask.fail()"],
        "ModuleNotFoundError: No module named 'vendor.web.missing'",
    ),
]


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """What each list of statements in IMPORTS printed or raised."""
    folder = tmp_path_factory.mktemp("imports")
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(textwrap.dedent(content))
    pages = folder / "spec" / "signals"
    pages.mkdir(parents=True)
    clauses = (clause(n, statements) for n, (statements, _) in enumerate(IMPORTS))
    (pages / "page.md").write_text("# Imports\n\n" + "".join(clauses))
    vendor = Implementation(name="vendor", path=(str(folder / "implementation"),), **VENDOR)
    with Session(vendor) as session:
        results = map(session.run, read_specification(folder / "spec").checks)
        return [result.got.removesuffix("\n") for result in results]


@pytest.mark.parametrize(
    "number", range(len(IMPORTS)), ids=["; ".join(statements) for statements, _ in IMPORTS]
)
def test_import_in_an_example_is_redirected(imported, number):
    """However an example imports flask or blinker, it gets the implementation, and only it does."""
    assert IMPORTS[number][1] == imported[number]


@pytest.mark.parametrize(
    ("statements", "name"),
    [
        (["import blinker"], "ModuleNotFoundError: No module named 'blinker'"),
        (["from blinker import Signal"], "ModuleNotFoundError: No module named 'blinker'"),
        (["import blinker.base"], "ModuleNotFoundError: No module named 'blinker.base'"),
        (["try:\n    import blinker\nexcept ImportError as e:\n    print(e.name)"], "blinker"),
        (
            ["import extension"],
            "ModuleNotFoundError: import of blinker halted; None in sys.modules",
        ),
    ],
)
def test_import_of_what_the_implementation_has_not_fails(
    got, run_page, monkeypatch, statements, name
):
    """Without blinker, importing it fails as it does where it is not installed."""
    monkeypatch.setitem(CHAPTERS, "signals", Chapter("signals", frozenset({"flask"})))
    # In a `try`, since a clause imports only what it needs, or asks for it.
    asking = [
        text if "\n" in text else f"try:\n    {text}\nexcept ImportError:\n    raise"
        for text in statements
    ]
    assert name == got(*asking, blinker=None, without_engine=True)


def test_cannot_import_a_name_names_the_implementation(got):
    """A missing name is the import statement's own error, which tells where it looked."""
    assert got("from flask import missing").startswith(
        "ImportError: cannot import name 'missing' from 'vendor.web' ("
    )


def test_import_of_the_real_one_needs_no_redirect(got):
    """An implementation may be called flask and blinker itself."""
    statement = "import flask, blinker, flask.signals as s; print(flask.name, blinker.name, s.name)"
    assert "real flask real blinker real flask.signals" == got(
        statement, flask="flask", blinker="blinker", claims={"flask": "3.1.3", "blinker": "1.9.0"}
    )


def test_redirect_leaves_what_c_code_imports_alone(engine, run_page):
    """Pickle's C code imports in the name of the example that calls it, and gets the real thing."""
    page = (
        "# Page\n\n:::{clause} page.a\nIt MUST.\n\n```pycon\n"
        ">>> import pickle\n>>> from blinker import ANY\n"
        ">>> pickle.loads(pickle.dumps(ANY, 2)) is ANY\nTrue\n```\n:::\n"
    )
    [result] = run_page(page, source="from blinker import ANY\n")
    assert ("passed", "") == (result.verdict.value, result.got)
