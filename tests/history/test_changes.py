"""What changes between two releases is found whole, and told in few lines."""

import pytest

from signalbook.history import (
    History,
    Measurement,
    Next,
    NextVerdict,
    Run,
    Stretch,
    compare,
    read_history,
    release_in_words,
    tell,
)
from signalbook.implementations import UnknownRelease
from signalbook.pages import read_specification
from signalbook.verdicts import Verdict

PAGE = """\
# `doors`

:::{clause} doors.open
:holds: flask>=1.0

A door MUST open.

::::{cases}
| pushed | how |
| ------ | --- |
| gently | `1` |
| firmly | `2` |
| kicked | `3` |
::::

```pycon
>>> how
1
```

::::{earlier} doors.stuck
:holds: flask<1.0
:rows: gently

It was stuck.

```pycon
>>> 4
4
```
::::

::::{earlier} doors.locked
:holds: flask<1.0
:rows: firmly

It was locked.

```pycon
>>> 5
5
```
::::
:::

:::{clause} doors.creak
:holds: flask<1.1

A door MAY creak.

```pycon
>>> 6
6
```
:::

:::{clause} doors.slam
:holds: flask<1.1

A door SHOULD NOT slam.

```pycon
>>> 7
7
```
:::

:::{clause} doors.glide
:holds: flask>=1.1

A door MUST glide.

```pycon
>>> 8
8
```
:::
"""
FALLBACK = """\
# Without

:::{clause} fallback.send
:holds: flask<1.1

`send` MUST do nothing.

```pycon
>>> 9
9
```
:::

:::{clause} fallback.listen
:holds: flask<1.1

It MUST be refused to listen.

```pycon
>>> 10
10
```
:::
"""
VERSIONS = ["0.9", "1.0", "1.1"]
# Where each passed: at the first, the second and the third release.
PASSED = {
    "doors.open.gently": "-++",
    "doors.open.firmly": "-++",
    "doors.open.kicked": "+++",
    "doors.stuck.gently": "+--",
    "doors.locked.firmly": "+--",
    "doors.creak": "++-",
    "doors.slam": "++-",
    "doors.glide": "--+",
    "fallback.send": "++",
    "fallback.listen": "++",
}
WHY = "an example printed something else: `7`"


def run(passed):
    versions = VERSIONS[: len(passed)]
    stretches = [
        Stretch(version, version, Verdict.PASSED)
        if sign == "+"
        else Stretch(version, version, Verdict.FAILED, WHY)
        for version, sign in zip(versions, passed, strict=True)
    ]
    return Run({version: f"CPython 3.11: flask=={version}" for version in versions}, stretches)


@pytest.fixture
def specification(write, tmp_path):
    write({"spec/signals/doors.md": PAGE, "spec/fallback.md": FALLBACK})
    return read_specification(tmp_path / "spec")


@pytest.fixture
def history(specification):
    """Return a function that makes a history, with some other results."""

    def history(coming=(), other_digests=(), **changed):
        clauses = {}
        for check in specification.checks:
            series = "flask-without-blinker" if check.subject == "fallback" else "flask"
            name = check.id.split(".")[1 if check.earlier_of else -1]
            runs = {series: run(changed.get(name, PASSED[check.id]))}
            is_other = check.id in other_digests
            clauses[check.id] = Measurement("2026-11-21", "0" if is_other else check.digest, runs)
        verdicts = {
            id: NextVerdict("2026-11-23", specification.clause(id).digest, verdict, "")
            for id, verdict in dict(coming).items()
        }
        tree = Next("2ac89889" * 5, "2026-04-08", "CPython 3.12: flask==3.2.0.dev0", verdicts)
        return History(clauses, tree if coming else None)

    return history


def told(specification, history, older, newer):
    """Return the lines as texts: tag, when, level, text, and the proofs."""
    return [
        (
            *(line.tag, line.when, line.level, line.text),
            "; ".join(f"{part.entry.id} ({part.cases})" for part in line.parts),
        )
        for line in tell(specification, compare(specification, history, older, newer)).lines
    ]


