"""The command `signalbook compare`."""

import json
import re

import pytest
from click.testing import CliRunner

from signalbook.cli import main
from signalbook.reports import SCHEMA


@pytest.fixture
def compare(tmp_path, monkeypatch):
    """Run the command in the test's folder, and return its result."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, ["compare", *words])


def check(id, verdict):
    whole, _, row = id.rpartition(".")
    if "." not in whole:
        whole, row = id, ""
    return {
        "clause": id,
        "row_of": whole if row else None,
        "rule": f"It MUST {whole}.",
        "level": "MUST",
        "verdict": verdict,
        "reason": "" if verdict == "passed" else f"it {verdict}",
    }


def results(runs, complete=True, **changes):
    """Return a file of runs, each of which has the verdicts of checks."""
    return json.dumps(
        {
            "format": 2,
            "complete": complete,
            "runs": [
                {
                    "implementation": name,
                    "python": "3.11.7",
                    "platform": "Linux",
                    "releases": {"flask": "3.1.3"},
                    "results": [check(id, verdict) for id, verdict in verdicts.items()],
                }
                for name, verdicts in runs.items()
            ],
            "not_run": [],
            **changes,
        }
    )


OLD = {
    "shop.opens.door": "passed",
    "shop.opens.window": "passed",
    "shop.opens.roof": "failed",
    "shop.closes.door": "passed",
    "shop.closes.window": "passed",
    "shop.sells": "failed",
    "shop.buys": "not applicable",
    "shop.lends": "passed",
    "shop.rents": "passed",
    "shop.gives": "failed",
}
NEW = {
    "shop.opens.door": "passed",
    "shop.opens.window": "failed",
    "shop.opens.roof": "passed",
    "shop.closes.door": "crashed",
    "shop.closes.window": "crashed",
    "shop.sells": "passed",
    "shop.buys": "failed",
    "shop.lends": "not applicable",
    "shop.gives": "failed",
}
CHANGES = """\
Worse

  shop.opens (window): MUST, passed before, failed now
    It MUST shop.opens.
    now: it failed
  shop.closes: MUST, passed before, crashed now
    It MUST shop.closes.
    now: it crashed

Better

  shop.opens (roof): MUST, failed before, passed now
    It MUST shop.opens.
  shop.sells: MUST, failed before, passed now
    It MUST shop.sells.

New

  shop.buys: MUST, failed now
    It MUST shop.buys.
    now: it failed

Gone

  shop.lends: MUST, passed before
    It MUST shop.lends.
  shop.rents: MUST, passed before
    It MUST shop.rents.

From old (flask 3.1.3, CPython 3.11.7, Linux)
  to new (flask 3.1.3, CPython 3.11.7, Linux)
Clauses: 2 worse, 2 better, 1 new, 2 gone, 1 as before.
"""


def test_compare_tells_what_changed_by_clause(compare, write):
    """Clauses are worse, better, new or gone, with rows where not all changed; counts are last."""
    write({"old.json": results({"old": OLD}), "new.json": results({"new": NEW})})
    result = compare("old.json", "new.json")

    assert CHANGES == result.output
    assert 1 == result.exit_code


@pytest.mark.parametrize(
    ("before", "after", "status", "told"),
    [
        ("passed", "failed", 1, "1 worse, 0 better"),
        ("passed", "differs", 1, "1 worse, 0 better"),
        ("passed", "known deviation", 1, "1 worse, 0 better"),
        ("failed", "timed out", 1, "1 worse, 0 better"),
        ("crashed", "failed", 0, "0 worse, 1 better"),
        ("timed out", "crashed", 0, "0 worse, 0 better"),
        ("passed", "stale", 0, "0 worse, 0 better"),
        ("known deviation", "passed", 0, "0 worse, 1 better"),
        ("known deviation", "crashed", 0, "0 worse, 0 better"),
        ("crashed", "known deviation", 0, "0 worse, 0 better"),
        ("known deviation", "failed", 0, "0 worse, 0 better"),
        ("not applicable", "crashed", 0, "0 worse, 0 better, 1 new"),
        ("failed", "not applicable", 0, "0 worse, 0 better, 0 new, 1 gone"),
    ],
)
def test_compare_fails_only_if_a_clause_got_worse(compare, write, before, after, status, told):
    """What doesn't pass any more is worse, and so is what crashes instead of failing."""
    old, new = (results({"mine": {"shop.opens": verdict}}) for verdict in (before, after))
    write({"old.json": old, "new.json": new})
    result = compare("old.json", "new.json")

    assert told in result.output
    assert status == result.exit_code


