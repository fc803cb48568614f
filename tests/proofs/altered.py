"""Engines that are altered as a whole: without a feature, or with sends that are all wrong.

Each is a copy of the reference with code at the end of its engine's `base.py`.
"""

import hashlib
import json
import re
import tomllib
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sabotage import LIMITS, UNKNOWN_NAME, engine_sources, framework_sources, implementation

from signalbook.clauses import Clause
from signalbook.runner import Isolation, Session
from signalbook.verdicts import Verdict

FOLDER = Path(__file__).parent
EXAMPLES_IMPORT = "seen"


@dataclass(frozen=True)
class Altered:
    """An engine that is altered.

    :param name: The feature that it lacks, or what it is called.
    :param does: What it does instead, in a few words.
    :param code: What stands at the end of `base.py`.
    :param names: What stands at the end of the module from which examples import.
    :param renames: Attributes that have other names in all of its modules.
    :param framework: Whether a framework can be above it.
    """

    name: str
    does: str
    code: str = ""
    names: str = ""
    renames: tuple[str, ...] = ()
    framework: bool = True

    def __str__(self):
        return f"{self.name}: {self.does}"

    def sources(self, with_framework):
        """Return the modules of a reference with this engine, or of this engine alone, by file."""
        sources = framework_sources() if with_framework else engine_sources()
        changed = {
            file: self.renamed(text) if file.startswith("engine/") else text
            for file, text in sources.items()
        }
        changed["engine/base.py"] += f"\n\n{self.code}"
        return {**changed, f"{EXAMPLES_IMPORT}.py": f"from .engine import *\n{self.names}"}

    def renamed(self, text):
        for name in self.renames:
            text = re.sub(rf"\.{name}\b", f"._own_{name}", text)
        return text


NONE = Altered("none", "is the reference's own")


def read_altered(name):
    """Return the engines of a list, such as `features`."""
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)["engine"]
    return [Altered(**{key: as_field(value) for key, value in entry.items()}) for entry in entries]


def as_field(value):
    return tuple(value) if isinstance(value, list) else value


def digest_of(engines):
    """Return what identifies altered engines, as 16 hexadecimal digits."""
    data = json.dumps([asdict(engine) for engine in engines], sort_keys=True)
    return hashlib.sha256(data.encode()).hexdigest()[:16]


def has_framework(check: Clause):
    return "flask" in check.needs


def run(engine, checks, isolation=Isolation.PAGE):
    """Yield the result of each of *checks* that can be run on an altered engine."""
    for framework in (False, True):
        chosen = [check for check in checks if has_framework(check) is framework]
        if chosen and (engine.framework or not framework):
            yield from run_on(engine, framework, chosen, isolation)


def run_on(engine, framework, checks, isolation):
    with implementation(engine.sources(framework)) as altered:
        seen = replace(altered, blinker=f"sabotaged.{EXAMPLES_IMPORT}")
        with Session(seen, LIMITS, isolation=isolation) as session:
            yield from session.run_in_order(checks)


def fails_by_example(result):
    """Tell whether it was an example that noticed.

    What a check leaves behind is none of its examples' doing: where receivers are held strongly,
    each leaves its own.
    """
    assert not UNKNOWN_NAME.search(result.got), f"{result.clause.id}: {result.got}"
    by_example = result.verdict is not Verdict.FAILED or result.example is not None
    return result.verdict.is_fault and by_example
