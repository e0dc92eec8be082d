"""The `sql` check: what it makes of rows, of a database that does not answer, and of what its author wrote."""

from typing import Any

import pytest

from grader.checks.capture import Capture
from grader.checks.session import Step
from grader.checks.sql import SqlCheck
from grader.errors import EngineFault
from grader.facts import Executed
from grader.report import Outcome
from tests.checks.fakes import COMMON, FakeSubject, answer, project, silent

QUERY = "SELECT name FROM word"


def check(**fields: Any) -> SqlCheck:
    return SqlCheck(**COMMON, **fields)


def told(stdout: str = "", *, code: int | None = 0, stderr: str = "", timed_out: bool = False) -> Executed:
    return Executed(exit_code=code, stdout=stdout, stderr=stderr, timed_out=timed_out)


def database(said: Executed, **fields: Any) -> FakeSubject:
    return FakeSubject(project=project("web", "db"), queries=lambda sql: said, dumps=lambda service: said, **fields)


@pytest.mark.parametrize(
    ("fields", "rows", "fault"),
    [
        pytest.param({"rows": 2}, "a\nb\n", "", id="so many rows"),
        pytest.param({"rows": 0}, "", "", id="none"),
        pytest.param({"rows": 2}, "a\n", "rows", id="too few"),
        pytest.param({"rows": 1}, "a\nb\n", "rows", id="too many"),
        pytest.param({"at_least": 1}, "", "rows", id="not one"),
        pytest.param({"at_least": 1}, "a\nb\n", "", id="more than asked for"),
        pytest.param({"contains": ("b",)}, "a\nb\n", "", id="contained"),
        pytest.param({"contains": ("c",)}, "a\nb\n", "contains", id="not contained"),
        pytest.param({"excludes": ("c",)}, "a\nb\n", "", id="not there"),
        pytest.param({"excludes": ("b",)}, "a\nb\n", "excludes", id="there"),
        pytest.param({"matches": (r"\tscrypt:\d",)}, "x\ty\nx\tscrypt:1\n", "", id="matched"),
        pytest.param({"matches": (r"\tscrypt:\d",)}, "plain\n", "matches", id="not matched"),
    ],
)
def test_rows_are_judged(fields: dict[str, Any], rows: str, fault: str) -> None:
    result = check(query=QUERY, **fields).run(database(told(rows)))
    assert result.evidence.get("fault", "") == fault
    assert result.outcome is (Outcome.FAIL if fault else Outcome.PASS)


def test_a_password_is_found_in_plain_and_not_when_it_is_hashed() -> None:
    asked = check(everything=True, excludes=("{word}",), before=(Step(path="/", form={"password": "{word}"}),))
    subject = database(told("COPY users FROM stdin;\nada\tscrypt:32768$a\n"))
    assert asked.run(subject).outcome is Outcome.PASS
    word = subject.asked[0].body.decode().removeprefix("password=")
    result = asked.run(database(told(f"COPY users FROM stdin;\nada\t{word}\nbob\tx\n")))
    assert (result.outcome, result.evidence["fault"]) == (Outcome.FAIL, "excludes")
    assert result.got == f"ada\t{word}"  # that line, and no other
    assert result.expected == f'no "{word}" in the rows'


def test_the_requests_come_first_and_a_failing_one_is_the_cause() -> None:
    subject = database(told("a\n"), serve=lambda request: answer(status=500))
    result = check(query=QUERY, rows=1, before=(Step(path="/add", method="POST", status=204),)).run(subject)
    assert (result.outcome, result.got.strip(), subject.statements) == (Outcome.FAIL, "500", [])
    assert {"fault": "before", "status": "500", "path": "/add"}.items() <= result.evidence.items()


def test_a_form_with_a_token_can_be_sent_first() -> None:
    steps = (
        Step(path="/", status=200, captures={"token": Capture(form_field="csrf_token")}),
        Step(path="/", form={"csrf_token": "{token}"}, status=302),
    )
    asked = check(everything=True, excludes=("{word}",), before=steps)
    assert list(asked.faults()) == []
    page = answer('<input name="csrf_token" value="t0k3n">')
    subject = database(told(), serve=lambda request: answer(status=302) if request.body else page)
    assert asked.run(subject).outcome is Outcome.PASS
    assert subject.asked[1].body == b"csrf_token=t0k3n"


def test_a_token_that_is_not_there_is_a_failure() -> None:
    step = Step(path="/", status=200, captures={"token": Capture(form_field="csrf_token")})
    asked = check(everything=True, excludes=("{word}",), before=(step, Step(path="/{token}", status=200)))
    result = asked.run(database(told(), serve=lambda request: answer("<form></form>")))
    assert (result.outcome, result.evidence["fault"]) == (Outcome.FAIL, "before")
    assert result.evidence["looked_for"] == "the value of the form field csrf_token"