BOTH = {"a": {"shop.opens": "passed"}, "b": {"shop.opens": "failed"}}


@pytest.mark.parametrize(
    ("new", "names", "compared"),
    [
        (BOTH, [], [("a", "a"), ("b", "b")]),
        (BOTH, ["b"], [("b", "b")]),
        (BOTH, ["a", "b"], [("a", "b")]),
        ({"b": OLD}, [], [("b", "b")]),
        ({"c": OLD}, ["b", "c"], [("b", "c")]),
    ],
)
def test_compare_pairs_runs_by_name(compare, write, new, names, compared):
    """Runs of one name are compared, or those that are named: one of both, or one of each."""
    write({"old.json": results(BOTH), "new.json": results(new)})
    result = compare("old.json", "new.json", *(word for name in names for word in ("--run", name)))

    assert compared == re.findall(r"^From (\S+) .*\n  to (\S+) ", result.stdout, re.MULTILINE)


def test_compare_says_what_it_leaves_out(compare, write):
    """A run that the other file doesn't have, and one that was stopped, are told."""
    stopped = results({"a": BOTH["a"]}, complete=False)
    write({"old.json": results(BOTH), "new.json": stopped})
    result = compare("old.json", "new.json")

    assert [
        "NOTE new.json is of a run that was stopped; what it didn't come to is new or gone here",
        "NOTE b is in old.json only, and is left out",
    ] == result.stderr.splitlines()
    assert 0 == result.exit_code


@pytest.mark.parametrize(
    ("content", "words", "message"),
    [
        (None, [], "new.json can't be read: No such file or directory; name another"),
        ("", [], "new.json is no JSON (Expecting value"),
        (b"\xff", [], "new.json is no JSON ('utf-8' codec"),
        (50_000 * "[", [], "new.json is no JSON ("),
        ("[]", [], "new.json isn't what 'signalbook verify --json' writes; name another"),
        ('{"format": 1}', [], "new.json isn't what 'signalbook verify --json' writes"),
        ('{"format": "2", "runs": []}', [], "new.json isn't what"),
        (results({}, format=1), [], "of an older Signalbook (format 1, and this one reads 2);"),
        (results({}, format=3), [], "of a newer Signalbook (format 3, and this one reads 2);"),
        (results({}, not_run=5), [], "new.json is damaged (TypeError: "),
        (results({"a": {"shop.opens": "fine"}}), [], "new.json is damaged (ValueError: 'fine'"),
        (
            results({}, not_run=[{"implementation": "x", "reason": "no module"}]),
            [],
            "new.json has no run in it; x: no module",
        ),
        (results({"c": OLD}), [], "no run of old.json (a, b) has the name of one of new.json (c)"),
        (results(BOTH), ["--run", "x"], "old.json has no run 'x'; it has a, b"),
        (results(BOTH), 3 * ["--run", "a"], "--run is given more than twice"),
    ],
)
def test_compare_unusable_file_is_one_message(compare, write, content, words, message):
    """What can't be compared is said in one message, with exit status 2."""
    write({"old.json": results(BOTH), **({} if content is None else {"new.json": content})})
    result = compare("old.json", "new.json", *words)

    assert message in " ".join(result.stderr.split())
    assert ("", 2) == (result.stdout, result.exit_code)
    assert "Traceback" not in result.output


def test_compare_reads_what_verify_writes(compare, write):
    """Two runs of the same differ in nothing, whatever happened between them."""
    words = ["verify", "--clause", "connecting.once", "--json"]
    for file in ("old.json", "new.json"):
        CliRunner().invoke(main, [*words, file])
    result = compare("old.json", "new.json")

    assert result.stdout.endswith("Clauses: 0 worse, 0 better, 0 new, 0 gone, 1 as before.\n")
    assert 0 == result.exit_code


def test_compare_asks_only_for_what_the_schema_promises():
    """The files that these tests write have no field that the schema hasn't."""
    definitions = json.loads(SCHEMA.read_text())["$defs"]
    (run,) = json.loads(results({"a": BOTH["a"]}))["runs"]

    assert run.keys() <= set(definitions["run"]["required"])
    assert run["results"][0].keys() <= set(definitions["result"]["required"])
