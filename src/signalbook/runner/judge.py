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
from signalbook.runner.messages import Answer, Raised, Step
from signalbook.verdicts import Result, Verdict

__all__ = ["judge"]

_CHECKER = doctest.OutputChecker()


def judge(clause: Clause, implementation: str, answer: Answer) -> Result:
    """Return the verdict on *clause*, from everything that came back for it."""
    result = Result(
        clause=clause,
        implementation=implementation,
        verdict=Verdict.PASSED,
        example_seconds=sum(step.seconds for step in answer.steps),
    )
    fault = _death(clause, answer) or _mismatch(clause, answer) or _leftovers(answer)
    return replace(result, **_harmless(fault)) if fault else result


def _harmless(fault: dict[str, Any]) -> dict[str, Any]:
    """Return *fault* fit to be shown: got and wanted have been compared as they were."""
    shown = {"reason", "got", "raised", "detail"}
    return {name: harmless(fault[name]) if name in shown else fault[name] for name in fault}


def _death(clause: Clause, answer: Answer) -> dict[str, Any] | None:
    """Say how the clause's process ended, unless it ended well."""
    reached = len(answer.steps)
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
    if broken := answer.broken:
        reason = f"the worker broke: {broken.name}: {broken.text}"
        return {**fault, "reason": reason, "detail": broken.traceback}
    if answer.left is None or reached != len(steps):
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
    for example, step in zip((*clause.setup, *clause.examples), answer.steps, strict=True):
        if not _matches(example, step):
            return {
                "verdict": Verdict.FAILED,
                "reason": _reason(example, step.raised),
                "example": example,
                "wanted": _wanted(example),
                "got": _got(step),
                "raised": str(step.raised or ""),
                "detail": step.raised.traceback if step.raised else "",
            }
    return None


def _reason(example: Example, raised: Raised | None) -> str:
    if raised and not example.raises:
        return f"an example raised {raised.name}"
    if example.raises and not raised:
        return "an example did not raise"
    return "an example raised something else" if raised else "an example printed something else"


def _got(step: Step) -> str:
    return step.output + (f"{step.raised}\n" if step.raised else "")


def _wanted(example: Example) -> str:
    return f"{example.raises}\n" if example.raises else example.wanted


def _matches(example: Example, step: Step) -> bool:
    if bool(step.raised) != bool(example.raises):
        return False
    options = example.all_options
    wanted, got = _wanted(example), _got(step)
    if step.raised and options.get("IGNORE_EXCEPTION_DETAIL"):
        return wanted.partition(":")[0].strip() == step.raised.name
    flags = sum(doctest.OPTIONFLAGS_BY_NAME[name] for name, on in options.items() if on)
    return _CHECKER.check_output(wanted, got, flags)


def _leftovers(answer: Answer) -> dict[str, Any] | None:
    sentences = list(_left(answer))
    if not sentences:
        return None
    return {"verdict": Verdict.FAILED, "reason": f"the clause {' and '.join(sentences)}"}


def _left(answer: Answer) -> Iterator[str]:
    yield from answer.left or ()
    if answer.forked:
        yield "forked, and the copy went on"
    if answer.held:
        yield "left a process running"
