"""Sphinx's settings for the site: `index.md`, `docs/` and `spec/`."""

import os
import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "docs" / "_extensions"))

project = "Signalbook"
author = "The Signalbook authors"
copyright = "2026 The Signalbook authors"
release = version = installed_version("signalbook")

extensions = [
    "myst_parser",
    "autodoc2",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx.ext.intersphinx",  # before what takes a name of another project for text
    "api_pages",
    "api_entries",
    "site_search",
    "signalbook.sphinx_ext",
    "fewer_elements",
    "published",
    "markdown_twins",
    "elsewhere",
    "feature_table",
]
include_patterns = ["index.md", "docs/**", "spec/**"]
exclude_patterns = ["build", "dist", "node_modules", ".*", "**/__pycache__"]
nitpicky = True
# Examples are shown as they run.
trim_doctest_flags = False

# Pages

myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
# As in the kit's reader: an inner '::::' must not close an outer ':::'.
myst_colon_fence_exact_match = True
myst_heading_anchors = 3

# Other projects' pages. What they name is kept here, so that a build needs no network:
# `objects.inv` of the documentation in the sdists of Flask 3.1.3 and blinker 1.9.0, built by
# `sphinx-build -b dirhtml`, as it is on their hosts.

_INVENTORIES = "docs/_inventories"
intersphinx_mapping = {
    "flask": ("https://flask.palletsprojects.com/en/stable/", f"{_INVENTORIES}/flask.inv"),
    "blinker": ("https://blinker.readthedocs.io/en/stable/", f"{_INVENTORIES}/blinker.inv"),
}
# Only what says so: no name of ours may lead elsewhere by mistake.
intersphinx_disabled_reftypes = ["std:*"]

# API

autodoc2_packages = [{"path": "src/signalbook", "auto_mode": False}]
autodoc2_render_plugin = "api_pages.Renderer"
autodoc2_hidden_objects = ["undoc", "dunder", "private"]
# It is shown with the rest of the engine.
autodoc2_hidden_regexes = [r"signalbook\.reference\.engine\.links\.ANY"]
autodoc2_skip_module_regexes = [
    r"signalbook\.(__main__|cli|pytest_plugin|sphinx_ext|runner\.worker)(\..*)?",
    # Their names are shown where users find them: functions in `helpers`, methods in classes.
    r"signalbook\.reference\.parts(\..*)?",
    r"signalbook\.reference\.engine\.connections",
]
autodoc2_module_all_regexes = [r"signalbook\.reference\.helpers"]
autodoc2_docstrings = "all"
autodoc2_class_docstring = "both"
# A property's setter is a second definition to autodoc2.
suppress_warnings = ["autodoc2.dup_item"]

# HTML

html_theme = "furo"
html_title = "Signalbook"
html_copy_source = False
html_favicon = "docs/_static/favicon.svg"
html_static_path = ["docs/_static"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"loading_method": "defer"})]
templates_path = ["docs/_templates"]
# Where the site is: for canonical addresses, the sitemap, and the page for dead links.
html_baseurl = os.environ.get("SIGNALBOOK_SITE_ADDRESS", "")
# Where a page is edited, with "{filename}" for its path.
_edit = os.environ.get("SIGNALBOOK_EDIT_ADDRESS", "")
html_theme_options = {
    "top_of_page_buttons": ["edit"] if _edit else [],
    "source_edit_link": _edit,
    "navigation_with_keys": True,
}
pygments_dark_style = "a11y-high-contrast-dark"
add_module_names = False
python_use_unqualified_type_names = True
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
