"""The `image` check: the record, the users, the secrets, and the files of an image."""

import re
from collections.abc import Sequence

import msgspec
import pytest

from grader.checks import inside
from grader.checks.credentials import in_environment, in_history
from grader.checks.image import ImageCheck
from grader.checks.shell import stays
from grader.facts import Contents, ImageFacts, ImageFile
from grader.report import Outcome, Result
from tests.checks.fakes import COMMON, FakeSubject

MB = 1_000_000
BASE = "python:3.13-slim"


def check(**fields: object) -> ImageCheck:
    return msgspec.convert({**COMMON, **fields}, ImageCheck)


class Image(FakeSubject):
    """An image with these files, each with its text; a path that ends with a slash is a folder without a file."""

    def __init__(
        self, facts: ImageFacts, files: dict[str, str], base: Sequence[str] = (), *, whole: bool = True
    ) -> None:
        super().__init__(image=facts)
        self.all, self.base, self.whole = files, base, whole

    def contents(
        self, paths: Sequence[str], *, patterns: Sequence[re.Pattern[bytes]] = (), image: str = ""
    ) -> Contents:
        self.places.append(paths)
        there = dict.fromkeys(self.base, "") if image else self.all
        below = {name: text for name, text in there.items() if any(_is_below(name, path) for path in paths)}
        return Contents(
            complete=self.whole,
            files=tuple(
                ImageFile(
                    path=name.rstrip("/"),
                    folder=name.endswith("/"),
                    found=frozenset(n for n, each in enumerate(patterns) if each.search(text.encode())),
                )
                for name, text in below.items()
            ),
        )


def _is_below(name: str, path: str) -> bool:
    return path == "/" or name == path or name.startswith(f"{path}/")


def looked(
    facts: ImageFacts | None = None, files: dict[str, str] | None = None, brought: Sequence[str] = (), **fields: object
) -> Result:
    return check(**fields).run(Image(facts or ImageFacts(base=BASE), files or {}, brought))


@pytest.mark.parametrize("user", ["", "root", "0", "00", "0:0", "root:app", "0:1000", "toor", "toor:app"])
def test_root_under_any_name(user: str) -> None:
    passwd = {"/etc/passwd": "root:x:0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n"}
    result = looked(ImageFacts(user=user), passwd, user="not-root")
    assert (result.outcome, result.evidence["fault"]) == (Outcome.FAIL, "root")
    assert result.got == (user or "root (no USER instruction)")


@pytest.mark.parametrize("user", ["app", "app:root", "1000", "1000:0", "nobody", "r.oot", "10"])
def test_users_that_are_not_root(user: str) -> None:
    passwd = {"/etc/passwd": "root:x:0:0::/:/bin/sh\nmyapp:x:0:0::/:\napp:x:1000:0::/:\nr_oot:x:0:0::/:\n"}
    assert looked(ImageFacts(user=user), passwd, user="not-root").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("fields", "good", "bad", "fault", "got"),
    [
        (
            {"max_added_megabytes": 20},
            ImageFacts(size=150 * MB, base_size=130 * MB, base=BASE),
            ImageFacts(size=151 * MB, base_size=130 * MB, base=BASE),
            "too-large",
            f"21 MB more than {BASE}",
        ),
        ({"max_megabytes": 150}, ImageFacts(size=150 * MB), ImageFacts(size=151 * MB), "too-large", "151 MB"),
        ({"base": [BASE]}, ImageFacts(base=BASE), ImageFacts(base="debian"), "base", "debian"),
        ({"base": [BASE]}, ImageFacts(base=BASE), ImageFacts(), "base", "no base image of this exercise"),
        (
            {"healthcheck": "declared"},
            ImageFacts(healthcheck=("CMD", "true")),
            ImageFacts(healthcheck=("NONE",)),
            "no-healthcheck",
            "none",
        ),
        (
            {"healthcheck": "declared"},
            ImageFacts(healthcheck=("CMD-SHELL", "x")),
            ImageFacts(),
            "no-healthcheck",
            "none",
        ),
    ],
    ids=["added", "size", "base", "no base", "healthcheck off", "no healthcheck"],
)
def test_the_record(fields: dict[str, object], good: ImageFacts, bad: ImageFacts, fault: str, got: str) -> None:
    assert looked(good, **fields).outcome is Outcome.PASS
    result = looked(bad, **fields)
    assert (result.outcome, result.evidence["fault"], result.got) == (Outcome.FAIL, fault, got)
    assert result.asked == "docker image inspect hello"


