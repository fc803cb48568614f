"""The real site, built once, and small sites of a test's own."""

import runpy

import pytest
from building import ROOT, build

from signalbook.history import update_history
from signalbook.pages import read_specification

GENERATING = ("autodoc2", "api_pages", "api_entries")
SETTINGS = """\
extensions = ["myst_parser", "signalbook.sphinx_ext"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_colon_fence_exact_match = True
nitpicky = True
"""


@pytest.fixture(scope="session")
def specification():
    """What the kit reads."""
    return read_specification()


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The real site, without the pages that are generated from the package's docstrings."""
    settings = runpy.run_path(str(ROOT / "conf.py"))
    return build(
        ROOT,
        tmp_path_factory.mktemp("site"),
        extensions=[name for name in settings["extensions"] if name not in GENERATING],
        exclude_patterns=["docs/reference/api*"],
    )


@pytest.fixture
def small_site(write, tmp_path):
    """Write pages into a folder and build them; again and again, if a test wants."""

    def small_site(pages, **options):
        source = tmp_path / "source"
        contents = "# Site\n\n```{toctree}\n:glob:\n\nspec/**\ndocs/*\n```\n"
        write({"conf.py": SETTINGS, "index.md": contents, "docs/other.md": "# Other\n"}, source)
        # Were these missing, each build would read again whatever depends on them.
        if not (source / "spec/history.json").exists():
            write({"spec/releases.toml": ""}, source)
            update_history({}, [], source / "spec/history.json")
        write(pages, source)
        return build(source, tmp_path / "output" / options.get("builder", "html"), **options)

    return small_site


@pytest.fixture
def published(write, tmp_path, monkeypatch):
    """Build a small site that is published at an address, with the real theme and templates."""
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "_extensions"))
    pages = {
        "conf.py": SETTINGS,
        "index.md": "# Site\n\nIt has doors & more. {published}`data/spec.json`\n\n"
        "```{toctree}\nspec/signals/doors\ndocs/reference/clauses\ndocs/reference/api/doors\n```\n",
        "spec/signals/doors.md": "# Doors\n\n:::{clause} doors.open\n\nA door MUST open.\n\n"
        "```pycon\n>>> 1\n1\n```\n:::\n",
        "docs/reference/clauses.md": "# Clauses\n\nAll of them.\n",
        "docs/reference/api/doors.md": "# Doors\n",
    }
    write(pages, tmp_path / "source")

    def published(**settings):
        return build(
            tmp_path / "source",
            tmp_path / "output",
            extensions=["myst_parser", "signalbook.sphinx_ext", "published", "markdown_twins"],
            templates_path=[str(ROOT / "docs" / "_templates")],
            html_theme="furo",
            **settings,
        )

    return published
