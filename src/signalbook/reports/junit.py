"""Results as JUnit's XML, which CI services read."""

from __future__ import annotations

import platform
from xml.etree import ElementTree as ET

from signalbook.harmless import harmless
from signalbook.reports.content import Report, steady
from signalbook.reports.faults import fault
from signalbook.reports.runs import Run
from signalbook.verdicts import Result, Verdict

__all__ = ["as_junit"]

_ELEMENTS = {
    Verdict.FAILED: "failure",
    Verdict.ABSENT: "failure",
    Verdict.STALE: "failure",
    Verdict.CRASHED: "error",
    Verdict.TIMED_OUT: "error",
    Verdict.NOT_APPLICABLE: "skipped",
    Verdict.NOT_CLAIMED: "skipped",
    Verdict.DIFFERS: "skipped",
    Verdict.KNOWN_DEVIATION: "skipped",
}
_NO_XML = str.maketrans({"\ufffe": r"\ufffe", "\uffff": r"\uffff"})


def as_junit(report: Report) -> str:
    """Return *report* as XML: a test suite for each implementation, a test case for each check.

    What could not be run is a suite with one error.
    """
    root = ET.Element("testsuites", name="signalbook")
    for run in report.runs:
        _add_run(root, run, report)
    for one in report.not_run:
        name = harmless(one.name)
        suite = ET.SubElement(root, "testsuite", name=name, tests="1", errors="1")
        case = ET.SubElement(suite, "testcase", classname=name, name="not run")
        ET.SubElement(case, "error", type="not run", message=_text(one.reason))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _add_run(root: ET.Element, run: Run, report: Report) -> None:
    name = harmless(run.implementation.name)
    suite = ET.SubElement(root, "testsuite", name=name, tests=str(len(run.results)))
    kinds = [_ELEMENTS.get(result.verdict) for result in run.results]
    for element, attribute in (("failure", "failures"), ("error", "errors"), ("skipped",) * 2):
        suite.set(attribute, str(kinds.count(element)))
    suite.set("time", f"{run.seconds:.3f}")
    facts = {**run.releases, "python": run.python, "platform": platform.platform()}
    _add_properties(suite, facts)
    for result in run.results:
        _add_case(suite, name, result, report)


def _add_case(suite: ET.Element, name: str, result: Result, report: Report) -> None:
    clause = result.clause
    case = ET.SubElement(
        suite,
        "testcase",
        classname=f"{name}.{clause.subject}",
        name=clause.id,
        time=f"{result.seconds:.4f}",
    )
    page = report.link(clause) or clause.permalink
    _add_properties(case, {"id": clause.id, "level": clause.level, "page": page})
    element = _ELEMENTS.get(result.verdict)
    if element == "skipped":
        ET.SubElement(case, element, message=_text(f"{result.verdict}: {result.reason}"))
    elif element:
        link = report.link(clause)
        text = fault(result) + (f"\n{link}" if link else "")
        told = ET.SubElement(case, element, type=result.verdict, message=_text(result.reason))
        told.text = _text(text)


def _add_properties(parent: ET.Element, values: dict[str, str]) -> None:
    properties = ET.SubElement(parent, "properties")
    for name, value in values.items():
        ET.SubElement(properties, "property", name=name, value=value)


def _text(text: str) -> str:
    return steady(text).translate(_NO_XML)