@pytest.mark.parametrize(
    "variable",
    [
        "SECRET_KEY=dev",
        "DB_PASSWORD=1234",
        "POSTGRES_PASSWORD=x",
        "api_token=abc",
        "APIKEY=abc",
        "DB_PASS=abc",
        "DATABASE_URL=postgres://app:hunter2@db/app",
        "STRIPE_KEY=sk_live_0123456789abcdef",
        "AWS_SECRET_ACCESS_KEY=abc/def+ghi",
    ],
)
def test_variables_that_hold_a_secret(variable: str) -> None:
    name = variable.partition("=")[0]
    assert list(in_environment([variable], [])) == [name]
    assert list(in_environment([variable], [variable])) == []  # the base image's own
    result = looked(ImageFacts(environment=(variable,)), secrets="none")
    assert (result.outcome, result.evidence["secret"]) == (Outcome.FAIL, f"ENV {name}")
    assert result.asked == "docker history --no-trunc hello"
    assert not any(variable.partition("=")[2] in text for text in (result.got, *result.evidence.values()))


@pytest.mark.parametrize(
    "variable",
    [
        "SECRET_KEY=",
        "SECRET_KEY=$SECRET",
        "DB_PASSWORD_FILE=/run/secrets/db",
        "DB_PASSWORD=/run/secrets/db",
        "TOKEN_LIFETIME=3600",
        "PASSWORD_REQUIRED=true",
        "REQUIRE_TOKEN=true",
        "GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305",
        "SSH_PUBLIC_KEY=ssh-ed25519-AAAAC3NzaC1lZDI1",
        "SORT_KEY=name",
        "KEYBOARD=de",
        "TLS_KEY=/etc/ssl/private/key.pem",
        "DATABASE_URL=postgres://db/app",
        "DATABASE_URL=postgres://app@db:5432/app",
        "DATABASE_URL=postgres://app:$PASSWORD@db/app",
        "BYPASS=1",
        "PWD=/app",
        "PATH=/usr/bin",
    ],
)
def test_variables_that_hold_none(variable: str) -> None:
    assert list(in_environment([variable], [])) == []
    assert list(in_history([f"ENV {variable}"])) == []


@pytest.mark.parametrize(
    ("instruction", "found"),
    [
        ("ARG API_TOKEN=abc", ["API_TOKEN"]),
        ("RUN |1 API_TOKEN=abc /bin/sh -c pip install x # buildkit", ["API_TOKEN"]),
        ("RUN /bin/sh -c export PASSWORD=hunter2\necho x\n # buildkit", ["PASSWORD"]),
        ("RUN /bin/sh -c echo 'SECRET_KEY=abc' > .env", ["SECRET_KEY"]),
        ("RUN /bin/sh -c echo \"SECRET_KEY='a b'\" > .env", ["SECRET_KEY"]),
        (
            "RUN /bin/sh -c pip install --index-url https://me:hunter2@pypi.example/simple x",
            ["an address with a password"],
        ),
        ("RUN /bin/sh -c TOKEN=$(cat /run/secrets/token) ./fetch", []),
        ("RUN /bin/sh -c TOKEN=`cat /run/secrets/token` ./fetch", []),
        ("RUN /bin/sh -c ./fetch --token=$TOKEN --secret=id", []),
        ("RUN |1 API_TOKEN= /bin/sh -c true", []),
        ('RUN /bin/sh -c curl -H "Authorization: $TOKEN" https://x.example/a:b@c', []),
        ('CMD ["flask" "run"]', []),
    ],
)
def test_instructions(instruction: str, found: list[str]) -> None:
    assert list(in_history([instruction])) == found


