"""The command `signalbook verify`."""

import importlib.util
import json
import os
import re
import shlex
import signal

import jsonschema
import pytest
from click.testing import CliRunner

from signalbook.cli import main
from signalbook.files import write_whole
from signalbook.implementations import MissingInterpreter, find_interpreter
from signalbook.reports import SCHEMA
from signalbook.runner import ImplementationError

# blinker, but for a signal that passes no keyword arguments on.
FORGETFUL = """
from blinker import *

Flask = None  # So that it can be taken for a framework, too.

class Signal(Signal):
    def send(self, sender=None, **forgotten):
        return super().send(sender)
"""
FAULT = re.compile(r"^(?!NOTE)[A-Z]+ (\S+)(.*?again: [^\n]*)", re.DOTALL | re.MULTILINE)
# What the preflight asks for first, on Python 2, too.
ENGINE = """
ANY = Namespace = None

class Signal(object):
    def __init__(self):
        self.receivers = []

    def connect(self, receiver):
        self.receivers.append(receiver)

    def send(self, sender=None):
        for receiver in self.receivers:
            receiver(sender)
"""
FAILURE = """\
failed connecting.arguments.keywords on forgetful
forgetful: forgetful, as blinker 1.9.0, on CPython PYTHON; SECONDS s (SECONDS s in the examples, \
summed over the workers)
  forgetful is FOLDER/forgetful.py
NOTE it claims no release of blinker, so it is taken for blinker 1.9.0; claim another with \
--claims blinker==VERSION
NOTE it seems to lack keyword arguments of `send`; if that is meant, say so: --lacks data

FAILED connecting.arguments.keywords (MUST) on forgetful
  A receiver MUST get the sender as its only positional argument, `None` if there is none, and \
the keyword arguments of the send, all unchanged.
  spec/dispatch/connecting.md:LINE: an example printed something else
    >>> [keywords == data for _, keywords in calls]
  wanted:
    [True, True, True]
  got:
    [False, False, False]
  it needs `data`
  again: signalbook verify --blinker forgetful --path FOLDER --clause connecting.arguments.keywords

implementation  level  passed  failed
forgetful       MUST        1       1

forgetful keeps 1 of the 2 rules of dispatch that were run
"""


@pytest.fixture
def forgetful(tmp_path):
    """Return the options that name a faulty engine."""
    (tmp_path / "forgetful.py").write_text(FORGETFUL)
    return "--blinker", "forgetful", "--path", tmp_path


def notes(result):
    """Return what the command says before verdicts should be trusted."""
    return [line for line in result.output.splitlines() if line.startswith("NOTE")]


def normalised(output, tmp_path):
    output = output.replace(str(tmp_path), "FOLDER")
    output = re.sub(r"\d+\.\d s", "SECONDS s", output)
    output = re.sub(r"CPython [\d.]+", "CPython PYTHON", output)
    return re.sub(r"md:\d+", "md:LINE", output)


def test_verify_names_everything_about_a_failure(signalbook, forgetful, tmp_path):
    """A failure says rule, place, wanted, got, and the command that repeats it; the status is 1."""
    result = signalbook(
        "verify",
        *forgetful,
        *("--clause", "connecting.arguments.keywords"),
        *("--clause", "connecting.once.twice"),
    )

    assert FAILURE == normalised(result.output, tmp_path)
    assert 1 == result.exit_code


SPECIFICATION = {
    "my spec/dispatch/sending.md": """\
    # Sending

    :::{clause} sending.keywords

    An engine MUST pass keyword arguments on.

    ```pycon
    >>> from blinker import Signal
    >>> got = []
    >>> signal = Signal()
    >>> _ = signal.connect(lambda sender, **keywords: got.append(keywords), weak=False)
    >>> _ = signal.send(1, people=[":bug:", "[red]ada[/]", "café"])
    >>> got
    [{'people': [':bug:', '[red]ada[/]', 'café']}]
    ```
    :::

    :::{clause} sending.names

    An engine MUST have `Signal`.

    ```pycon
    >>> from blinker import Signal
    >>> callable(Signal)
    True
    ```
    :::
    """,
    "known.toml": """\
    [[deviations]]
    clauses = "sending.names"
    reason = "not yet"
    link = "https://example.org/1"
    """,
}


