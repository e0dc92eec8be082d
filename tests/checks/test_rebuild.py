"""The `rebuild` check: which steps belong to a text, what an edit is, and whose fault a step is that ran again."""

from collections.abc import Callable, Mapping

import msgspec
import pytest

from grader.checks.edit import edited
from grader.checks.instruction import mentions, place, text_of
from grader.checks.rebuild import RebuildCheck
from grader.errors import PassingFault
from grader.facts import DidNotStart, ImageFacts, Rebuilt, StepFacts, Variation
from grader.report import Outcome
from tests.checks.fakes import COMMON, FakeSubject, answer, never_up, silent

FROM = "[1/4] FROM docker.io/library/python:3.13-slim"
NEEDS = "[2/4] COPY requirements.txt ."
INSTALL = "[3/4] RUN pip install -r requirements.txt"
CODE = "[4/4] COPY app.py ."
FILES = {"app.py": b"print('Hello')", "Dockerfile": b"", "page.json": b"{}"}
FIRST = "sha256:first"
THEN = {"path": "/", "body": "{word}\n"}


def check(**fields: object) -> RebuildCheck:
    return msgspec.convert({**COMMON, "edit": "app.py", **fields}, RebuildCheck)


def built(*ran: str, image: str = "sha256:edited", names: tuple[str, ...] = (FROM, NEEDS, INSTALL, CODE)) -> Rebuilt:
    """A build in which these steps ran, and the others came from the cache."""
    return Rebuilt(
        image=image, steps=tuple(StepFacts(name=name, cached=name not in (FROM, *ran)) for name in reversed(names))
    )


def subject(
    rebuilds: Callable[[Mapping[str, bytes]], Rebuilt] = lambda edits: built(CODE), **fields: object
) -> FakeSubject:
    return FakeSubject(**{"rebuilds": rebuilds, "files": FILES, "image": ImageFacts(id=FIRST), **fields})  # type: ignore[arg-type]


def test_a_cached_step_passes() -> None:
    it = subject()
    result = check(cached="pip install", runs="COPY").run(it)
    assert (result.outcome, result.got) == (Outcome.PASS, "3 steps, 1 of them anew")
    assert result.asked == "docker build -t hello . && echo '# edited' >> app.py && docker build -t hello ."
    assert len(it.edits) == 1


def test_a_step_that_ran_again_for_the_edit_fails() -> None:
    """Two edits, and a build of the files as they were between them, which finds everything in the cache."""
    it = subject(lambda edits: built(INSTALL, CODE) if edits else built(image=FIRST))
    result = check(cached=["uv sync", "pip install"]).run(it)
    assert (result.outcome, result.evidence["fault"], result.evidence["step"]) == (Outcome.FAIL, "not-cached", INSTALL)
    assert result.evidence["order"].splitlines() == [f"cached  {NEEDS}", f"ran     {INSTALL}", f"ran     {CODE}"]
    assert result.expected == '"uv sync" or "pip install": cached'
    assert result.got == f"ran again: {INSTALL}"
    assert [bool(edits) for edits in it.edits] == [True, False, True]


def test_a_pruned_cache_is_the_engines_fault() -> None:
    it = subject(lambda edits: built(INSTALL, CODE))
    with pytest.raises(PassingFault, match="threw away"):
        check(cached="pip install").run(it)


def test_a_step_that_an_earlier_prune_made_run_is_found_by_another_edit() -> None:
    """The control finds the step that the edited build made: another image than the first, so it proves nothing."""
    builds = iter([built(INSTALL, CODE), built(image="sha256:control"), built(CODE)])
    it = subject(lambda edits: next(builds))
    assert check(cached="pip install").run(it).outcome is Outcome.PASS
    contents = [edits["app.py"] for edits in it.edits if edits]
    assert len(set(contents)) == 2


def test_the_edit_that_is_judged_is_the_one_that_is_asked_for() -> None:
    def varied(variation: Variation) -> FakeSubject:
        first = variation.files["app.py"].split()[0].decode()
        return FakeSubject(serve=lambda request: answer(first))

    builds = iter([built(INSTALL, CODE), built(image="sha256:control"), built(CODE)])
    it = subject(lambda edits: next(builds), varies=varied)
    result = check(content="{nonce} {word}", cached="pip install", then={"path": "/", "body": "{nonce}"}).run(it)
    assert result.outcome is Outcome.PASS


def test_a_step_that_two_edits_make_run_fails() -> None:
    it = subject(lambda edits: built(INSTALL, CODE) if edits else built(image="sha256:control"))
    assert check(cached="pip install").run(it).evidence["fault"] == "not-cached"
    assert len(it.edits) == 3


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"cached": "apt-get install"}, "no-step"),
        ({"runs": "npm run build"}, "no-step"),
        ({"runs": ["requirements.txt ."]}, "not-reached"),
    ],
    ids=["none to be cached", "none to run", "cached though edited"],
)
def test_a_step_that_is_missing_or_was_kept_fails(fields: dict[str, object], fault: str) -> None:
    result = check(**fields).run(subject())
    assert (result.outcome, result.evidence["fault"]) == (Outcome.FAIL, fault)


