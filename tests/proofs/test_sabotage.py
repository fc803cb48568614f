"""The mechanism that `nox -s sabotage` proves the clauses with."""

import pytest
import sabotage
from sabotage import Sabotage, Unsuitable


def test_sabotage_is_killed_by_the_clause_that_forbids_it():
    """A wrong engine fails the first of the clauses that tell it from a right one."""
    clauses = [
        clause
        for clause in sabotage.dispatch_clauses()
        if clause.id in {"connecting.returns-receiver", "connecting.twice"}
    ]
    sources = sabotage.modules()
    assert [] == sabotage.killers(sources, clauses)
    wrong = sources["engine"] + "\nSignal.connect = lambda self, receiver, sender=None: None\n"
    found = sabotage.killers({**sources, "engine": wrong}, clauses)
    assert ["connecting.returns-receiver"] == [result.clause.id for result in found]
    wrong += "Signal.send = lambda self, sender: []\n"
    found = sabotage.killers({**sources, "engine": wrong}, clauses, every=True)
    assert [clause.id for clause in clauses] == [result.clause.id for result in found]


def test_sabotage_of_unknown_text_is_refused():
    """A sabotage whose text isn't in the engine, or is there twice, is an error that names it."""
    sources = {"engine": "one two two"}
    for old in ("three", "two"):
        with pytest.raises(Unsuitable, match=r"^the name: '"):
            sabotage.apply(Sabotage("the name", old, "four"), sources)
    assert {"engine": "1 two two"} == sabotage.apply(Sabotage("the name", "one", "1"), sources)


def test_sabotage_list_applies_to_the_engine():
    """Every sabotage of the list, of which there are sixty and more, changes the engine's text."""
    sources, sabotages = sabotage.modules(), sabotage.read_sabotages()
    changed = [entry for entry in sabotages if sabotage.apply(entry, sources) != sources]
    assert len(changed) == len(sabotages) >= 60