@pytest.mark.parametrize(
    ("options", "clause"),
    [
        (["--timeout", "9.25", "--memory", "3000"], "connecting.arguments.keywords"),
        (["--spec", "my spec"], "sending.keywords"),
        (["--spec", "my spec", "--config", "known.toml"], "sending.names"),
    ],
)
def test_verify_again_repeats_just_the_failure(
    signalbook, write, tmp_path, monkeypatch, options, clause
):
    """The printed command, in the same folder, runs just the clause, and tells just the same."""
    write({**SPECIFICATION, "an engine/forgetful.py": FORGETFUL})
    monkeypatch.chdir(tmp_path)
    own = ("--blinker", "forgetful", "--path", "an engine", "--claims", "blinker==1.9.0")
    first = normalised(signalbook("verify", *own, *options).output, tmp_path)
    faults = dict(
        re.findall(r"^(?!NOTE)[A-Z]+ (\S+)(.*?again: [^\n]*)", first, re.DOTALL | re.MULTILINE)
    )
    program, *words = shlex.split(faults[clause].rpartition("again: ")[2])
    second = normalised(signalbook(*words).output, tmp_path)

    assert "signalbook" == program
    assert [(clause, faults[clause])] == FAULT.findall(second)


def test_verify_shows_values_as_they_are(signalbook, write, tmp_path):
    """What looks like markup or like the name of an emoji in a value is shown as it stands."""
    write({**SPECIFICATION, "forgetful.py": FORGETFUL})
    own = ("--blinker", "forgetful", "--path", tmp_path, "--spec", tmp_path / "my spec")
    lines = signalbook("verify", *own).output.splitlines()

    assert "    [{'people': [':bug:', '[red]ada[/]', 'café']}]" in lines


def test_verify_passes_with_status_zero(signalbook):
    """When everything that applies passed, the status is 0, and no clause is named."""
    result = signalbook("verify", "reference", "--clause", "connecting.once.twice")

    assert 0 == result.exit_code
    assert "connecting.once.twice" not in result.output


def test_verify_side_by_side_points_out_disagreement(signalbook, forgetful):
    """A clause that one keeps and another does not is named with both verdicts."""
    patterns = ("--clause", "connecting.arguments.keywords", "--clause", "connecting.once.twice")
    result = signalbook("verify", "reference", *forgetful, *patterns)

    lines = [line for line in result.output.splitlines() if "agree" in line]
    assert [
        "They disagree on connecting.arguments.keywords: reference passed, forgetful failed"
    ] == lines


def test_verify_side_by_side_says_that_they_agree(signalbook):
    """Two implementations without disagreement are said to agree."""
    result = signalbook("verify", "reference", "flask", "--clause", "connecting.once.twice")

    lines = [line for line in result.output.splitlines() if "agree" in line]
    assert ["reference and flask agree on every clause that applies to them."] == lines


def test_verify_writes_results_that_fit_their_schema(signalbook, forgetful, tmp_path):
    """`--json` writes every result of every run, and the disagreements, as the schema says."""
    file = tmp_path / "results.json"
    signalbook(
        "verify",
        "reference",
        *forgetful,
        "--clause",
        "connecting.arguments.keywords",
        "--json",
        file,
    )

    data = json.loads(file.read_text())
    jsonschema.validate(data, json.loads(SCHEMA.read_text()))
    assert ["connecting.arguments.keywords"] == data["disagreements"]
    assert [("reference", "passed"), ("forgetful", "failed")] == [
        (run["implementation"], result["verdict"])
        for run in data["runs"]
        for result in run["results"]
    ]


