"""What came of scenarios' tests as a JUnit file, for continuous integration. Apart from the table for people."""

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from simulator.rehearsing.scenario_tests import Case, CaseResult, Run, ScenarioResult
from simulator.reports.rehearsed import grounds

_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(results: Iterable[ScenarioResult]) -> str:
    """A suite for each scenario, in it a test case for each case and seed. Times are seconds of playing."""
    root = Element("testsuites")
    for result in results:
        root.append(_suite(result))
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _suite(result: ScenarioResult) -> Element:
    suite = Element("testsuite", name=_clean(result.scenario), file=_clean(result.path))
    for one in result.results:
        for run in one.runs:
            _add(suite, result, one, run)
    if result.problem is not None:
        unplayable = SubElement(suite, "testcase", classname=_clean(result.scenario), name="can be played", time="0")
        _say(SubElement(unplayable, "error"), "it cannot be played", result.problem)
    runs = [run.verdict for one in result.results for run in one.runs]
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(runs.count("failed")))
    suite.set("errors", str(runs.count("error") + (result.problem is not None)))
    suite.set("time", f"{sum(run.seconds for one in result.results for run in one.runs):.3f}")
    return suite


def _add(suite: Element, result: ScenarioResult, one: CaseResult, run: Run) -> None:
    name = _clean(f"{_title(one.case)}, seed {run.seed}")
    case = SubElement(suite, "testcase", classname=_clean(result.scenario), name=name, time=f"{run.seconds:.3f}")
    case.set("file", _clean(result.path))
    case.set("line", str(one.case.line))
    if run.verdict != "passed":
        kind = "failure" if run.verdict == "failed" else "error"
        _say(SubElement(case, kind), "; ".join(run.reasons), "\n".join(grounds(run)))


def _title(case: Case) -> str:
    return f"line {case.line}, {case.name}: {case.wanted}"


def _say(element: Element, message: str, text: str) -> None:
    element.set("message", _clean(message))
    element.text = _clean(text)


def _clean(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _NOT_IN_XML.sub("�", text)