def test_an_app_that_does_not_answer_is_a_failure() -> None:
    subject = database(told("a\n"), serve=silent)
    result = check(query=QUERY, rows=1, before=(Step(path="/add", status=204),)).run(subject)
    assert (result.outcome, result.evidence["reason"]) == (Outcome.FAIL, "refused")


@pytest.mark.parametrize(
    ("said", "fault", "got"),
    [
        (told(code=1, stderr='ERROR:  relation "word" does not exist\n'), "refused", 'ERROR:  relation "word"'),
        (told(code=None, stderr="the container has ended with exit code 1"), "refused", "the container has ended"),
        (told(code=None, timed_out=True), "timed out", "no answer"),
        (told(code=2, stderr="connection refused"), "refused", "connection refused"),
    ],
    ids=["no table", "ended", "too long", "no server"],
)
def test_a_database_that_does_not_answer_is_a_failure_with_its_words(said: Executed, fault: str, got: str) -> None:
    result = check(query=QUERY, rows=0).run(database(said))
    assert (result.outcome, result.evidence["fault"]) == (Outcome.FAIL, fault)
    assert result.got.startswith(got)
    assert result.expected == "an answer from the database"


@pytest.mark.parametrize(
    "words",
    ['ERROR:  syntax error at or near "SELCT"\n', "ERROR 1064 (42000) at line 1: You have an error in your SQL syntax"],
    ids=["postgres", "mysql"],
)
def test_a_statement_that_is_no_sql_is_not_the_students(words: str) -> None:
    with pytest.raises(EngineFault, match="check 'it' asks what db takes for no SQL: ERROR"):
        check(query="SELCT 1", rows=0).run(database(told(code=1, stderr=words)))


def test_a_service_that_is_not_there_is_a_failure() -> None:
    subject = FakeSubject(project=project("web", "database"))
    result = check(query=QUERY, rows=0, service="databse").run(subject)
    assert (result.outcome, result.expected, result.got) == (Outcome.FAIL, "a service databse", "web, database")
    assert result.evidence == {"fault": "no-service", "service": "databse", "nearest": "database"}
    assert subject.statements == []


def test_words_are_fresh_in_the_query_as_in_the_rows() -> None:
    subject = database(told("zebra\n"))
    check(query="SELECT '{word}'", contains=("{word}",)).run(subject)
    (statement,) = subject.statements
    word = statement.removeprefix("SELECT '").removesuffix("'")
    assert word != "{word}"
    subject.queries = lambda sql: told(f"{word}\n")
    assert check(query="SELECT '{word}'", contains=("{word}",)).run(subject).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"rows": 1}, "query", "write either a query, or everything = true"),
        ({"query": QUERY, "everything": True, "contains": ("a",)}, "query", "write either a query, or everything"),
        ({"query": "DELETE FROM word", "rows": 0}, "query", "the database is only read"),
        ({"query": QUERY}, "", "asserts nothing and can never fail"),
        ({"everything": True, "rows": 1, "contains": ("a",)}, "rows", "take everything out"),
        ({"query": QUERY, "rows": -1}, "rows", "rows must be 0 or more"),
        ({"query": QUERY, "at_least": 0}, "rows", "at_least 1 or more"),
        ({"query": QUERY, "contains": ("",)}, "contains", "an empty text is in everything"),
        ({"query": QUERY, "contains": ("a",), "excludes": ("a",)}, "excludes", "nothing could pass"),
        ({"query": QUERY, "matches": ("(",)}, "matches", "matches: '('"),
        ({"query": "SELECT '{wrod}'", "rows": 1}, "", "unknown placeholder {wrod}, did you mean {word}?"),
        ({"query": QUERY, "rows": 1, "service": " "}, "service", "service is empty"),
        (
            {"query": QUERY, "rows": 1, "before": (Step(path="add", status=200),)},
            "before[0].path",
            "path",
        ),
    ],
    ids=[
        "no query", "two", "changes", "nothing", "rows of everything", "below 0", "at least 0", "empty text", "both",
        "no pattern", "slip", "no service", "a request",
    ],
)  # fmt: skip
def test_a_slip_of_the_authors_is_named(fields: dict[str, Any], field: str, words: str) -> None:
    faults = list(check(**fields).faults())
    assert [place for place, _ in faults] == [field]
    assert words in faults[0][1]


def test_the_rubric_says_what_is_asked() -> None:
    assert check(query=QUERY, rows=1).asks() == f"`{QUERY}` in db gives 1 rows"
    asked = check(everything=True, excludes=("{word}",), before=(Step(path="/", form={"p": "{word}"}),)).asks()
    assert asked.startswith('After POST /: All that db keeps holds no "{word}"')
    assert "new in every run" in asked


def test_the_command_is_one_that_a_student_can_type() -> None:
    result = check(query=QUERY, rows=2).run(database(told("a\n")))
    assert result.asked == f"docker compose exec db psql -U postgres postgres -c '{QUERY}'"