def test_changes_begin_with_the_rule_and_what_breaks_comes_first(specification, history):
    """Blinker that is needed comes first; of what has no successor is said what examples did."""
    assert told(specification, history(), "0.9", "1.1") == [
        (
            *("changed", "1.1", "MUST"),
            "Without blinker Flask can't be imported ← before: It ran without blinker.",
            "fallback.send (); fallback.listen ()",
        ),
        (
            *("removed", "1.1", "SHOULD"),
            "A door SHOULD NOT slam → An example printed something else: `'7'`.",
            "doors.slam ()",
        ),
        (
            *("removed", "1.1", "MAY"),
            "A door MAY creak → An example printed something else: `'7'`.",
            "doors.creak ()",
        ),
        (
            *("changed", "1.0", "MUST"),
            "A door MUST open ← before: It was stuck. It was locked.",
            "doors.stuck (); doors.locked (); doors.open (all but kicked)",
        ),
        ("added", "1.1", "MUST", "A door MUST glide.", "doors.glide ()"),
    ]


def test_import_that_fails_is_told_with_what_ran_without_blinker():
    """The rule that says so is no addition; of this only the real history tells."""
    specification, known = read_specification(), read_history()
    sections = tell(specification, compare(specification, known, "2.2.5", "2.3.0")).sections
    page, lines = sections[0]
    assert ("fallback", "changed", "MUST") == (page.subject, lines[0].tag, lines[0].level)
    assert "fallback.import-fails" in [part.entry.id for part in lines[0].parts]


def test_pages_that_lose_or_change_a_must_come_first(specification, history):
    """Then those with such a SHOULD, then the others; pages of one kind as they are read."""
    same = {"gently": "+++", "firmly": "+++", "stuck": "---", "locked": "---"}

    def subjects(**changed):
        comparison = compare(specification, history(**same, **changed), "0.9", "1.0")
        return [page.subject for page, _ in tell(specification, comparison).sections]

    assert ["doors", "fallback"] == subjects(creak="+--", send="-+")
    assert ["doors", "fallback"] == subjects(slam="+--", send="-+")
    assert ["fallback", "doors"] == subjects(slam="+--", send="+-")


def test_changes_backwards_lead_to_the_earlier_entry(specification, history):
    """The same two releases the other way round."""
    assert told(specification, history(), "1.0", "0.9") == [
        (
            *("changed", "", "MUST"),
            "A door MUST open → after: It was stuck. It was locked.",
            "doors.open (all but kicked); doors.stuck (); doors.locked ()",
        )
    ]
    assert [] == told(specification, history(), "1.0", "1.0")


def test_rule_that_holds_in_more_cases_is_no_change_of_its_page(specification, history):
    """What a rule gains, and nothing else was true of, is in a list at the end."""
    found = history(stuck="---", locked="---")
    assert told(specification, found, "0.9", "1.0") == [
        ("in more cases", "", "MUST", "A door MUST open.", "doors.open (all but kicked)")
    ]
    all_told = tell(specification, compare(specification, found, "0.9", "1.0"))
    assert (0, ()) == (all_told.count, all_told.sections)
    assert ["Rules that hold in more cases"] == [title for title, _ in all_told.lists]


GONE = "an example raised AttributeError: 'Flask' object has no attribute 'before_first_request'"


@pytest.mark.parametrize(
    ("why", "tag", "end"),
    [
        (GONE, "gone", "gone with `before_first_request`."),
        (
            "an example raised AttributeError: 'NoneType' object has no attribute 'send'",
            "removed",
            "An example raised `AttributeError: 'NoneType' object has no attribute 'send'`.",
        ),
    ],
)
def test_rule_that_can_not_be_asked_for_is_no_rule_that_is_broken(
    specification, history, monkeypatch, why, tag, end
):
    """A hook that Flask has no more is named; an attribute of something else proves nothing."""
    monkeypatch.setitem(globals(), "WHY", why)
    found = history(stuck="---", locked="---", gently="---", firmly="---", slam="+--")
    assert told(specification, found, "0.9", "1.0") == [
        (tag, "", "SHOULD", f"A door SHOULD NOT slam → {end}", "doors.slam ()")
    ]


def test_case_that_is_gone_is_named(specification, history, monkeypatch):
    """The rule still holds in others."""
    monkeypatch.setitem(globals(), "WHY", GONE)
    found = history(stuck="---", locked="---", gently="+--", firmly="---")
    assert told(specification, found, "0.9", "1.0") == [
        (
            *("gone", "", "MUST"),
            "A door MUST open → gone with `before_first_request`, in the case gently.",
            "doors.open (gently)",
        )
    ]


