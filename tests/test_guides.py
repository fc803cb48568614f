"""The examples in the guides run, on Flask and on the reference alike."""

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Both take the place of Flask and blinker before anything imports them.
STAND_IN = """\
import importlib, sys
framework, engine, file = sys.argv[1:]
for name, module in ("flask", framework), ("blinker", engine):
    sys.modules[name] = importlib.import_module(module)
"""
READ = f"""{STAND_IN}
import doctest
text = open(file, encoding="utf-8").read()
test = doctest.DocTestParser().get_doctest(text, {{"__name__": "shop"}}, file, file, 0)
runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
runner.run(test)
print(runner.summarize(verbose=False))
sys.exit(bool(runner.failures) or not runner.tries)
"""
PYTEST = f"""{STAND_IN}
import pytest
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", file]))
"""


def examples(guide):
    """Return what stands in the guide's `pycon` blocks, but for those that a longer fence shows."""
    text = guide.read_text(encoding="utf-8")
    text = re.sub(r"^````+\w+\n.*?^````+$", "", text, flags=re.DOTALL | re.MULTILINE)
    return "\n".join(re.findall(r"^```pycon\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))


EXAMPLES = {
    guide.stem: text
    for guide in sorted((ROOT / "docs" / "guides").glob("*.md"))
    if (text := examples(guide))
}
on_both = pytest.mark.parametrize(
    ("framework", "engine"),
    [("flask", "blinker"), ("signalbook.reference", "signalbook.reference.engine")],
    ids=["flask", "reference"],
)


def run(program, framework, engine, file):
    done = subprocess.run(
        [sys.executable, "-c", program, framework, engine, str(file)],
        capture_output=True,
        text=True,
        cwd=file.parent,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("guide", EXAMPLES)
@on_both
def test_examples_print_what_the_guide_shows(framework, engine, guide, tmp_path):
    """What a guide shows is what happens, on Flask and on the reference."""
    file = tmp_path / f"{guide}.txt"
    file.write_text(EXAMPLES[guide], encoding="utf-8")
    status, output = run(READ, framework, engine, file)
    assert 0 == status, output


@pytest.mark.parametrize("guide", [name for name in EXAMPLES if "def test_" in EXAMPLES[name]])
@on_both
def test_tests_in_a_guide_pass_under_pytest(framework, engine, guide, tmp_path):
    """A test that a guide defines is found by pytest with its fixtures, and passes."""
    parsed = doctest.DocTestParser().get_examples(EXAMPLES[guide])
    source = "".join(example.source for example in parsed)
    file = tmp_path / "test_guide.py"
    file.write_text(source, encoding="utf-8")
    status, output = run(PYTEST, framework, engine, file)
    assert (0, True) == (status, f"{source.count('def test_')} passed" in output), output
