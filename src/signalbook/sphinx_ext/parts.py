"""What a clause on the site is made of: its facts, its exceptions, its cases, its folded proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from docutils import nodes
from docutils.nodes import Node

from signalbook.clauses import Clause, Specification
from signalbook.history import Features, History
from signalbook.sphinx_ext.compatibility.measured import Measured
from signalbook.sphinx_ext.folding import Folded, Summary
from signalbook.sphinx_ext.lines import classes_of
from signalbook.sphinx_ext.links import clause_link
from signalbook.sphinx_ext.mentions import Mentions
from signalbook.sphinx_ext.programs import program_links
from signalbook.sphinx_ext.ranges_in_words import range_in_words

__all__ = [
    "SETUP_ID",
    "anchored_cases",
    "entry_head",
    "exceptions",
    "feature_nodes",
    "folded",
    "last_lines",
    "level_badge",
    "named_cases",
    "needs_nodes",
    "range_nodes",
]

SETUP_ID = "set-up"
_LINE = 70


def level_badge(clause: Clause) -> nodes.inline:
    """Return the clause's level, marked for styling."""
    classes = ["clause-level", f"clause-level-{clause.level.lower()}"]
    return nodes.inline(clause.level, clause.level, classes=classes)


def range_nodes(clause: Clause) -> list[Node]:
    """Return the clause's range in words, which say on demand how it is written."""
    words = range_in_words(clause.holds)
    if clause.holds is None:
        return [nodes.Text(words)]
    return [nodes.abbreviation(words, words, explanation=clause.holds.text)]


def needs_nodes(clause: Clause) -> list[Node]:
    """Return what the clause needs, for one that needs something else than its chapter."""
    found: list[Node] = []
    for name in sorted(clause.needs, reverse=True):
        found += [nodes.Text(" and " if found else "; needs "), nodes.literal(name, name)]
    return found


def feature_nodes(clause: Clause, features: Features) -> list[Node]:
    """Return the sentence that names the features without which a clause isn't kept, if any."""
    measured = features.of_rule(clause)
    if measured is None or not any(measured):
        return []
    every, some = (_listed(names) for names in measured)
    besides = [nodes.Text("; some cases " if every else "Some cases need "), *some] if some else []
    return [*([nodes.Text("Needs "), *every] if every else []), *besides, nodes.Text(". ")]


def _listed(names: Iterable[str]) -> list[Node]:
    pairs = ((nodes.Text(", "), nodes.literal(name, name)) for name in names)
    return list(chain.from_iterable(pairs))[1:]


def exceptions(clause: Clause, specification: Specification) -> list[Node]:
    """Return the line that links a clause to those that narrow it, and to those that it narrows."""
    narrowed = [other.id for other in specification.clauses if clause.id in other.exceptions]
    line = nodes.paragraph(classes=["clause-except"])
    for word, ids in (("Except ", clause.exceptions), ("An exception to ", narrowed)):
        if ids:
            line += [nodes.Text(word), *_links(ids), nodes.Text(". ")]
    return [line] if line.children else []


def _links(ids: Iterable[str]) -> list[Node]:
    pairs = ((nodes.Text(", "), clause_link(id)) for id in ids)
    return list(chain.from_iterable(pairs))[1:]


def entry_head(entry: Clause) -> nodes.strong:
    """Return where an earlier entry was true, and of which cases if not of all, before it."""
    rows = ", ".join(id.rpartition(".")[2] for id in entry.replaces)
    words = f"{range_in_words(entry.holds)}{f' ({rows})' if rows else ''}: "
    return nodes.strong(words, words)


def anchored_cases(container: nodes.Element, clause: Clause, history: History) -> Iterator[Clause]:
    """Make each row of a clause's table the target of its id, and yield the rows.

    Each says on which lines of Flask it holds, for those that need it.
    """
    (table,) = container.findall(nodes.table)
    for head in next(table.findall(nodes.thead)).findall(nodes.entry):
        text = head.astext()
        if head is not head.parent[0] and text.isidentifier():
            head.children = []
            head += nodes.paragraph("", "", nodes.literal(text, text))
    body = next(table.findall(nodes.tbody))
    for node, row in zip(body.findall(nodes.row), clause.rows, strict=True):
        node["ids"].append(row.id)
        node["classes"] += classes_of(row, history)
        first = next(node.findall(nodes.entry))
        name = first.astext()
        link = nodes.reference(name, name, refid=row.id, internal=True)
        first.children = []
        first += nodes.paragraph("", "", link)
        yield row


def folded(
    clause: Clause,
    features: Features,
    proof: Sequence[Node],
    title: Sequence[Node],
    ids: Sequence[str] = (),
) -> Folded:
    """Return a clause's examples below their title, to be opened on demand.

    :param features: What was measured of the features that clauses need.
    :param ids: What leads to them.
    """
    lines = last_lines(clause, features)
    body = nodes.container("", *proof, *lines, classes=["clause-proof"], ids=list(ids))
    return Folded("", Summary("", "", *title), body, classes=["clause-fold"])


def named_cases(clause: Clause) -> str:
    """Return how many cases a clause has, and the names of as many as fit in the line."""
    names = [row.id.rpartition(".")[2] for row in clause.rows]
    said = f"{len(names)} cases: {names[0]}"
    for name in names[1:]:
        if len(said) + len(name) > _LINE:
            return f"{said}, …"
        said += f", {name}"
    return said


def last_lines(clause: Clause, features: Features) -> list[nodes.paragraph]:
    """Return the lines that say who promises a clause, what it needs and how to run it."""
    command = f"signalbook verify --clause {clause.id}"
    line = nodes.paragraph(classes=["clause-run"])
    if clause.setup:
        setup = nodes.reference("", "this page's set-up", refid=SETUP_ID, internal=True)
        line += [nodes.Text("Runs after "), setup, nodes.Text(". ")]
    line += feature_nodes(clause, features)
    line += [Measured(clause=clause.id), Mentions(clause=clause.id)]
    line += [nodes.Text("To repeat it: "), nodes.literal(command, command), nodes.Text(". ")]
    line += program_links(clause)
    if clause.source is None:
        return [line]
    return [nodes.paragraph("", f"Source: {clause.source}.", classes=["clause-source"]), line]
