"""Links from the pages of the specification to what Flask and blinker say of the same."""

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

from signalbook.sphinx_ext.links import object_link

_BLINKER = {
    "async": ("Signal.send_async",),
    "connecting": ("Signal.connect", "Signal.send"),
    "disconnecting": ("Signal.disconnect",),
    "meta-signals": ("Signal.receiver_connected", "Signal.receiver_disconnected"),
    "namespaces": ("Namespace", "NamedSignal", "signal", "default_namespace"),
    "querying": ("Signal.has_receivers_for", "Signal.receivers_for"),
    "senders": ("ANY",),
    "sending": ("Signal.send",),
    "temporary": ("Signal.connected_to", "Signal.connect_via", "Signal.muted"),
}
"""Names in blinker's documentation, by the page of the chapter on dispatch."""

_UNINDEXED = {"before_render_template": "core-signals-list"}
"""Names that the inventory hasn't, and the section that has them."""


def link_elsewhere(app: Sphinx, doctree: nodes.document) -> None:
    """Add the links at the end of a page's introduction: before its set-up or first section."""
    folder, _, page = app.env.current_document.docname.rpartition("/")
    section = doctree.next_node(nodes.section)
    if folder == "spec/dispatch":
        project, names = "blinker", _BLINKER.get(page, ())
    elif folder == "spec/signals" and "facts" in _classes(section):
        project, names = "flask", (page.replace("-", "_"),)
    else:
        return
    if names:
        whose = "Flask's" if project == "flask" else "blinker's"
        line = nodes.paragraph("", f"In {whose} documentation: ")
        for number, name in enumerate(names):
            line += [nodes.Text(", ")] if number else []
            line += _link(project, name)
        line += nodes.Text(".")
        section.insert(_end_of_introduction(section), line)


def _classes(section: nodes.section) -> set[str]:
    return {name for node in section if isinstance(node, nodes.Element) for name in node["classes"]}


def _end_of_introduction(section: nodes.section) -> int:
    for place, node in enumerate(section):
        if isinstance(node, nodes.section) or "setup" in node.get("classes", ()):
            return place
    return len(section)


def _link(project: str, name: str) -> pending_xref:
    link = object_link(f"{project}.{name}", name)
    if name in _UNINDEXED:
        section = f"{project}:{_UNINDEXED[name]}"
        link.attributes.update(refdomain="std", reftype="ref", reftarget=section)
    return link


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the links to each page when it has been read."""
    app.connect("doctree-read", link_elsewhere)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
