"""How the API's pages are written and linked: autodoc2's own way, less what 0.5.0 gets wrong."""

from collections.abc import Iterable, Iterator
from operator import itemgetter

from autodoc2.render.myst_ import MystRenderer
from autodoc2.sphinx.utils import get_database
from autodoc2.utils import ItemData
from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

_MODULES = ("module", "package")


class Renderer(MystRenderer):
    """Leaves out the values of data, `__init__`, and what a module's `__all__` leaves out.

    What a class has from another is shown there only, unless that one's module has no page.
    Modules come in the order of their names, and have short ones in the site's navigation.
    """

    def get_children(
        self, item: ItemData, types: set[str] | None = None, *, omit_hidden: bool = True
    ) -> Iterable[ItemData]:
        """Return what is in *item*: modules by name, all else in the source's own order."""
        children = super().get_children(item, types, omit_hidden=omit_hidden)
        is_modules = types is not None and types <= set(_MODULES)
        return sorted(children, key=itemgetter("full_name")) if is_modules else children

    def render_package(self, item: ItemData) -> Iterable[str]:
        """Yield the lines for a package or a module."""
        name = item["full_name"]
        for line in super().render_package(item):
            if line == f"# {{py:mod}}`{name}`":
                yield f"# `{name}`"
            elif line.startswith(f"{name}.") and line in self._db:
                yield f"{line.removeprefix(f'{name}.')} <{line}>"
            else:
                yield line

    def is_hidden(self, item: ItemData) -> bool:
        """Tell whether *item* is no part of the public interface."""
        hidden = super().is_hidden(item) or self._is_left_out(item)
        return hidden or self._is_shown_with_its_base(item)

    def _is_left_out(self, item: ItemData) -> bool:
        parent_name, _, name = item["full_name"].rpartition(".")
        parent = self.get_item(parent_name)
        if item["type"] in _MODULES or parent is None:
            return False
        if parent["type"] not in _MODULES:
            return name == "__init__"
        return name not in (parent.get("all") or [name])

    def show_docstring(self, item: ItemData) -> bool:
        """Tell whether *item* is explained: also where it comes from a base without a page."""
        return "inherited" in item or super().show_docstring(item)

    def _is_shown_with_its_base(self, item: ItemData) -> bool:
        base = item.get("inherited")
        if base is None:
            return False
        module = base.rpartition(".")[0]
        return not any(regex.fullmatch(module) for regex in self.config.skip_module_regexes)

    def render_data(self, item: ItemData) -> Iterable[str]:
        """Yield the lines for a variable or an attribute, without its value."""
        lines = iter(super().render_data(item))
        for line in lines:
            if not line.startswith(":value:"):
                yield line
            elif line.endswith(">") and "<" not in line:
                next(lines)  # The value has a line of its own.


def resolve_name(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: nodes.Element
) -> nodes.Element | None:
    """Resolve a Python name that has no entry under just this name.

    A re-export links to where the name is defined.
    A name of another project, or one of ours that isn't public, stays plain text.
    What nobody defines is left to be warned of.
    """
    if node.get("refdomain") != "py":
        return None
    for name in _meanings(env, node):
        if name != node["reftarget"]:
            python = env.get_domain("py")
            arguments = env, node["refdoc"], app.builder, node["reftype"], name, node, contnode
            if link := python.resolve_xref(*arguments):
                return link
        if get_database(env).get_item(name) or name.split(".")[0] != "signalbook":
            return contnode
    return None


def _meanings(env: BuildEnvironment, node: pending_xref) -> Iterator[str]:
    """Yield the full names that the name can stand for where it is written."""
    target = node["reftarget"]
    if "." in target:
        yield from _definitions(env, target)
        return
    module = node.get("py:module")
    if module:
        yield from _definitions(env, f"{module}.{target}", only_known=True)


def _definitions(env: BuildEnvironment, name: str, only_known: bool = False) -> Iterator[str]:
    database = get_database(env)
    module, _, last = name.rpartition(".")
    item = database.get_item(module)
    for imported, alias in (item or {}).get("imports", ()):
        if (alias or imported.rpartition(".")[2]) == last:
            yield imported
    if not only_known or database.get_item(name):
        yield name


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the resolver."""
    app.connect("missing-reference", resolve_name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
