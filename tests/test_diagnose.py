"""The catalogue: complete, taught, unambiguous, and each cause proved by a submission of the corpus."""

import re
from pathlib import Path

import pytest

from grader import diagnose as module
from grader.diagnose import Entry, catalogue, diagnose
from grader.errors import SpecError
from grader.words import fill
from tests.corpus import cases

# Known by the unit tests below alone, with the reason: what the submission would need is not there yet.
NOT_IN_THE_CORPUS = {
    "build-timed-out": "waits for the whole time-out of a build",
    "externally-managed": "needs pip from the distribution, half a minute of apt",
    "ended-before-the-stop": "no exercise has a stop check yet",
    "stopped-by-force": "no exercise has a stop check yet",
    "ended-with-an-error-code": "no exercise has a stop check yet",
}


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.id)
def test_an_entry_is_fit_to_be_read(entry: Entry, root: Path) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.id)
    assert (root / "docs" / entry.unit / "index.rst").is_file()
    for text in (entry.cause, entry.mend):
        assert text.endswith("."), text
        assert not re.search(r"\b(simply|just|easy|obviously)\b", text, re.IGNORECASE), text
    assert "kind" in entry.when
    for pattern in entry.when.values():
        re.compile(pattern)


def test_every_cause_has_a_submission_that_proves_it() -> None:
    proved = {case.diagnosis for case in cases()} - {""}
    known = {entry.id for entry in catalogue() if entry.when["kind"] != "engine"}
    assert proved <= known
    assert known - proved == set(NOT_IN_THE_CORPUS)


@pytest.mark.parametrize(
    ("evidence", "cause"),
    [
        ({"kind": "build", "timed_out": "yes", "step": "[2/3] RUN flask run"}, "build-timed-out"),
        ({"kind": "build", "log": "error: externally-managed-environment\n"}, "externally-managed"),
        ({"kind": "stop", "killed": "yes", "command": "sh"}, "stopped-by-force"),
        ({"kind": "stop", "killed": "no", "exit_code": "1"}, "ended-with-an-error-code"),
        (
            {"kind": "start", "listening": "127.0.0.1:5000", "other_port": ""},
            "bound-to-loopback",
        ),
        ({"kind": "engine", "words": "there is no docker command on PATH"}, "docker-not-installed"),
        (
            {"kind": "engine", "words": "The command 'docker' could not be found in this WSL 2 distro."},
            "docker-not-in-wsl",
        ),
        ({"kind": "engine", "words": "permission denied while trying to connect"}, "engine-forbidden"),
        (
            {"kind": "engine", "words": "Cannot connect to the Docker daemon at unix:///x. Is the docker"},
            "engine-not-running",
        ),
        ({"kind": "start", "listening": "[::1]:5000"}, "bound-to-loopback"),
        ({"kind": "start", "listening": "127.0.0.1:5000 0.0.0.0:8000", "other_port": "8000"}, "other-port"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_evidence_proves_a_cause(evidence: dict[str, str], cause: str) -> None:
    found = diagnose(evidence)
    assert found is not None
    assert found.id == cause


def test_details_are_put_in_on_one_line() -> None:
    found = diagnose({"kind": "build", "base": "pyhton:3\nevil", "nearest": "python:3.13-slim", "bases": "x"})
    assert found is not None
    assert (found.cause, found.mend) == (
        "The image is built from pyhton:3 evil, which this exercise does not offer.",
        "Write `FROM python:3.13-slim`.",
    )


def test_evidence_of_nothing_known_has_no_cause() -> None:
    assert diagnose({"kind": "http", "status": "418"}) is None
    assert diagnose({}) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("when = {}", ":8: 'a' has no `when`: it would explain everything"),
        ("wen = {}", ":8: unknown key 'wen', did you mean 'when'?"),
    ],
)
def test_a_mistake_in_the_catalogue_names_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    path = tmp_path / "diagnoses.toml"
    fields = "".join(f'{name} = "a"\n' for name in ("id", "unit", "symptom", "cause", "look", "mend"))
    path.write_text(f"[[diagnosis]]\n{fields}{text}\n")
    monkeypatch.setattr(module, "CATALOGUE", path)
    catalogue.cache_clear()
    with pytest.raises(SpecError) as caught:
        catalogue()
    catalogue.cache_clear()
    assert message.partition(": ")[2] in str(caught.value)


def test_words_fill_only_what_they_know() -> None:
    assert fill('{"a": "{word}", "b": {c}}', {"word": "kiwi"}) == '{"a": "kiwi", "b": {c}}'