@pytest.mark.parametrize(
    ("format", "start"),
    [
        ("json", "{"),
        ("junit", "<?xml"),
        ("markdown", "## Signalbook\n"),
        ("html", "<!DOCTYPE html>"),
    ],
)
def test_verify_report_on_standard_output_has_it_alone(signalbook, tmp_path, format, start):
    """With `-`, standard output has the report, whole; the terminal's text is on the other."""
    file = tmp_path / "report"
    words = ("verify", "--clause", "connecting.once.twice", f"--{format}")
    printed, written = signalbook(*words, "-"), signalbook(*words, file)

    def timeless(text):
        return re.sub(r'(seconds": |time=")[\d.]+', "", text)

    assert printed.stdout.startswith(start)
    assert timeless(file.read_text()) == timeless(printed.stdout)
    assert "reference       MUST        1       0" in printed.stderr
    assert ("", 0) == (written.stderr, printed.exit_code)


def test_verify_writes_several_reports_at_once_with_links(signalbook, forgetful, tmp_path):
    """Each format has its file, and links to the address that the environment or --site names."""
    files = {format: tmp_path / format for format in ("junit", "markdown", "html")}
    options = [word for format, file in files.items() for word in (f"--{format}", file)]
    clause = ("--clause", "connecting.arguments.keywords", *options)
    site = "https://book.example"
    page = f"{site}/spec/dispatch/connecting.html#connecting.arguments"
    by_option = signalbook("verify", *forgetful, *clause, "--site", site)
    first = {format: file.read_text() for format, file in files.items()}
    CliRunner(env={"SIGNALBOOK_SITE_ADDRESS": f"{site}/"}).invoke(
        main, [str(word) for word in ("verify", *forgetful, *clause)]
    )

    assert 1 == by_option.exit_code
    assert {format: True for format in files} == {
        format: page in text and page in files[format].read_text() for format, text in first.items()
    }


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        ("missing/results.json", "No such file or directory"),
        ("known.toml/results.json", "Not a directory"),
        ("dangling", "No such file or directory"),
        ("loop", "Too many levels of symbolic links"),
        ("my spec", "is a directory"),
        ("", "a folder, or not allowed"),
        (300 * "a", "File name too long"),
    ],
)
def test_verify_results_file_that_cannot_be_written_is_noticed_at_once(
    signalbook, write, tmp_path, monkeypatch, file, problem
):
    """What would lose the results after a run ends the command before it, and leaves no trace."""
    write(SPECIFICATION)
    (tmp_path / "dangling").symlink_to(tmp_path / "missing" / "results.json")
    (tmp_path / "loop").symlink_to("loop")
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    result = signalbook("verify", "--clause", "connecting.once.twice", "--json", file)

    assert problem in result.output
    assert "passed" not in result.output
    assert 2 == result.exit_code
    assert before == sorted(tmp_path.rglob("*"))


def test_verify_results_file_that_is_lost_on_the_way_loses_nothing_else(
    signalbook, monkeypatch, tmp_path
):
    """If the results can't be written after all, the verdicts are printed, and the status is 2."""

    def fail(text, file):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("signalbook.cli.report_files.write_whole", fail)
    file = tmp_path / "results.json"
    result = signalbook("verify", "--clause", "connecting.once.twice", "--json", file)

    assert "reference       MUST        1       0" in result.output
    assert result.output.endswith(
        f"Error: '{file}' can't be written: No space left on device; name another with --json\n"
    )
    assert 2 == result.exit_code


