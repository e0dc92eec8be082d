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
        ('kind = "stop"', 'kind = "stopp"', ":21: unknown kind 'stopp', did you mean 'stop'?"),
        ('kind = "stop"', 'kind = "xyzzy"', ":21: unknown kind 'xyzzy', the kinds are http, image, stop"),
        ("port = 5000", 'port = "5000"', ":7: run.port: expected `int`, got `str`"),
        ("points = 1", "points = 0", ":22: points = 0: a check is worth 1 point at least"),
        ("port = 5000", "port = 70000", ":7: port 70000 is not between 1 and 65535"),
        ('id = "ends"', 'id = "greets"', ":20: the id 'greets' is used before: each check needs its own"),
        ('id = "ends"', 'id = "build"', ":20: the id 'build' is a stage's: choose another"),
        ("status = 200\n", "", ":9: check 'greets' asserts nothing and can never fail"),
        ("status = 200", 'contains = [""]', ":9: check 'greets' an empty text is in every body"),
        ("/{word}", "/{wort}", ":9: check 'greets' unknown placeholder {wort}: the known ones are {number}"),
        ("/{word}", "word", ":9: check 'greets' path 'word' must start with /"),
        ("/{word}", "/a b", ":9: check 'greets' path '/a b' holds white space: write it as %20"),
        ("points = 1", "points = 1\nexit_codes = [137]", ":19: check 'ends' exit code 137 is that of our own kill"),
        ("points = 1", "points = 1\nseconds = 0", ":19: check 'ends' seconds = 0 must be more than 0"),
        ('"app.py", "Dockerfile"', '"../app.py"', ":4: '../app.py' leaves the submission's folder"),
        ('"app.py", "Dockerfile"', "", ":4: files is empty: name what a student hands in"),
        ("port = 5000", "port = 5000\nport = 8000", ":8: not TOML: cannot overwrite a value"),
        ("schema = 1", "schema = 2", ":1: schema: invalid enum value 2"),
        ('objective = "routes"', "", ":9: checks[0]: object missing required field `objective`"),
    ],
    ids=lambda text: None if text.startswith(":") else text.replace("\n", "⏎")[:30],
)
def test_a_mistake_names_its_line(tmp_path: Path, right: str, wrong: str, message: str) -> None:
    path = tmp_path / "exercise.toml"
    assert right in GOOD
    path.write_text(GOOD.replace(right, wrong, 1))
    with pytest.raises(SpecError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}{message}")
    assert "\n" not in str(caught.value)


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
