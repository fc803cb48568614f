"""Flask on the reference engine, and the reference framework on blinker."""

import pytest

from signalbook.implementations import custom
from signalbook.pages import read_specification
from signalbook.runner import Isolation, Session
from signalbook.verdicts import tolerated

ROOFS = [("flask", "signalbook.reference.engine"), ("signalbook.reference", "blinker")]


@pytest.mark.parametrize(("framework", "engine"), ROOFS)
def test_injected_engine_is_what_the_core_signals_are_of(write, tmp_path, framework, engine):
    """The framework imports the injected engine where it would import its own."""
    example = "isinstance(flask.request_started, blinker.NamedSignal)"
    page = f"""# Page\n\n:::{{clause}} page.signals\n\nThe signals MUST be the engine's.\n
```pycon\n>>> import blinker, flask\n>>> {example}\nTrue\n```\n:::\n"""
    write({"spec/signals/page.md": page})
    (clause,) = read_specification(tmp_path / "spec").checks
    verdicts = []
    for inject in (True, False):
        own = custom(flask=framework, blinker=engine, inject_engine=inject)
        with Session(own) as session:
            verdicts.append(session.run(clause).verdict)
    assert ["passed", "failed"] == verdicts


@pytest.mark.parametrize(("framework", "engine"), ROOFS)
def test_engines_keep_every_clause_under_each_others_roofs(framework, engine):
    """What binds holds with the reference engine under real Flask, and with blinker under ours."""
    own = custom(flask=framework, blinker=engine, inject_engine=True)
    with Session(own, isolation=Isolation.PAGE) as session:
        results = [*map(tolerated, session.run_all(read_specification().checks))]
    assert [] == [(r.clause.id, r.reason) for r in results if r.verdict.is_fault]
    assert "passed" in {result.verdict for result in results}
