"""The specification as data: `spec.json`, and files written whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from signalbook.clauses import Clause, Example, Page, Specification

__all__ = ["SCHEMA", "export", "write_json"]

SCHEMA = Path(__file__).with_name("schemas") / "spec.schema.json"
"""The JSON Schema of what `export` returns."""


def export(specification: Specification, clauses: Sequence[Clause]) -> dict[str, Any]:
    """Return *clauses*, and the pages that they are on, as plain JSON data."""
    chosen = {clause.id for clause in clauses}
    pages = [
        page for page in specification.pages if any(clause.id in chosen for clause in page.clauses)
    ]
    return {
        "format": 1,
        "signalbook": version("signalbook"),
        "pages": [_page(page) for page in pages],
        "clauses": [_clause(clause) for clause in clauses],
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


def _clause(clause: Clause) -> dict[str, Any]:
    return {
        "id": clause.id,
        "rule": clause.rule,
        "level": clause.level,
        "holds": clause.holds and clause.holds.text,
        "needs": sorted(clause.needs),
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


def write_json(data: object, file: Path) -> None:
    """Write *data* to *file*, whole or not at all.

    :raises OSError: If it can't be written; the file is then as it was before.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as half:
            json.dump(data, half, indent=2, ensure_ascii=False)
            half.write("\n")
        os.chmod(name, 0o644)
        os.replace(name, file)
    except BaseException:
        os.unlink(name)
        raise
