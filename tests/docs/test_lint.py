"""Every rule of the lint with a text that breaks it and a text that does not; then the course itself."""

import datetime
import warnings
from pathlib import Path

import pytest

from .lint import lint

ROOT = Path(__file__).resolve().parents[2]
TODAY = datetime.date(2026, 11, 20)
PAGES = sorted([*ROOT.glob("docs/**/*.rst"), *ROOT.glob("README.md")])
FILES = sorted(
    path
    for folder in ("docs", "exercises", "solutions")
    for pattern in ("Dockerfile*", "*.dockerfile", "*compose*.yaml", "*compose*.yml")
    for path in (ROOT / folder).rglob(pattern)
)

CODE = ".. code-block:: {}\n\n   one\n   two\n   three\n"
BREAKS = [
    ("one-colon", ".. warning: nobody sees this\n"),
    ("one-colon", "   .. code-block: python\n"),
    ("hyphen", ".. code-block:: console\n\n   $ docker-compose up -d\n"),
    ("hyphen", "Run ``docker-compose --version`` first.\n"),
    ("alt", ".. image:: ship.svg\n   :width: 100%\n"),
    ("alt", ".. figure:: ship.svg\n   :alt:\n"),
    *(("typed-code", CODE.format(name)) for name in ("python", "dockerfile", "docker", "yaml", "nginx")),
    ("untested-shell", ".. code-block:: bash\n\n   ls\n"),
    ("fence", "```python\n"),
    ("http", "See http://docs.docker.com/engine/ for more.\n"),
    ("columns", "x" * 111 + "\n"),
    *(("word", f"This is {word} done.\n") for word in ("simply", "Just", "easy", "easily", "obviously")),
    ("end-of-life", "It begins with ``FROM python:3.9-slim``.\n"),
    ("tag", ".. code-block:: none\n\n   FROM python\n"),
    ("remark", ".. lint: allow word\n"),
]
KEEPS = [
    ".. warning:: everybody sees this\n",
    ".. console: exit 1\n",
    ".. code-block:: rst\n\n   .. warning: one colon\n",
    ".. _a-target: https://example.org\n",
    "``docker-compose`` was the old command, ``docker-compose.yml`` its file.\n",
    ".. image:: ship.svg\n   :alt: A ship.\n",
    ".. code-block:: python\n\n   one\n   two\n",
    CODE.format("none"),
    CODE.format("console"),
    "Open http://127.0.0.1:8080/ or http://localhost:5000, or http://web:5000 from inside.\n",
    "x" * 110 + "\n",
    "Adjust the ``just`` in ``simply easy``.\n",
    "An :term:`easy` word, and `just a link <https://example.org>`__.\n",
    "``FROM python:3.13-slim``, ``postgres:17`` and ``debian:trixie-slim`` live.\n",
    ".. code-block:: none\n\n   pip install requirements.txt\n",
    ".. lint: allow word: the page is about words\n\nYou simply\njust do it.\n",
    ".. lint: allow end-of-life: old\n.. console: exit 1\n\n.. code-block:: none\n\n   FROM python:3.9\n",
]


def rules(text, name):
    return [finding.rule for finding in lint(text, Path(name), TODAY)]


@pytest.mark.parametrize(("rule", "text"), BREAKS, ids=[f"{rule}-{n}" for n, (rule, _) in enumerate(BREAKS)])
def test_a_page_that_breaks_one_rule(rule, text):
    assert rules("Text.\n\n" + text, "index.rst") == [rule]


@pytest.mark.parametrize("text", KEEPS, ids=lambda text: text.strip().splitlines()[0][:40])
def test_a_page_that_keeps_all_rules(text):
    assert rules("Text.\n\n" + text, "index.rst") == []


def test_a_finding_has_the_line_it_is_about():
    text = "Text.\n\n.. code-block:: docker\n\n   FROM python:latest\n"
    assert [(finding.line, finding.rule) for finding in lint(text, Path("a.rst"), TODAY)] == [(5, "tag")]


def test_an_excuse_ends_with_its_paragraph():
    text = ".. lint: allow word: a quotation\n\nYou simply do it.\n\nYou simply do it again.\n"
    assert [finding.line for finding in lint(text, Path("a.rst"), TODAY)] == [5]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("FROM python:3.13-slim AS build\nFROM build\nFROM scratch\n", [], id="stages"),
        pytest.param("ARG BASE\nFROM $BASE\nFROM --platform=linux/amd64 debian:trixie\n", [], id="variable"),
        pytest.param("FROM registry.example:5000/app@sha256:abc\n", [], id="digest"),
        pytest.param("FROM registry.example:5000/app\n", ["tag"], id="registry-port-is-no-tag"),
        pytest.param("FROM python\n", ["tag"], id="no-tag"),
        pytest.param("from ubuntu:latest as x\n", ["tag"], id="latest"),
        pytest.param("ENV FLASK_APP blog.py\n", ["env"], id="env"),
        pytest.param("ENV FLASK_APP=blog.py A=1\nENV A='b c'\n", [], id="env-equals"),
        pytest.param("FROM python:3.8-slim\n", ["end-of-life"], id="end-of-life"),
        pytest.param("FROM python:3.13-slim-bullseye\n", ["end-of-life"], id="old-debian-under-new-python"),
        pytest.param("FROM docker.io/library/postgres:13.4\n", ["end-of-life"], id="full-name"),
    ],
)
def test_a_dockerfile(text, expected):
    assert rules(text, "Dockerfile") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("version: '3.8'\nservices: {}\n", ["compose-version"], id="version"),
        pytest.param("services:\n  web:\n    labels:\n      version: '1'\n", [], id="nested"),
        pytest.param("services:\n  db:\n    image: mysql:5.7\n", ["end-of-life"], id="end-of-life"),
    ],
)
def test_a_compose_file(text, expected):
    assert rules(text, "compose.yaml") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("It is easy.\n\n```console\n$ just\n```\n", ["word"], id="words-outside-fences"),
        pytest.param("![](ship.svg)\n", ["alt"], id="picture"),
        pytest.param('<img src="ship.svg">\n<img src="a.svg" alt="A ship">\n', ["alt"], id="img"),
        pytest.param("![A ship](ship.svg)\n", [], id="described"),
    ],
)
def test_markdown(text, expected):
    assert rules(text, "README.md") == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("2026-08-01", [], id="long-before"),
        pytest.param("2026-08-02", [True], id="within-ninety-days"),
        pytest.param("2026-10-31", [False], id="on-the-day"),
    ],
)
def test_the_end_of_a_tag_is_announced(day, expected):
    findings = lint("FROM python:3.10\n", Path("Dockerfile"), datetime.date.fromisoformat(day))
    assert [finding.soon for finding in findings] == expected


@pytest.mark.filterwarnings("default:.*no security fixes:UserWarning")
@pytest.mark.parametrize("path", [*PAGES, *FILES], ids=lambda path: str(path.relative_to(ROOT)))
def test_the_course(path):
    complaints = []
    for finding in lint(path.read_text(encoding="utf-8"), path):
        complaint = f"{path}:{finding.line}: {finding.rule}: {finding.message}"
        if finding.soon:
            warnings.warn(complaint, stacklevel=1)
        else:
            complaints.append(complaint)
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)
