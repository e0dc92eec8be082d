"""Each kind of check: a subject that passes, some that fail, and one that does not answer."""

import pytest

from grader.checks import Check, HttpCheck, ImageCheck, StopCheck
from grader.facts import ImageFacts, Stopped
from grader.http import Answer, Request
from grader.report import Outcome
from tests.checks.fakes import COMMON, FakeSubject, answer, silent


def http(**assertions: object) -> HttpCheck:
    return HttpCheck(**{**COMMON, "path": "/{word}", **assertions})


def echo(request: Request) -> Answer:
    return answer(f"Hello, {request.path[1:]}!\n", Server="Werkzeug/3.1.9")


@pytest.mark.parametrize(
    "assertions",
    [
        {"status": 200},
        {"status": [302, 200]},
        {"body": "Hello, {word}!\n"},
        {"contains": ["{word}", "Hello"]},
        {"excludes": ["Goodbye, {word}"]},
        {"answer_headers": {"server": "Werkzeug/3.1.9"}},
    ],
    ids=lambda assertions: next(iter(assertions)),
)
def test_http_passes(assertions: dict[str, object]) -> None:
    assert http(**assertions).run(FakeSubject(serve=echo)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("assertions", "fault"),
    [
        ({"status": 404}, "status"),
        ({"body": "Hello, {other_word}!\n"}, "body"),
        ({"contains": ["Goodbye"]}, "contains"),
        ({"excludes": ["{word}"]}, "excludes"),
        ({"answer_headers": {"Server": "gunicorn"}}, "header"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_http_fails(assertions: dict[str, object], fault: str) -> None:
    result = http(**assertions).run(FakeSubject(serve=echo))
    assert (result.outcome, result.evidence["fault"]) == (Outcome.FAIL, fault)
    assert result.asked.startswith("curl -i http://127.0.0.1:8080/")
    assert result.expected
    assert result.got.startswith("200\n")


def test_http_says_why_nothing_answered() -> None:
    result = http(status=200).run(FakeSubject(serve=silent))
    assert (result.outcome, result.got) == (Outcome.FAIL, "connection refused")
    assert result.evidence.keys() == {"reason", "path"}
    assert result.evidence["reason"] == "refused"
    assert result.asked.endswith(result.evidence["path"])


def test_http_fills_its_words_into_all_it_sends() -> None:
    subject = FakeSubject()
    http(status=200, method="POST", headers={"X-Word": "{word}"}, data='{"a": "{word}"}').run(subject)
    word = subject.asked[0].path[1:]
    assert subject.asked[0].headers == {"X-Word": word}
    assert subject.asked[0].body == f'{{"a": "{word}"}}'.encode()


def test_http_finds_an_answer_that_was_typed_in() -> None:
    result = http(body="Hello, {word}!\n").run(FakeSubject(serve=lambda request: answer("Hello, Ada!\n")))
    assert result.evidence["repeated"] == "yes"
    result = http(body="Hi, {word}!\n").run(FakeSubject(serve=echo))
    assert "repeated" not in result.evidence


def test_http_shows_the_line_with_the_unwanted_text() -> None:
    page = "<html>\n" * 50 + "  EVALEX = true\n" + "</html>\n" * 50
    result = http(excludes=["EVALEX"]).run(FakeSubject(serve=lambda request: answer(page)))
    assert result.got == "200\n\nEVALEX = true"


@pytest.mark.parametrize(
    ("body", "difference"),
    [
        ("Hello, world!", "newline missing"),
        ("Hello, world!\n\n", "newline too many"),
        ("Hello, world!\r\n", "carriage return"),
        ("Hello,world!\n", "white space"),
        ("hello, World!\n", "case"),
        ("Goodbye!\n", "text"),
    ],
)
def test_http_names_a_difference_that_is_only_one(body: str, difference: str) -> None:
    result = http(body="Hello, world!\n").run(FakeSubject(serve=lambda request: answer(body)))
    assert result.evidence["difference"] == difference


@pytest.mark.parametrize(
    ("got", "fault"),
    [(answer("Hello, world!\n", 404), "status"), (answer("Hello, world!\n", Server="x"), "header")],
    ids=["status", "header"],
)
def test_http_finds_no_difference_in_a_body_that_is_right(got: Answer, fault: str) -> None:
    check = http(status=200, body="Hello, world!\n", answer_headers={"Server": "y"} if fault == "header" else {})
    evidence = check.run(FakeSubject(serve=lambda request: got)).evidence
    assert evidence["fault"] == fault
    assert "difference" not in evidence


def test_equal_texts_have_no_difference() -> None:
    # Bytes that are no UTF-8 are shown as U+FFFD, which an author may have asked for.
    odd = Answer(status=200, headers=(), body=b"\xff", truncated=False, seconds=0.001)
    result = http(body="\N{REPLACEMENT CHARACTER}").run(FakeSubject(serve=lambda request: odd))
    assert (result.outcome, result.evidence["difference"]) == (Outcome.FAIL, "")


def test_http_names_the_path_it_asked_for() -> None:
    result = http(path="/greet/{word}", status=404).run(FakeSubject(serve=echo))
    assert result.asked == f"curl -i http://127.0.0.1:8080{result.evidence['path']}"
    assert result.evidence["path"].startswith("/greet/")


EXEC = ImageFacts(
    command=("flask", "run"), base_command=("python3",), user="app", ports=("5000/tcp",), size=150_000_000
)


def image(**assertions: object) -> ImageCheck:
    return ImageCheck(**{**COMMON, **assertions})


@pytest.mark.parametrize(
    "facts",
    [
        EXEC,
        ImageFacts(entrypoint=("python",), command=("app.py",)),
        ImageFacts(command=("/bin/sh", "-c", "exec flask run")),
        ImageFacts(command=("./boot.sh",), base_command=("python3",)),
        ImageFacts(entrypoint=("env", "FLASK_APP=app"), command=("flask", "run")),
    ],
    ids=["a list", "entrypoint and command", "a shell that execs", "a script", "env and a list"],
)
def test_image_passes_a_command_that_gets_its_signals(facts: ImageFacts) -> None:
    assert image(command="exec").run(FakeSubject(image=facts)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        (ImageFacts(command=("/bin/sh", "-c", "flask run")), "shell-form"),
        (ImageFacts(entrypoint=("/bin/bash", "-c", "flask run")), "shell-form"),
        (ImageFacts(command=("/bin/sh", "-c")), "shell-form"),
        (ImageFacts(command=("python3",), base_command=("python3",)), "no-command"),
        (ImageFacts(), "no-command"),
        (ImageFacts(command=("/usr/bin/env", "bash", "-c", "flask run")), "shell-form"),
        (ImageFacts(command=("env", "-i", "-u", "X", "A=b", "/bin/sh", "-c", "flask run")), "shell-form"),
        (ImageFacts(command=("/bin/bash", "-o", "pipefail", "-c", "flask run")), "shell-form"),
        (ImageFacts(command=("bash", "--norc", "-euxo", "pipefail", "-c", "flask run")), "shell-form"),
        (ImageFacts(command=("sh", "-ec", "flask run")), "shell-form"),
    ],
    ids=[
        "shell form",
        "entrypoint in shell form",
        "an empty shell form",
        "the base image's own",
        "none at all",
        "behind env",
        "behind env with options",
        "an option before -c",
        "options before -c",
        "options in one word",
    ],
)
def test_image_fails_a_shell_or_nothing(facts: ImageFacts, fault: str) -> None:
    result = image(command="exec").run(FakeSubject(image=facts))
    assert (result.outcome, result.evidence["fault"]) == (Outcome.FAIL, fault)
    assert result.evidence["command"] == facts.line


@pytest.mark.parametrize(
    "script",
    [
        "exec flask run",
        "  exec flask run  ",
        "cd /app && exec flask run",
        "FLASK_APP=app exec flask run",
        "FLASK_APP='a b' B=\"c;d\" exec flask run",
        "set -e; echo x; exec flask run",
        "set -e\nflask db upgrade\nexec flask run\n",
        "flask db upgrade && \\\n  exec flask run",
        "flask db upgrade &&\n\nexec flask run;\n# the end; of it\n",
        "exec flask run > /tmp/log 2>&1",
        "exec flask run --port ${PORT:-5000} --name 'a && b | c'",
        "exec gunicorn --workers $(nproc; true) app:app",
        "cat notes | sort; exec flask run",
        "exec bash -c 'cd /app; exec flask run'",
    ],
    ids=str.strip,
)
def test_image_passes_a_script_that_hands_over(script: str) -> None:
    for words in (("/bin/sh", "-c"), ("/bin/bash", "-o", "pipefail", "-c"), ("/usr/bin/env", "sh", "-ec")):
        result = image(command="exec").run(FakeSubject(image=ImageFacts(command=(*words, script))))
        assert result.outcome is Outcome.PASS


@pytest.mark.parametrize(
    "script",
    [
        "",
        "exec",
        "flask run",
        "exec-app run",
        "echo exec flask run",
        "echo 'ready && exec flask run'",
        "flask run # ; exec flask run",
        "exec flask run | tee log",
        "echo y | exec flask run",
        "exec flask run &",
        "exec flask run &\n",
        "(exec flask run)",
        "A=1",
        "exec sh -c 'flask run'",
        "exec 'flask",
    ],
    ids=lambda script: script.strip() or "nothing",
)
def test_image_fails_a_script_that_keeps_its_place(script: str) -> None:
    result = image(command="exec").run(FakeSubject(image=ImageFacts(command=("/bin/sh", "-c", script))))
    assert (result.outcome, result.evidence["fault"]) == (Outcome.FAIL, "shell-form")


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        (ImageFacts(command=("/bin/sh", "-c", 'echo "ö"')), r'CMD ["/bin/sh", "-c", "echo \"ö\""]'),
        (
            ImageFacts(entrypoint=("sh", "-c"), command=("flask",)),
            'ENTRYPOINT ["sh", "-c"] CMD ["flask"]',
        ),
        (
            ImageFacts(command=("python3",), base_command=("python3",)),
            'CMD ["python3"] (the base image\'s own)',
        ),
        (ImageFacts(), "no command at all"),
    ],
    ids=["shell form", "both", "inherited", "none"],
)
def test_image_shows_a_command_as_a_dockerfile_has_it(facts: ImageFacts, shown: str) -> None:
    assert image(command="exec").run(FakeSubject(image=facts)).got == shown


