"""The pytest plugin, in runs of pytest of its own."""

import importlib.util
import re
import xml.etree.ElementTree

import pytest

from signalbook.implementations import read_releases
from signalbook.pages import read_specification

OWN = "def test_own():\n    pass\n"
FORGETFUL = """
from blinker import *

class Signal(Signal):
    def send(self, sender=None, **forgotten):
        return super().send(sender)
"""
SPECIFICATION = read_specification()
# pytest goes by folder and file.
ALL = [
    check.id
    for page in sorted(SPECIFICATION.pages, key=lambda page: page.file)
    for clause in page.clauses
    for check in clause.checks
]
IDS = [clause.id for clause in SPECIFICATION.select(patterns=["connecting.*"])]
PAGE = "(connecting.md and not disconnecting.md)"
FAILING = [
    f"connecting.arguments.{row}"
    for row in ("keywords", "keywords-only", "false-keywords", "to-one-sender")
]


@pytest.fixture
def run(pytester):
    """Run pytest on the forgetful engine's dispatch chapter, beside a test of its user's."""
    pytester.makepyfile(test_own=OWN, forgetful=FORGETFUL)

    def run(*words):
        return pytester.runpytest(
            "-p", "no:cacheprovider", "--signalbook-blinker=forgetful", *words
        )

    return run


def names(result, word):
    return re.findall(rf"{word} \S+::(\S+)", result.stdout.str())


def test_plugin_without_options_does_nothing(pytester):
    """Unless told what is under test, pytest collects what it did before."""
    pytester.makepyfile(test_own=OWN)
    result = pytester.runpytest()

    result.assert_outcomes(passed=1)


def test_plugin_makes_an_item_of_each_clause(run):
    """Every clause is an item with its id, after the user's own tests."""
    result = run("--collect-only", "-q")
    collected = re.findall(r"::(\S+)", result.stdout.str())

    assert ["test_own", *ALL] == collected


def test_plugin_fails_just_the_unkept_clauses(run):
    """Clauses that the engine doesn't keep fail, those of other chapters are skipped."""
    result = run("-k", f"{PAGE} or core-signals.name", "-rfs")

    assert FAILING == names(result, "FAILED")
    result.assert_outcomes(passed=len(IDS) - len(FAILING), failed=len(FAILING), skipped=10)


def test_plugin_shows_what_was_wanted_and_got(run):
    """A failure shows rule, place, wanted and got, and none of the plugin's own frames."""
    output = run("-k", "connecting.arguments.to-one-sender").stdout.str()

    assert "A receiver MUST get the sender as its only positional argument" in output
    assert "wanted:\n  [True, True, True]\ngot:\n  [False, False, False]\n" in output
    assert "pytest_plugin.py" not in output


def test_plugin_stops_at_the_first(run):
    """`-x` stops after the first failing clause."""
    result = run("-x", "-k", PAGE, "-rf")

    assert FAILING[:1] == names(result, "FAILED")


def test_plugin_runs_the_last_failed(pytester):
    """`--lf` runs the clauses that failed the last time."""
    pytester.makepyfile(forgetful=FORGETFUL)
    options = ("--signalbook-blinker=forgetful", "-k", PAGE)
    pytester.runpytest(*options)
    result = pytester.runpytest(*options, "--lf", "-rf")

    assert FAILING == names(result, "FAILED")
    result.assert_outcomes(failed=len(FAILING), deselected=len(ALL) - len(FAILING))


def test_plugin_writes_junit(run, pytester):
    """JUnit's file has a test case for each clause, with its id and level as properties."""
    run("--junit-xml=junit.xml", "-k", f"{PAGE} and connecting.returns")
    cases = xml.etree.ElementTree.parse(pytester.path / "junit.xml").iter("testcase")

    assert [
        (clause.id, {"clause": clause.id, "level": clause.level})
        for clause in SPECIFICATION.select(patterns=["connecting.returns*"])
    ] == [
        (case.get("name"), {p.get("name"): p.get("value") for p in case.iter("property")})
        for case in cases
    ]


def test_plugin_works_with_xdist(run):
    """Distributed over processes, the verdicts are the same."""
    result = run("-n2", "-k", PAGE, "-rf")

    assert sorted(FAILING) == sorted(names(result, "FAILED"))
    result.assert_outcomes(passed=len(IDS) - len(FAILING), failed=len(FAILING))


def test_plugin_known_deviation_is_an_expected_failure(run, pytester):
    """A listed clause that fails is an expected failure; one that passes fails as stale."""
    (pytester.path / "known.toml").write_text(
        "[deviations]\n"
        '"connecting.arguments.to-one-sender" = { reason = "by design", link = "docs" }\n'
        '"connecting.arguments.nothing" = { reason = "once", link = "docs" }\n'
    )
    chosen = f"{PAGE} and (arguments.to-one-sender or connecting.arguments.nothing)"
    result = run("--signalbook-deviations=known.toml", "-k", chosen, "-rf")

    assert ["connecting.arguments.nothing"] == names(result, "FAILED")
    result.assert_outcomes(failed=1, xfailed=1)


