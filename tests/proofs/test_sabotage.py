"""The mechanism that `nox -s sabotage` proves the clauses with."""

import pytest
import sabotage
from sabotage import Sabotage, Unsuitable

from signalbook.runner import Isolation


def clauses(*patterns):
    return sabotage.specification().select(patterns=patterns)


def test_sabotage_is_killed_by_the_clause_that_forbids_it():
    """A wrong engine fails the first of the clauses that tell it from a right one."""
    chosen = clauses("connecting.once.twice", "connecting.returns-receiver.function")
    sources = sabotage.engine_sources()
    assert [] == sabotage.killers(sources, chosen)
    wrong = (
        sources["engine/base.py"] + "\nSignal.connect = lambda self, receiver, sender=None: None\n"
    )
    found = sabotage.killers({**sources, "engine/base.py": wrong}, chosen)
    assert ["connecting.once.twice"] == [result.clause.id for result in found]
    wrong += "Signal.send = lambda self, sender: []\n"
    found = sabotage.killers({**sources, "engine/base.py": wrong}, chosen, every=True)
    assert [clause.id for clause in chosen] == [result.clause.id for result in found]


FIRST_IS_WRONG = """
right, calls = Signal.connect, []
def connect(self, receiver, *arguments, **keywords):
    calls.append(right(self, receiver, *arguments, **keywords))
    return receiver if calls[1:] else None
Signal.connect = connect
"""


def test_sabotage_that_other_clauses_hide_is_killed():
    """What shows only in the first clause of a process is found, since no survivor is believed."""
    chosen = [*clauses("connecting.once.twice"), *clauses("connecting.returns-receiver.function")]
    sources = sabotage.engine_sources()
    wrong = {**sources, "engine/base.py": sources["engine/base.py"] + FIRST_IS_WRONG}
    assert [] == [of for of in sabotage.run(wrong, chosen, Isolation.PAGE) if of.verdict.is_fault]
    (found,) = sabotage.killers(wrong, chosen)
    assert "connecting.returns-receiver.function" == found.clause.id


def test_sabotage_of_the_framework_is_killed_by_a_clause_that_it_names():
    """A wrong framework fails its clauses; the right one passes them, and others don't notice."""
    line = "request_started.send(self, _async_wrapper=self.ensure_sync)"
    lanes = ("plain.timeline.signals", "plain.timeline.hooks")
    wrong = Sabotage("never", line, "pass", "app.py", lanes)
    assert [] == sabotage.killers(sabotage.framework_sources(), sabotage.clauses_for(wrong))
    _, results, problem = sabotage.judge(wrong)
    assert (["plain.timeline.signals"], "") == ([result.clause.id for result in results], problem)
    unnoticed = Sabotage("never", line, "pass", "app.py", ("plain.timeline.hooks",))
    assert (unnoticed, [], "") == sabotage.judge(unnoticed)


def test_sabotage_that_does_not_import_is_refused():
    """That a framework can't be loaded is no merit of a clause."""
    line = "request_started.send(self, _async_wrapper=self.ensure_sync)"
    broken = Sabotage("the name", "class Flask(", "0 / 0\n\n\nclass Flask(", "app.py", ("plain.*",))
    _, results, problem = sabotage.judge(broken)
    assert [] == results
    assert problem.startswith("the name: ")
    assert "ZeroDivisionError" in problem
    no_python = Sabotage("the name", line, "pass pass", "app.py", ("plain.*",))
    assert "the name: app.py is no Python any more" in sabotage.judge(no_python)[2]


def test_sabotage_of_unknown_text_is_refused():
    """A sabotage whose text isn't in the engine, or is there twice, is an error that names it."""
    sources = {"engine.py": "one == two == two", "links.py": "three"}
    for old in ("four", "two"):
        with pytest.raises(Unsuitable, match=r"^the name: '.*' is in the engine [02] times"):
            sabotage.apply(Sabotage("the name", old, "five"), sources)
    with pytest.raises(Unsuitable, match=r"^the name: it changes nothing"):
        sabotage.apply(Sabotage("the name", "one", "one"), sources)
    changed = sabotage.apply(Sabotage("the name", "one", "1"), sources)
    assert {"engine.py": "1 == two == two", "links.py": "three"} == changed


