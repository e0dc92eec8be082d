"""The YAML reader: text stays text, lines are kept, merges and aliases are followed."""

import json
import subprocess
from pathlib import Path

import pytest

from grader.compose import ComposeFault
from grader.compose.command import BadCommand, split
from grader.compose.nodes import Empty, Items, Node, Table, Text
from grader.compose.numbers import as_written
from grader.compose.parse import parse
from tests.compose.test_honest import config

NUMBERS = {  # None: text
    "5": "5",
    "+5": "5",
    "-5": "-5",
    "08": "8",
    "01234": "668",
    "0777": "511",
    "0o7": "7",
    "0b11": "3",
    "0x1F": "31",
    "1_000": "1000",
    "0_1": "1",
    "1.50": "1.5",
    "1.0": "1",
    ".5": "0.5",
    "-.5": "-0.5",
    "5.": "5",
    "1e3": "1000",
    "1E5": "100000",
    "1e21": "1e+21",
    "1e-7": "1e-07",
    "0.0001": "0.0001",
    "1_000.5": "1000.5",
    "100000000.0": "1e+08",
    "123456789.123": "1.23456789123e+08",
    "12345678901234567890": "12345678901234567890",
    "123456789012345678901": "1.2345678901234568e+20",
    "True": "true",
    "FALSE": "false",
    "yes": None,
    "on": None,
    "0x": None,
    "12:30": None,
    "1.2.3": None,
    "1,000": None,
    "_1": None,
    "e5": None,
    "-": None,
    "=": None,
    "a": None,
}
COMMANDS = {  # None: it is no command
    "a b": ["a", "b"],
    "a\tb": ["a", "b"],
    "": [],
    "a '' \"\"": ["a", "", ""],
    "a 'b'c\"d\"": ["a", "bcd"],
    "a \\ b": ["a", " b"],
    "a\\nb": ["anb"],
    "a \"b\\nc\" 'd\\ne'": ["a", "bnc", "d\\ne"],
    'a "b\\"c"': ["a", 'b"c'],
    "a \\\\ b": ["a", "\\", "b"],
    "flask db upgrade && gunicorn app:app": ["flask", "db", "upgrade"],
    "a | b": ["a"],
    "a; b": ["a"],
    "a > b": ["a"],
    "a 2>&1": ["a"],
    'a "x;y&z"': ["a", "x;y&z"],
    "a # b": ["a", "#", "b"],
    "a{b}": ["a{b}"],
    "a=b c": ["a=b", "c"],
    "a `x y` z": ["a", "`x y`", "z"],
    "a $(x y) z": ["a", "$(x y)", "z"],
    'a "$(x y)" z': ["a", "$(x y)", "z"],
    "--port=$(cat a)": ["--port=$(cat a)"],
    "a $HOME $": ["a", "$HOME", "$"],
    "a 'b": None,
    'a "b': None,
    "a b\\": None,
    "(a b)": None,
    "a (b)": None,
}


def plain(node: Node) -> object:
    match node:
        case Text():
            return node.text
        case Empty():
            return None
        case Items():
            return [plain(each) for each in node.nodes]
        case Table():
            return {key: plain(each) for key, each in node.nodes.items()}


