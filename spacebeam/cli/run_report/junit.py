"""JUnit's XML, which GitLab, GitHub and Jenkins read: a suite a file, a case a scenario."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from spacebeam.cli.run_report.account import trouble
from spacebeam.decode.visible import one_line
from spacebeam.scenario.verdict import Outcome, ScenarioResult
from spacebeam.wording.scenarios import fault_words

_TAGS = {Outcome.FAILED: "failure", Outcome.ERROR: "error", Outcome.SKIPPED: "skipped"}


def junit_report(results: Iterable[ScenarioResult]) -> str:
    """Return the report of a run."""
    every = list(results)
    root = Element("testsuites", {"name": "spacebeam", **_counts(every)})
    for file, group in groupby(every, lambda one: one.file):
        cases = list(group)
        began = min((one.began for one in cases if one.began), default=0.0)
        when = datetime.fromtimestamp(began, UTC).isoformat(timespec="seconds")
        facts = {"name": one_line(str(file)), "timestamp": when, **_counts(cases)}
        suite = SubElement(root, "testsuite", facts)
        for result in cases:
            _case(suite, result)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: Element, result: ScenarioResult) -> None:
    case = SubElement(
        suite,
        "testcase",
        name=one_line(result.scenario.name),
        classname=one_line(result.file.stem),
        file=one_line(str(result.file)),
        line=str(result.scenario.line),
        time=f"{result.seconds:.3f}",
    )
    if result.outcome in _TAGS:
        found = SubElement(case, _TAGS[result.outcome])
        if result.fault is not None:
            found.set("type", result.fault.kind.value)
            found.set("message", one_line(fault_words(result.fault)))
            found.text = "\n".join(trouble(result))
    if result.recording is not None:
        output = SubElement(case, "system-out")
        output.text = f"[[ATTACHMENT|{one_line(str(result.recording))}]]"


def _counts(results: list[ScenarioResult]) -> dict[str, str]:
    outcomes = [one.outcome for one in results]
    return {
        "tests": str(len(results)),
        "failures": str(outcomes.count(Outcome.FAILED)),
        "errors": str(outcomes.count(Outcome.ERROR)),
        "skipped": str(outcomes.count(Outcome.SKIPPED)),
        "time": f"{sum(one.seconds for one in results):.3f}",
    }
