"""Commands in a folder with a signalbook.toml, and how it comes to be."""

import re

import pytest

BROADCAST = """
from blinker import *

class Signal(Signal):
    def connect(self, receiver, sender=ANY, weak=True):
        if sender is not ANY:
            raise NotImplementedError("broadcast only")
        return super().connect(receiver, weak=weak)

    def send(self, sender=None, **data):
        return super().send(sender)
"""
# Its namespace makes signals that pass no keyword arguments on.
FORGETFUL = """
from blinker import ANY, NamedSignal, Signal

class NamedSignal(NamedSignal):
    def send(self, sender=None, **data):
        return super().send(sender)

class Namespace(dict):
    def signal(self, name, doc=None):
        return self.setdefault(name, NamedSignal(name, doc))
"""
SETTINGS = """\
blinker = "broadcast"
path = ["src"]
claims = ["blinker==1.9.0"]
lacks = ["sender"]
"""
ENTRY = """
[[deviations]]
clauses = "connecting.arguments.*keywords*"
reason = "by design"
"""
CLAUSES = ("--clause", "senders.any", "--clause", "connecting.arguments.*")


@pytest.fixture
def folder(write, tmp_path, monkeypatch):
    """Work in a folder below one that has an engine and its settings."""
    write({"src/broadcast.py": BROADCAST, "signalbook.toml": SETTINGS, "below/notes.txt": ""})
    monkeypatch.chdir(tmp_path / "below")
    return tmp_path


def counted(result):
    """Return the name in the table's first row, and its numbers by verdict."""
    found = re.search(r"^implementation +level +(.*)\n(\S+) +MUST +(.*)", result.output, re.M)
    verdicts, name, numbers = found.groups()
    return name, dict(zip(re.split(r" {2,}", verdicts), map(int, numbers.split()), strict=True))


def test_verify_runs_what_the_settings_describe(signalbook, folder):
    """Without names or options; what is lacked isn't claimed, and the rest is demanded."""
    name, numbers = counted(signalbook("verify", *CLAUSES))

    assert ("broadcast", 1) == (name, numbers["failed"])


def test_verify_lets_options_win_over_settings(signalbook, folder):
    """What a command line says of an implementation stands in place of what the file says."""
    (folder / "signalbook.toml").write_text(SETTINGS.replace('["sender"]', '["async"]'))
    options = ("--blinker", "blinker", "--lacks", "muted")
    whole = signalbook("verify", *CLAUSES, *options)

    assert "blinker" == counted(whole)[0]
    assert "it is said to lack `muted`, which are there; take back --lacks muted" in whole.output


def test_verify_runs_names_without_what_the_settings_describe(signalbook, folder):
    """Who names others asks for these, and no deviation is theirs."""
    (folder / "signalbook.toml").write_text(SETTINGS + ENTRY)
    result = signalbook("verify", "reference", *CLAUSES)

    assert ("reference", 0) == (counted(result)[0], result.exit_code)


def test_verify_known_deviation_passes_and_is_counted(signalbook, folder):
    """A listed failure doesn't fail the run."""
    (folder / "signalbook.toml").write_text(SETTINGS + ENTRY)
    result = signalbook("verify", *CLAUSES)

    assert (1, 0) == (counted(result)[1]["known deviation"], result.exit_code)


@pytest.mark.parametrize(
    ("clauses", "said"),
    [
        (
            '"connecting.arguments.sender"',
            "'connecting.arguments.sender' is listed as a deviation in signalbook.toml:6"
            " (by design), but it passes; take it out",
        ),
        (
            '"senders.any"',
            "'senders.any' is listed as a deviation in signalbook.toml:6 (by design), but it"
            " passes; take it out",
        ),
        (
            '["connecting.arguments.keywords", "connecting.arguments.equal-to-the-connected"]',
            "STALE on broadcast: 'connecting.arguments.equal-to-the-connected' is listed as a"
            " deviation in signalbook.toml:6, and doesn't apply (it needs sender filtering);"
            " take it out",
        ),
    ],
)
def test_verify_fails_for_a_deviation_without_need(signalbook, folder, clauses, said):
    """What passes, or is never run, needs no excuse, so the entry has to go."""
    entry = ENTRY.replace('"connecting.arguments.*keywords*"', clauses)
    (folder / "signalbook.toml").write_text(SETTINGS + entry)
    result = signalbook("verify", *CLAUSES)

    assert (True, 1) == (said in result.output, result.exit_code)


