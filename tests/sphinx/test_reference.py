"""The reference says all that the code takes: each kind, key, command and option, with a meaning."""

import re
from pathlib import Path

import msgspec
import pytest
from click import Context, Option

from grader import errors
from grader.checks import Check
from grader.checks.capture import Capture
from grader.checks.exchange import Exchange
from grader.checks.session import Step
from grader.cli import main
from grader.exercise import Exercise, Run, load
from grader.sphinx.fields import fields
from grader.sphinx.reference import is_exchange, kinds
from grader.words import KNOWN
from tests.sphinx.building import REPOSITORY, build, write

REFERENCE = REPOSITORY / "docs" / "reference"
EXAMPLES = sorted(REFERENCE.glob("files/*/exercise.toml"))
STRUCTS = [Capture, Check, Exchange, Exercise, Run, Step]
DRAWN = [*STRUCTS, *(kind for kind in kinds().values() if not is_exchange(kind))]


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("struct", DRAWN, ids=lambda struct: struct.__name__)
def test_every_key_says_what_it_means(struct: type[msgspec.Struct]) -> None:
    assert [field.name for field in fields(struct) if not field.meaning] == []


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_every_struct_is_on_a_page(struct: type[msgspec.Struct]) -> None:
    assert f".. struct:: {struct.__module__}:{struct.__name__}\n" in page("checks.rst") + page("exercise-file.rst")


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_is_on_the_page_with_an_example(kind: str) -> None:
    assert re.search(
        rf"``{kind}``\n~+\n\n\.\. check-kind:: {kind}\n\n[^`]*?:start-after: # {kind}\n", page("checks.rst")
    )


def test_the_examples_are_of_every_kind_and_load() -> None:
    shown = [check.kind for path in EXAMPLES for check in load(path).checks]
    assert sorted(shown) == sorted(kinds())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_each_example_stands_under_the_name_of_its_kind(path: Path) -> None:
    parts = re.findall(r"^# (\w+)\n\[\[checks\]\]\n.*?^kind +\= \"(\w+)\".*?^# end$", path.read_text(), re.M | re.S)
    assert [name for name, _ in parts] == [kind for _, kind in parts] == [check.kind for check in load(path).checks]


@pytest.mark.parametrize("name", main.commands)
def test_every_command_is_on_the_page_with_all_its_options(name: str) -> None:
    command = main.commands[name]
    silent = [each.name for each in command.get_params(Context(command)) if isinstance(each, Option) and not each.help]
    assert silent == []
    assert f"``{name}``\n---" in page("commands.rst")
    assert f".. command:: {name}\n" in page("commands.rst")


def test_every_placeholder_is_on_the_page() -> None:
    assert {name for name in KNOWN if f"* - ``{{{name}}}``" in page("checks.rst")} == KNOWN


def test_a_key_is_told_with_its_type_and_its_default() -> None:
    found = {field.name: field for field in fields(Run)}
    assert (found["port"].type, found["port"].default) == ("whole number", None)
    assert (found["ready"].type, found["ready"].default) == ("text", '"/"')
    assert (found["environment"].type, found["environment"].default) == ("table of texts", "")
    assert {field.name: field.structs for field in fields(Step)}["captures"] == ("Capture",)
    assert {field.name: field.type for field in fields(Exchange)}["status"] == "whole number or list of whole numbers"


def test_what_is_drawn_is_there_for_a_reader(tmp_path: Path) -> None:
    drawn = ("struct:: grader.exercise:Run", "check-kind:: image", "command::", "command:: grade", "errors::")
    text = "\n\n".join(f".. {each}" for each in drawn)
    built = build(write(tmp_path / "docs", {"index": text}), tmp_path / "built", builder="text")
    assert built.warnings == ()

    words = " ".join(built.read("index.txt").split())
    assert '"port" *whole number*, needed: inside the container.' in words
    assert '"timeout" *number*, by default "20.0": seconds from start to the first answer.' in words
    assert "It needs the image alone" in words
    assert "python -m grader grade [OPTIONS] [EXERCISE] [SUBMISSION]" in words
    assert "Repeat the random words of an earlier run." in words
    assert f'"SpecError" exit code "{errors.SpecError.exit_code}".' in words


MISTAKES = {
    ".. check-kind:: htp": "check-kind: no kind 'htp': compose, env,",
    ".. command:: grad": "command: no command 'grad': grade, doctor,",
    ".. struct:: os:environ": "struct: 'os:environ' is no struct of ours, as grader.exercise:Run is",
    ".. struct:: grader.exercise:Ran": "struct: 'grader.exercise:Ran' is no struct of ours",
    ".. struct:: grader.exercises:Run": "struct: 'grader.exercises:Run' is no struct of ours",
}


@pytest.mark.parametrize(("text", "says"), MISTAKES.items(), ids=MISTAKES)
def test_what_is_not_there_is_named(page, text: str, says: str) -> None:
    (told,) = page(text).warnings
    assert says in told