def test_verify_writes_results_before_it_prints_them(signalbook, monkeypatch, tmp_path):
    """Whatever goes wrong while the summary is printed, the results are in their file."""

    def fail(*_):
        raise RuntimeError("no terminal any more")

    monkeypatch.setattr("signalbook.cli.verify.Summary.print", fail)
    file = tmp_path / "results.json"
    result = signalbook("verify", "--clause", "connecting.once.twice", "--json", file)

    assert ["passed"] == [
        result["verdict"]
        for run in json.loads(file.read_text())["runs"]
        for result in run["results"]
    ]
    assert "RuntimeError: no terminal any more\nThis is a bug of Signalbook" in result.output
    assert 70 == result.exit_code


def test_verify_that_is_stopped_while_it_writes_results_writes_them(
    signalbook, monkeypatch, tmp_path
):
    """A signal in the middle of writing loses nothing of what was found."""
    signals = [signal.SIGTERM]

    def interrupted(text, file):
        if signals:
            signal.raise_signal(signals.pop())
        write_whole(text, file)

    monkeypatch.setattr("signalbook.cli.report_files.write_whole", interrupted)
    file = tmp_path / "results.json"
    result = signalbook("verify", "--clause", "connecting.once.twice", "--json", file)

    assert (True, 1) == ((data := json.loads(file.read_text()))["complete"], len(data["runs"]))
    assert "reference       MUST        1       0" in result.output
    assert (143, "Stopped by SIGTERM.") == (result.exit_code, result.output.splitlines()[-1])


def test_verify_that_is_stopped_again_while_it_cleans_up_loses_nothing(
    signalbook, monkeypatch, tmp_path
):
    """A second signal before all is cleaned up does nothing, and the first decides the status."""

    def run_all(session, clauses, jobs=None):
        yield session.run(clauses[0])
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("signalbook.runner.Session.run_all", run_all)
    file = tmp_path / "results.json"
    result = signalbook("verify", "--clause", "connecting.once.twice", "--json", file)

    assert (False, 1) == ((data := json.loads(file.read_text()))["complete"], len(data["runs"]))
    assert "reference       MUST        1       0" in result.output
    assert (143, "Stopped by SIGTERM.") == (result.exit_code, result.output.splitlines()[-1])


def test_verify_that_cannot_write_after_a_signal_can_be_ended_by_another(signalbook, monkeypatch):
    """Once all is cleaned up, no pipe that nobody reads keeps the command from ending."""

    def run_all(session, clauses, jobs=None):
        yield session.run(clauses[0])
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr("signalbook.runner.Session.run_all", run_all)
    monkeypatch.setattr(
        "signalbook.cli.report_files.write_whole", lambda *_: signal.raise_signal(signal.SIGHUP)
    )
    result = signalbook("verify", "--clause", "connecting.once.twice", "--json", os.devnull)

    assert (129, "Stopped by SIGHUP.\n") == (result.exit_code, result.output)


def test_verify_that_is_stopped_says_that_its_results_are_lost(signalbook, monkeypatch):
    """If a command that was stopped can't write what it found, that is told as well."""

    def run_all(session, clauses, jobs=None):
        yield session.run(clauses[0])
        signal.raise_signal(signal.SIGTERM)

    def fail(text, file):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("signalbook.runner.Session.run_all", run_all)
    monkeypatch.setattr("signalbook.cli.report_files.write_whole", fail)
    result = signalbook("verify", "--clause", "connecting.once.twice", "--json", os.devnull)

    assert result.output.endswith(
        f"Error: {os.devnull!r} can't be written: No space left on device;"
        " name another with --json\nStopped by SIGTERM.\n"
    )
    assert 143 == result.exit_code


