"""The command `diff` prints the lines that the site has."""

import re

from click.testing import CliRunner

from signalbook.cli import main
from signalbook.history import compare, read_history, tell
from signalbook.pages import read_specification


def test_diff_prints_each_line_with_its_proofs():
    """By page, with tag, releases and level, and how many there are at the end."""
    specification = read_specification()
    done = CliRunner().invoke(main, ["diff", "2.3.3", "3.1.3"])
    told = tell(specification, compare(specification, read_history(), "2.3.3", "3.1.3"))
    wanted = [f"{line.tag} in {line.when}, {line.level}: {line.text}" for line in told.lines]

    assert 0 == done.exit_code, done.output
    printed = done.output.splitlines()
    assert told.lists
    assert wanted == [line.strip() for line in printed if re.match("  [^ ]", line)]
    assert [page.title for page, _ in told.sections] + [title for title, _ in told.lists] == [
        printed[i + 1]
        for i, line in enumerate(printed[:-1])
        if not line and printed[i + 2 : i + 3] and printed[i + 2].startswith("  ")
    ]
    assert f"{told.count} changes from Flask 2.3.3 to Flask 3.1.3." in printed


def test_diff_to_the_main_branch_names_it():
    """It is no release, so it is called by its day and its commit."""
    done = CliRunner().invoke(main, ["diff", "3.1.3", "next"])

    assert 0 == done.exit_code, done.output
    assert f"changes from Flask 3.1.3 to {read_history().next.title}." in done.output


def test_diff_of_an_unknown_release_is_an_error():
    """The message names those that were measured."""
    done = CliRunner().invoke(main, ["diff", "3.1.3", "4.0"])

    assert done.exit_code
    assert (
        "Flask '4.0' was not measured; measured are 0.6, 0.6.1"
        in str(done.exception or done.output) + done.output
    )