@pytest.mark.parametrize(
    ("assertion", "good", "bad", "fault"),
    [
        ({"user": "not-root"}, ImageFacts(user="app"), ImageFacts(user="0:0"), "root"),
        ({"user": "not-root"}, ImageFacts(user="1000"), ImageFacts(), "root"),
        ({"exposes": 5000}, EXEC, ImageFacts(ports=("5000/udp",)), "not-exposed"),
        ({"max_megabytes": 200}, EXEC, ImageFacts(size=200_000_001), "too-large"),
    ],
    ids=["user by name", "user by number", "port", "size"],
)
def test_image_looks_at_one_thing(assertion: dict[str, object], good: ImageFacts, bad: ImageFacts, fault: str) -> None:
    check = image(**assertion)
    assert check.run(FakeSubject(image=good)).outcome is Outcome.PASS
    assert check.run(FakeSubject(image=bad)).evidence["fault"] == fault


@pytest.mark.parametrize(
    ("stopped", "outcome"),
    [
        (Stopped(exit_code=0, seconds=0.1, killed=False), Outcome.PASS),
        (Stopped(exit_code=143, seconds=0.1, killed=False), Outcome.PASS),
        (Stopped(exit_code=1, seconds=0.1, killed=False), Outcome.FAIL),
        (Stopped(exit_code=137, seconds=5.0, killed=True), Outcome.FAIL),
        (Stopped(exit_code=0, seconds=5.0, killed=True), Outcome.FAIL),
        (Stopped(running=False, exit_code=0, seconds=0.0, killed=False), Outcome.FAIL),
    ],
    ids=["by itself", "by the signal", "with an error", "killed", "killed as it ended", "had ended before"],
)
def test_stop(stopped: Stopped, outcome: Outcome) -> None:
    result = StopCheck(**COMMON).run(FakeSubject(stopped=stopped))
    assert result.outcome is outcome
    assert result.asked == "docker stop -t 5 hello"


@pytest.mark.parametrize(
    "check",
    [
        http(status=200, body="x"),
        image(command="exec", user="not-root", exposes=80, max_megabytes=9),
        StopCheck(**COMMON),
    ],
    ids=lambda check: check.kind,
)
def test_each_kind_says_what_it_asks(check: Check) -> None:
    assert len(check.asks()) > 20
    assert list(check.faults()) == []


def test_the_rubric_says_that_words_are_new() -> None:
    assert http(body="Hello, {word}!\n").asks() == (
        'GET /{word} answers with the body "Hello, {word}!\\n", where {word} is new in every run'
    )