@pytest.mark.parametrize("name", ["caf\udce9", "\x1b[2J", "\u202e"])
def test_verify_name_that_cannot_be_shown_is_written_out(signalbook, tmp_path, name):
    """A name that is in no encoding, or moves the cursor, is shown as it would be typed."""
    file = tmp_path / "results.json"
    words = ("reference", "--flask", name, "--clause", "connecting.once.twice", "--json", file)
    result = signalbook("verify", *words)
    shown = name.encode("unicode_escape").decode().replace(r"\xe9", "é")

    assert f"\nNOT RUN {shown}\n" in result.output
    assert [shown] == [one["implementation"] for one in json.loads(file.read_text())["not_run"]]
    assert 2 == result.exit_code


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (
            ["--chapter", "signals", "--clause", "lifetime.weak.function"],
            "Error: nothing was run: no clause is in everything that was chosen;"
            " leave out --chapter, --clause or --profile, or look at 'signalbook list'",
        ),
        (
            ["--blinker", "blinker", "--chapter", "signals"],
            "NOT RUN blinker nothing was run: no chosen clause applies to it;"
            " it has nothing in place of flask",
        ),
        (["--spec", "empty"], "there is no page here"),
        (["--spec", "bare"], "Error: nothing was run: no clause is in everything"),
    ],
)
def test_verify_that_runs_nothing_is_no_success(signalbook, tmp_path, monkeypatch, words, reason):
    """If no clause is chosen, or none applies, that is said, and the exit status is 2."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "index.md").write_text("# Nothing\n")
    monkeypatch.chdir(tmp_path)
    result = signalbook("verify", *words)

    assert reason in " ".join(result.output.split())
    assert "agree" not in result.output
    assert 2 == result.exit_code


def test_verify_side_by_side_agrees_only_on_what_ran_on_both(signalbook, forgetful):
    """Where nothing applies to one of two, they agree on nothing; the other's verdicts are told."""
    clauses = ("--clause", "request-started.arguments")
    result = signalbook("verify", "reference", *forgetful, *clauses)

    assert "No clause applies to more than one of them.\n" in result.output
    assert re.search(r"reference +MUST +1 +0 +0\n", result.output)
    assert 2 == result.exit_code


def test_verify_engine_alone_leaves_other_chapters_out(signalbook, forgetful):
    """An engine without a framework isn't asked about the framework."""
    clauses = ("--clause", "connecting.once.twice", "--clause", "request-started.arguments")
    result = signalbook("verify", *forgetful, *clauses)

    assert re.search(r"forgetful +MUST +1 +0 +1\n", result.output)
    assert 0 == result.exit_code


def test_verify_says_where_modules_were_loaded_from(signalbook, forgetful, tmp_path):
    """A module that is not from a folder that was named for it is told, here and in the data."""
    file = tmp_path / "results.json"
    options = ("--inject-engine", "--clause", "connecting.once.twice", "--json", file)
    result = signalbook("verify", "--flask", "flask", *forgetful, *options)
    files = {
        "flask": importlib.util.find_spec("flask").origin,
        "forgetful": str(tmp_path / "forgetful.py"),
    }

    assert [*(f"  {name} is {place}" for name, place in files.items())] == [
        line for line in result.output.splitlines() if re.match(r"  \S+ is ", line)
    ]
    note = f"NOTE flask was loaded from {files['flask']}, and not from {tmp_path}"
    assert note == notes(result)[0]
    assert [files] == [run["files"] for run in json.loads(file.read_text())["runs"]]


@pytest.mark.parametrize("version", ["2.7", "3.6"])
def test_verify_says_where_an_old_interpreter_loaded_a_module_from(signalbook, tmp_path, version):
    """Python 2's texts are texts here, too."""
    try:
        find_interpreter(version)
    except MissingInterpreter as error:
        pytest.skip(str(error))
    (tmp_path / "engine.py").write_text(ENGINE)
    own = ("--blinker", "engine", "--path", tmp_path, "--python", version)
    own += ("--claims", "blinker==1.9.0")
    result = signalbook("verify", *own, "--clause", "connecting.once.twice")

    assert re.search(rf"^  engine is {re.escape(str(tmp_path))}/engine.pyc?$", result.output, re.M)
    assert [note for note in notes(result) if "loaded" in note] == []


