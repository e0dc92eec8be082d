"""An exchange: what it sends, what it judges wrong and how it says so, and what its author can get wrong."""

import inspect
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from flask import Flask, Response, jsonify, make_response, redirect, request

from grader.checks import HttpCheck, jsontext, pattern
from grader.checks.base import Check
from grader.checks.exchange import Exchange
from grader.checks.location import site_path
from grader.errors import SpecError
from grader.exercise import load
from grader.report import Outcome
from tests.serving import Served, served

VALUES = {"word": "amber12", "other_word": "coral34", "number": "5678"}


def app() -> Flask:
    app = Flask(__name__)

    @app.route("/echo", methods=["GET", "POST", "PUT"])
    def echo() -> Response:
        return jsonify(
            method=request.method,
            query=request.args.to_dict(flat=False),
            form=request.form.to_dict(flat=False),
            json=request.get_json(silent=True),
            data=request.get_data(as_text=True),
            kind=request.content_type,
        )

    @app.route("/page")
    def page() -> str:
        return "<h1>Ahoy, amber12!</h1>\n"

    @app.route("/old")
    def old() -> Response:
        return redirect("/page?from=old", 302)

    @app.route("/away")
    def away() -> Response:
        return redirect("http://elsewhere.example/page?from=old")

    @app.route("/whole")
    def whole() -> Response:
        return redirect(request.host_url + "page?from=old")

    @app.route("/enter")
    def enter() -> Response:
        response = make_response("in")
        response.set_cookie("session", "secret", httponly=True, samesite="Lax", path="/")
        response.set_cookie("theme", "dark")
        return response

    @app.route("/things")
    def things() -> Response:
        return jsonify(
            total=2.0, open=True, none=None, items=[{"id": 1, "name": "amber12"}, {"id": 2, "name": "coral34"}]
        )

    @app.route("/latin")
    def latin() -> Response:
        return Response("café amber12\n".encode("latin-1"), content_type="text/plain; charset=iso-8859-1")

    @app.route("/big")
    @app.route("/big/<name>")
    def big(name: str = "") -> str:
        return "x" * 1_000_001

    @app.route("/aa")
    def many() -> str:
        return "a" * 5000 + "b"

    return app


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with served(app()) as subject:
        yield subject


def exchange(**fields: object) -> Exchange:
    return msgspec.convert({"path": "/page", **fields}, Exchange)


def test_the_http_check_has_the_fields_of_an_exchange() -> None:
    ours, theirs = ({each.name: each for each in msgspec.structs.fields(kind)} for kind in (HttpCheck, Exchange))
    common = {each.name for each in msgspec.structs.fields(Check)}
    assert {name: (each.type, each.default) for name, each in ours.items() if name not in common} == {
        name: (each.type, each.default) for name, each in theirs.items()
    }
    assert list(inspect.signature(Exchange).parameters) == [name for name in ours if name not in common]


@pytest.mark.parametrize(
    ("fields", "came"),
    [
        ({"query": {"q": "{word} & co", "tag": ["a", "b"]}}, {"query": {"q": ["amber12 & co"], "tag": ["a", "b"]}}),
        (
            {"form": {"name": "{word}", "tag": ["ä", ""]}},
            {"method": "POST", "form": {"name": ["amber12"], "tag": ["ä", ""]}},
        ),
        ({"json": '{"name": "{word}", "n": {number}}'}, {"method": "POST", "json": {"name": "amber12", "n": 5678}}),
        ({"json": "[1]", "method": "PUT"}, {"method": "PUT", "kind": "application/json"}),
        ({"json": "[1]", "headers": {"content-type": "text/json"}}, {"kind": "text/json"}),
        ({"data": "{word}\n"}, {"method": "POST", "data": "amber12\n", "kind": None}),
        ({"method": "POST"}, {"method": "POST", "data": ""}),
        ({}, {"method": "GET", "query": {}}),
        ({"path": "/echo?a=1", "query": {"b": "2"}}, {"query": {"a": ["1"], "b": ["2"]}}),
    ],
    ids=["query", "form", "json", "method", "its own kind", "data", "no body", "nothing", "a query in the path"],
)
def test_sends(server: Served, fields: dict[str, object], came: dict[str, object]) -> None:
    done = exchange(**{"path": "/echo", "status": 200, **fields}).perform(server, VALUES)
    assert done.fault == ""
    assert done.answer is not None
    assert jsontext.parse(done.answer.text).items() >= came.items()


