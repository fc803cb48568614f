"""How the API's pages are written and linked: autodoc2's own way, less what 0.5.0 gets wrong."""

import linecache
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import ClassVar

from autodoc2.db import Database
from autodoc2.render.myst_ import MystRenderer
from autodoc2.sphinx.utils import get_database, load_config
from autodoc2.utils import ARGS_TYPE, ItemData
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

_REFERENCE = "signalbook.reference"
_MODULES = {"module", "package"}
_MEMBERS = {"attribute", "method", "property"}


class Renderer(MystRenderer):
    """Leaves out the values of data, `__init__`, and what a module's `__all__` leaves out.

    The modules of one of the kit's rooms are sections of its page, in the order of their names.
    What a class has from another is shown there only, unless that one's module is skipped.
    """

    def get_children(
        self, item: ItemData, types: set[str] | None = None, *, omit_hidden: bool = True
    ) -> Iterable[ItemData]:
        """Return what is in *item*: modules by name, all else in the source's own order."""
        children = super().get_children(item, types, omit_hidden=omit_hidden)
        is_modules = types is not None and types <= _MODULES
        return sorted(children, key=itemgetter("full_name")) if is_modules else children

    def render_package(self, item: ItemData) -> Iterable[str]:
        """Yield the lines for a module, or for the whole page of one of the kit's rooms."""
        name = item["full_name"]
        modules: Iterable[ItemData] = ()
        if item["type"] == "package" and not name.startswith(_REFERENCE):
            yield from [f"# `{name}`", ""]
            modules = self.get_children(item, _MODULES)
        yield from [f"```{{py:module}} {name}", "```", ""]
        yield from [f"```{{autodoc2-docstring}} {name}", ":allowtitles:", "```", ""]
        for child in self.get_children(item):
            if child["type"] not in _MODULES:
                yield from self.render_item(child["full_name"])
        for module in modules:
            yield from [f"## `{module['full_name']}`", ""]
            yield from self.render_module(module)

    def format_args(
        self,
        args_info: ARGS_TYPE,
        include_annotations: bool = True,
        ignore_self: str | None = None,
    ) -> str:
        """Return the parameters, without the mark that only `self` comes before."""
        text = super().format_args(args_info, include_annotations, ignore_self)
        return text.removeprefix("/, ") if ignore_self else text

    def render_method(self, item: ItemData) -> Iterable[str]:
        """Yield the lines for a method; to autodoc2, a cached property is one."""
        file, line = place_of(self._db, item)
        is_property = linecache.getline(file["file_path"], line - 1).strip() == "@cached_property"
        return self.render_property(item) if is_property else super().render_method(item)

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

    def _is_shown_with_its_base(self, item: ItemData) -> bool:
        if "inherited" not in item:
            return False
        holder, _, name = item["full_name"].rpartition(".")
        bases = [base.partition("[")[0] for base in self.get_item(holder)["bases"]]
        return not self._is_skipped(item["inherited"]) or any(
            self.get_item(f"{base}.{name}") and not self._is_skipped(base) for base in bases
        )

    def _is_skipped(self, class_name: str) -> bool:
        module = class_name.rpartition(".")[0]
        return any(regex.fullmatch(module) for regex in self.config.skip_module_regexes)

    def render_data(self, item: ItemData) -> Iterable[str]:
        """Yield the lines for a variable or an attribute, without its value."""
        lines = iter(super().render_data(item))
        for line in lines:
            if not line.startswith(":value:"):
                yield line
            elif line.endswith(">") and "<" not in line:
                next(lines)  # The value has a line of its own.


class NamesDirective(SphinxDirective):
    """The directive `{names}`: the names of a module's `__all__`, each with its first line.

    With the option `members`, those of each class are linked below it; with `short`, by their own
    names alone.
    """

    required_arguments = 1
    option_spec: ClassVar[dict] = {"members": directives.flag, "short": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Return the list."""
        module = self.arguments[0]
        note_source(self.env, module)
        names = (f"{module}.{name}" for name in get_database(self.env).get_item(module)["all"])
        found = ((name, item_of(self.env, name)) for name in names)
        return self.parse_text_to_nodes("\n".join(self._lines(*each) for each in found if each[1]))

    def _lines(self, name: str, item: ItemData) -> str:
        note_source(self.env, item["full_name"])
        line = f"- {_link(name, 1)}: {_first_line(item)}"
        if "members" in self.options and item["type"] == "class":
            line += f"\n\n  {', '.join(self._members(name))}\n"
        return line

    def _members(self, name: str) -> Iterator[str]:
        renderer = Renderer(get_database(self.env), load_config(self.env.app))
        item = renderer.get_item(name)
        for member in sorted(renderer.get_children(item, _MEMBERS), key=itemgetter("full_name")):
            yield _link(member["full_name"], 1 if "short" in self.options else 2)


class RoomsDirective(SphinxDirective):
    """The directive `{rooms}`: the rooms of the kit, each with its first line."""

    def run(self) -> list[nodes.Node]:
        """Return the list."""
        renderer = Renderer(get_database(self.env), load_config(self.env.app))
        rooms = renderer.get_children(renderer.get_item("signalbook"), _MODULES)
        lines = []
        for item in rooms:
            if item["full_name"] != _REFERENCE:
                note_source(self.env, item["full_name"])
                lines.append(f"- {{py:mod}}`{item['full_name']}`: {_first_line(item)}")
        return self.parse_text_to_nodes("\n".join(lines))


def item_of(env: BuildEnvironment, name: str) -> ItemData | None:
    """Return what autodoc2 knows of a name, also where it is imported from elsewhere."""
    items = (get_database(env).get_item(each) for each in _definitions(env, name))
    return next(filter(None, items), None)


def exports_of(env: BuildEnvironment, name: str) -> Iterator[str]:
    """Yield the names by which packages export again what is defined as *name*, or its holder."""
    for package in get_database(env).get_ancestors(name, include_self=False):
        for exported in set((package or {}).get("all") or ()).intersection(name.split(".")):
            alias = f"{package['full_name']}.{exported}"
            for origin in _origins(env, alias):
                if f"{name}.".startswith(f"{origin}."):
                    yield alias + name.removeprefix(origin)


def _origins(env: BuildEnvironment, name: str) -> Iterator[str]:
    """Yield from where a name is imported, and from where it is imported there."""
    while (origin := next(_definitions(env, name))) != name:
        yield origin
        name = origin


def place_of(database: Database, item: ItemData) -> tuple[ItemData, int]:
    """Return the module and the line in which *item* is defined, here or in a base."""
    name = item["full_name"]
    if base := item.get("inherited"):
        name = f"{base}.{name.rpartition('.')[2]}"
    return _module_of(database, name), item["range"][0]


def _module_of(database: Database, name: str) -> ItemData:
    ancestors = database.get_ancestors(name, include_self=True)
    return next(each for each in ancestors if each and "file_path" in each)


def note_source(env: BuildEnvironment, name: str) -> None:
    """Have the page read again when the file changes in which a name is defined."""
    env.note_dependency(_module_of(get_database(env), name)["file_path"])


def _first_line(item: ItemData) -> str:
    return item["doc"].partition("\n")[0]


def _link(name: str, parts: int) -> str:
    short = ".".join(name.split(".")[-parts:])
    return f"{{py:obj}}`{short} <{name}>`"


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
    """Connect the resolver, and add the directives."""
    app.add_directive("names", NamesDirective)
    app.add_directive("rooms", RoomsDirective)
    app.connect("missing-reference", resolve_name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