def test_one_of_the_steps_that_must_run_is_enough() -> None:
    assert check(runs="COPY").run(subject()).outcome is Outcome.PASS


def test_a_spared_step_may_run() -> None:
    own = "[4/4] RUN pip install --no-deps ."
    names = (FROM, NEEDS, INSTALL, own)
    it = subject(lambda edits: built(own, names=names))
    assert check(cached="pip install", unless=["--no-deps"]).run(it).outcome is Outcome.PASS
    assert len(it.edits) == 1


def test_an_edit_that_breaks_the_build_fails_with_its_evidence() -> None:
    broken = Rebuilt(image="", error="process failed", evidence={"kind": "build", "exit_code": "1"})
    result = check(cached="pip install").run(subject(lambda edits: broken))
    assert (result.outcome, result.got) == (Outcome.FAIL, "process failed")
    assert result.evidence == {"kind": "build", "exit_code": "1", "fault": "build-failed"}


def test_a_text_that_is_not_there_cannot_be_replaced() -> None:
    it = subject()
    result = check(replace="Goodbye", by="Hi", runs="COPY").run(it)
    assert (result.outcome, result.evidence) == (Outcome.FAIL, {"fault": "not-edited", "path": "app.py"})
    assert it.edits == []


@pytest.mark.parametrize("project", [None, object()], ids=["a container", "a project"])
def test_the_edited_image_is_asked(project: object) -> None:
    said: list[bytes] = []

    def rebuild(edits: Mapping[str, bytes]) -> Rebuilt:
        said.append(edits["app.py"].split(b"'")[1])
        return built(CODE)

    it = subject(
        rebuild,
        varies=lambda variation: FakeSubject(serve=lambda request: answer(f"{said[0].decode()}\n")),
        project=project,
    )
    result = check(replace="Hello", by="{word}", then=THEN).run(it)
    assert result.outcome is Outcome.PASS
    assert it.variations[0].images == {"hello" if project else "": "sha256:edited"}
    assert it.variations[0].files == it.edits[0]
    assert result.asked.splitlines()[-1] == "curl -i http://127.0.0.1:8080/"


@pytest.mark.parametrize(("ran", "reached"), [((CODE,), "yes"), ((), "no")], ids=["another layer", "no new layer"])
def test_an_edit_that_does_not_show_fails(ran: tuple[str, ...], reached: str) -> None:
    it = subject(
        lambda edits: built(*ran), varies=lambda variation: FakeSubject(serve=lambda request: answer("Hello\n"))
    )
    result = check(replace="Hello", by="{word}", then=THEN).run(it)
    assert (result.outcome, result.evidence["fault"], result.evidence["reached"]) == (Outcome.FAIL, "body", reached)
    assert result.evidence["status"] == "200"


def test_an_edited_app_that_does_not_answer_fails() -> None:
    it = subject(varies=lambda variation: FakeSubject(serve=silent))
    result = check(then=THEN).run(it)
    assert (result.outcome, result.evidence["fault"], result.evidence["reason"]) == (
        Outcome.FAIL,
        "no-answer",
        "refused",
    )


def test_an_edited_app_that_does_not_come_up_is_told_by_the_flow() -> None:
    with pytest.raises(DidNotStart):
        check(then=THEN).run(subject(varies=never_up))


def test_every_edit_is_new() -> None:
    it = subject()
    for _ in range(3):
        check(append="x = '{word}'", runs="COPY").run(it)
    texts = {edits["app.py"] for edits in it.edits}
    assert len(texts) == 3
    assert len({text.splitlines()[1] for text in texts}) == 1  # the words are those of the seed


@pytest.mark.parametrize(
    ("name", "old", "append", "expected"),
    [
        ("app.py", b"a = 1", "", b"a = 1\n# edited: 7\n"),
        ("app.py", b"a = 1\n", "b = '{word}'", b"a = 1\nb = 'fern'\n# edited: 7\n"),
        ("requirements.txt", b"", "", b"# edited: 7\n"),
        ("site/page.html", b"<p>\r\n", "", b"<p>\r\n<!-- edited: 7 -->\n"),
        ("words.txt", b"fern\n", "{nonce}", b"fern\n7\n"),
        ("a.py", b"\xff", "", b"\xff\n# edited: 7\n"),
        (".env", b"A=1\n", "", b"A=1\n# edited: 7\n"),
    ],
    ids=["comment", "text", "requirements", "html", "no comments", "no UTF-8", "a name without an ending"],
)
def test_edits(name: str, old: bytes, append: str, expected: bytes) -> None:
    assert edited(name, old, {"word": "fern", "nonce": "7"}, append=append) == expected


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("RUN pip install -r requirements.txt", "pip install", True),
        ("RUN pip    install flask", "pip install", True),
        ("RUN /venv/bin/pip3.13 --no-cache-dir install flask", "pip install", True),
        ("RUN pip --cache-dir /tmp/c install flask", "pip install", True),
        ("RUN python -m pip --quiet install flask", "pip install", True),
        ("RUN cd /app && (pip -q install flask)", "pip install", True),
        ("RUN uv pip install -r requirements.txt", "pip install", True),
        ("COPY --link --chown=1:1 requirements.txt ./", "COPY requirements.txt", True),
        ("COPY --link requirements.txt ./", "COPY requirements", True),
        ("RUN pip --version && apt-get install x", "pip install", False),
        ("RUN pip list; install -d /data", "pip install", False),
        ("RUN pipenv sync", "pip install", False),
        ("RUN pip download flask", "pip install", False),
        ("COPY . .", "pip install", False),
        ("", "pip", False),
        ("RUN pip", "pip install", False),
    ],
)
def test_what_a_step_mentions(text: str, wanted: str, found: bool) -> None:
    assert mentions(text, wanted) is found


