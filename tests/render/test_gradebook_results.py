"""What is written for each student to go to Gradescope, Classroom 50 and GitHub Actions, field by field."""

import base64
import json
import re
import subprocess
import sys

import msgspec
import pytest

from grader.batch.gradebook import Correction, State
from grader.render.gradebook import FORMATS, Options
from grader.render.gradebook.classroom50 import whole

from . import gradebooks as books

SHARED = {"index", "run_autograder", "setup"}  # of a folder that Gradescope takes as an autograder
SCORED = ["ada", "bo", "cy", "dee", "ida"]
TOP = {
    "score": float,
    "execution_time": float,
    "output": str,
    "output_format": "text",
    "test_output_format": "text",
    "test_name_format": "text",
    "visibility": "visible",
    "stdout_visibility": "hidden",
    "tests": list,
    "extra_data": dict,
}
TEST = {
    "score": float,
    "max_score": float,
    "status": ("passed", "failed"),
    "name": str,
    "name_format": "text",
    "number": str,
    "output": str,
    "output_format": "text",
    "tags": list,
    "visibility": "visible",
}
RESULT = [
    "schema",
    "classroom",
    "assignment",
    "owner",
    "assignment_type",
    "submission",
    "commit",
    "release",
    "review",
    "datetime",
    "score",
    "max-score",
    "tests",
]


def gradescope(folder, gradebook=books.CLASS, **options):
    FORMATS["gradescope"](gradebook, folder, Options(**options))
    found = {file.parent.name: json.loads(file.read_text("utf-8")) for file in folder.glob("results/*/results.json")}
    for result in found.values():
        fits(result, TOP)
        for test in result["tests"]:
            fits(test, TEST)
    return found


def fits(value, shape):
    """Every key of the specification that is there has its type, and no other key is there."""
    assert set(value) <= set(shape)
    for key, kind in shape.items():
        if isinstance(kind, type):
            assert key not in value or type(value[key]) is kind
        else:
            assert key not in value or value[key] in kind


def actions(folder, gradebook=books.CLASS):
    FORMATS["actions"](gradebook, folder, Options())
    files = sorted(file for file in folder.glob("actions/*.txt") if file.stem.islower())
    assert all(re.fullmatch(r"[A-Za-z0-9+/]+=*\n", file.read_text()) for file in files)
    return {file.stem: json.loads(base64.b64decode(file.read_text(), validate=False)) for file in files}


def classroom50(folder, gradebook=books.CLASS):
    FORMATS["classroom50"](gradebook, folder, Options(classroom="containers-26"))
    files = sorted(folder.glob("classroom50/*/result.json"))
    return {file.parent.name: json.loads(file.read_text("utf-8")) for file in files}


def corrected(entry, *points):
    given = [Correction(points=each, reason="so", at="2026-11-21T09:00:00+00:00") for each in points]
    return books.gradebook(msgspec.structs.replace(entry, corrections=tuple(given)))


def test_gradescope_gets_the_score_and_a_test_for_each_result(tmp_path):
    results = gradescope(tmp_path)
    assert {key: result["score"] for key, result in results.items()} == dict(
        zip(SCORED, [10.0, 2.0, 7.5, 4.0, 2.0], strict=True)
    )
    bo = results["bo"]
    assert bo["execution_time"] == 8.5
    assert bo["output"] == "2 of 10 points"
    assert [(test["number"], test["score"], test["max_score"], test["status"]) for test in bo["tests"]] == [
        ("1", 0.0, 0.0, "passed"),
        ("2", 0.0, 0.0, "passed"),
        ("3", 0.0, 3.0, "failed"),
        ("4", 0.0, 3.0, "failed"),
        ("5", 2.0, 2.0, "passed"),
        ("6", 0.0, 2.0, "failed"),
    ]
    assert bo["tests"][2]["tags"] == ["http", "routes"]
    assert "curl -i http://127.0.0.1:8080/" in bo["tests"][2]["output"]
    assert "^ the newline at the end is missing" in bo["tests"][2]["output"]
    assert bo["extra_data"]["late"] is True


