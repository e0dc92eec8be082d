"""The python check: functions of an instructor's, right and wrong, and what an exercise file may say of them."""

import sys
from pathlib import Path

import pytest

from grader.checks import PythonCheck
from grader.errors import EngineFault, SpecError
from grader.exercise import load
from grader.facts import DidNotStart
from grader.report import Outcome, Result
from tests.checks.fakes import COMMON, FakeSubject, answer, silent

HEAD = """
schema = 1
title = "t"
unit = "01-hello"
files = ["Dockerfile"]
run = { port = 5000 }

[[checks]]
id = "it"
kind = "python"
points = 2
title = "It"
objective = "o"
hints = ["a", "b", "c"]
rubric = "It is so"
"""


def run(folder: Path, body: str, subject: FakeSubject | None = None, head: str = "") -> Result:
    """What the check says where this is the function's body."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    (folder / "looks.py").write_text(f"{head}\ndef look(subject, random):\n{lines}")
    check = PythonCheck(**COMMON, function="looks.py:look", rubric="It is so").beside(folder)
    before = set(sys.modules)
    try:
        return check.run(subject or FakeSubject())
    finally:
        assert {name for name in set(sys.modules) - before if name.startswith("exercise_check_")} == set()
        assert [path.name for path in folder.iterdir()] == ["looks.py"]


def test_python_passes_and_can_ask_the_subject(tmp_path: Path) -> None:
    subject = FakeSubject(serve=lambda request: answer(request.path))
    head = "from grader.http import Request\n"
    body = 'word = str(random.random())\nassert subject.request(Request(path="/" + word)).text == "/" + word'
    assert run(tmp_path, body, subject, head).outcome is Outcome.PASS
    again = FakeSubject(serve=subject.serve)
    run(tmp_path, body, again, head)
    assert again.asked == subject.asked


def test_python_may_hold_what_looks_for_its_module(tmp_path: Path) -> None:
    head = (
        "from __future__ import annotations\nimport dataclasses\n\n@dataclasses.dataclass\nclass A:\n    x: int = 0\n"
    )
    assert run(tmp_path, "assert A().x == 0", head=head).outcome is Outcome.PASS


def test_python_fails_with_text(tmp_path: Path) -> None:
    result = run(tmp_path, 'return "three rows"')
    assert (result.outcome, result.expected, result.got) == (Outcome.FAIL, "It is so", "three rows")
    assert result.evidence == {"fault": "python"}


def test_python_fails_with_more_to_say(tmp_path: Path) -> None:
    head = "from grader.checks.python import Failed\n"
    result = run(tmp_path, 'raise Failed(expected="4", got="5" * 100_000, asked="curl x")', head=head)
    assert (result.outcome, result.expected, result.asked) == (Outcome.FAIL, "4", "curl x")
    assert len(result.got) == 20_000
    assert result.evidence == {"fault": "python"}


def test_python_fails_with_facts_for_a_diagnosis(tmp_path: Path) -> None:
    head = "from grader.checks.python import Failed\n"
    result = run(tmp_path, 'raise Failed(expected="1", got="0", facts={"fault": "missing", "missing": "x"})', head=head)
    assert (result.outcome, result.evidence) == (Outcome.FAIL, {"fault": "missing", "missing": "x"})


def test_python_fails_where_nothing_answers(tmp_path: Path) -> None:
    head = "from grader.http import Request\n"
    result = run(tmp_path, 'subject.request(Request(path="/"))', FakeSubject(serve=silent), head)
    assert (result.outcome, result.got) == (Outcome.FAIL, "connection refused")
    assert result.evidence == {"fault": "no-answer", "reason": "refused"}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("x = 1\nreturn {}[x]", "looks.py:4: a mistake in the instructor's check: KeyError: 1"),
        ("assert False", "looks.py:3: a mistake in the instructor's check: AssertionError"),
        ("import sys\nsys.exit(0)", "looks.py:4: a mistake in the instructor's check: SystemExit: 0"),
        ("import json\njson.loads('{')", "looks.py:4: a mistake in the instructor's check: JSONDecodeError: Expecting"),
        ("return look(subject, random)", "looks.py:3: a mistake in the instructor's check: RecursionError"),
        ("return True", "looks.py: a mistake in the instructor's check: TypeError: look returned True: return None"),
        ("return ' '", "looks.py: a mistake in the instructor's check: TypeError: look returned ' '"),
        ("raise ValueError('a\\nb' * 1000)", "looks.py:3: a mistake in the instructor's check: ValueError: a ba ba"),
    ],
    ids=["lookup", "assert", "exit", "a library's", "endless", "true", "empty", "many lines"],
)
def test_python_costs_nothing_where_its_author_was_wrong(tmp_path: Path, body: str, words: str) -> None:
    result = run(tmp_path, body)
    assert result.outcome is Outcome.ERROR
    assert result.got.startswith(words)
    assert "\n" not in result.got
    assert len(result.got) <= 500
    assert str(tmp_path) not in result.got
    assert "Traceback" in result.traceback or "TypeError" in result.traceback


def test_python_names_the_line_of_what_cannot_be_imported(tmp_path: Path) -> None:
    result = run(tmp_path, "pass", head="import not_there\n")
    assert result.got.startswith("looks.py:1: a mistake in the instructor's check: ModuleNotFoundError")
    result = run(tmp_path, "pass", head="look = 1\n\ndel look\n")  # the definition below brings it back
    assert result.outcome is Outcome.PASS


def test_python_that_was_edited_since_it_was_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "looks.py"
    file.write_text("def look(subject, random): pass\n")
    check = PythonCheck(**COMMON, function="looks.py:look", rubric="r").beside(tmp_path)
    file.write_text("x = 1\ndef look(:\n")
    assert check.run(FakeSubject()).got.startswith("looks.py:2: a mistake in the instructor's check: SyntaxError")
    file.write_text("look = 1\n")
    assert "holds no function look once it is imported" in check.run(FakeSubject()).got
    file.unlink()
    assert check.run(FakeSubject()).got.startswith("looks.py: a mistake in the instructor's check: FileNotFoundError")


@pytest.mark.parametrize("error", [EngineFault("gone"), DidNotStart({"reason": "exited"})], ids=["engine", "start"])
def test_python_hands_on_what_is_not_its_authors(tmp_path: Path, error: Exception) -> None:
    def serve(request: object) -> None:
        raise error

    with pytest.raises(type(error)):
        run(tmp_path, "subject.request(None)", FakeSubject(serve=serve))


@pytest.mark.parametrize(
    ("text", "function", "message"),
    [
        (None, "looks.py:look", "there is no file 'looks.py' beside exercise.toml: did you mean 'look.py'?"),
        ("def lok(subject, random): pass\n", "looks.py:look", "looks.py has no function 'look', did you mean 'lok'?"),
        ("x = 1\ndef look(:\n", "looks.py:look", "looks.py:2: not Python: invalid syntax"),
        ("x = 1\n\0", "looks.py:look", "source code string cannot contain null bytes"),
        ("-" * 100_000 + "1", "looks.py:look", "looks.py"),
        ("async def look(s, r): pass\n", "looks.py:look", "looks.py:1: look is async"),
        ("\ndef look(subject): pass\n", "looks.py:look", "looks.py:2: look takes 1: it is given two arguments"),
        ("def look(a, b, c): pass\n", "looks.py:look", "look takes 3: it is given two arguments"),
        ("def look(a, b, *, c): pass\n", "looks.py:look", "look needs the argument c="),
        ("class A:\n    def look(self, a): pass\n", "looks.py:look", "looks.py has no function 'look'"),
        ("", "look", "function = 'look': write the file and the function, such as 'checks.py:counts_up'"),
        ("", "looks.txt:look", "write the file and the function"),
        ("", "/etc/x.py:look", "the file lies beside exercise.toml"),
        ("", "../x.py:look", "the file lies beside exercise.toml"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)
def test_a_slip_is_found_when_the_exercise_is_read(
    tmp_path: Path, text: str | None, function: str, message: str
) -> None:
    (tmp_path / ("look.py" if text is None else "looks.py")).write_text(text or "")
    (tmp_path / "exercise.toml").write_text(f'{HEAD}function = "{function}"\n')
    with pytest.raises(SpecError) as caught:
        load(tmp_path / "exercise.toml")
    assert str(caught.value).startswith(f"{tmp_path / 'exercise.toml'}:16: check 'it': ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "def look(subject, random): pass\n",
        "def look(subject, random, more=1, *, other=2): pass\n",
        "def look(*both): pass\n",
        "from elsewhere import it as look\n",
        "look = lambda subject, random: None\n",
        "if True:\n    def look(subject, random): pass\n",
    ],
    ids=["plain", "with defaults", "with a star", "imported", "assigned", "under a condition"],
)
def test_a_function_is_found_without_being_run(tmp_path: Path, text: str) -> None:
    (tmp_path / "looks.py").write_text(f"{text}\nraise SystemExit('it was run')\n")
    (tmp_path / "exercise.toml").write_text(f'{HEAD}function = "looks.py:look"\n')
    check = load(tmp_path / "exercise.toml").checks[0]
    assert isinstance(check, PythonCheck)
    assert check.function == f"{tmp_path / 'looks.py'}:look"
    assert check.asks() == "It is so"


def test_python_needs_words_for_the_rubric() -> None:
    found = list(PythonCheck(**COMMON, function="looks.py:look", rubric=" ").faults())
    assert found == [("rubric", "rubric is empty: say in words what the function looks at")]
