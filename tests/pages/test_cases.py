"""Rules with rows, and what was true earlier: how pages say it, and what they are told."""

import pytest

from signalbook.clauses import Level
from signalbook.implementations import Implementation
from signalbook.pages import read_specification
from signalbook.runner import Session
from signalbook.verdicts import Verdict, count

PAGE = """\
# Doors

:::{setup}
```pycon
>>> from blinker import Signal
>>> left, right = Signal(), Signal()
```
:::

:::{clause} doors.opens
:holds: blinker>=1.5
:source: blinker's documentation
:except: doors.jammed

A door MUST open.

::::{cases}
| which door | door    | holds          | prints |
| ---------- | ------- | -------------- | ------ |
| left       | `left`  |                | `[]`   |
| right      | `right` | `blinker>=1.6` | `[]`   |
| both       | `left \\| right if 0 else left` | | `[1]` |
::::

```pycon
>>> door.send()
```

::::{earlier} doors.stuck
:holds: blinker<1.5
:rows: left

It was stuck.

```pycon
>>> door.send()
[1]
```
::::
:::

:::{clause} doors.jammed

A jammed door MAY stay shut.

```pycon
>>> left.send()
[]
```
:::
"""


@pytest.fixture
def read(tmp_path):
    """Read a specification that is one page of the chapter dispatch."""

    def read(text):
        page = tmp_path / "spec" / "dispatch" / "doors.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text)
        return read_specification(tmp_path / "spec")

    return read


@pytest.fixture
def problem_of(read):
    """Return what a page with a change is told, without its name."""

    def problem_of(old, new):
        assert PAGE.count(old) >= 1
        with pytest.raises(ValueError, match=r"dispatch/doors\.md") as caught:
            read(PAGE.replace(old, new, 1))
        return str(caught.value).removeprefix("spec/dispatch/doors.md:")

    return problem_of


def test_rows_and_earlier_entries_are_checks(read):
    """What is run is each row, each clause without rows, and each entry's rows, in page order."""
    specification = read(PAGE)

    assert ["doors.opens", "doors.jammed"] == [clause.id for clause in specification.clauses]
    assert [
        ("doors.opens.left", "blinker>=1.5", 20, "doors.opens", None),
        ("doors.opens.right", "blinker>=1.6", 21, "doors.opens", None),
        ("doors.opens.both", "blinker>=1.5", 22, "doors.opens", None),
        ("doors.stuck.left", "blinker<1.5", 20, "doors.stuck", "doors.opens"),
        ("doors.jammed", None, 42, None, None),
    ] == [
        (check.id, check.holds and check.holds.text, check.line, check.row_of, check.earlier_of)
        for check in specification.checks
    ]


def test_row_runs_the_examples_with_its_own_names_and_output(read):
    """A row is its names, then the clause's examples, the last with what the row prints."""
    checks = {check.id: check for check in read(PAGE).checks}

    assert {
        "doors.opens.left": [("door = left\n", ""), ("door.send()\n", "[]\n")],
        "doors.opens.right": [("door = right\n", ""), ("door.send()\n", "[]\n")],
        "doors.opens.both": [
            ("door = left | right if 0 else left\n", ""),
            ("door.send()\n", "[1]\n"),
        ],
        "doors.stuck.left": [("door = left\n", ""), ("door.send()\n", "[1]\n")],
        "doors.jammed": [("left.send()\n", "[]\n")],
    } == {id: [(e.source, e.wanted) for e in check.examples] for id, check in checks.items()}
    assert ("doors.opens.left",) == checks["doors.stuck.left"].replaces


def test_row_may_raise(read):
    """What a row raises is in a column of its own."""
    text = PAGE.replace("prints |", "raises |").replace("`[]`   ", "`TypeError: no`")
    check = read(text).checks[0]

    assert ["", "TypeError: no"] == [check.examples[-1].wanted, check.examples[-1].raises]


def test_entry_can_have_cases_of_its_own(read):
    """Rows of an entry are its own, with ids that start with the entry's."""
    own = ":::::{cases}\n| a | door |\n| - | - |\n| top | `left` |\n:::::\n"
    text = PAGE.replace(":rows: left\n", "").replace("was stuck.\n", f"was stuck.\n\n{own}")

    assert "doors.stuck.top" in [check.id for check in read(text).checks]


@pytest.mark.parametrize(
    ("option", "needs"),
    [("", ["flask", "blinker, flask"]), (":needs: blinker\n", ["blinker", "blinker"])],
)
def test_entry_needs_what_its_rows_need_unless_it_says_so(read, option, needs):
    """A row that needs less than its clause did so earlier, too."""
    text = PAGE.replace("prints |", "needs |").replace("`[]`   ", "`flask` ")
    text = text.replace(">>> door.send()\n```", ">>> door.send()\n[]\n```")
    text = text.replace(":holds: blinker>=1.5\n", ":holds: blinker>=1.5\n:needs: flask, blinker\n")
    text = text.replace(":rows: left\n", f":rows: left, both\n{option}").replace("`[1]`", "")
    checks = {check.id: ", ".join(sorted(check.needs)) for check in read(text).checks}

    assert "flask" == checks["doors.opens.left"]
    assert needs == [checks["doors.stuck.left"], checks["doors.stuck.both"]]


