"""The directive `features`: what an implementation may do without, and how many clauses need it."""

from collections import Counter

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from signalbook.clauses import FEATURES
from signalbook.history import read_features
from signalbook.pages import read_specification, specification_folder

_HEADS = ("Feature", "Without", "Rules", "Checks")


class FeaturesDirective(SphinxDirective):
    """A table of features, as measured: the rules that need each, and all that is run of them."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        self.env.note_dependency(str(specification_folder() / "features.json"))
        needs, checks, rules = read_features().of, Counter(), Counter()
        for clause in read_specification().clauses:
            needed = [needs(check) or () for check in clause.checks]
            checks.update(name for names in needed for name in names)
            rules.update({name for names in needed for name in names})
        rows = [
            [
                [nodes.literal(text=name)],
                self.parse_inline(feature.words)[0],
                [nodes.Text(f"{rules[name]:,}")],
                [nodes.Text(f"{checks[name]:,}")],
            ]
            for name, feature in FEATURES.items()
        ]
        return [_table([[[nodes.Text(head)] for head in _HEADS], *rows])]


def _table(rows: list[list[list[nodes.Node]]]) -> nodes.table:
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in _HEADS), cols=len(_HEADS))
    lines = [
        nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))
        for cells in rows
    ]
    group += nodes.thead("", lines[0])
    group += nodes.tbody("", *lines[1:])
    return nodes.table("", group)


def setup(app: Sphinx) -> dict[str, object]:
    """Add the directive."""
    app.add_directive("features", FeaturesDirective)
    return {"parallel_read_safe": True}
