"""Builds a site as Sphinx does, and keeps what it warns of."""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.console import nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils

ROOT = Path(__file__).parents[2]


@dataclass
class Site:
    """A built site.

    :param app: Sphinx's application, after the build.
    :param output: The folder of what was built.
    :param warnings: What Sphinx warned of, a line each.
    """

    app: Sphinx
    output: Path
    warnings: list[str]

    def read(self, page):
        """Return a page's HTML."""
        return (self.output / page).read_text("utf-8")


def build(source, output, *, builder="html", parallel=1, **overrides):
    """Build the site in the folder *source*, as far as it is out of date."""
    stream = io.StringIO()
    nocolor()
    # MyST-Parser uses what a later Sphinx won't have.
    with warnings.catch_warnings(), patch_docutils(source), docutils_namespace():
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        app = Sphinx(
            source, source, output, output.with_suffix(".doctrees"), builder, overrides,
            status=None, warning=stream, parallel=parallel,
        )  # fmt: skip
        app.build()
    return Site(app, output, stream.getvalue().splitlines())
