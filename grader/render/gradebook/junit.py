"""junit.xml: a test suite for each student, for whatever shows tests."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from grader.batch.gradebook import Entry, Gradebook
from grader.render.clean import clean, one_line
from grader.render.gradebook.details import Line, lines, plain
from grader.render.gradebook.options import Options
from grader.render.gradebook.standing import number, remarks, without
from grader.render.gradebook.writing import Drawing
from grader.report import Outcome

FILE = "junit.xml"
# No XML may hold these, not even escaped; the sanitiser has written out all others of their kind.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def draw(gradebook: Gradebook, options: Options) -> Drawing:
    """A student without a score is a suite with an error in it: neither passed nor failed."""
    root = Element("testsuites", name=_text(gradebook.exercise))
    suites = [_suite(entry, gradebook, options) for entry in gradebook.entries]
    root.extend(suites)
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    root.set("time", f"{sum(float(suite.get('time', '0')) for suite in suites):.3f}")
    ElementTree.indent(root)
    return Drawing(files=[(FILE, f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, "unicode")}\n')])


def _suite(entry: Entry, gradebook: Gradebook, options: Options) -> Element:
    suite = Element("testsuite", name=_text(entry.student.key))
    properties = SubElement(suite, "properties")
    for name, value in _properties(entry, gradebook):
        SubElement(properties, "property", name=_text(name), value=_text(value))
    for line in lines(entry, gradebook, options):
        suite.append(_case(line, entry, gradebook))
    # A report of its own says why; where there is none, or none that tells, this does.
    if entry.points is None and not suite.findall(".//error"):
        case = SubElement(suite, "testcase", name="hand-in", classname=_text(gradebook.exercise), time="0.000")
        SubElement(case, "error", type=entry.state.value, message=_text(without(entry)))
    tags = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    suite.set("tests", str(len(suite.findall("testcase"))))
    for count, tag in tags.items():
        suite.set(count, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", f"{entry.verdict.seconds if entry.verdict else 0:.3f}")
    if entry.verdict:
        suite.set("timestamp", _text(entry.verdict.started))
    return suite


def _properties(entry: Entry, gradebook: Gradebook) -> Iterator[tuple[str, str]]:
    yield "student", entry.student.name
    yield "state", entry.state.value
    yield "points", number(entry.points)
    yield "max_points", number(gradebook.max_points)
    yield "late", "yes" if entry.late else "no"
    for question in gradebook.questions:
        yield f"points.{question.id}", number(entry.mark(question.id))
        yield f"max_points.{question.id}", number(question.points)
    for remark in remarks(entry, gradebook):
        yield "note", remark


def _case(line: Line, entry: Entry, gradebook: Gradebook) -> Element:
    result = line.result
    case = Element(
        "testcase", name=_text(line.title), classname=_text(gradebook.exercise), time=f"{result.seconds:.3f}"
    )
    if result.outcome is Outcome.PASS or (result.max_points and entry.mark(result.id) == result.max_points):
        return case
    if result.outcome is Outcome.SKIP:
        SubElement(case, "skipped", message=_text(plain(line.fields)))
        return case
    if result.outcome is Outcome.ERROR:
        told, kind, message = "error", "error", result.got
    else:
        diagnosis = result.diagnosis
        told, kind = "failure", diagnosis.id if diagnosis else result.kind
        message = diagnosis.cause if diagnosis else line.title
    SubElement(case, told, type=_text(kind), message=_text(message)).text = _text(plain(line.fields), lines=200)
    return case


def _text(text: str, **limits: int) -> str:
    """Clean, and without what no XML may hold; the library escapes the rest."""
    shown = clean(text, **limits) if limits else one_line(text)
    return ILLEGAL.sub("\ufffd", shown)
