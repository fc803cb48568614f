"""What failed when an implementation was last run: ids, kept in a file for each."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from signalbook.clauses import Clause
from signalbook.files import write_whole
from signalbook.implementations import Implementation, cache_folder
from signalbook.verdicts import Result

__all__ = ["NothingFailed", "failed_before", "keep_failed"]


class NothingFailed(LookupError):
    """Nothing is known to have failed, so that nothing can be run again."""


def failed_before(implementation: Implementation, clauses: Sequence[Clause]) -> list[Clause]:
    """Return those of *clauses* that failed when *implementation* was last run.

    :raises NothingFailed: If none did, or if nothing is kept.
    """
    try:
        file = _file(implementation)
        failed = _read(file)
    except (OSError, RuntimeError) as error:
        raise NothingFailed(
            f"what failed before can't be read ({error}); run it without --failed"
        ) from error
    if failed is None:
        raise NothingFailed(f"no run of it is kept in {str(file)!r}; run it without --failed first")
    chosen = [clause for clause in clauses if clause.id in failed]
    if not chosen:
        raise NothingFailed(
            "nothing that was chosen failed when it was last run; run it without --failed"
        )
    return chosen


def keep_failed(implementation: Implementation, results: Iterable[Result]) -> Path:
    """Keep which clauses failed, and return the file; what was not run is kept as it was.

    :raises OSError: If it can't be written.
    :raises RuntimeError: If there is no place for it, since nobody's home is known.
    """
    file = _file(implementation)
    failed = _read(file) or set()
    for result in results:
        if result.verdict.is_fault:
            failed.add(result.clause.id)
        else:
            failed.discard(result.clause.id)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole("".join(f"{id}\n" for id in sorted(failed)), file)
    return file


def _file(own: Implementation) -> Path:
    name = re.sub(r"[^\w.-]+", "-", own.flask or own.blinker or "", flags=re.ASCII)
    claims = sorted(own.claims.items())
    described = [own.flask, own.blinker, own.replaced, own.python, own.path, own.setup, claims]
    digest = hashlib.sha256(json.dumps(described).encode()).hexdigest()[:12]
    return cache_folder() / "failed" / f"{name}-{digest}.txt"


def _read(file: Path) -> set[str] | None:
    try:
        return set(file.read_text(encoding="utf-8", errors="replace").split())
    except FileNotFoundError:
        return None