def test_a_text_stands_nowhere() -> None:
    fields = {"secret_texts": ["correct horse"], "secret_paths": ["/app"]}
    assert looked(files={"/app/a": "x", "/etc/b": "correct horse"}, **fields).outcome is Outcome.PASS
    for facts, place in (
        (ImageFacts(environment=("A=correct horse",)), "a text of ENV"),
        (ImageFacts(history=("RUN echo correct horse",)), "a text of its history"),
    ):
        assert looked(facts, **fields).evidence["secret"] == place
    result = looked(files={"/app/.env": "A=correct horse\n"}, **fields)
    assert (result.outcome, result.evidence["fault"], result.got) == (Outcome.FAIL, "secret", "/app/.env")
    assert "correct" not in f"{result.asked}{result.expected}{result.got}{result.evidence}"


@pytest.mark.parametrize(
    ("pattern", "files", "fault", "path"),
    [
        ("/app/.env", {"/app/.env": ""}, "present", "/app/.env"),
        ("/app/.git", {"/app/.git/": "", "/app/.git/HEAD": ""}, "present", "/app/.git"),
        ("**/.env", {"/srv/a/.env": ""}, "present", "/srv/a/.env"),
        ("**/.env", {"/.env": ""}, "present", "/.env"),
        ("/app/**/__pycache__", {"/app/x/__pycache__/a.pyc": ""}, "present", "/app/x/__pycache__"),
        ("/app/*.md", {"/app/README.md": ""}, "present", "/app/README.md"),
        ("/app/[!a]", {"/app/b": ""}, "present", "/app/b"),
        ("/root/.cache/pip", {"/root/.cache/pip/http/x": ""}, "cache", "/root/.cache/pip"),
        (
            "/var/lib/apt/lists/*",
            {"/var/lib/apt/lists/deb": "", "/var/lib/apt/lists/lock": ""},
            "cache",
            "/var/lib/apt/lists/deb",
        ),
    ],
)
def test_paths_that_must_not_be_there(pattern: str, files: dict[str, str], fault: str, path: str) -> None:
    result = looked(files=files, brought=["/var/lib/apt/lists/lock", "/app/keep"], absent=[pattern])
    assert (result.outcome, result.evidence["fault"], result.evidence["path"]) == (Outcome.FAIL, fault, path)
    assert result.asked == f"docker run --rm --entrypoint ls hello -Ad {path}"


@pytest.mark.parametrize(
    ("pattern", "files"),
    [
        ("/app/.env", {"/app/.env.example": "", "/app/x/.env": ""}),
        ("/root/.cache/pip", {"/root/.cache/": "", "/root/.cache/pip/": "", "/root/.cache/pip/http/": ""}),
        ("/app/*.md", {"/app/docs/README.md": ""}),
        ("/app/.e?v", {"/app/.env/": ""}),
        ("**/lock", {"/var/lock": ""}),
    ],
    ids=["another name", "folders that a mount left", "one folder", "an empty folder", "the base image's"],
)
def test_paths_that_are_no_fault(pattern: str, files: dict[str, str]) -> None:
    assert looked(files=files, brought=["/var/lock"], absent=[pattern]).outcome is Outcome.PASS


def test_paths_that_must_be_there() -> None:
    fields = {"present": ["/app/app.py", "/app/data", "/app/*.txt"]}
    files = {"/app/app.py": "", "/app/data/": "", "/app/a.txt": ""}
    assert looked(files=files, **fields).outcome is Outcome.PASS
    result = looked(files={"/app/app.py": "", "/app/data/": ""}, **fields)
    assert (result.outcome, result.evidence["fault"], result.evidence["path"]) == (Outcome.FAIL, "absent", "/app/*.txt")


def test_all_paths_are_asked_for_at_once_and_the_base_only_where_it_matters() -> None:
    it = Image(ImageFacts(base=BASE), {"/app/a": ""})
    assert check(present=["/app/a"], absent=["/app/b", "/app/*.md"]).run(it).outcome is Outcome.PASS
    assert it.places == [["/app/a", "/app/b", "/app"]]


