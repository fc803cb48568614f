"""The specification as data, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from signalbook.clauses import Clause, Example, Page, Specification
from signalbook.history import Features

__all__ = ["SCHEMA", "export"]

SCHEMA = Path(__file__).parents[1] / "schemas" / "spec.schema.json"
"""The JSON Schema of what `export` returns."""


def export(
    specification: Specification, clauses: Sequence[Clause], features: Features
) -> dict[str, Any]:
    """Return *clauses*, each a check, and the pages that they are on, as plain JSON data.

    :param features: What was measured of the features that they need.
    """
    chosen = {clause.id for clause in clauses}
    pages = [
        page
        for page in specification.pages
        if any(check.id in chosen for clause in page.clauses for check in clause.checks)
    ]
    return {
        "format": 1,
        "signalbook": version("signalbook"),
        "pages": [_page(page) for page in pages],
        "clauses": [_clause(clause, features) for clause in clauses],
    }


def _page(page: Page) -> dict[str, Any]:
    return {
        "subject": page.subject,
        "title": page.title,
        "chapter": page.chapter,
        "file": page.file,
        "after": page.after and f"spec/{page.after.page}.md",
        "setup": [_example(example) for example in page.setup],
    }


def _clause(clause: Clause, features: Features) -> dict[str, Any]:
    needed = features.of(clause)
    return {
        "id": clause.id,
        "rule": clause.rule,
        "level": clause.level,
        "holds": clause.holds and clause.holds.text,
        "source": clause.source,
        "except": list(clause.exceptions),
        "row_of": clause.row_of,
        "cells": dict(clause.cells),
        "earlier_of": clause.earlier_of,
        "replaces": list(clause.replaces),
        "needs": sorted(clause.needs),
        "features": None if needed is None else list(needed),
        "chapter": clause.chapter,
        "subject": clause.subject,
        "title": clause.title,
        "file": clause.file,
        "line": clause.line,
        "permalink": clause.permalink,
        "examples": [_example(example) for example in clause.examples],
    }


def _example(example: Example) -> dict[str, Any]:
    return {
        "source": example.source,
        "wanted": example.wanted,
        "raises": example.raises,
        "options": dict(example.options),
        "file": example.file,
        "line": example.line,
    }
