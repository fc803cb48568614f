"""The examples in the guides run, on Flask and on the reference alike."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GUIDES = [
    path
    for path in sorted((ROOT / "docs" / "guides").glob("*.md"))
    if "\n```pycon\n" in path.read_text(encoding="utf-8")
]
PROGRAM = """\
import doctest, importlib, re, sys
framework, engine, file = sys.argv[1:]
for name, module in ("flask", framework), ("blinker", engine):
    sys.modules[name] = importlib.import_module(module)
text = open(file, encoding="utf-8").read()
fences = re.findall(r"^```pycon\\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
test = doctest.DocTestParser().get_doctest("\\n".join(fences), {"__name__": "shop"}, file, file, 0)
runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
runner.run(test)
print(runner.summarize(verbose=False))
sys.exit(bool(runner.failures) or not runner.tries)
"""


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
@pytest.mark.parametrize(
    ("framework", "engine"),
    [("flask", "blinker"), ("signalbook.reference", "signalbook.reference.engine")],
    ids=["flask", "reference"],
)
def test_examples_print_what_the_guide_shows(framework, engine, guide, tmp_path):
    """What the guide shows is what happens, on Flask and on the reference."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, framework, engine, str(guide)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=60,
    )
    assert 0 == done.returncode, done.stdout + done.stderr