def test_plugin_runs_what_an_extension_must_keep(pytester):
    """A set-up alone says that Flask is under test, and of a profile no other clause is run."""
    pytester.makepyfile(own="def install(app):\n    app.handle_exception = lambda error: 'sorry'\n")
    result = pytester.runpytest(
        *("-p", "no:cacheprovider", "-rA", "--signalbook-setup=own:install"),
        *("--signalbook-profile=resender", "-k", "got-request-exception.b"),
    )
    failed = names(result, "FAILED")

    assert "got-request-exception.bound.view" in failed
    assert "got-request-exception.before.log" in failed
    assert "got-request-exception.before.handler-for-500" not in failed
    assert "beyond-handlers" not in result.stdout.str()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--signalbook-blinker="], "--blinker is empty; give it a value, or leave it out"),
        (["--signalbook-flask="], "--flask is empty"),
        (["--signalbook-python="], "--python is empty"),
        (["--signalbook-path="], "--path is empty"),
        (["--signalbook-path=no-such"], "'no-such'"),
        (["--signalbook-setup="], "--setup is empty"),
        (["--signalbook-setup=own"], "--setup 'own' names no function"),
        (["--signalbook-profile=sender"], "there is no profile 'sender'"),
        (["--signalbook-claims="], "--claims is empty"),
        (["--signalbook-claims=flask==3.1.3"], "nothing in place of it"),
        (["--signalbook-python=2.1"], "CPython 2.1 is not on this machine"),
        (["--signalbook-deviations="], ".: it can't be read (IsADirectoryError"),
        (["--signalbook-deviations=none.toml"], "none.toml: it can't be read (FileNotFoundError"),
        (["--signalbook-timeout=nan"], "a timeout of nan seconds can't be kept"),
        (["--signalbook-memory=-1"], "a memory of -1 MiB can't be kept"),
    ],
)
def test_plugin_option_that_means_nothing_is_one_message(run, words, message):
    """What can't be used is one message of pytest's own for its options, and nothing is run."""
    result = run(*words, "-k", "core-signals.name")

    assert [line for line in result.errlines if line] == [
        line for line in result.errlines if line.startswith("ERROR: ")
    ]
    assert message in result.stderr.str()
    assert ([], pytest.ExitCode.USAGE_ERROR) == (result.outlines, result.ret)


@pytest.mark.parametrize("words", [[], ["--signalbook-claims=blinker==1.5"]], ids=["load", "ask"])
def test_plugin_damaged_list_of_releases_is_one_message(run, monkeypatch, tmp_path, words):
    """If the list of releases can't be read, that is said, without a traceback, with its status."""
    damaged = tmp_path / "releases.toml"
    damaged.write_text("[")
    for module in ("claimed_releases", "releases"):
        monkeypatch.setattr(
            f"signalbook.implementations.{module}.read_releases",
            lambda subject="flask": read_releases(subject, damaged),
        )
    result = run(*words, "-k", "connecting.arguments.nothing")

    assert "releases.toml: this is no TOML" in result.stderr.str()
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
    assert (pytest.ExitCode.USAGE_ERROR if words else 2) == result.ret


@pytest.mark.parametrize("distributed", [[], ["-n2"]], ids=["alone", "xdist"])
def test_plugin_module_that_is_not_there_is_told_once(run, distributed):
    """Before anything runs, here or in other processes, the import error ends it, with status 2."""
    result = run("--signalbook-flask=no_such\x1b[2J", *distributed)
    output = result.stdout.str() + result.stderr.str()

    assert ["Exit"] == [line.partition(":")[0] for line in result.errlines if line]
    assert "No module named" in result.stderr.str()
    assert "\x1b" not in output
    assert "INTERNALERROR" not in output
    assert "crashed" not in output
    assert ["! _pytest.outcomes.Exit"] == [line.partition(":")[0] for line in result.outlines]
    assert 2 == result.ret


def test_plugin_imports_from_the_folders_that_pytest_does(run, pytester):
    """What pytest's own ini option puts on the path is on the implementation's path."""
    pytester.makeini("[pytest]\npythonpath = src missing\n")
    (pytester.path / "src").mkdir()
    (pytester.path / "forgetful.py").rename(pytester.path / "src" / "forgetful.py")
    result = run("-k", f"{PAGE} and connecting.returns")

    result.assert_outcomes(passed=len(SPECIFICATION.select(patterns=["connecting.returns*"])))


def test_plugin_tells_of_a_module_from_elsewhere(run, pytester):
    """A module that is not from a folder that was named for it is told."""
    (pytester.path / "other").mkdir()
    options = ("--signalbook-path=other", "--signalbook-blinker=blinker")
    result = run(*options, "-k", f"{PAGE} and connecting.arguments.nothing")
    place = importlib.util.find_spec("blinker").origin

    result.assert_outcomes(passed=1)
    note = f"NOTE blinker was loaded from {place}, and not from {pytester.path / 'other'}"
    assert [note] == [line for line in result.outlines if line.startswith("NOTE")]