def lines(table: Table) -> list[tuple[str, int]]:
    return sorted(table.lines.items())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a: 22:22\nb: yes\nc: 010\nd: 2026-01-01", {"a": "22:22", "b": "yes", "c": "010", "d": "2026-01-01"}),
        ("a:\nb: ~\nc: null\nd: ''\ne: 'null'", {"a": None, "b": None, "c": None, "d": "", "e": "null"}),
        ("a: !!str 5", {"a": "5"}),
        ("a: &x 1\nb: *x\nc: &x 2\nd: *x", {"a": "1", "b": "1", "c": "2", "d": "2"}),
        ("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}", {"a": {"x": "1", "y": "2"}, "b": {"x": "1", "y": "3"}}),
        (
            "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {x: 0, <<: [*a, *b]}\nd: {<<: [*a, *b]}",
            {"a": {"x": "1"}, "b": {"x": "2", "y": "2"}, "c": {"x": "0", "y": "2"}, "d": {"x": "1", "y": "2"}},
        ),
        ('a: {"<<": 1}', {"a": {"<<": "1"}}),
        ("a: |\n  x\n  y\nb: >-\n  x\n  y", {"a": "x\ny\n", "b": "x y"}),
        ("\ufeffa: 1\r\nb: |\r\n  x\r\n", {"a": "1", "b": "x\n"}),
    ],
    ids=["scalars", "nothing", "a tag for text", "anchors anew", "merge", "merges", "not a merge", "blocks", "windows"],
)
def test_what_is_read(text: str, wanted: object) -> None:
    assert plain(parse(text.encode())) == wanted


def test_lines_are_those_of_the_keys() -> None:
    table = parse(b"# one\na:\n\n  b: 1\n  c:\n    - x\n    - y\n")
    inner = table.nodes["a"]
    assert isinstance(inner, Table)
    assert (lines(table), lines(inner)) == ([("a", 2)], [("b", 4), ("c", 5)])
    listed = inner.nodes["c"]
    assert isinstance(listed, Items)
    assert [each.line for each in listed.nodes] == [6, 7]


def test_what_is_merged_keeps_its_line() -> None:
    table = parse(b"a: &a\n  x: 1\nb:\n  <<: *a\n  y: 2\n").nodes["b"]
    assert isinstance(table, Table)
    assert lines(table) == [("x", 2), ("y", 5)]


@pytest.mark.parametrize("text", ["a: {<<: x}", "a: {<<: [x]}", "a: {<<: }", "? [a]\n: b", ": b"])
def test_odd_keys_and_merges(text: str) -> None:
    with pytest.raises(ComposeFault):
        parse(text.encode())


@pytest.mark.parametrize("word", NUMBERS)
def test_numbers(word: str) -> None:
    assert as_written(word) == NUMBERS[word]


@pytest.mark.docker
def test_numbers_as_compose_writes_them(tmp_path: Path) -> None:
    file = tmp_path / "compose.yaml"
    rows = "".join(f"      N{number}: {word}\n" for number, word in enumerate(NUMBERS) if word != "-")
    file.write_text(f"services:\n  web:\n    image: x\n    environment:\n{rows}")
    found = config(file)["services"]["web"]["environment"]
    assert {word: found[f"N{number}"] for number, word in enumerate(NUMBERS) if word != "-"} == {
        word: wanted or word for word, wanted in NUMBERS.items() if word != "-"
    }


@pytest.mark.parametrize("text", COMMANDS)
def test_commands(text: str) -> None:
    if (wanted := COMMANDS[text]) is None:
        with pytest.raises(BadCommand):
            split(text)
    else:
        assert list(split(text)[0]) == wanted


@pytest.mark.docker
@pytest.mark.parametrize("text", COMMANDS)
def test_commands_as_compose_splits_them(text: str, tmp_path: Path) -> None:
    file = tmp_path / "compose.yaml"
    file.write_text(json.dumps({"services": {"web": {"image": "x", "command": text.replace("$", "$$")}}}))
    if COMMANDS[text] is None:
        done = subprocess.run(["docker", "compose", "--file", str(file), "config"], capture_output=True)
        assert done.returncode
        return
    found = config(file)["services"]["web"]["command"]
    assert [word.replace("$$", "$") for word in found] == COMMANDS[text]


@pytest.mark.parametrize(
    ("text", "operator"), [("a && b", "&"), ("a; b", ";"), ("a 2>&1", ">"), ("a 'b;c'", ""), ("a", "")]
)
def test_where_a_command_is_cut(text: str, operator: str) -> None:
    assert split(text)[1] == operator
