"""Gradebooks to render: a class with one of everything, a hostile one, and the sizes between nobody and a thousand."""

import msgspec

from grader.batch.gradebook import Correction, Entry, Gradebook, Question, State
from grader.batch.likeness import Likeness
from grader.intake.handed import Student
from grader.report import Diagnosis, Outcome, Result

from . import reports

QUESTIONS = (
    Question(id="says-hello", title=reports.HELLO, points=3, objective="routes"),
    Question(id="greets-by-name", title=reports.GREETS, points=3, objective="routes"),
    Question(id="no-debug-console", title=reports.CONSOLE, points=2, objective="command"),
    Question(id="exec-form", title=reports.EXEC, points=2, objective="command"),
)
FAULT = "the engine did not answer within 30 s"


def again(result: Result, id: str, **fields) -> Result:
    return msgspec.structs.replace(result, id=id, **fields)


def named(report, **fields):
    """The report with its checks under the ids of the exercise and with their times, as a grading has them."""
    ids = ["build", "start", *(question.id for question in QUESTIONS)]
    times = [4.25, 1.5, 0.125, 0.25, 0.125, 0.0625]
    results = (again(*each, seconds=time) for *each, time in zip(report.results, ids, times, strict=False))
    return msgspec.structs.replace(report, results=tuple(results), **fields)


FULL = named(reports.FULL)
FAILURES = named(reports.FAILURES, seconds=8.5)
UNREACHABLE = named(reports.UNREACHABLE)
UNKNOWN = reports.report(
    reports.BUILT,
    reports.STARTED,
    reports.passed("says-hello", reports.HELLO, 3),
    Result(
        id="greets-by-name", kind="http", title=reports.GREETS, outcome=Outcome.ERROR, max_points=3, got=FAULT + ": why"
    ),
    reports.skipped("no-debug-console", reports.CONSOLE, 2, "greets-by-name"),
    reports.passed("exec-form", reports.EXEC, 2, kind="image"),
)
WHOLE = Correction(points=7.5, reason="shown in person", at="2026-11-21T09:00:00+00:00")
CHECK = Correction(
    check="says-hello", points=2, reason="the lecture did not ask for the newline", at="2026-11-21T09:05:00+00:00"
)


def entry(key: str, name: str, state: State = State.GRADED, report=None, **fields) -> Entry:
    student = Student(key=key, name=name, email=f"{key}@example.edu", ids=fields.pop("ids", {}))
    source = "" if state is State.MISSING else f"class.zip/{key}.zip"
    return Entry(student=student, state=state, report=report, source=source, **fields)


ADA = entry("ada", "Ada Lovelace", report=FULL, ids={"canvas": "101", "moodle": "9001", "login": "ada"})
BO = entry("bo", "Bo Diaz", report=FAILURES, late=True, ids={"canvas": "102", "moodle": "9002", "github": "bo-d"})
CY = entry("cy", "Cy Twombly", report=UNREACHABLE, corrections=(WHOLE,), ids={"moodle": "9003"})
DEE = entry("dee", "Dee Müller-Øst", report=FAILURES, corrections=(msgspec.structs.replace(CHECK, points=1), CHECK))
EVE = entry("eve", "Eve Ning", State.UNGRADED, UNKNOWN)
FAY = entry("fay", "Fay Zhang", State.REFUSED, refusal="fay.zip holds more than 10 MB: hand in your own work only")
GUS = entry("gus", "Gus Ho", State.MISSING, ids={"moodle": "9007"})
HAL = entry("hal", "Hal Niner", State.WAITING)
IDA = entry("ida", "Ida Rhodes", report=UNREACHABLE)


def gradebook(*entries: Entry, **fields) -> Gradebook:
    values = {
        "exercise": "01-hello",
        "title": "Containerize hello, world",
        "unit": "01-hello",
        "questions": QUESTIONS,
        "started": "2026-11-20T10:00:00+00:00",
        "finished": "2026-11-20T10:42:00+00:00",
        "engine": "Docker 26.1.5",
    }
    return Gradebook(entries=entries, **values | fields)