def test_more_than_anybody_would_look_through() -> None:
    it = Image(ImageFacts(), {"/app/a": ""}, whole=False)
    assert check(absent=["**/b"]).run(it).evidence["fault"] == "too-much"


def test_a_path_of_the_students_is_quoted() -> None:
    result = looked(files={"/app/$(id).md": ""}, absent=["/app/*.md"])
    assert result.asked == "docker run --rm --entrypoint ls hello -Ad '/app/$(id).md'"


@pytest.mark.parametrize(
    ("pattern", "place"),
    [("/app/.env", "/app/.env"), ("/app/*/x", "/app"), ("**/x", "/"), ("/*", "/"), ("/a/b[12]", "/a")],
)
def test_where_to_look(pattern: str, place: str) -> None:
    assert inside.where(pattern) == place


@pytest.mark.parametrize(
    "script",
    [
        "if [ -f x ]; then exec a; else exec b; fi",
        'if [ -n "$DEBUG" ]; then exec flask run; fi; exec gunicorn app:app',
        "case $1 in dev) exec flask run;; *) exec gunicorn app:app;; esac",
        "exec gunicorn app:app || exit 1",
        "exec a || { echo no; exit 1; }",
        "exec flask run; echo never",
        "run() { exec flask run; }; run",
        "(cd /app; flask db upgrade); exec flask run",
        "while ! nc -z db 5432; do sleep 1; done; exec flask run",
    ],
)
def test_a_script_that_may_hand_over_is_not_said_to_stay(script: str) -> None:
    assert not stays(["/bin/sh", "-c", script])


@pytest.mark.parametrize(
    "script",
    [
        "if x; then flask run; fi",
        "(cd /app; exec flask run)",
        "a && (b; (c; exec d); exec e)",
        "exec > log; flask run",
        "exec 3>&1 && flask run",
        "exec flask run & wait",
    ],
)
def test_a_script_that_stays(script: str) -> None:
    assert stays(["/bin/sh", "-c", script])


@pytest.mark.parametrize(
    ("fields", "where", "fault"),
    [
        ({}, "", "asserts nothing"),
        ({"base": []}, "", "asserts nothing"),
        ({"base": [" "]}, "base", "an empty name"),
        ({"exposes": 0}, "exposes", "not between 1 and 65535"),
        ({"max_added_megabytes": 0}, "max_added_megabytes", "must be 1 at least"),
        ({"secret_texts": ["abc"]}, "secret_texts", "6 characters or more"),
        ({"secret_texts": ["abcdef\n"]}, "secret_texts", "one line"),
        ({"secrets": "none", "secret_paths": ["/app"]}, "secret_paths", "there are none"),
        ({"secret_texts": ["abcdef"], "secret_paths": ["/app/*"]}, "secret_paths", "without * and ?"),
        ({"secret_texts": ["abcdef"], "secret_paths": ["app"]}, "secret_paths", "write a path"),
        ({"absent": ["app/.env"]}, "absent", "from the root on"),
        ({"absent": ["**"]}, "absent", "no path in an image"),
        ({"absent": [""]}, "absent", "no path in an image"),
        ({"absent": ["/app/"]}, "absent", "never found so"),
        ({"present": ["/app/../x"]}, "present", "never found so"),
        ({"absent": ["/app/**.pyc"]}, "absent", "stands for whole folders"),
        ({"absent": ["/a"], "present": ["/a"]}, "absent", "nothing could pass"),
    ],
)
def test_slips(fields: dict[str, object], where: str, fault: str) -> None:
    found = list(check(**fields).faults())
    assert found[0][0] == where
    assert fault in found[0][1]


def test_what_it_asks() -> None:
    it = check(user="not-root", secrets="none", present=["/app/app.py"], absent=["/app/.env", "/app/.git"])
    assert not list(it.faults())
    assert it.asks() == (
        "In the image, without starting it, it runs as a user other than root, and there is no secret, and there is "
        "/app/app.py, and there is no /app/.env, no /app/.git"
    )
