"""A session: what a browser would do with its cookies, what steps hand on, and how a failure is told."""

import random
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from flask import Flask, Response, abort, jsonify, make_response, redirect, request, session

from grader.checks import SessionCheck
from grader.checks.capture import Capture
from grader.cookies import Jar, parse
from grader.errors import SpecError
from grader.exercise import load
from grader.http import Answer
from grader.report import Outcome, Result
from tests.serving import Served, served

COMMON = {"id": "it", "points": 2, "title": "It", "objective": "o", "hints": ("a", "b", "c")}
FORM = '<form method="post"><input name="csrf_token" type="hidden" value="{}"><input name=title></form>'


def blog(**config: object) -> Flask:
    """A blog with a login, as small as one can be: notes are kept in memory, and a form has a token."""
    app = Flask(__name__)
    app.config |= {"SECRET_KEY": "a secret of this test", "PAD": 0, **config}
    notes: list[str] = []

    @app.get("/login")
    def form() -> str:
        session["pad"] = random.randbytes(app.config["PAD"]).hex()
        session["token"] = f"t-{random.randrange(10**9)}&<'\""
        return FORM.format(session["token"].replace("&", "&amp;").replace('"', "&quot;"))

    @app.post("/login")
    def login() -> Response:
        if request.form.get("csrf_token") != session.get("token", ""):
            abort(400, "no such token")
        session["user"] = request.form["user"]
        return redirect("/notes")

    @app.get("/notes")
    def index() -> str:
        return f"{session.get('user', 'nobody')}: {', '.join(notes)}\n"

    @app.post("/notes")
    def add() -> Response:
        if "user" not in session:
            abort(401)
        notes.append(request.form["text"])
        response = make_response(jsonify(note={"id": len(notes)}, tags=["a", "b"]), 201)
        response.headers["Location"] = f"/notes/{len(notes)}"
        return response

    @app.get("/notes/<int:number>")
    def one(number: int) -> str:
        return notes[number - 1]

    @app.get("/elsewhere")
    def elsewhere() -> Response:
        return redirect("http://elsewhere.example/x")

    @app.post("/logout")
    def logout() -> Response:
        response = redirect("/notes")
        response.delete_cookie("session")
        return response

    return app


@pytest.fixture
def server() -> Iterator[Served]:
    with served(blog()) as subject:
        yield subject


STEPS = [
    {"name": "open the form", "path": "/login", "status": 200, "captures": {"csrf": {"form_field": "csrf_token"}}},
    {
        "name": "log in",
        "path": "/login",
        "form": {"csrf_token": "{csrf}", "user": "{word}"},
        "status": [302, 303],
        "answer_headers": {"Location": "/notes"},
        "cookies": {"session": ["HttpOnly"]},
    },
    {
        "name": "write a note",
        "path": "/notes",
        "form": {"text": "{other_word}"},
        "status": 201,
        "captures": {"note": {"header": "Location"}, "id": {"json": "note.id"}, "tag": {"json": "tags.1"}},
    },
    {"name": "read it", "path": "{note}", "body": "{other_word}"},
    {"path": "/notes/{id}", "query": {"tag": "{tag}"}, "body": "{other_word}"},
    {"path": "/notes", "body": "{word}: {other_word}\n"},
    {"name": "log out", "path": "/logout", "method": "POST", "status": 302},
    {"path": "/notes", "body": "nobody: {other_word}\n"},
]


def check(*steps: dict[str, object]) -> SessionCheck:
    return msgspec.convert({"kind": "session", **COMMON, "steps": list(steps)}, SessionCheck)


def run(server: Served, *steps: dict[str, object]) -> Result:
    return check(*steps).run(server)


def test_a_session_goes_through(server: Served) -> None:
    result = run(server, *STEPS)
    assert (result.outcome, result.evidence) == (Outcome.PASS, {}), result.got
    assert result.got.startswith("8 steps in ")
    assert list(check(*STEPS).faults()) == []