CLASS = gradebook(
    ADA,
    BO,
    CY,
    DEE,
    EVE,
    FAY,
    GUS,
    HAL,
    IDA,
    likenesses=(
        Likeness(students=("ada", "bo"), share=1.0, identical=True),
        Likeness(students=("cy", "dee", "ida"), share=0.87),
    ),
    notes=("2 hand-ins of one student: the newer one was graded",),
)
EMPTY = gradebook()
ONE = gradebook(ADA)

# What a student might write to break out of a page, a table, a cell, a terminal, or an XML file.
ATTACKS = (
    "</script><script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)> ' onmouseover='alert(1)",
    '=HYPERLINK("http://evil.example";"look")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "x;=1+1,=2+2",
    "a\r\nb\nc",
    "\x1b[2J\x1b]8;;http://evil.example\x07link\x1b]8;;\x07\x9b31m",
    "\x00\x0b\ufffe\uffff\udc80\u202egnp.exe\u2028",
    "]]><!--&lt;&#x0;--><![CDATA[",
    "```\n# heading\n[link](javascript:alert(1)) ![pic](http://evil.example/x.png) <b>bold</b>\n| a | b |\n|---|---|",
    "````\n~~~~\n`tick` ``two`` https://evil.example www.evil.example me@evil.example @everyone #1",
    "::error::taken over\n##[group]x",
    "{{ 7*7 }} {% raw %} ${7*7}",
    "[bold red]markup[/] :smile:",
)


def attacked(attack: str) -> Entry:
    """An entry where the text stands wherever one from outside can."""
    diagnosis = Diagnosis(id="loopback", cause=attack, look=attack, mend=attack, unit="01-hello")
    results = (
        Result(id="build", kind="build", title=attack, outcome=Outcome.PASS, asked=attack),
        Result(
            id="says-hello",
            kind="http",
            title=attack,
            outcome=Outcome.FAIL,
            max_points=3,
            asked=attack,
            expected=attack,
            got=f"{attack}\n{attack}",
            diagnosis=diagnosis,
            hint=attack,
            log=attack * 3,
            evidence={"log": attack},
        ),
        Result(id="greets-by-name", kind="http", title=attack, outcome=Outcome.FAIL, max_points=3, got=attack),
        Result(id="no-debug-console", kind="http", title=attack, outcome=Outcome.FAIL, max_points=2, expected=attack),
        reports.skipped("exec-form", attack, 2, attack),
    )
    report = reports.report(*results, title=attack, submission=attack, engine=attack, notes=(attack,))
    return Entry(
        student=Student(key="mallory", name=attack, email=attack, ids={"login": attack, "github": attack}),
        state=State.GRADED,
        source=attack,
        report=report,
        corrections=(Correction(check="exec-form", points=1, reason=attack, at="2026-11-21T09:00:00+00:00"),),
    )


def hostile(attack: str) -> Gradebook:
    """A gradebook of one attack, graded, refused, and left without a verdict."""
    graded = attacked(attack)
    student = msgspec.structs.replace(graded.student, key="oscar")
    refused = Entry(student=student, state=State.REFUSED, refusal=attack, source=attack)
    error = Result(
        id="says-hello", kind="http", title=attack, outcome=Outcome.ERROR, max_points=3, got=attack, traceback=attack
    )
    student = msgspec.structs.replace(graded.student, key="trudy")
    ungraded = Entry(student=student, state=State.UNGRADED, report=reports.report(error), source=attack)
    alike = Likeness(students=("mallory", "oscar"), share=0.9)
    return gradebook(graded, refused, ungraded, notes=(attack,), engine=attack, likenesses=(alike,))


def thousand() -> Gradebook:
    """A class of a thousand in which everything happens again and again."""
    shapes = (ADA, BO, CY, DEE, EVE, FAY, GUS, HAL, IDA)
    entries = []
    for number in range(1_000):
        shape = shapes[number % len(shapes)]
        student = Student(key=f"s{number:04}", name=f"Student {number:04}", email=f"s{number:04}@example.edu")
        entries.append(msgspec.structs.replace(shape, student=student))
    return gradebook(*entries)