def test_rule_that_loses_one_case_and_gains_another_has_two_lines(specification, history):
    """What a rule loses is no reason for what it gains."""
    found = history(stuck="---", locked="---", firmly="---", kicked="+--")
    assert told(specification, found, "0.9", "1.0") == [
        (
            *("removed", "", "MUST"),
            "A door MUST open → An example printed something else: `'7'`.",
            "doors.open (kicked)",
        ),
        ("added", "", "MUST", "A door MUST open.", "doors.open (gently)"),
    ]


def test_rule_that_loses_a_case_and_holds_in_others_says_which(specification, history):
    """Else the line would say that the rule is broken."""
    found = history(stuck="---", locked="---", gently="+--", firmly="+++")
    assert told(specification, found, "0.9", "1.0") == [
        (
            *("removed", "", "MUST"),
            "A door MUST open → not in the case gently: an example printed something else: `'7'`.",
            "doors.open (gently)",
        )
    ]


def test_earlier_entry_alone_is_told_with_its_rule(specification, history):
    """Who reads that it was stuck learns what was."""
    only = history(gently="---", firmly="---", stuck="-+-", locked="---", kicked="+++")
    line = "In place of “A door MUST open”: It was stuck."
    assert told(specification, only, "0.9", "1.0") == [
        ("added", "", "MUST", line, "doors.stuck ()")
    ]


def test_next_is_compared_where_it_was_measured(specification, history):
    """The main branch is a release by the name of next; what it wasn't asked is told."""
    found = history({"doors.glide": Verdict.FAILED, "doors.creak": Verdict.PASSED})
    assert told(specification, found, "1.1", "next") == [
        ("removed", "", "MUST", "A door MUST glide → `failed`.", "doors.glide ()"),
        ("added", "", "MAY", "A door MAY creak.", "doors.creak ()"),
    ]
    unknown = compare(specification, found, "1.1", "next").unknown
    assert [
        *("doors.open.gently", "doors.open.firmly", "doors.open.kicked"),
        *("doors.stuck.gently", "doors.locked.firmly", "doors.slam"),
    ] == [check.id for check in unknown]
    assert release_in_words(found, "next").startswith("Flask's main branch of 2026-04-08")
    assert "Flask 1.1" == release_in_words(found, "1.1")


def test_what_was_edited_since_is_counted_and_not_told(specification, history):
    """What other examples did proves nothing."""
    found = history(other_digests=["doors.creak", "fallback.send"])
    comparison = compare(specification, found, "1.0", "1.1")
    assert ["doors.creak", "fallback.send"] == [check.id for check in comparison.unknown]
    assert ["doors.slam", "doors.glide", "fallback.listen"] == [
        change.clause.id for change in comparison.changes
    ]


@pytest.mark.parametrize(("older", "newer"), [("2.0", "1.0"), ("1.0", "2.0"), ("1.0", "next")])
def test_release_that_was_not_measured_is_an_error(specification, history, older, newer):
    """The message names those that were."""
    with pytest.raises(UnknownRelease, match=r"was not measured; measured are 0\.9, 1\.0, 1\.1$"):
        compare(specification, history(), older, newer)


@pytest.mark.parametrize(
    ("older", "newer"),
    [("0.6", "3.1.3"), ("3.1.3", "0.6"), ("1.1.4", "2.3.3"), ("2.2.5", "2.1.3"), ("3.1.3", "next")],
)
def test_each_check_whose_verdicts_differ_is_in_one_line(older, newer):
    """The lines of the real history are complete, and there is nothing else in them."""
    specification, known = read_specification(), read_history()

    def passed(check, version):
        if version == "next":
            return known.next.clauses[check.id].verdict is Verdict.PASSED
        runs = known.clauses[check.id].runs
        series = "flask" if "flask" in runs else "flask-without-blinker"
        stretch = known.verdicts(check.id, series).get(version)
        return stretch is not None and stretch.verdict is Verdict.PASSED

    comparison = compare(specification, known, older, newer)
    listed = [
        check.id
        for line in tell(specification, comparison).lines
        for part in line.parts
        for check in part.checks
    ]
    skipped = {check.id for check in comparison.unknown}
    differing = [
        check.id
        for check in specification.checks
        if "flask" in check.needs and check.id not in skipped
        if "next" not in (older, newer) or "blinker" not in check.lacks
        if passed(check, older) is not passed(check, newer)
    ]
    assert differing
    assert sorted(differing) == sorted(listed)