def test_sabotage_is_done_in_its_own_file_only():
    """One that names a file finds its text there, whatever other files have."""
    sources = {"app.py": "one", "ctx.py": "one"}
    changed = sabotage.apply(Sabotage("the name", "one", "1", "ctx.py"), sources)
    assert {"app.py": "one", "ctx.py": "1"} == changed
    with pytest.raises(Unsuitable, match=r"^the name: the reference has no file 'other.py'"):
        sabotage.apply(Sabotage("the name", "one", "1", "other.py"), sources)


def test_reference_is_held_to_all_clauses_that_sabotages_meet(monkeypatch):
    """It passes whatever could be said to notice a sabotage: what that names, or all."""
    asked = []
    monkeypatch.setattr(
        sabotage, "killers", lambda sources, clauses: asked.append(list(clauses)) or []
    )
    named = Sabotage("engine: it", "one", "1", None, ("connecting.once.*",))
    sabotage.refuse_wrong_reference([named], every=False)
    sabotage.refuse_wrong_reference([named], every=True)
    every = [clause.id for clause in sabotage.specification().select(chapter="dispatch")]
    assert [[c.id for c in clauses("connecting.once.*")], every] == [
        [clause.id for clause in asked_for] for asked_for in asked
    ]


def test_sabotage_that_names_no_clause_is_refused():
    """A pattern that matches no clause is an error that names the sabotage."""
    with pytest.raises(Unsuitable, match=r"^the name: no clause's id matches 'plane\.\*'"):
        sabotage.clauses_for(Sabotage("the name", "one", "1", "app.py", ("plane.*", "plain.*")))


ENTRY = '[[sabotage]]\nname = "{}"\nfile = "app.py"\nold = "a"\nnew = "b"\nclauses = [{}]\n'


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["page: page.toml has no sabotages"]),
        ("[[sabotage]", ["page: page.toml is not TOML"]),
        (ENTRY.format("it", '"a.*"'), []),
        (ENTRY.format("it", ""), ["page: it: it names no clauses"]),
        (ENTRY.format("it", '"a.*"') * 2, ["page: it: more than one entry"] * 2),
        ('[[sabotage]]\nname = "it"\nold = ""', ["page: it: these fields are missing, or"]),
        ('[[sabotage]]\nold = ""', ["page: entry 1: these fields are missing, or"]),
    ],
)
def test_malformed_entries_are_reported_by_name(tmp_path, text, problems):
    """Whatever is wrong with an entry of a list is said with the list's and the entry's name."""
    (tmp_path / "page.toml").write_text(text)
    _, found = sabotage.read_list(tmp_path / "page.toml", of_framework=True)
    assert len(problems) == len(found)
    assert all(map(str.startswith, found, problems))


def test_every_sabotage_applies():
    """Every entry of all lists changes the reference's text, and names clauses that exist."""
    sabotages, problems = sabotage.read_sabotages()
    for entry in sabotages:
        try:
            sabotage.apply(entry, sabotage.sources_for(entry))
            assert sabotage.clauses_for(entry)
        except Unsuitable as error:
            problems.append(str(error))
    assert [] == problems
    assert len([entry for entry in sabotages if not entry.file]) >= 60
    assert len([entry for entry in sabotages if entry.file]) >= 60


def test_main_ends_with_the_names_of_survivors_and_of_malformed_entries(monkeypatch, capsys):
    """Whoever runs it learns what was noticed, what wasn't, and what couldn't be tried."""
    line = "request_started.send(self, _async_wrapper=self.ensure_sync)"
    entries = [
        Sabotage("page: noticed", line, "pass", "app.py", ("plain.timeline.signals",)),
        Sabotage("page: unnoticed", line, "pass", "app.py", ("plain.timeline.hooks",)),
        Sabotage("page: gone", "no such text", "pass", "app.py", ("plain.timeline.hooks",)),
        Sabotage("page: astray", line, "pass", "app.py", ("plane.hooks",)),
    ]
    monkeypatch.setattr(sabotage, "read_sabotages", lambda: (entries, ["page: odd: wrong"]))
    with pytest.raises(SystemExit) as end:
        sabotage.main()
    first, *rest = end.value.code.split("\n")
    assert "survives: page: unnoticed" == first
    assert ["page: odd", "page: gone", "page: astray"] == [
        ":".join(line.split(":")[:2]) for line in rest
    ]
    output = capsys.readouterr().out
    assert "page: noticed" in output.split("\n")[0]
    assert "4 sabotages, 1 killed by 1 clauses, 1 survive, 3 can't be made" in output
