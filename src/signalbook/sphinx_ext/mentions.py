"""Links from a clause to the objects of the API whose docstrings name it."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from signalbook.sphinx_ext.domain import clause_domain
from signalbook.sphinx_ext.links import object_link

__all__ = ["FillMentions", "Mentions", "pages_with_new_mentions"]


class Mentions(nodes.inline):
    """Stands in a clause for the links, until every page has been read."""


class FillMentions(SphinxPostTransform):
    """Puts the links into each clause of a page that is about to be written."""

    default_priority = 5  # before links are resolved

    def run(self, **kwargs: Any) -> None:
        """Fill in the whole page."""
        for place in list(self.document.findall(Mentions)):
            names = clause_domain(self.env).names_that_mention(place["clause"])
            links: list[nodes.Node] = [node for name in names for node in self._link(name)]
            # Instead of the last comma.
            links[-1:] = [nodes.Text(". ")] if links else []
            place.replace_self([nodes.Text("In the reference: "), *links] if links else [])

    def _link(self, name: str) -> list[nodes.Node]:
        *_, holder, own = name.split(".")
        short = f"{holder}.{own}" if holder[:1].isupper() else own
        return [object_link(name, short), nodes.Text(", ")]


def pages_with_new_mentions(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages to write again, since other docstrings name their clauses than before."""
    domain = clause_domain(env)
    now = {id: domain.names_that_mention(id) for id in domain.pages}
    before = domain.data.get("shown mentions", {})
    domain.data["shown mentions"] = now
    return sorted({domain.pages[id] for id in now if now[id] != before.get(id)})
