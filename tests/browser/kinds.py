"""Fifteen pages of the site, one of each kind."""

PAGES = [
    "index.html",
    "spec/index.html",
    "spec/dispatch/lifetime.html",
    "spec/signals/got-request-exception.html",
    "spec/lifecycle/unhandled-error.html",
    "spec/fallback.html",
    "docs/guides/index.html",
    "docs/guides/receiver-not-called.html",
    "docs/claims.html",
    "docs/upgrading/index.html",
    "docs/compatibility/signals.html",
    "docs/reference/which-signal-when.html",
    "docs/reference/command-line.html",
    "docs/reference/api/engine.html",
    "search.html?q=muted",
]


def unfold(page):
    """Open whatever is folded on a page in the browser."""
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