def test_verify_keeps_what_was_found_when_an_implementation_breaks_down(
    signalbook, monkeypatch, tmp_path
):
    """If a run can't go on, what it found is printed and written, and marked as incomplete."""

    def run_all(session, clauses, jobs=None):
        yield session.run(clauses[0])
        raise ImplementationError("reference: it can't be loaded again")

    monkeypatch.setattr("signalbook.runner.Session.run_all", run_all)
    file = tmp_path / "results.json"
    clauses = ("--clause", "connecting.once.twice", "--clause", "lifetime.weak.function")
    result = signalbook("verify", "reference", *clauses, "--json", file)
    data = json.loads(file.read_text())

    assert re.search(r"reference +MUST +1 +0\n", result.output)
    assert (
        "\nNOT RUN reference\n  not to its end: reference: it can't be loaded again\n"
        "\nSTOPPED reference: 1 of 2 clauses were run, and no more\n"
    ) in result.output
    assert (2, False, 1) == (result.exit_code, data["complete"], len(data["runs"][0]["results"]))


def test_verify_says_that_a_claimed_release_is_newer_than_any_known(signalbook, forgetful):
    """A release that nothing was measured on is taken for what it says, and told."""
    claim = ("--claims", "blinker==1.99.0", "--clause", "connecting.once.twice")
    result = signalbook("verify", *forgetful, *claim)

    note = "NOTE blinker 1.99.0 is newer than 1.9.0, the newest that the clauses were measured on"
    assert note in notes(result)
    assert 0 == result.exit_code


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ("--blinker", "forgetful"),
            [
                "NOTE it claims no release of blinker, so it is taken for blinker 1.9.0;"
                " claim another with --claims blinker==VERSION"
            ],
        ),
        (
            ("--flask", "forgetful", "--blinker", "forgetful"),
            [
                "NOTE it claims no release of flask or blinker, so it is taken for flask 3.1.3 and"
                " blinker 1.9.0; claim another with --claims flask==VERSION"
            ],
        ),
        (
            (
                *("--flask", "forgetful", "--blinker", "forgetful"),
                *("--claims", "flask==3.0.3", "--claims", "blinker==1.8.2"),
            ),
            [],
        ),
        (("--blinker", "signalbook.reference.engine"), []),
        (("--blinker", "blinker"), []),
        ((), []),
    ],
)
def test_verify_says_for_which_release_it_takes_what_claims_none(
    signalbook, forgetful, options, said
):
    """Whoever says nothing is told what is demanded of it, and how to have something else."""
    path = forgetful[2:] if "forgetful" in options else ()
    result = signalbook("verify", *options, *path, "--clause", "connecting.once.twice")

    assert said == [note for note in notes(result) if "seems to lack" not in note]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nothing"], "'nothing' is no implementation that the kit knows"),
        (["--flask", "no_such_module"], "No module named 'no_such_module'"),
        (["--python", "/no/such/python"], "the interpreter '/no/such/python' can't be started"),
        (["--python", "2.1"], "CPython 2.1 is not on this machine"),
        (["--python", "no-such-python"], "there is no program 'no-such-python' on PATH"),
        (["--blinker", ""], "--blinker is empty; give it a value, or leave it out"),
        (["--flask", ""], "--flask is empty"),
        (["--path", ""], "--path is empty"),
        (["--claims", ""], "--claims is empty"),
        (["--clause", ""], "there is no clause ''"),
        (["--config", ""], "'' does not exist"),
        (["--spec", ""], "'' does not exist"),
        ([""], "'' is no implementation"),
        (["--path", "/no/such"], "'/no/such' is no folder"),
        (["--json", "-", "--html", "-"], "--json and --html both go to '-'"),
        (["--junit", "x", "--markdown", "x"], "--junit and --markdown both go to 'x'"),
        (["--site", "book.example"], "'book.example' is no address; begin it with https://"),
        (["--timeout", "nan"], "a timeout of nan seconds can't be kept"),
        (["--timeout", "inf"], "a timeout of inf seconds can't be kept"),
        (["--timeout", "0"], "a timeout of 0 seconds can't be kept; give more than 0"),
        (["--timeout", "-5"], "a timeout of -5 seconds can't be kept"),
        (["--timeout", "1e300"], "a timeout of 1e+300 seconds can't be kept"),
        (["--memory", "-1"], "a memory of -1 MiB can't be kept; give 0 for no limit"),
        (["--memory", 30 * "9"], "MiB can't be kept"),
        (["--jobs", "0"], "0 is not in the range"),
        (["flask==0.1"], "there is no Flask '0.1' with signals"),
        (["--claims", "quart==1"], "the claim 'quart==1' can't be read"),
        (["--blinker", "x", "--without-blinker"], "contradict each other"),
        (["--clause", "conecting.once"], "did you mean 'connecting.once'"),
        (["--clause", "nothing.*"], "no clause's id matches 'nothing.*'"),
    ],
)
def test_verify_unusable_input_is_one_message(signalbook, words, message):
    """What can't be used is said in one message, without a traceback, with exit status 2."""
    result = signalbook("verify", *words)

    assert message in " ".join(result.output.split())
    assert "Traceback" not in result.output
    assert 2 == result.exit_code


