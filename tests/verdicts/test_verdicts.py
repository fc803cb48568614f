"""Results: what is a fault, what is counted, where implementations differ, known deviations."""

from dataclasses import replace

import pytest

from signalbook.clauses import Clause, Example, Level, Page, Specification
from signalbook.verdicts import (
    Deviation,
    DeviationsError,
    Disagreement,
    Result,
    Verdict,
    apply_deviations,
    count,
    disagreements,
    read_deviations,
)

EXAMPLE = Example(
    source="1\n", wanted="1\n", raises=None, options={}, file="spec/signals/shop.md", line=9
)


def clause(id, level=Level.MUST):
    return Clause(
        id=id,
        rule=f"It {level}.",
        level=level,
        holds=None,
        chapter="signals",
        title="Shop",
        setup=(),
        examples=(EXAMPLE,),
        file="spec/signals/shop.md",
        line=3,
    )


OPENS, CLOSES, MAY_SELL = (
    clause("shop.opens"),
    clause("shop.closes"),
    clause("shop.sells", Level.MAY),
)
SPECIFICATION = Specification(
    (
        Page(
            subject="shop",
            title="Shop",
            chapter="signals",
            setup=(),
            clauses=(OPENS, CLOSES, MAY_SELL),
            file="spec/signals/shop.md",
        ),
    )
)


def result(clause, verdict, implementation="web", **more):
    return Result(clause=clause, implementation=implementation, verdict=Verdict(verdict), **more)


def test_verdict_that_is_a_fault_fails_a_run():
    """A run fails for what failed, crashed, hung, or was listed without need."""
    assert {
        "passed": False,
        "failed": True,
        "absent": True,
        "crashed": True,
        "timed out": True,
        "not applicable": False,
        "not claimed": False,
        "differs": False,
        "known deviation": False,
        "stale": True,
    } == {verdict.value: verdict.is_fault for verdict in Verdict}


def test_place_is_that_of_the_example_or_of_the_clause():
    """A result points to the failing example, or to the clause if there is none."""
    assert ["spec/signals/shop.md:9", "spec/signals/shop.md:3"] == [
        result(OPENS, "failed", example=EXAMPLE).place,
        result(OPENS, "crashed").place,
    ]


def test_count_is_by_level_and_verdict():
    """Results are counted by level, then by verdict, and what doesn't occur is zero."""
    counted = count(
        [
            result(OPENS, "passed"),
            result(CLOSES, "failed"),
            result(OPENS, "passed", "other"),
            result(MAY_SELL, "crashed"),
        ]
    )
    assert [
        [Level.MUST, 2, 1, 0],
        [Level.SHOULD, 0, 0, 0],
        [Level.MAY, 0, 0, 1],
    ] == [
        [level, by[Verdict.PASSED], by[Verdict.FAILED], by[Verdict.CRASHED]]
        for level, by in counted.items()
    ]


@pytest.mark.parametrize(
    ("verdicts", "differ"),
    [
        (["passed", "passed"], False),
        (["passed", "failed"], True),
        (["failed", "crashed"], False),
        (["failed", "timed out", "known deviation"], False),
        (["passed", "not applicable"], False),
        (["failed", "not applicable"], False),
        (["passed", "known deviation"], True),
        (["passed", "stale"], False),
        (["stale", "failed"], True),
        (["passed", "not applicable", "crashed"], True),
        (["failed"], False),
        ([], False),
    ],
)
def test_disagreement_is_between_keeping_and_not(verdicts, differ):
    """Implementations disagree on a clause that one of them keeps and another doesn't."""
    results = [result(OPENS, verdict, str(number)) for number, verdict in enumerate(verdicts)]
    applicable = [result for result in results if result.verdict is not Verdict.NOT_APPLICABLE]
    assert ([Disagreement(OPENS, applicable)] if differ else []) == disagreements(results)


def test_disagreements_are_grouped_by_clause():
    """Results of several clauses, in any order, are grouped by clause in the order of the run."""
    results = [
        result(CLOSES, "passed", "a"),
        result(OPENS, "passed", "a"),
        result(MAY_SELL, "passed", "a"),
        result(OPENS, "failed", "b"),
        result(CLOSES, "crashed", "b"),
        result(MAY_SELL, "passed", "b"),
    ]
    assert [
        Disagreement(CLOSES, [results[0], results[4]]),
        Disagreement(OPENS, [results[1], results[3]]),
    ] == disagreements(results)


