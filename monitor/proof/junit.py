"""Test results as JUnit XML, which every CI system shows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, tostring

from monitor.problem import Problem
from monitor.proof.run import Case


def junit_xml(cases: Sequence[Case], problems: Sequence[Problem]) -> str:
    """One test suite for each file. A file that cannot be used is a suite with an error."""
    root = Element("testsuites")
    for file, group in groupby(sorted(cases, key=lambda case: (case.file, case.line)), key=lambda case: case.file):
        own = list(group)
        failed = sum(not case.holds for case in own)
        suite = SubElement(root, "testsuite", name=file, tests=str(len(own)), failures=str(failed), errors="0")
        for case in own:
            test = SubElement(suite, "testcase", name=_clean(case.name), classname=file, file=file, line=str(case.line))
            for difference in case.differences:
                said = f"{difference.what}: expected {difference.expected}, found {difference.found}"
                SubElement(test, "failure", message=_clean(said)).text = _clean("\n".join(difference.why))
    for problem in problems:
        suite = SubElement(root, "testsuite", name=problem.file, tests="1", failures="0", errors="1")
        test = SubElement(suite, "testcase", name=f"line {problem.line}", classname=problem.file)
        SubElement(test, "error", message=_clean(problem.message))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _clean(text: str) -> str:
    """Text without the control characters that XML 1.0 does not allow."""
    return "".join(char if char.isprintable() or char in "\n\t" else " " for char in text)