def test_verify_runs_the_others_when_one_cannot_be_run(signalbook):
    """An implementation that can't be run is named as not run; the others are run; status 2."""
    result = signalbook(
        "verify", "reference", "--flask", "no_such_module", "--clause", "connecting.once.twice"
    )

    assert re.search(r"reference +MUST +1 +0\n", result.output)
    assert "NOT RUN no_such_module" in result.output
    assert 2 == result.exit_code


# blinker, but its signals can only be sent to all.
BROADCAST = """
from blinker import *

class Signal(Signal):
    def connect(self, receiver, sender=ANY, weak=True):
        if sender is not ANY:
            raise NotImplementedError("broadcast only")
        return super().connect(receiver, sender, weak)
"""
SENDERS = ("--clause", "connecting.senders", "--clause", "connecting.each-send")


@pytest.fixture
def broadcast(tmp_path):
    """Return the options that name an engine without sender filtering, and some of its clauses."""
    (tmp_path / "broadcast.py").write_text(BROADCAST)
    return ("--blinker", "broadcast", "--path", tmp_path, *SENDERS)


def shown(result):
    """Return the ids of the faults that are told in full."""
    return re.findall(r"^FAILED (\S+)", result.output, re.MULTILINE)


def test_verify_tells_one_fault_of_each_cause(signalbook, broadcast, tmp_path):
    """What fails for the same cause is one line and one fault, with its place and the feature."""
    result = signalbook("verify", *broadcast)
    heading = (
        "13 clauses: `NotImplementedError: broadcast only`, first in `connecting.senders.without`;"
        " all of them need `sender`\n"
    )

    assert f"\n{heading}FAILED connecting.senders.without (MUST) on broadcast\n" in result.output
    assert ["connecting.senders.without"] == shown(result)
    assert f"  raised at {tmp_path}/broadcast.py:7, in connect\n" in result.output
    assert "  | " not in result.output
    assert result.output.endswith("\nbroadcast keeps 1 of the 2 rules of dispatch that were run\n")


def test_verify_all_tells_every_fault(signalbook, broadcast):
    """`--all` shows every fault, with its whole traceback."""
    result = signalbook("verify", *broadcast, "--all")

    assert (13, 13) == (len(set(shown(result))), result.output.count("again: "))
    assert 13 == result.output.count('|     raise NotImplementedError("broadcast only")')


