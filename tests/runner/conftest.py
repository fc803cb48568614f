"""The small specification that faulty implementations are run on."""

from pathlib import Path

import pytest

from signalbook.clauses import Clause, Example, Level
from signalbook.pages import read_specification
from signalbook.runner import Limits, Session

PAGES = Path(__file__).parent / "pages"


@pytest.fixture(scope="session")
def faulty_specification():
    """Four clauses: one before the fault, the fault's own, one after it, and one that fails."""
    return read_specification(PAGES)


@pytest.fixture
def verdicts(faulty_specification):
    """Run the four clauses on an implementation, and return verdict and reason of each."""

    def verdicts(implementation, **limits):
        with Session(implementation, Limits(**{"timeout": 5.0, **limits})) as session:
            results = [session.run(clause) for clause in faulty_specification.checks]
        return [
            (result.clause.id.removeprefix("engine."), result.verdict.value, result.reason)
            for result in results
        ]

    return verdicts


@pytest.fixture
def run_page(write, engine, tmp_path):
    """Run a page of clauses on an engine, and return id, verdict and what was got for each."""

    def run_page(text, source="", *, timeout=5.0, implementation=None, chapter="dispatch"):
        write({f"spec/{chapter}/page.md": text})
        specification = read_specification(tmp_path / "spec")
        with Session(implementation or engine(source), Limits(timeout=timeout)) as session:
            return [session.run(clause) for clause in specification.checks]

    return run_page


@pytest.fixture
def run_clause(engine):
    """Run one example, whose wanted output may hold what the reader of pages refuses."""

    def run_clause(source, wanted):
        place = {"file": "spec/dispatch/page.md", "line": 6}
        example = Example(source=source, wanted=wanted, raises=None, options={}, **place)
        clause = Clause(
            id="page.a",
            rule="It MUST.",
            level=Level.MUST,
            holds=None,
            chapter="dispatch",
            title="Page",
            setup=(),
            examples=(example,),
            **place,
        )
        with Session(engine("")) as session:
            return session.run(clause)

    return run_clause
