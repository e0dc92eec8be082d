"""exercise.toml: what is right is read, and what is wrong names its line and the nearest right word."""

from pathlib import Path

import pytest

from grader.errors import SpecError, UsageError
from grader.exercise import find, load, slugs

GOOD = """\
schema = 1
title = "Hello"
unit = "01-hello"
files = ["app.py", "Dockerfile"]

[run]
port = 5000

[[checks]]
id = "greets"
kind = "http"
points = 2
title = "GET / greets"
path = "/{word}"
status = 200
objective = "routes"
hints = ["one", "two", "three"]

[[checks]]
id = "ends"
kind = "stop"
points = 1
title = "It stops"
objective = "routes"
hints = ["one", "two", "three"]
"""


def test_a_good_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "exercise.toml").write_text(GOOD)
    exercise = load(tmp_path / "exercise.toml")
    assert (exercise.max_points, [check.kind for check in exercise.checks]) == (3, ["http", "stop"])
    assert exercise.run.ready == "/"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("status = 200", "statuss = 200", ":15: unknown key 'statuss', did you mean 'status'?"),
        ('title = "Hello"', 'titel = "Hello"', ":2: unknown key 'titel', did you mean 'title'?"),
        ("port = 5000", "prot = 5000", ":7: unknown key 'prot', did you mean 'port'?"),
        ("status = 200", "status = 200\nexposes = 80", ":16: unknown key 'exposes'"),
        ('kind = "stop"', 'kind = "stopp"', ":21: unknown kind 'stopp', did you mean 'stop'?"),
        ('kind = "stop"', 'kind = "xyzzy"', ":21: unknown kind 'xyzzy', the kinds are compose, env, exec, http, image"),
        ("port = 5000", 'port = "5000"', ":7: run.port: expected `int`, got `str`"),
        ("points = 1", "points = 0", ":22: check 'ends': points = 0: a check is worth 1 point at least"),
        ("port = 5000", "port = 70000", ":7: port 70000 is not between 1 and 65535"),
        ('id = "ends"', 'id = "greets"', ":20: check 'greets': the id is used before: each check needs its own"),
        ('id = "ends"', 'id = "build"', ":20: check 'build': the id is a stage's: choose another"),
        (
            'id = "ends"',
            'id = "It ends"',
            ":20: check 'It ends': id = 'It ends': write lower-case words joined by hyph",
        ),
        ('id = "ends"', 'id = ""', ":20: check '': id = '': write lower-case words joined by hyphens"),
        ('title = "It stops"', 'title = " "', ":23: check 'ends': title is empty"),
        ('objective = "routes"', 'objective = ""', ":16: check 'greets': objective is empty"),
        ('"one", "two", "three"', '"one", "", "three"', ":17: check 'greets': a hint is empty"),
        ('"one", "two", "three"', '"one", "two"', ":17: check 'greets': hints: expected `array` of length 3, got 2"),
        ('title = "Hello"', 'title = ""', ":2: title is empty"),
        ('unit = "01-hello"', 'unit = ""', ":3: unit is empty"),
        ("status = 200\n", "", ":9: check 'greets': asserts nothing and can never fail"),
        ("status = 200", 'contains = [""]', ":15: check 'greets': contains: an empty text is in every body"),
        ("/{word}", "/{wort}", ":14: check 'greets': path: unknown placeholder {wort}, did you mean {word}?"),
        ("/{word}", "/{xyz}", ":14: check 'greets': path: unknown placeholder {xyz}: the known ones are {number}"),
        (
            "status = 200",
            'body = "{wrod}"',
            ":15: check 'greets': body: unknown placeholder {wrod}, did you mean {word}",
        ),
        (
            "status = 200",
            'body = "{Word}"',
            ":15: check 'greets': body: unknown placeholder {Word}, did you mean {word}",
        ),
        ("status = 200", 'contains = ["a", "{nubmer}"]', ":15: check 'greets': contains: unknown placeholder {nubmer}"),
        ("status = 200", 'excludes = ["{other-word}"]', ":15: check 'greets': excludes: unknown placeholder {other-wo"),
        ("status = 200", 'status = 200\ndata = "{numbr}"', ":16: check 'greets': data: unknown placeholder {numbr}"),
        ("status = 200", "status = 2000", ":15: check 'greets': status = 2000 is not between 100 and 599"),
        ("status = 200", "status = [200, 99]", ":15: check 'greets': status = 99 is not between 100 and 599"),
        ("/{word}", "word", ":14: check 'greets': path = 'word' must start with /"),
        ("/{word}", "/a b", ":14: check 'greets': path = '/a b' holds ' ': write it percent-encoded, %20"),
        ("/{word}", "/a\\nb", ":14: check 'greets': path = '/a\\nb' holds '\\n': write it percent-encoded, %0A"),
        ("/{word}", "/é", ":14: check 'greets': path = '/é' holds 'é': write it percent-encoded, %C3%A9"),
        (
            "status = 200",
            'status = 200\nmethod = "post"',
            ":16: check 'greets': method = 'post': expected upper-case let",
        ),
        (
            "status = 200",
            'status = 200\nmethod = ""',
            ":16: check 'greets': method = '': expected upper-case letters, suc",
        ),
        (
            "status = 200",
            'status = 200\nheaders = { "X-A" = "a\\r\\nb" }',
            ":16: check 'greets': headers: X-A = 'a\\r\\nb' holds a newline",
        ),
        (
            "status = 200",
            'status = 200\nheaders = { "X A" = "b" }',
            ":16: check 'greets': headers: 'X A' is no header's name",
        ),
        (
            "status = 200",
            'answer_headers = { Server = "→" }',
            ":15: check 'greets': answer_headers: Server = '→' holds a newline, a control character or a letter out",
        ),
        (
            "status = 200",
            "status = 200\n[checks.headers]\nHost = 3",
            ":17: check 'greets': headers.Host: expected `str`, got `int`",
        ),
        (
            "status = 200",
            'contains = ["Hello"]\nexcludes = ["Hello"]',
            ":16: check 'greets': excludes 'Hello', which body or contains asks for: nothing could pass",
        ),
        ('kind = "stop"', 'kind = "image"', ":19: check 'ends': asserts nothing and can never fail"),
        ('kind = "stop"', 'kind = "image"\nexposes = 0', ":22: check 'ends': exposes = 0 is not between 1 and 65535"),
        (
            'kind = "stop"',
            'kind = "image"\nmax_megabytes = 0',
            ":22: check 'ends': max_megabytes = 0 must be 1 at least",
        ),
        (
            'kind = "stop"',
            'kind = "image"\ncommand = "shell"',
            ":22: check 'ends': command = 'shell': this grader reads 'e",
        ),
        ("points = 1", "points = 1\nexit_codes = [137]", ":23: check 'ends': exit code 137 is that of our own kill"),
        ("points = 1", "points = 1\nseconds = 0", ":23: check 'ends': seconds = 0 must be more than 0"),
        ("port = 5000", 'port = 5000\nready = "up"', ":8: ready = 'up' must start with /"),
        ("port = 5000", 'port = 5000\nready = "/a b"', ":8: ready = '/a b' holds ' ': write it percent-encoded, %20"),
        (
            "port = 5000",
            'port = 5000\nready = "/{word}"',
            ":8: ready = '/{word}' is asked for as it stands: take {word}",
        ),
        ("port = 5000", "port = 5000\ntimeout = 0", ":8: timeout = 0 must be more than 0 and at most 600 seconds"),
        ("port = 5000", "port = 5000\ntimeout = nan", ":8: timeout = nan must be more than 0 and at most 600 seconds"),
        ("port = 5000", "port = 5000\ntimeout = inf", ":8: timeout = inf must be more than 0 and at most 600 seconds"),
        (
            "port = 5000",
            "port = 5000\nbuild_timeout = 3601",
            ":8: build_timeout = 3601 must be more than 0 and at most",
        ),
        ("port = 5000", "port = 5000\nmemory = 31", ":8: memory = 31 (megabytes): no app starts in less than 32"),
        ('unit = "01-hello"', 'unit = "01-hello"\nbases = []', ":4: bases is empty"),
        ('"app.py", "Dockerfile"', '"../app.py"', ":4: '../app.py' leaves the submission's folder"),
        ('"app.py", "Dockerfile"', "", ":4: files is empty: name what a student hands in"),
        ('"app.py", "Dockerfile"', '"app.py"', ":4: 'Dockerfile' is not among the files, and nothing can be built"),
        ('"Dockerfile"', '"dockerfile"', ":4: 'Dockerfile' is not among the files: it stands there as 'dockerfile'"),
        ('"app.py"', '"./app.py"', ":4: './app.py' is never found so: write 'app.py'"),
        ('"app.py"', '"a//app.py"', ":4: 'a//app.py' is never found so: write 'a/app.py'"),
        ('"app.py"', '"static/"', ":4: 'static/' is a folder: name the files in it, or 'static/*' under optional"),
        ('"app.py"', '""', ":4: the name of a file is empty"),
        ('"app.py"', '"*.py"', ":4: '*.py' is a pattern, and no file is called so: patterns stand under optional"),
        ('"app.py"', '".venv/app.py"', ":4: '.venv/app.py' is never taken: a folder '.venv' is not looked into"),
        ('"app.py"', '"a/b/c/d/e/f/g/app.py"', ":4: 'a/b/c/d/e/f/g/app.py' is never found: more than 6 folders deep"),
        ("[run]", 'optional = ["*.py", "../x"]\n[run]', ":6: '../x' leaves the submission's folder"),
        ("[run]", 'optional = [\n  "*.py",\n  "",\n]\n[run]', ":6: the name of a file is empty"),
        ("port = 5000", "port = 5000\nport = 8000", ":8: not TOML: cannot overwrite a value"),
        ("schema = 1", "schema = 2", ":1: schema = 2: this grader reads 1"),
        ('objective = "routes"', "", ":9: check 'greets': the key 'objective' is missing"),
        ('id = "ends"', "", ":19: the 2nd check: the key 'id' is missing"),
        ("schema = 1", "", ":1: the key 'schema' is missing"),
    ],
    ids=lambda text: None if text.startswith(":") else text.replace("\n", "⏎")[:30],
)
def test_a_mistake_names_its_line(tmp_path: Path, right: str, wrong: str, message: str) -> None:
    path = tmp_path / "exercise.toml"
    assert right in GOOD
    path.write_text(GOOD.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}{message}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("status = 200", """body = '{"word": "{word}", "list": {}}'"""),
        ("status = 200", 'contains = ["body {color: red}", "{title}", "{id}"]'),
        ("status = 200", 'contains = ["Hello"]\nexcludes = ["Goodbye"]'),
        ("status = 200", 'status = [301, 308]\nmethod = "DELETE"\nheaders = { "X-Name" = "Zoë" }'),
        ("/{word}", "/a%20b?c={number}&d=%7Bx%7D"),
        ("port = 5000", "port = 5000\ntimeout = 600\nbuild_timeout = 0.5\nmemory = 32"),
        ("[run]", 'optional = ["a/b/c/d/e/f/*.py", ".dockerignore", "*"]\n[run]'),
    ],
    ids=["JSON", "names of its own", "two texts", "methods and headers", "a query", "limits", "patterns"],
)
def test_what_is_unusual_and_right_is_read(tmp_path: Path, right: str, wrong: str) -> None:
    path = tmp_path / "exercise.toml"
    assert right in GOOD
    path.write_text(GOOD.replace(right, wrong, 1), encoding="utf-8")
    assert load(path).max_points == 3