def test_a_value_with_a_quote_does_not_end_the_text_around_it(server: Served) -> None:
    hostile = VALUES | {"word": '", "admin": "yes'}
    done = exchange(path="/echo", json='{"name": "{word}"}', status=200).perform(server, hostile)
    assert done.answer is not None
    assert jsontext.parse(done.answer.text)["json"] == {"name": '", "admin": "yes'}


def test_a_value_in_a_path_stays_one_path(server: Served) -> None:
    sent = exchange(path="/a/{word}").request({"word": "é b\r\nHost: x?c=d%20e#f"})
    assert sent.path == "/a/%C3%A9%20b%0D%0AHost:%20x?c=d%20e%23f"


HOLDS = [
    {"status": 200},
    {"status": [404, 200]},
    {"body": "<h1>Ahoy, {word}!</h1>\n"},
    {"contains": ["{word}", "Ahoy"]},
    {"excludes": ["{other_word}"]},
    {"matches": ["<h1>.*{word}.*</h1>", r"^\s*<(?P<tag>\w+)>"]},
    {"answer_headers": {"content-type": "text/html; charset=utf-8"}},
    {"absent_headers": ["X-Powered-By"]},
    {"path": "/old", "answer_headers": {"Location": "/page?from=old"}},
    {"path": "/whole", "answer_headers": {"Location": "/page?from=old"}},
    {"path": "/old", "answer_headers": {"Location": "/page?from=%6Fld"}},
    {"path": "/latin", "body": "café {word}\n", "contains": ["é"]},
    {"path": "/away", "answer_headers": {"Location": "http://elsewhere.example/page?from=old"}},
    {"path": "/enter", "cookies": {"session": ["HttpOnly", "SameSite=Lax", "Path=/"], "theme": []}},
    {"path": "/things", "answer_json": '{"total": 2, "items": [{"name": "{word}"}, {"id": 2.0}]}'},
    {"path": "/things", "answer_json": "{}", "excludes": ["error"]},
]


@pytest.mark.parametrize("fields", HOLDS, ids=str)
def test_holds(server: Served, fields: dict[str, object]) -> None:
    done = exchange(**fields).perform(server, VALUES)
    assert (done.fault, done.evidence, list(exchange(**fields).faults())) == ("", {}, [])
    assert done.got.endswith(" ms")


