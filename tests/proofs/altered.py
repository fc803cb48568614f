"""Copies of the reference that are altered as a whole: without a feature, or all of it wrong.

Each has code at its end: an engine at that of its `base.py`, a framework at that of the package.
"""

import hashlib
import json
import re
import tomllib
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sabotage import LIMITS, engine_sources, framework_sources, implementation

from signalbook.clauses import Clause
from signalbook.implementations import without_blinker
from signalbook.runner import Isolation, Session
from signalbook.verdicts import Verdict

FOLDER = Path(__file__).parent
EXAMPLES_IMPORT = "seen"
UNKNOWN_NAME = re.compile(r"^(NameError|UnboundLocalError): [^']*'(?P<name>\w+)'", re.MULTILINE)
ENDS = {"engine": "engine/base.py", "framework": "__init__.py"}


@dataclass(frozen=True)
class Altered:
    """A copy that is altered.

    :param name: The feature that it lacks, or what it is called.
    :param does: What it does instead, in a few words.
    :param code: What stands at its end.
    :param names: What stands at the end of the module from which examples import an engine.
    :param renames: Attributes that have other names in all modules of what is altered.
    :param framework: Whether a framework can be above the engine.
    :param part: What is altered, `engine` or `framework`.
    """

    name: str
    does: str
    code: str = ""
    names: str = ""
    renames: tuple[str, ...] = ()
    framework: bool = True
    part: str = "engine"

    def __str__(self):
        return f"{self.name}: {self.does}"

    def runs(self, with_framework):
        """Tell whether it can be run with a framework, or without one."""
        return self.framework if with_framework else self.part == "engine"

    def sources(self, with_framework):
        """Return the modules of a reference with this engine, or of this engine alone, by file."""
        sources = framework_sources() if with_framework else engine_sources()
        changed = {file: self.renamed(file, text) for file, text in sources.items()}
        changed[ENDS[self.part]] += f"\n\n{self.code}"
        return {**changed, f"{EXAMPLES_IMPORT}.py": f"from .engine import *\n{self.names}"}

    def renamed(self, file, text):
        if file.startswith("engine/") is (self.part == "engine"):
            for name in self.renames:
                text = re.sub(rf"\.{name}\b", f"._own_{name}", text)
        return text


NONE = Altered("none", "is the reference's own")


def read_altered(name, part="engine"):
    """Return the copies of a list, such as `features`."""
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    fields = [{key: as_field(of) for key, of in one.items()} for one in tomllib.loads(text)[part]]
    return [Altered(**given, part=part) for given in fields]


def as_field(value):
    return tuple(value) if isinstance(value, list) else value


def digest_of(copies):
    """Return what identifies altered copies, as 16 hexadecimal digits."""
    data = json.dumps([asdict(copy) for copy in copies], sort_keys=True)
    return hashlib.sha256(data.encode()).hexdigest()[:16]


def has_framework(check: Clause):
    return "flask" in check.needs


def run(copy, checks, isolation=Isolation.PAGE):
    """Yield the result of each of *checks* that can be run on an altered copy."""
    for framework in (False, True):
        chosen = [check for check in checks if has_framework(check) is framework]
        if chosen and copy.runs(framework):
            yield from run_on(copy, framework, chosen, isolation)


def run_on(copy, framework, checks, isolation):
    with implementation(copy.sources(framework)) as altered:
        seen = replace(altered, blinker=f"sabotaged.{EXAMPLES_IMPORT}")
        for of, lacks in ((seen, False), (without_blinker(altered), True)):
            if chosen := [check for check in checks if bool(check.lacks) is lacks]:
                with Session(of, LIMITS, isolation=isolation) as session:
                    yield from session.run_in_order(chosen)


def fails_by_example(result):
    """Tell whether it was an example that noticed.

    What a check leaves behind is none of its examples' doing: where receivers are held strongly,
    each leaves its own.

    :raises AssertionError: If the copy uses a name that there isn't: it would fail every check.
    """
    unknown = UNKNOWN_NAME.search(result.got)
    # What an example defines may be missing if what it is made of is.
    steps = "".join(step.source for step in (*result.clause.setup, *result.clause.examples))
    assert not unknown or unknown["name"] in steps, f"{result.clause.id}: {result.got}"
    by_example = result.verdict is not Verdict.FAILED or result.example is not None
    return result.verdict.is_fault and by_example