DOCKERFILE = b"""FROM python
RUN <<EOF
set -e
pip install flask
EOF
run --mount=type=cache,target=/c  <<-'END'
\tuv sync
\tEND
RUN <<EOF bash
poetry install
EOF
"""


@pytest.mark.parametrize(
    ("step", "holds", "lacks"),
    [
        ("[2/4] RUN <<EOF (set -e...)", "pip install flask", "uv sync"),
        ("[build 3/4] RUN --mount=type=cache,target=/c  <<-'END' (uv sync)", "uv sync", "flask"),
        ("[4/4] RUN <<EOF bash", "poetry install", "flask"),
        ('[2/4] RUN --network=none ["pip", "install", "flask"]', "RUN --network=none pip install flask", "["),
        ("[2/4] RUN sh ./setup.sh", "npm ci", "flask"),
        ("[2/4] RUN --mount=type=bind,source=deps/setup.sh,target=/s.sh sh /s.sh", "npm ci", "flask"),
        ("[2/4] RUN /usr/local/bin/tool", "cargo build", "flask"),
        ("[2/4] COPY setup.sh .", "COPY setup.sh .", "npm ci"),
        ("[2/4] RUN [broken", "RUN [broken", "flask"),
    ],
    ids=[
        "heredoc",
        "tabs and quotes",
        "with a command",
        "a list",
        "script",
        "mounted script",
        "no .sh",
        "copied",
        "odd",
    ],
)
def test_what_a_step_says(step: str, holds: str, lacks: str) -> None:
    files = {"Dockerfile": DOCKERFILE, "setup.sh": b"npm ci", "bin/tool": b"#!/bin/sh\ncargo build", "app.py": b"flask"}
    text = text_of(step, files)
    assert holds in text
    assert lacks not in text


def test_steps_are_put_in_order() -> None:
    names = ["[10/10] RUN b", "[build 2/3] RUN a", "[9/10] COPY a", "load metadata"]
    assert sorted(names, key=place) == ["load metadata", "[9/10] COPY a", "[10/10] RUN b", "[build 2/3] RUN a"]


@pytest.mark.parametrize(
    ("fields", "where", "fault"),
    [
        ({}, "", "asserts nothing"),
        ({"cached": ""}, "", "asserts nothing"),
        ({"cached": ["pip", " "]}, "cached", "an empty text is in every step"),
        ({"runs": [""]}, "runs", "an empty text is in every step"),
        ({"runs": "COPY", "unless": ["x"]}, "unless", "spares steps from cached"),
        ({"cached": "pip", "runs": ["pip"]}, "runs", "'pip' is among cached too"),
        ({"cached": "pip", "edit": " "}, "edit", "edit is empty"),
        ({"cached": "pip", "edit": "api/Dockerfile"}, "edit", "says how it is built"),
        ({"cached": "pip", "append": "a", "content": "b"}, "content", "append and content are two edits"),
        ({"cached": "pip", "replace": "a"}, "replace", "replace and by go together"),
        ({"cached": "pip", "by": "a"}, "by", "replace and by go together"),
        ({"cached": "pip", "replace": "a", "by": "a"}, "by", "nothing would change"),
        ({"cached": "pip", "edit": "page.json"}, "edit", "no comments that we know"),
        ({"cached": "pip", "edit": "words.txt", "append": "{word}"}, "append", "no comments that we know"),
        ({"cached": "pip", "append": "{wort}"}, "append", "unknown placeholder {wort}, did you mean {word}?"),
        ({"then": {"path": "/"}}, "then", "asserts nothing"),
        ({"then": {"path": "/{words}", "status": 200}}, "then.path", "did you mean {word}?"),
    ],
)
def test_slips(fields: dict[str, object], where: str, fault: str) -> None:
    found = list(check(**fields).faults())
    assert found[0][0] == where
    assert fault in found[0][1]


def test_right_specs_have_no_slips() -> None:
    assert not list(check(cached="pip install", runs="COPY", then=THEN).faults())
    assert not list(
        check(edit="page.json", content='{"a": "{nonce}"}', then={"path": "/", "contains": ["{nonce}"]}).faults()
    )


def test_what_it_asks() -> None:
    it = check(cached=["pip install", "uv sync"], runs="COPY", then=THEN)
    assert it.asks() == (
        'After an edit of app.py and a new build, the step with "pip install" or "uv sync" comes from the cache, and '
        'the step with "COPY" runs again, and GET / answers with the body "{word}\\n", where {word} is new in every run'
    )