def test_verify_quiet_prints_counts_and_verdict_only(signalbook, broadcast):
    """With `--quiet` there is the table, then the verdict in words."""
    result = signalbook("verify", *broadcast, "--quiet")

    assert (
        "implementation  level  passed  failed\n"
        "broadcast       MUST        1       1\n"
        "\nbroadcast keeps 1 of the 2 rules of dispatch that were run\n"
    ) == result.output
    assert 1 == result.exit_code


def test_verify_quiet_and_all_contradict_each_other(signalbook):
    """Who asks for both is asked which, and nothing is run."""
    result = signalbook("verify", "--quiet", "--all")

    assert "Error: --all and --quiet contradict each other; give one of them\n" in result.output
    assert 2 == result.exit_code


@pytest.mark.parametrize(
    ("options", "number", "failures"),
    [(["--fail-fast"], 1, "1 failure"), (["--max-failures", "3"], 3, "3 failures")],
)
def test_verify_stops_after_as_many_failures(
    signalbook, broadcast, tmp_path, options, number, failures
):
    """It says after how many failures it stopped and how much was run, here and in the data."""
    file = tmp_path / "results.json"
    result = signalbook("verify", *broadcast, *options, "--jobs", "1", "--json", file)
    data = json.loads(file.read_text())
    done = [one["verdict"] for one in data["runs"][0]["results"]]

    assert (
        number
        == done.count("failed")
        == result.output.count("\nfailed ") + 1 - (not result.output.startswith("failed "))
    )
    assert f"\nSTOPPED broadcast after {failures}: {len(done)} of 17 clauses were run\n" in (
        result.output
    )
    assert (1, False) == (result.exit_code, data["complete"])


def test_verify_with_fewer_failures_than_are_enough_is_not_stopped(signalbook, broadcast):
    """What isn't reached stops nothing."""
    result = signalbook("verify", *broadcast, "--max-failures", "14")

    assert "STOPPED" not in result.output
    assert 1 == result.exit_code


def test_verify_failed_runs_only_what_failed(signalbook, broadcast, tmp_path, cache):
    """What failed is run again, until it passes; what isn't run in between is still known."""
    signalbook("verify", *broadcast)
    signalbook("verify", *broadcast, "--clause", "connecting.each-send.one")
    again = signalbook("verify", *broadcast, "--failed")
    (file,) = cache.glob("signalbook/failed/broadcast-*.txt")
    kept = f"NOTE only the 13 of 17 clauses that failed before were run, as kept in {file}"

    assert kept in notes(again)
    assert re.search(r"broadcast +MUST +0 +1\n", again.output)
    (tmp_path / "broadcast.py").write_text("from blinker import *\n")
    mended = signalbook("verify", *broadcast, "--failed")
    assert (0, "") == (mended.exit_code, file.read_text())


def test_verify_failed_without_anything_that_failed_says_so(signalbook, broadcast, cache):
    """Whether nothing was run before or nothing failed is one clear message, with status 2."""
    one = (*broadcast[:4], "--clause", "connecting.each-send.one")
    first = signalbook("verify", *one, "--failed")
    passed = signalbook("verify", *one)
    second = signalbook("verify", *one, "--failed")

    assert re.search(
        rf"NOT RUN broadcast\n  no run of it is kept in '{re.escape(str(cache))}/\S+';"
        " run it without --failed first\n",
        first.output,
    )
    assert (
        "NOT RUN broadcast\n  nothing that was chosen failed when it was last run;"
        " run it without --failed\n"
    ) in second.output
    assert (2, 0, 2) == (first.exit_code, passed.exit_code, second.exit_code)


def test_verify_whose_failures_cannot_be_kept_says_so(signalbook, broadcast, cache):
    """The verdicts are told all the same."""
    (cache / "signalbook").write_text("no folder")
    result = signalbook("verify", *broadcast)

    assert re.search(
        r"^NOTE what failed can't be kept \(\[Errno 20\] .*\); name a folder in SIGNALBOOK_CACHE$",
        result.output,
        re.MULTILINE,
    )
    assert 1 == result.exit_code