def test_entry_has_the_level_of_its_clause(read):
    """What was true earlier binds as much as what is true now."""
    may = read(PAGE.replace("A door MUST", "A door MAY"))

    assert [Level.MAY] * 5 == [check.level for check in may.checks]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            "| left  ",
            "| the left",
            "20: the row's name 'the left' is malformed; write it in lower case, with hyphens",
            id="slug",
        ),
        pytest.param("| right ", "| left", "21: there are two rows 'left'; rename one", id="twice"),
        pytest.param(
            "| `right` ",
            "| right",
            "21: the cell 'right' is no code; put all of it between backticks",
            id="no code",
        ),
        pytest.param(
            "| `right` ",
            "| `right(`",
            "21: the cell is no Python expression: '(' was never closed; correct it",
            id="no Python",
        ),
        pytest.param(
            "| `right` ",
            "| ",
            "21: the row has nothing for 'door'; write an expression",
            id="empty",
        ),
        pytest.param(
            "door    |",
            "a door |",
            "18: the column 'a door' is no name in Python;"
            " name what the examples use, or one of holds, needs, prints, raises",
            id="heading",
        ),
        pytest.param(
            "| holds  ",
            "| door  ",
            "18: two columns have the same heading; rename one",
            id="same heading",
        ),
        pytest.param(
            "`blinker>=1.6`",
            "`blinker>=`",
            "21: the range 'blinker>=' is malformed: Invalid specifier: '>=';"
            " see 'Version ranges' in spec/index.md",
            id="range",
        ),
        pytest.param(
            ">>> door.send()\n```\n\n::::{earlier}",
            ">>> door.send()\n[]\n```\n\n::::{earlier}",
            "26: the table says what the last statement gives, and so does the example;"
            " remove one of them",
            id="both",
        ),
        pytest.param(
            "\n```pycon\n>>> door.send()\n```\n",
            "\n::::{cases}\n| a | door |\n| - | - |\n| b | `left` |\n::::\n"
            "\n```pycon\n>>> door.send()\n```\n",
            "25: there are two tables of cases; join them",
            id="two tables",
        ),
        pytest.param(
            "::::{cases}\n",
            "::::{cases}\nThe doors:\n\n",
            "18: the cases have something else than a table; move it out",
            id="prose",
        ),
        pytest.param(
            ":holds: blinker<1.5\n",
            "",
            "29: the earlier entry doesn't say when it was so; give it ':holds:'",
            id="no range",
        ),
        pytest.param(
            ":holds: blinker>=1.5\n",
            "",
            "10: the clause has an earlier entry, and holds for every release; give it ':holds:'",
            id="no range of its own",
        ),
        pytest.param(
            ":rows: left",
            ":rows: top",
            "29: ':rows:' names 'top', which is no row of the clause;"
            " name some of left, right, both",
            id="unknown row",
        ),
        pytest.param(
            "It was stuck.",
            "It MUST be stuck.",
            "33: MUST is in capitals outside a rule; write it in lower case, or make it a clause",
            id="level",
        ),
        pytest.param(
            "It was stuck.",
            "It was stuck. Really.",
            "33: the rule is not one sentence on one line; move the rest into a {note}",
            id="two sentences",
        ),
        pytest.param(
            ":except: doors.jammed",
            ":except: doors.jamed",
            "10: ':except:' of 'doors.opens' names 'doors.jamed', which is no other clause;"
            " name the clause that narrows the rule",
            id="exception",
        ),
        pytest.param(
            "{earlier} doors.stuck",
            "{earlier} doors.opens",
            "29: the id 'doors.opens' is taken by spec/dispatch/doors.md:10; choose another",
            id="taken",
        ),
    ],
)
def test_page_with_a_faulty_case_is_one_error(problem_of, old, new, problem):
    """Each mistake in a table or an entry is told once, where it is, with what to do."""
    assert problem == problem_of(old, new)


def test_table_outside_a_clause_is_an_error(problem_of):
    """Cases and entries are parts of a clause."""
    assert "42: {cases} is outside a clause; move it into a ':::{clause}'" == problem_of(
        ":::{clause} doors.jammed", ":::{cases}\n:::\n\n:::{clause} doors.jammed"
    )


def test_verdict_on_a_clause_is_the_worst_of_its_rows(read):
    """Rows run alone, and one that fails is its clause's verdict."""
    own = Implementation(name="blinker", flask=None)
    with Session(own) as session:
        results = list(session.run_all(read(PAGE).checks))

    found = {result.clause.id: result.verdict for result in results}
    assert {
        "doors.opens.left": Verdict.PASSED,
        "doors.opens.right": Verdict.PASSED,
        "doors.opens.both": Verdict.FAILED,
        "doors.stuck.left": Verdict.NOT_APPLICABLE,
        "doors.jammed": Verdict.PASSED,
    } == found
    assert {Verdict.FAILED: 1, Verdict.NOT_APPLICABLE: 1} == count(results)[Level.MUST]
    assert {Verdict.PASSED: 1} == count(results)[Level.MAY]


@pytest.mark.parametrize(
    ("pattern", "ids"),
    [
        ("doors.opens", ["left", "right", "both", "stuck.left"]),
        ("doors.opens.left", ["left"]),
        ("doors.stuck", ["stuck.left"]),
        ("doors.*.left", ["left", "stuck.left"]),
    ],
)
def test_pattern_of_a_clause_selects_all_its_checks(read, pattern, ids):
    """A clause is selected with its rows and entries; a row or an entry alone by its own id."""
    selected = [check.id for check in read(PAGE).select(patterns=[pattern])]

    assert ids == [id.removeprefix("doors.").removeprefix("opens.") for id in selected]