def test_the_same_can_be_typed(server: Served, tmp_path: Path) -> None:
    """The whole line in bash, with a person at `read` who copies what the answer above says."""
    result = run(server, *STEPS[:6])
    address = f"http://127.0.0.1:{server.port}"
    assert result.asked == (
        f"rm -f jar && curl -i -b jar -c jar {address}/login && "
        "read -rp 'csrf, the value of the form field csrf_token: ' csrf && "
        "curl -i -X POST -b jar -c jar "
        f'--data-urlencode csrf_token="$csrf" --data-urlencode user={server_word(result)} {address}/login && '
        f"curl -i -X POST -b jar -c jar --data-urlencode text={server_word(result, 1)} {address}/notes && "
        "read -rp 'note, the header Location: ' note && "
        "read -rp 'id, note.id in the JSON: ' id && "
        "read -rp 'tag, tags.1 in the JSON: ' tag && "
        f'curl -i -b jar -c jar {address}"$note" && '
        f'curl -i -b jar -c jar {address}/notes/"$id"\'?tag=\'"$tag" && '
        f"curl -i -b jar -c jar {address}/notes"
    )
    if not shutil.which("curl"):
        pytest.skip("no curl on PATH")
    person = (
        "read() { case $3 in"
        ' csrf) csrf=$(sed -nE \'s/.*csrf_token" type="hidden" value="([^"]*)".*/\\1/p\' out | tail -n 1'
        " | sed 's/&quot;/\"/g; s/&amp;/\\&/g');;"
        ' note) note=/notes/2;; id) id=2;; tag) tag=b;; esac; }; curl() { command curl -s "$@" | tee -a out; }; '
    )
    done = subprocess.run(
        ["bash", "-c", person + result.asked], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    word, other = server_word(result), server_word(result, 1)
    assert done.stdout.endswith(f"{word}: {other}, {other}\n")


def server_word(result: Result, number: int = 0) -> str:
    """The words of the run, from the command: user=... and text=..."""
    words = [word.partition("=")[2] for word in shlex.split(result.asked) if word.startswith(("user=", "text="))]
    return words[number]


def test_a_failure_names_its_step(server: Served) -> None:
    wrong = {**STEPS[2], "name": "write a note", "status": 418}
    result = run(server, *STEPS[:2], wrong, STEPS[5])
    assert result.outcome is Outcome.FAIL
    assert result.expected == "step 3: write a note\n418"
    assert result.got.startswith("step 3: write a note\n201\n\n{")
    facts = {"step": "3", "step_name": "write a note", "fault": "status", "status": "201", "path": "/notes"}
    assert result.evidence.items() >= facts.items()
    assert result.asked.endswith("/notes")
    assert result.asked.count(" && ") == 4


def test_what_is_not_there_cannot_be_captured(server: Served) -> None:
    first = {**STEPS[0], "captures": {"csrf": {"form_field": "token"}}}
    result = run(server, first, STEPS[1])
    assert result.outcome is Outcome.FAIL
    assert (result.evidence["fault"], result.evidence["step"]) == ("capture", "1")
    assert result.evidence["looked_for"] == "the value of the form field token"
    assert result.expected == "step 1: open the form\n200\nthe value of the form field token"
    assert result.got.startswith("step 1: open the form\n200\nnot found in\n\n<form")


def test_what_was_captured_may_be_no_number(server: Served) -> None:
    second = {"path": "/notes", "answer_json": '{"id": {csrf}}'}
    result = run(server, STEPS[0], second)
    assert (result.outcome, result.evidence["json_fault"]) == (Outcome.FAIL, "captured")


def test_a_redirect_to_another_site_is_not_followed(server: Served) -> None:
    first = {"path": "/elsewhere", "status": 302, "captures": {"back": {"header": "Location"}}}
    result = run(server, first, {"path": "{back}", "status": 200})
    assert (result.outcome, result.evidence["fault"]) == (Outcome.FAIL, "elsewhere")
    assert (result.expected, result.got) == ("step 2\na path of your own app", "step 2\nhttp://elsewhere.example/x")
    assert len(server.asked) == 1


def test_no_answer_ends_a_session() -> None:
    with served(blog()) as gone:
        pass
    result = run(gone, *STEPS)
    assert (result.outcome, result.got) == (
        Outcome.FAIL,
        "step 1: open the form\nconnection refused: nothing listens on that port",
    )
    assert result.evidence == {"step": "1", "step_name": "open the form", "reason": "refused", "path": "/login"}


@pytest.mark.parametrize(
    ("config", "fact"),
    [
        ({"SESSION_COOKIE_SECURE": True}, "secure_cookie"),
        ({"SESSION_COOKIE_DOMAIN": "blog.example"}, "foreign_cookie"),
        ({"MAX_COOKIE_SIZE": 0, "PAD": 3000}, "large_cookie"),
    ],
    ids=["secure", "of another site", "too large"],
)
def test_a_cookie_that_a_browser_would_not_send_back_says_why(config: dict[str, object], fact: str) -> None:
    steps = [{**STEPS[1], "cookies": {}} if step is STEPS[1] else step for step in STEPS[:3]]
    with served(blog(**config)) as server:
        result = run(server, *steps)
    assert (result.outcome, result.evidence["step"], result.evidence["status"]) == (Outcome.FAIL, "2", "400")
    assert result.evidence[fact] == "yes"


def test_the_words_are_drawn_once(server: Served) -> None:
    steps = ({"path": "/a/{word}", "status": 404}, {"path": "/b/{word}", "status": 404})
    run(server, *steps)
    first, second = (request.path.rpartition("/")[2] for request in server.asked)
    assert first == second != "{word}"


@pytest.mark.parametrize(
    ("headers", "path", "sent"),
    [
        (["a=1"], "/", "a=1"),
        (["a=1; Path=/", "b=2; path=/admin"], "/admin/x", "b=2; a=1"),
        (["a=1; Path=/admin"], "/administrator", ""),
        (["a=1; Path=/admin/"], "/admin", ""),
        (["a=1; Path=admin"], "/blog/x?y=/", "a=1"),
        (["a=1"], "/blog", "a=1"),
        (["a=1", "a=2"], "/", "a=2"),
        (["a=1", "a=; Max-Age=0"], "/", ""),
        (["a=1", "a=; max-age=-1"], "/", ""),
        (["a=1; Max-Age=3600; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], "/", "a=1"),
        (["a=1", "a=; Expires=Thu, 01-Jan-1970 00:00:00 GMT"], "/", ""),
        (["a=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT"], "/", "a=1"),
        (["a=1; Expires=soon; Max-Age=long"], "/", "a=1"),
        (["a=1; Max-Age=" + "9" * 5000], "/", "a=1"),
        (["a=1; Expires=Thu, 01 Jan 99999999999999999999 00:00:00 GMT"], "/", "a=1"),
        (["a=1; Secure"], "/", ""),
        (["a=1; Domain=127.0.0.1", "b=2; Domain=.LOCALHOST", "c=3; Domain=app.example"], "/", "a=1; b=2"),
        (['a="x y"', "b=c=d", "e="], "/", 'a="x y"; b=c=d; e='),
        (["", "a", "=1", ";", "a\x00=1", "a=1\x1b[31m"], "/", ""),
        ([f"a{number}=1" for number in range(500)], "/", "; ".join(f"a{number}=1" for number in range(50))),
    ],
    ids=[
        "plain",
        "the nearer path first",
        "a path with the same beginning",
        "a folder",
        "no path",
        "the folder of what was asked",
        "set again",
        "taken back",
        "taken back by less than nothing",
        "max-age before expires",
        "taken back by a date",
        "the last day",
        "no dates",
        "a large number",
        "a year that is none",
        "secure",
        "domains",
        "odd values",
        "no cookies",
        "five hundred",
    ],
)
def test_a_jar_keeps_what_a_browser_would(headers: list[str], path: str, sent: str) -> None:
    jar = Jar()
    jar.keep(headers, "/", "127.0.0.1:5000")
    assert jar.header(path) == sent


def test_a_cookie_belongs_to_the_folder_that_set_it() -> None:
    jar = Jar()
    jar.keep(["a=1"], "/blog/login?next=/", "localhost")
    assert (jar.header("/blog/x"), jar.header("/blog"), jar.header("/")) == ("a=1", "a=1", "")
    assert jar.value("a") == "1"
    jar.keep(["a=2; Path=/"], "/", "localhost")
    assert jar.value("a") == "2"
    assert jar.value("b") is None


def test_a_cookie_of_a_megabyte_is_read_in_no_time() -> None:
    cookie = parse("a=" + '"' + "\\\\" * 500_000 + "; " + "x;" * 100_000)
    assert cookie is not None
    assert len(cookie.attributes) <= 50


def page(body: str, **headers: str) -> Answer:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Answer(status=200, headers=named, body=body.encode(), truncated=False, seconds=0, host="127.0.0.1:5000")


@pytest.mark.parametrize(
    ("source", "answer", "value"),
    [
        ({"regex": r"id=(\d+)"}, page("id=12 id=13"), "12"),
        ({"regex": r"\d+"}, page("id=12"), "12"),
        ({"regex": r"(?<=id=)(\w*)"}, page("id="), None),
        ({"regex": "x"}, page("id=12"), None),
        ({"regex": "(?s)a(.*)b"}, page("a\nb"), None),
        ({"header": "etag"}, page("", ETag='"1"'), '"1"'),
        ({"header": "location"}, page("", Location="http://127.0.0.1:5000/a?b#c"), "/a?b"),
        ({"header": "Location"}, page("", Location="b"), "/notes/b"),
        ({"header": "Location"}, page("", Location="http://elsewhere.example/"), "http://elsewhere.example/"),
        ({"header": "Location"}, page(""), None),
        ({"json": "a.0.b"}, page('{"a": [{"b": "c"}]}'), "c"),
        ({"json": "0"}, page("[7.5]"), "7.5"),
        ({"json": "a"}, page('{"a": true}'), "true"),
        ({"json": "a"}, page('{"a": null}'), None),
        ({"json": "a"}, page('{"a": {}}'), None),
        ({"json": "a.b"}, page('{"a": 1}'), None),
        ({"json": "9"}, page("[1]"), None),
        ({"json": "x"}, page("[1]"), None),
        ({"json": "a"}, page("<h1>"), None),
        ({"form_field": "t"}, page("<INPUT name=t value='a&amp;b'>"), "a&b"),
        ({"form_field": "t"}, page('<input name="t" value="1"><input name="t" value="2">'), "1"),
        ({"form_field": "t"}, page('<input name="t" value="1" value="2"/>'), "1"),
        ({"form_field": "t"}, page('<!-- <input name="t" value="1"> --><p name="t">'), None),
        ({"form_field": "t"}, page('<input name="t">'), None),
        ({"form_field": "t"}, page("<![x" * 1000 + '<input name="t" value="1">'), None),
        ({"form_field": "t"}, page("<a " * 60_000), None),
        ({"form_field": "t"}, page(f'<input name="t" value="{"x" * 5000}">'), None),
        ({"cookie": "session"}, page(""), "abc"),
        ({"cookie": "other"}, page(""), None),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else "",
)
def test_captures(source: dict[str, str], answer: Answer, value: str | None) -> None:
    jar = Jar()
    jar.keep(["session=abc; Path=/elsewhere"], "/", "localhost")
    assert Capture(**source).find(answer, "/notes/1", jar) == value


OPEN, POST = STEPS[0], {"path": "/a", "form": {"t": "{csrf}"}, "status": 200}


@pytest.mark.parametrize(
    ("steps", "field", "fault"),
    [
        ([OPEN], "steps", "a session has 2 to 30 steps, and this has 1: see kind = 'http'"),
        ([POST] * 31, "steps", "and this has 31"),
        ([OPEN, {**POST, "status": 99}], "steps[1].status", "step 2: status = 99"),
        ([OPEN, {"name": "b", "path": "/a"}], "steps[1]", "step 2: b: asserts nothing"),
        ([OPEN, {**POST, "path": "/{csrff}"}], "steps[1].path", "unknown placeholder {csrff}, did you mean {csrf}?"),
        ([OPEN, {**POST, "path": "/{token}"}], "steps[1].path", "the known ones are {csrf}, {number}"),
        ([OPEN, {**POST, "path": "{csrf} b"}], "steps[1].path", "holds ' ': write it percent-encoded"),
        ([{**POST, "path": "/{csrf}"}, OPEN, POST], "steps[0].path", "unknown placeholder {csrf}"),
        ([OPEN, {**POST, "headers": {"cookie": "a=b"}}], "steps[1].headers", "take Cookie out"),
        ([OPEN, {**POST, "form": {}}], "steps[0].captures", "captures: {csrf} is used by no later step"),
        ([POST, OPEN], "steps[1].captures", "{csrf} is used by no later step"),
        ([{**OPEN, "captures": {"word": {"cookie": "a"}}}, POST], "steps[0].captures", "{word} is taken"),
        ([OPEN, OPEN, POST], "steps[1].captures", "{csrf} is taken: choose another name"),
        ([{**OPEN, "captures": {"CSRF": {"cookie": "a"}}}, POST], "steps[0].captures", "'CSRF' is no placeholder"),
        ([{**OPEN, "captures": {"csrf": {}}}, POST], "steps[0].captures", "csrf: needs one of regex, header"),
        (
            [{**OPEN, "captures": {"csrf": {"json": "a", "cookie": "b"}}}, POST],
            "steps[0].captures",
            "form_field and cookie, and has json and cookie",
        ),
        ([{**OPEN, "captures": {"csrf": {"json": " "}}}, POST], "steps[0].captures", "csrf: json is empty"),
        ([{**OPEN, "captures": {"csrf": {"header": "a b"}}}, POST], "steps[0].captures", "no header's name"),
        ([{**OPEN, "captures": {"csrf": {"regex": "(a"}}}, POST], "steps[0].captures", "cannot be read"),
        ([{**OPEN, "captures": {"csrf": {"regex": "(a)(b)"}}}, POST], "steps[0].captures", "has 2 groups"),
        ([{**OPEN, "captures": {"csrf": {"regex": "{word}"}}}, POST], "steps[0].captures", "{word} is not filled here"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_an_author_gets_wrong(steps: list[dict[str, object]], field: str, fault: str) -> None:
    found = list(check(*steps).faults())
    assert any(where == field and fault in words for where, words in found), found


def test_an_authors_slip_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "exercise.toml").write_text(
        """\
schema = 1
title = "A"
unit = "a"
files = ["Dockerfile"]
run.port = 80

[[checks]]
id = "logs-in"
kind = "session"
points = 1
title = "It"
objective = "o"
hints = ["a", "b", "c"]

[[checks.steps]]
path = "/login"
status = 200
captures = { csrf = { form_field = "t" } }

[[checks.steps]]
path = "/login"
form = { t = "{crsf}" }
status = 302
"""
    )
    with pytest.raises(SpecError, match=r":18: check 'logs-in': step 1: captures: \{csrf\} is used by no later step"):
        load(tmp_path / "exercise.toml")
    text = (tmp_path / "exercise.toml").read_text()
    (tmp_path / "exercise.toml").write_text(text.replace("status = 302", 'contains = ["{csrf}"]'))
    with pytest.raises(SpecError, match=r":22: check 'logs-in': step 2: form: unknown placeholder \{crsf\}, did you"):
        load(tmp_path / "exercise.toml")


def test_the_rubric_tells_the_steps() -> None:
    assert check(*STEPS[:2], {"path": "/notes", "contains": ["{word}"]}).asks() == (
        "In one session, GET /login answers with status 200; then POST /login answers with status 302 or 303, "
        'the header Location: /notes, the cookie session; HttpOnly; then GET /notes answers with "{word}" in the '
        "body, where {word} is new in every run"
    )