def test_gradescope_shows_a_correction_with_its_reason(tmp_path):
    results = gradescope(tmp_path)
    assert results["cy"]["output"] == "7.5 of 10 points\ncorrected by hand to 7.5: shown in person"
    (test,) = [test for test in results["dee"]["tests"] if "corrected" in test["output"]]
    assert (test["score"], test["status"]) == (2.0, "failed")
    assert "the lecture did not ask for the newline" in test["output"]
    assert sum(test["score"] for test in results["dee"]["tests"]) == results["dee"]["score"]


def test_gradescope_says_nothing_of_a_check_that_nobody_can_tell(tmp_path):
    results = gradescope(tmp_path, corrected(books.EVE, 6))
    assert results["eve"]["score"] == 6.0
    assert [test.get("score") for test in results["eve"]["tests"]] == [0.0, 0.0, 3.0, None, None, 2.0]


def test_gradescope_links_to_the_course_where_its_address_is_known(tmp_path):
    results = gradescope(tmp_path, book="https://book.example/")
    assert "https://book.example/mistakes.html#loopback" in results["ida"]["tests"][1]["output"]


@pytest.fixture
def autograder(tmp_path):
    """Run what Gradescope would run for a submission by these addresses; its exit code, words, and result."""
    FORMATS["gradescope"](books.CLASS, tmp_path, Options())
    (tmp_path / "results").rename(tmp_path / "source")

    def run(*addresses):
        metadata = {"users": [{"email": address, "id": 1, "name": "x"} for address in addresses]}
        (tmp_path / "submission_metadata.json").write_text(json.dumps(metadata))
        command = [sys.executable, str(tmp_path / "source" / "run_autograder")]
        done = subprocess.run(command, env={"AUTOGRADER_ROOT": str(tmp_path)}, capture_output=True, text=True)
        result = tmp_path / "results" / "results.json"
        return done.returncode, done.stderr, json.loads(result.read_text("utf-8"))["score"] if result.exists() else None

    return run


@pytest.mark.parametrize("addresses", [["cy@example.edu"], ["partner@example.edu", "CY@example.edu "]])
def test_gradescope_hands_each_student_their_own(autograder, addresses):
    assert autograder(*addresses) == (0, "", 7.5)


@pytest.mark.parametrize(
    "addresses", [["eve@example.edu"], ["new@example.edu"], [], ["ada@example.edu", "bo@example.edu"]]
)
def test_gradescope_hands_out_nothing_where_there_is_nothing_to(autograder, addresses):
    words = "There is no result for this submission yet; your instructor can tell why.\n"
    assert autograder(*addresses) == (1, words, None)


@pytest.mark.parametrize("form", ["gradescope", "classroom50", "actions"])
def test_without_a_score_there_is_no_file_and_a_line_in_a_list(tmp_path, form):
    folder = {"gradescope": "results", "classroom50": "classroom50", "actions": "actions"}[form]
    FORMATS[form](corrected(books.EVE, 6), tmp_path, Options())
    assert {path.stem for path in (tmp_path / folder).iterdir()} - SHARED == {"eve"}
    written = FORMATS[form](books.CLASS, tmp_path, Options())
    # What an earlier time left must not be taken for a score.
    left = [path for path in (tmp_path / folder).iterdir() if path.is_file() or any(path.iterdir())]
    assert sorted({path.stem for path in left} - SHARED) == ["WITHOUT-A-SCORE", *SCORED]
    assert (tmp_path / folder / "WITHOUT-A-SCORE.txt").read_text("utf-8").splitlines() == [
        f"eve: Eve Ning (eve@example.edu): could not be graded: {books.FAULT}: why",
        "fay: Fay Zhang (fay@example.edu): refused: fay.zip holds more than 10 MB: hand in your own work only",
        "gus: Gus Ho (gus@example.edu): nothing was handed in",
        "hal: Hal Niner (hal@example.edu): not graded yet",
    ]
    assert written.notes == ("4 without a score: named in WITHOUT-A-SCORE.txt, and left out",)
    assert FORMATS[form](books.ONE, tmp_path, Options()).notes == ()
    assert not (tmp_path / folder / "WITHOUT-A-SCORE.txt").exists()


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "moodle"])
@pytest.mark.parametrize("gradebook", [books.EMPTY, books.CLASS], ids=["nobody", "a class"])
def test_the_same_gradebook_is_written_the_same(tmp_path, form, gradebook):
    files = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        written = FORMATS[form](gradebook, folder, Options())
        assert set(written.files) == {path for path in folder.rglob("*") if path.is_file()}
        files.append({path.relative_to(folder): path.read_bytes() for path in written.files})
    assert files[0] == files[1]


