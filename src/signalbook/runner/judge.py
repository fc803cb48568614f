"""Turns a worker's answer into a verdict: the one place where got meets wanted."""

from __future__ import annotations

import doctest
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from signalbook.clauses import Clause, Example
from signalbook.harmless import harmless
from signalbook.runner.messages import Answer
from signalbook.verdicts import Result, Verdict

__all__ = ["judge"]

_CHECKER = doctest.OutputChecker()


def judge(clause: Clause, implementation: str, answer: Answer) -> Result:
    """Return the verdict on *clause*, from everything that came back for it."""
    result = Result(
        clause=clause,
        implementation=implementation,
        verdict=Verdict.PASSED,
        example_seconds=sum(line.get("seconds", 0.0) for line in answer.lines),
    )
    fault = _death(clause, answer) or _mismatch(clause, answer) or _leftovers(answer)
    return replace(result, **_harmless(fault)) if fault else result


def _harmless(fault: dict[str, Any]) -> dict[str, Any]:
    """Return *fault* fit to be shown: got and wanted have been compared as they were."""
    shown = {"reason", "got", "detail"}
    return {name: harmless(fault[name]) if name in shown else fault[name] for name in fault}


def _death(clause: Clause, answer: Answer) -> dict[str, Any] | None:
    """Say how the clause's process ended, unless it ended well."""
    reached = len([line for line in answer.lines if "line" in line])
    steps = (*clause.setup, *clause.examples)
    fault: dict[str, Any] = {
        "verdict": Verdict.CRASHED,
        "example": steps[reached] if reached < len(steps) else None,
        "detail": answer.errors,
    }
    if answer.timed_out:
        return {**fault, "verdict": Verdict.TIMED_OUT, "reason": "it did not end in time"}
    if answer.too_much:
        return {**fault, "reason": "there was no end to what it printed or wrote"}
    if answer.foreign:
        reason = "something else than the worker wrote to the worker's pipe"
        return {**fault, "reason": reason}
    if answer.status is None:
        return {**fault, "reason": "the worker itself was killed or hangs"}
    if os.WIFSIGNALED(answer.status):
        reason = f"the process was killed by {_signal_name(os.WTERMSIG(answer.status))}"
        return {**fault, "reason": reason}
    for line in answer.lines:
        if error := line.get("broken"):
            reason = f"the worker broke: {error['name']}: {error['text']}"
            return {**fault, "reason": reason, "detail": error["traceback"]}
    if not any("left" in line for line in answer.lines) or reached != len(steps):
        code = os.WEXITSTATUS(answer.status)
        reason = f"the process closed its pipe or ended early, with exit status {code}"
        return {**fault, "reason": reason}
    return None


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"  # Real-time signals have no names.


def _mismatch(clause: Clause, answer: Answer) -> dict[str, Any] | None:
    """Return the first example that did something else than it must."""
    lines = [line for line in answer.lines if "line" in line]
    for example, line in zip((*clause.setup, *clause.examples), lines, strict=True):
        got, wanted = _got(line), _wanted(example)
        if not _matches(example, line):
            error = line["error"]
            return {
                "verdict": Verdict.FAILED,
                "reason": _reason(example, error),
                "example": example,
                "wanted": wanted,
                "got": got,
                "detail": error["traceback"] if error else "",
            }
    return None


def _reason(example: Example, error: dict[str, str] | None) -> str:
    if error and not example.raises:
        return f"an example raised {error['name']}"
    if example.raises and not error:
        return "an example did not raise"
    return "an example raised something else" if error else "an example printed something else"


def _got(line: dict[str, Any]) -> str:
    error = line["error"]
    raised = f"{error['name']}: {error['text']}".removesuffix(": ") + "\n" if error else ""
    text: str = line["output"] + raised
    return text


def _wanted(example: Example) -> str:
    return f"{example.raises}\n" if example.raises else example.wanted


def _matches(example: Example, line: dict[str, Any]) -> bool:
    if bool(line["error"]) != bool(example.raises):
        return False
    options = example.all_options
    wanted, got = _wanted(example), _got(line)
    if example.raises and options.get("IGNORE_EXCEPTION_DETAIL"):
        return wanted.partition(":")[0].strip() == str(line["error"]["name"])
    flags = sum(doctest.OPTIONFLAGS_BY_NAME[name] for name, on in options.items() if on)
    return _CHECKER.check_output(wanted, got, flags)


def _leftovers(answer: Answer) -> dict[str, Any] | None:
    sentences = list(_left(answer))
    if not sentences:
        return None
    return {"verdict": Verdict.FAILED, "reason": f"the clause {' and '.join(sentences)}"}


def _left(answer: Answer) -> Iterator[str]:
    for line in answer.lines:
        yield from line.get("left", ())
        if "forked" in line:
            yield "forked, and the copy went on"
    if answer.held:
        yield "left a process running"