def test_write_deviations_leads_from_red_to_green(signalbook, folder):
    """What fails is listed by cause; nothing is run until there is a reason, and then it passes."""
    file = folder / "signalbook.toml"
    first = signalbook("verify", *CLAUSES, "--write-deviations")
    refused = signalbook("verify", *CLAUSES)
    file.write_text(file.read_text().replace('reason = ""', 'reason = "by design"'))
    last = signalbook("verify", *CLAUSES)

    assert f"{file} has 1 new deviation; write a reason for each" in first.output
    assert f"Error: {file}:13: the reason is empty; write why it deviates\n" == refused.output
    assert [1, 2, 0] == [result.exit_code for result in (first, refused, last)]


def test_write_deviations_adds_nothing_to_what_is_listed(signalbook, folder):
    """Run again, there is nothing to add, and the file stays as it is."""
    file = folder / "signalbook.toml"
    file.write_text(SETTINGS + ENTRY)
    result = signalbook("verify", *CLAUSES, "--write-deviations")

    assert f"nothing is added to {file}" in result.output
    assert SETTINGS + ENTRY == file.read_text()


def test_write_deviations_needs_settings(signalbook, tmp_path, monkeypatch):
    """Without a file there is nowhere to write them to, and nothing is run."""
    monkeypatch.chdir(tmp_path)
    result = signalbook("verify", *CLAUSES, "--write-deviations")

    assert "there are no settings to add deviations to" in result.output
    assert 2 == result.exit_code


def test_engine_of_ones_own_under_a_real_release(signalbook, write, folder):
    """The release is the half that is real, and it sends its own signals with the engine."""
    write({"src/forgetful.py": FORGETFUL})
    (folder / "signalbook.toml").write_text(
        'blinker = "forgetful"\npath = "src"\nrelease = "flask==3.1.3"\n'
    )
    result = signalbook("verify", "--clause", "message-flashed.arguments.empty")

    assert "forgetful: flask with forgetful, as flask 3.1.3, blinker 1.9.0" in result.output
    assert 1 == result.exit_code


def test_init_writes_what_a_preflight_finds(signalbook, folder, monkeypatch):
    """What it seems to lack is in the file, which is then found; and it is never written over."""
    monkeypatch.chdir(folder / "src")
    first = signalbook("init", "--blinker", "broadcast")
    file = folder / "src/signalbook.toml"
    text = file.read_text()
    again = signalbook("init", "--blinker", "broadcast")

    assert 'lacks = ["sender", "data"]' in text
    assert [0, 2] == [first.exit_code, again.exit_code]
    assert "signalbook.toml has settings already; edit them, or remove them" in again.output
    assert text == file.read_text()
    assert 0 == signalbook("verify", *CLAUSES).exit_code


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "give --flask MODULE or --blinker MODULE"),
        (("--blinker", "json"), "it doesn't stand in for blinker"),
        (("--blinker", "no_such_module"), "No module named 'no_such_module'"),
    ],
)
def test_init_writes_nothing_for_what_cannot_be_run(
    signalbook, tmp_path, monkeypatch, options, said
):
    """One message, and no file."""
    monkeypatch.chdir(tmp_path)
    result = signalbook("init", *options)

    assert (True, 2) == (said in result.output, result.exit_code)
    assert [] == list(tmp_path.iterdir())
