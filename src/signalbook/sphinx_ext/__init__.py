"""The Sphinx extension: shows `spec/` on a site, as the kit's own reader sees it.

Add `"signalbook.sphinx_ext"` to `extensions`, and set `myst_colon_fence_exact_match = True`.
The pages must be in the folder `spec/` of the documentation's source folder.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from signalbook.sphinx_ext.checks import (
    read_pages,
    report_unknown_clause,
    report_unseen_clauses,
)
from signalbook.sphinx_ext.clause_table import ClauseTable
from signalbook.sphinx_ext.compatibility.any_two import Changes
from signalbook.sphinx_ext.compatibility.changes import SubjectHistory, Upgrade
from signalbook.sphinx_ext.compatibility.claims import Claim
from signalbook.sphinx_ext.compatibility.measured import FillMeasured
from signalbook.sphinx_ext.compatibility.releases import BlinkerByFlask, MeasuredOn
from signalbook.sphinx_ext.compatibility.subject import FillSubject, SubjectClaims
from signalbook.sphinx_ext.compatibility.table import CompatibilityTable
from signalbook.sphinx_ext.directives import (
    CasesDirective,
    ClauseDirective,
    EarlierDirective,
    SetupDirective,
)
from signalbook.sphinx_ext.domain import ClauseDomain, ClauseRole
from signalbook.sphinx_ext.facts import FactsDirective
from signalbook.sphinx_ext.folding import add_folding
from signalbook.sphinx_ext.front_page import FactCardDirective, FillFactCards, TimelineDirective
from signalbook.sphinx_ext.mentions import FillMentions, pages_with_new_mentions
from signalbook.sphinx_ext.outcomes import OutcomesTable, add_headings
from signalbook.sphinx_ext.programs import add_programs
from signalbook.sphinx_ext.release_switch import add_release_switch
from signalbook.sphinx_ext.rereading import pages_to_read_again

__all__ = ["setup"]

_STATIC = Path(__file__).with_name("static")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the domain, its directives and role, and the style sheet."""
    app.setup_extension("myst_parser")
    app.add_domain(ClauseDomain)
    app.add_directive("clause", ClauseDirective)
    app.add_directive("cases", CasesDirective)
    app.add_directive("earlier", EarlierDirective)
    app.add_directive("facts", FactsDirective)
    app.add_directive("setup", SetupDirective)
    app.add_directive("clause-table", ClauseTable)
    app.add_directive("compatibility", CompatibilityTable)
    app.add_directive("subject-history", SubjectHistory)
    app.add_directive("subject-claims", SubjectClaims)
    app.add_directive("upgrade", Upgrade)
    app.add_directive("changes", Changes)
    app.add_directive("measured-on", MeasuredOn)
    app.add_directive("blinker-by-flask", BlinkerByFlask)
    app.add_directive("claim", Claim)
    app.add_directive("outcomes", OutcomesTable)
    app.add_directive("fact-card", FactCardDirective)
    app.add_directive("timeline", TimelineDirective)
    add_headings(app)
    add_folding(app)
    add_programs(app)
    add_release_switch(app)
    app.add_role("clause", ClauseRole())
    app.connect("builder-inited", _add_static_files)
    app.connect("env-get-outdated", pages_to_read_again)
    app.connect("env-before-read-docs", read_pages)
    app.connect("env-check-consistency", report_unseen_clauses)
    app.connect("env-updated", pages_with_new_mentions)
    app.add_post_transform(FillMentions)
    app.add_post_transform(FillMeasured)
    app.add_post_transform(FillFactCards)
    app.add_post_transform(FillSubject)
    app.connect("warn-missing-reference", report_unknown_clause)
    app.add_css_file("signalbook.css")
    app.add_css_file("compatibility.css")
    app.add_js_file("forms.js", loading_method="defer")
    app.add_js_file("compatibility.js", loading_method="defer")
    app.add_js_file("any-two.js", loading_method="defer")
    return {
        "version": version("signalbook"),
        "env_version": 7,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def _add_static_files(app: Sphinx) -> None:
    app.config.html_static_path = [*app.config.html_static_path, str(_STATIC)]