@pytest.mark.parametrize(
    ("fields", "fault", "expected", "got"),
    [
        ({"status": 404}, "status", "404", "200\n\n<h1>Ahoy, amber12!</h1>\n"),
        ({"path": "/none", "status": [200, 302]}, "status", "200 or 302", "404\n\n"),
        ({"body": "Ahoy\n"}, "body", "\nAhoy\n", "200\n\n<h1>"),
        ({"contains": ["{other_word}"]}, "contains", 'a body with "coral34"', "200\n\n<h1>"),
        ({"excludes": ["{word}"]}, "excludes", 'a body without "amber12"', "200\n\n<h1>Ahoy"),
        ({"matches": ["h1", "<h2>{word}"]}, "matches", "a body that matches <h2>amber12", "200\n\n<h1>"),
        (
            {"status": 200, "answer_headers": {"X-Ship": "{word}"}},
            "header",
            "200\nX-Ship: amber12",
            "200\nX-Ship: None\n\n<h1>",
        ),
        ({"absent_headers": ["server"]}, "absent-header", "no header server", "200\nserver: Werkzeug"),
        (
            {"path": "/away", "answer_headers": {"Location": "/page?from=old"}},
            "header",
            "Location: /page",
            "302\nLocation: http://elsewhere",
        ),
        (
            {"path": "/enter", "cookies": {"theme": ["HttpOnly"]}},
            "cookie",
            "Set-Cookie: theme; HttpOnly",
            "200\nSet-Cookie: session; HttpOnly",
        ),
        (
            {"path": "/enter", "cookies": {"session": ["Secure"]}},
            "cookie",
            "Set-Cookie: session; Secure",
            "200\nSet-Cookie: session;",
        ),
        ({"cookies": {"session": []}}, "cookie", "Set-Cookie: session", "200\nno Set-Cookie"),
        (
            {"path": "/things", "answer_json": '{"items": [{}, {"name": "{word}"}]}'},
            "json",
            '$.items[1].name: "amber12"',
            '$.items[1].name: "coral34"',
        ),
        ({"path": "/page", "answer_json": "{}"}, "json", "JSON that holds {}", "200\n\n<h1>"),
        (
            {"path": "/big", "excludes": ["y"]},
            "length",
            'a body without "y"',
            "200\n\na body of more than 1,000,000 bytes",
        ),
        ({"path": "/big", "body": "x"}, "body", "x", "200\n\nxxx"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 14 else "",
)
def test_does_not_hold(server: Served, fields: dict[str, object], fault: str, expected: str, got: str) -> None:
    done = exchange(**fields).perform(server, VALUES)
    assert (done.fault, done.evidence["fault"]) == (fault, fault)
    assert expected in done.expected
    assert got in done.got
    assert done.asked == f"curl -i http://127.0.0.1:{server.port}{fields.get('path', '/page')}"
    assert "secret" not in done.got
    assert "secret" not in str(done.evidence)


@pytest.mark.parametrize(
    ("fields", "fact"),
    [
        ({"answer_headers": {"Content-Type": "text/html; charset=utf-8", "Vary": "Cookie"}}, {"header": "Vary"}),
        ({"absent_headers": ["Vary", "Server"]}, {"header": "Server"}),
        ({"contains": ["Ahoy", "{other_word}"]}, {"lacks": "coral34"}),
        (
            {"path": "/enter", "cookies": {"none": []}},
            {"set_cookie": "session; HttpOnly; Path=/; SameSite=Lax | theme; Path=/"},
        ),
    ],
    ids=["header", "absent header", "contains", "cookie"],
)
def test_names_what_is_wrong(server: Served, fields: dict[str, object], fact: dict[str, str]) -> None:
    assert exchange(**fields).perform(server, VALUES).evidence.items() >= fact.items()


def test_an_answer_of_a_million_bytes_is_not_shown_whole(server: Served) -> None:
    done = exchange(path="/big", contains=["y"]).perform(server, VALUES)
    assert (len(done.got) < 25_000, done.evidence["truncated"]) == (True, "yes")


def test_a_body_that_was_cut_is_never_the_whole_one(server: Served) -> None:
    done = exchange(path="/big", body="x" * 1_000_000).perform(server, VALUES)
    assert (done.fault, done.evidence["truncated"]) == ("body", "yes")


def test_a_value_in_a_pattern_stands_for_itself(server: Served) -> None:
    assert exchange(matches=["{word}"]).perform(server, VALUES | {"word": "a.ber1."}).fault == "matches"
    assert exchange(path="/old", matches=["{word}"]).perform(server, VALUES | {"word": "?from=old"}).fault == ""


def test_nothing_answers() -> None:
    with served(app()) as gone:
        pass
    done = exchange(status=200).perform(gone, VALUES)
    assert (done.fault, done.evidence, done.answer) == ("no-answer", {"reason": "refused", "path": "/page"}, None)


def test_another_site_is_not_asked(server: Served) -> None:
    server.asked.clear()
    done = exchange(path="{word}", status=200).perform(server, {"word": "http://127.0.0.1:9/"})
    assert (done.fault, done.got, server.asked) == ("elsewhere", "http://127.0.0.1:9/", [])


def test_a_search_that_takes_too_long_has_not_found(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern, "SECONDS", 0.2)
    done = exchange(path="/aa", matches=["^(a|aa)+$"]).perform(server, VALUES)
    assert (done.fault, done.evidence["late"]) == ("matches", "yes")
    assert done.got == "200\n\nnot found in 0.2 s of searching"


@pytest.mark.parametrize(
    ("wanted", "came", "fault", "place"),
    [
        ("1", "1.0", "", ""),
        ("98.6", "98.60000000000001", "", ""),
        ("true", "true", "", ""),
        ('"a"', '"a"', "", ""),
        ("{}", '{"a": 1}', "", ""),
        ('{"a": {"b": [1, null]}}', '{"a": {"b": [1, null], "c": 2}, "d": 3}', "", ""),
        ('{"a": 1}', '{"a": 0, "a": 1}', "", ""),
        ("1", "\ufeff1", "", ""),
        ('"é"', '"\\u00e9"', "", ""),
        ("1", "true", "kind", "$"),
        ("true", "1", "kind", "$"),
        ("true", "false", "value", "$"),
        ("1", '"1"', "kind", "$"),
        ("null", "0", "kind", "$"),
        ("{}", "[]", "kind", "$"),
        ("[]", "{}", "kind", "$"),
        ("1", "2", "value", "$"),
        ("1", "1" + "0" * 400, "value", "$"),
        ("1.5", "1" + "0" * 400, "value", "$"),
        ("[1, 2]", "[1]", "length", "$"),
        ("[1, 2]", "[1, 3]", "value", "$[1]"),
        ('{"a": {"b": 1}}', '{"a": {"c": 1}}', "missing", "$.a.b"),
        ("1", "1" * 5000, "not-json", "$"),
        ("1", "NaN", "not-json", "$"),
        ("1", "-Infinity", "not-json", "$"),
        ("1", "[" * 200_000, "not-json", "$"),
        ("1", '{"a":' * 200_000, "not-json", "$"),
        ("1", "", "not-json", "$"),
        ("1", "<h1>", "not-json", "$"),
        ("1", "[" * 900 + "]" * 900, "kind", "$"),
        ('"a"', '"\\ud800"', "value", "$"),
    ],
    ids=lambda value: value if len(value) < 40 else f"{value[:6]}...",
)
def test_json(wanted: str, came: str, fault: str, place: str) -> None:
    found = jsontext.mismatch(jsontext.parse(wanted), came)
    assert (found.fault if found else "", found.place if found else "") == (fault, place)
    if found:
        assert len(found.expected + found.got) < 1000
        assert found.expected != found.got


@pytest.mark.parametrize(
    ("location", "leads"),
    [
        ("/login", "/login"),
        ("login?next=%2F", "/blog/login?next=%2F"),
        ("../login", "/login"),
        ("?page=2", "/blog/posts?page=2"),
        ("http://172.20.0.2:5000/login", "/login"),
        ("http://172.20.0.2/login", "/login"),
        ("https://localhost:8080/login#top", "/login"),
        ("HTTP://LOCALHOST", "/"),
        ("http://[::1]:5000/a", "/a"),
        ("http://elsewhere.example/login", "http://elsewhere.example/login"),
        ("http://172.20.0.2.elsewhere.example/", "http://172.20.0.2.elsewhere.example/"),
        ("http://localhost@elsewhere.example/", "http://localhost@elsewhere.example/"),
        ("//elsewhere.example/login", "http://elsewhere.example/login"),
        ("http://[/", "http://[/"),
        ("http://a:b/", "http://a:b/"),
    ],
)
def test_where_a_location_leads(location: str, leads: str) -> None:
    assert site_path(location, "/blog/posts?page=1", "172.20.0.2:5000") == leads


@pytest.mark.parametrize(
    ("fields", "field", "fault"),
    [
        ({}, "", "asserts nothing and can never fail: add status, body, contains"),
        ({"status": 99}, "status", "status = 99 is not between 100 and 599"),
        ({"path": "page"}, "path", "must start with /"),
        ({"path": "/page#top"}, "path", "nothing from # on is ever sent"),
        ({"method": "post"}, "method", "did you mean 'POST'?"),
        ({"path": "{word}"}, "path", "must start with /"),
        ({"data": "a", "json": "1"}, "json", "data and json are both the body of the request: choose one"),
        ({"form": {"a": "b"}, "method": "GET"}, "form", "form is a body, and GET sends none: take method out"),
        ({"json": "{'a': 1}"}, "json", "json is no JSON: Expecting property name"),
        ({"json": '{"a": NaN}'}, "json", "json is no JSON: NaN is no JSON"),
        ({"query": {"": "b"}}, "query", "the name of a field is empty"),
        ({"headers": {"a b": "c"}}, "headers", "'a b' is no header's name"),
        ({"answer_headers": {"a": "b\n"}}, "answer_headers", "holds a newline"),
        ({"absent_headers": ["a:"]}, "absent_headers", "'a:' is no header's name"),
        (
            {"absent_headers": ["ETag"], "answer_headers": {"etag": "x"}},
            "absent_headers",
            "'etag' is among answer_headers too",
        ),
        (
            {"cookies": {"session": ["HTTPOnly"]}},
            "cookies",
            "session: unknown flag 'HTTPOnly', did you mean 'HttpOnly'?",
        ),
        ({"cookies": {"session": ["SameSite=lax"]}}, "cookies", "'SameSite=lax': SameSite is Lax, Strict or None"),
        ({"cookies": {"session": ["Secure=yes"]}}, "cookies", "'Secure' has no value: leave out '=yes'"),
        ({"cookies": {"session": ["x"]}}, "cookies", "unknown flag 'x': they are HttpOnly, Secure"),
        ({"contains": [""]}, "contains", "an empty text is in every body"),
        ({"matches": [""]}, "matches", "an empty text is in every body"),
        ({"matches": ["(a"]}, "matches", "'(a' cannot be read: missing ) at position 2"),
        ({"matches": ["a*"]}, "matches", "'a*' is found in any text, so it could never fail"),
        ({"answer_json": '{"name": {word}}'}, "answer_json", "answer_json is no JSON: Expecting value"),
        ({"answer_json": "{word}}"}, "answer_json", "answer_json is no JSON"),
        ({"answer_json": "{}", "body": "{}\n"}, "answer_json", "body and answer_json both say what the whole body is"),
        ({"body": "a", "contains": ["b"]}, "contains", "contains 'b', which body does not hold: nothing could pass"),
        ({"body": "a", "excludes": ["a"]}, "excludes", "which body or contains asks for: nothing could pass"),
        ({"contains": ["a"], "method": "HEAD"}, "contains", "an answer to HEAD has no body: nothing could pass"),
        ({"body": "a", "status": [204, 304]}, "body", "an answer with status 204 has no body: nothing could pass"),
        ({"path": "/{wrd}"}, "path", "unknown placeholder {wrd}, did you mean {word}?"),
        (
            {"path": "/{title}"},
            "path",
            "unknown placeholder {title}: the known ones are {number}, {other_word}, {word}",
        ),
        ({"form": {"a": "{Word}"}}, "form", "unknown placeholder {Word}, did you mean {word}?"),
        ({"matches": ["{numbr}"]}, "matches", "unknown placeholder {numbr}, did you mean {number}?"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_an_author_gets_wrong(fields: dict[str, object], field: str, fault: str) -> None:
    given = {"status": 200, **fields} if fields else {}
    found = list(exchange(**given).faults())
    assert len(found) >= 1
    assert any(where == field and fault in words for where, words in found), found


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": [200, 204]}, "GET /page answers with status 200 or 204"),
        ({"form": {"a": "b"}, "status": 302}, "POST /page answers with status 302"),
        ({"query": {"q": "{word}"}, "contains": ["{word}"]}, 'GET /page?q={word} answers with "{word}" in the body'),
        (
            {"path": "/page?a=b", "query": {"c": ["d", "e"]}, "status": 200},
            "GET /page?a=b&c=d&c=e answers with status 200",
        ),
        ({"matches": [r"\d+"]}, r"GET /page answers with a body that matches \d+"),
        ({"answer_json": '{\n  "a": 1\n}'}, 'GET /page answers with JSON that holds { "a": 1 }'),
        (
            {"excludes": ["x"], "answer_headers": {"A": "b"}, "absent_headers": ["C"], "cookies": {"d": ["Secure"]}},
            'GET /page answers with no "x" in the body, the header A: b, no header C, the cookie d; Secure',
        ),
    ],
    ids=["status", "form", "query", "both queries", "matches", "json", "the rest"],
)
def test_asks(fields: dict[str, object], words: str) -> None:
    assert exchange(**fields).asks() == words


def test_an_authors_slip_names_its_line(tmp_path: Path, root: Path) -> None:
    text = (root / "exercises" / "01-hello" / "exercise.toml").read_text()
    (tmp_path / "exercise.toml").write_text(text.replace('body      = "Hello, world!\\n"', 'matches = ["(a"]'))
    line = text.split("\n").index('body      = "Hello, world!\\n"') + 1
    with pytest.raises(SpecError, match=rf"exercise.toml:{line}: check 'says-hello': matches: '\(a' cannot be read"):
        load(tmp_path / "exercise.toml")


def test_a_typed_in_answer_is_found_behind_a_query(server: Served) -> None:
    common = {"id": "it", "points": 1, "title": "It", "objective": "o", "hints": ("a", "b", "c")}
    check = HttpCheck(**common, path="/page", query={"name": "{word}"}, contains=("{word}",))
    result = check.run(server)
    assert (result.outcome, result.evidence["repeated"]) == (Outcome.FAIL, "yes")


def test_an_answer_that_was_cut_is_not_asked_for_twice(server: Served) -> None:
    common = {"id": "it", "points": 1, "title": "It", "objective": "o", "hints": ("a", "b", "c")}
    server.asked.clear()
    result = HttpCheck(**common, path="/big/{word}", contains=("{word}",)).run(server)
    assert (result.outcome, result.evidence["truncated"], len(server.asked)) == (Outcome.FAIL, "yes", 1)
    assert "repeated" not in result.evidence