KNOWN = {"shop.opens": Deviation("closed on Mondays", "https://shop.example/1")}


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (
            "passed",
            "stale",
            "listed as a deviation (closed on Mondays), but it passes; remove the entry",
        ),
        ("failed", "known deviation", "closed on Mondays (https://shop.example/1)"),
        ("crashed", "crashed", "as before; the listed deviation excuses only 'failed'"),
        ("timed out", "timed out", "as before; the listed deviation excuses only 'failed'"),
        ("not applicable", "not applicable", "as before"),
    ],
)
def test_deviation_changes_the_verdict_of_its_clause(before, after, reason):
    """A listed clause may fail, and must not pass; the rest of its result stays."""
    found = result(OPENS, before, reason="as before", got="got", seconds=1.5, example=EXAMPLE)
    assert replace(found, verdict=Verdict(after), reason=reason) == apply_deviations(found, KNOWN)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("crashed", "known deviation", "closed on Mondays (https://shop.example/1)"),
        ("failed", "failed", "as before; the listed deviation excuses only 'crashed'"),
        (
            "passed",
            "stale",
            "listed as a deviation (closed on Mondays), but it passes; remove the entry",
        ),
    ],
)
def test_deviation_excuses_the_verdict_that_it_names(before, after, reason):
    """A deviation that says that its clause crashes excuses a crash, and nothing else."""
    known = {"shop.opens": replace(KNOWN["shop.opens"], verdict=Verdict.CRASHED)}
    found = result(OPENS, before, reason="as before")
    assert (Verdict(after), reason) == (
        apply_deviations(found, known).verdict,
        apply_deviations(found, known).reason,
    )


@pytest.mark.parametrize("verdict", Verdict)
def test_deviation_leaves_other_clauses_alone(verdict):
    """A result on a clause that isn't listed stays as it is."""
    found = result(CLOSES, verdict, reason="as before")
    assert found == apply_deviations(found, KNOWN)


def test_deviations_are_read(write, tmp_path):
    """A list of deviations is a table by clause, each with reason and link."""
    write(
        {
            "known.toml": """\
            [deviations."shop.opens"]
            reason = "closed on Mondays"
            link = "https://shop.example/1"
            """
        }
    )
    assert KNOWN == read_deviations(tmp_path / "known.toml", SPECIFICATION)


def test_deviations_may_name_a_verdict_and_hold_no_control_characters(write, tmp_path):
    """An entry may be for a crash or a time-out; what it says can't repaint a terminal."""
    write(
        {
            "known.toml": r"""
            [deviations."shop.opens"]
            reason = "closed\u001b[2J"
            link = "\u202ehttps://shop.example/1"
            verdict = "timed out"
            """
        }
    )
    assert {
        "shop.opens": Deviation(
            r"closed\x1b[2J", r"\u202ehttps://shop.example/1", Verdict.TIMED_OUT
        )
    } == read_deviations(tmp_path / "known.toml", SPECIFICATION)


FORM = "each deviation is a table [deviations.\"CLAUSE\"] with the texts 'reason' and 'link'"
ENTRY = '[deviations."shop.opens"]\n'
HERE = '[deviations."shop.opens"]'


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ("", ["there is no table 'deviations'; write one, if only an empty one"]),
        (
            "deviations = 5",
            ["there is no table 'deviations'; write one, if only an empty one"],
        ),
        (
            "[deviation.'shop.opens']\nreason = 'x'\nlink = 'x'",
            [
                "'deviation' means nothing here; remove it",
                "there is no table 'deviations'; write one, if only an empty one",
            ],
        ),
        ("[deviations]\n'shop.opens' = 'closed'", [f"{HERE} is no table; make it one"]),
        (ENTRY + "link = 'x'", [f"{HERE} lacks 'reason'; write it"]),
        (ENTRY + "reason = 'x'", [f"{HERE} lacks 'link'; write it"]),
        (
            ENTRY + "reason = ' '\nlink = 5",
            [
                f"{HERE} has ' ' as its 'reason'; write a text",
                f"{HERE} has 5 as its 'link'; write a text",
            ],
        ),
        (
            ENTRY + "reason = 'x'\nlink = 'x'\nverdikt = 'crashed'",
            [f"{HERE} has a key 'verdikt', which means nothing; remove it"],
        ),
        (
            ENTRY + "reason = 'x'\nlink = 'x'\nverdict = 'passed'",
            [
                f"{HERE} has 'passed' as its 'verdict';"
                " write one of 'failed', 'crashed', 'timed out'"
            ],
        ),
        (
            "[deviations.'shop.open']\nreason = 'x'\nlink = 'x'\n"
            "[deviations.'shop.close']\nreason = 'x'\n",
            [
                "[deviations.\"shop.close\"] lacks 'link'; write it",
                "there is no clause 'shop.open'; did you mean 'shop.opens'?",
                "there is no clause 'shop.close'; did you mean 'shop.closes'?",
            ],
        ),
    ],
)
def test_deviations_that_cannot_be_used_are_an_error(tmp_path, content, problems):
    """Everything that is wrong with a list is said at once, and how to write it."""
    file = tmp_path / "known.toml"
    file.write_text(content)
    with pytest.raises(DeviationsError) as caught:
        read_deviations(file, SPECIFICATION)
    assert [f"{file}: {text}" for text in (*problems, FORM)] == str(caught.value).split("\n")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (None, "FileNotFoundError"),
        (b"\xff", "UnicodeDecodeError"),
        (b"[deviations", "TOMLDecodeError"),
        (b"deviations = " + 5000 * b"[", "RecursionError"),
    ],
)
def test_deviations_that_cannot_be_read_are_an_error(tmp_path, content, kind):
    """A file that is no TOML, or isn't there, is an error that says so, and how to write it."""
    file = tmp_path / "known.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(DeviationsError) as caught:
        read_deviations(file, SPECIFICATION)
    assert str(caught.value).startswith(f"{file}: it can't be read ({kind}: ")
    assert str(caught.value).endswith(f"; {FORM}")