def test_classroom50_gets_exactly_its_keys(tmp_path):
    results = classroom50(tmp_path)
    assert list(results) == SCORED
    for result in results.values():
        assert list(result) == RESULT
        assert result["schema"] == "classroom50/result/v1"
        assert (result["classroom"], result["assignment"]) == ("containers-26", "01-hello")
        assert type(result["score"]) is type(result["max-score"]) is int
        for test in result["tests"]:
            assert list(test) == ["test-name", "passed", "score", "max-score"]
            assert [type(value) for value in test.values()] == [str, bool, int, int]
    assert (results["cy"]["score"], results["cy"]["max-score"]) == (8, 10)
    assert (results["bo"]["owner"], results["ada"]["owner"], results["ida"]["owner"]) == ("bo-d", "ada", "ida")
    assert [test["passed"] for test in results["dee"]["tests"]] == [False, False, True, False]


@pytest.mark.parametrize(("points", "rounded"), [(0, 0), (7.4, 7), (7.5, 8), (8, 8)])
def test_classroom50_has_no_halves(points, rounded):
    assert whole(points) == rounded


def test_actions_gets_a_result_whose_tests_add_up_to_the_score(tmp_path):
    results = actions(tmp_path)
    assert list(results) == SCORED
    for key, result in results.items():
        assert list(result) == ["version", "status", "max_score", "tests"]
        assert (result["version"], result["max_score"]) == (1, 10)
        keys = ["name", "status", "score", "message", "test_code", "filename", "line_no", "duration"]
        assert all(list(test) == keys for test in result["tests"])
        (entry,) = [entry for entry in books.CLASS.entries if entry.student.key == key]
        assert sum(test["score"] for test in result["tests"]) == entry.points
    assert [result["status"] for result in results.values()] == ["pass", "fail", "fail", "fail", "fail"]
    assert results["cy"]["tests"][-1]["name"] == "Correction by hand"
    assert results["cy"]["tests"][-1]["message"] == "corrected by hand to 7.5: shown in person"
    assert results["bo"]["tests"][2]["test_code"] == "curl -i http://127.0.0.1:8080/"


def test_a_student_with_points_and_no_report_has_files_too(tmp_path):
    waiting = corrected(msgspec.structs.replace(books.GUS, state=State.MISSING), 5)
    assert gradescope(tmp_path, waiting)["gus"]["tests"] == []
    assert actions(tmp_path, waiting)["gus"]["tests"][0]["score"] == 5
    assert classroom50(tmp_path, waiting)["gus"]["score"] == 5


@pytest.mark.parametrize("attack", books.ATTACKS)
def test_nothing_from_outside_is_live(tmp_path, attack):
    gradebook = books.hostile(attack)
    found = [*gradescope(tmp_path, gradebook).values(), *classroom50(tmp_path, gradebook).values()]
    found += actions(tmp_path, gradebook).values()
    assert len(found) == 3
    texts = json.dumps(found, ensure_ascii=False)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202e\u2028\ud800-\udfff]", texts)
    for test in found[2]["tests"]:
        for text in (test["name"], test["message"], test["test_code"]):
            assert not re.search(r"^\s*::|##\[", text, re.MULTILINE)
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", file.read_text("utf-8"))