def test_the_exercise_of_one_check_as_a_table_is_told_how_to_write_it(tmp_path: Path) -> None:
    path = tmp_path / "exercise.toml"
    path.write_text(GOOD.rpartition("[[checks]]")[0].replace("[[checks]]", "[checks]"))
    with pytest.raises(SpecError, match=r":9: checks: expected `array`, got `table`: write \[\[checks\]\]$"):
        load(path)


def test_no_checks_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "exercise.toml"
    path.write_text("checks = []\n" + GOOD.partition("[[checks]]")[0])
    with pytest.raises(SpecError, match=r":1: no checks: an exercise without one would give full marks"):
        load(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"nowhere\.toml: cannot be read"):
        load(tmp_path / "nowhere.toml")


def test_an_unknown_exercise_names_the_nearest(root: Path) -> None:
    with pytest.raises(UsageError, match=r"no exercise '01-helo': did you mean '01-hello'\?"):
        find(root / "exercises", "01-helo")
    with pytest.raises(UsageError, match=r"no exercise 'zzz': the exercises are .*01-hello"):
        find(root / "exercises", "zzz")


def test_a_folder_without_exercises_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="run this in a checkout of the course"):
        find(tmp_path, "01-hello")


def test_every_exercise_of_the_course_is_right(root: Path) -> None:
    found = slugs(root / "exercises")
    assert "01-hello" in found
    for slug in found:
        assert load(root / "exercises" / slug / "exercise.toml").unit == slug
