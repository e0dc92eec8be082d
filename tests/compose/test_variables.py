"""Variables, as Compose puts them in: what it made of each of these was looked up with Compose itself."""

import json
import subprocess
from pathlib import Path

import pytest

from grader.compose import ComposeFault, FaultKind
from grader.compose.dotenv import parse_env
from grader.compose.interpolate import LENGTH, BadTemplate, Filling
from tests.compose.test_honest import config

SET = {"SET": "v", "EMPTY": ""}
TEMPLATES = {  # None: it is refused
    "a$": "a$",
    "$ a $1 $- $(cmd) ^x$": "$ a $1 $- $(cmd) ^x$",
    "$$": "$",
    "$$$SET": "$v",
    "$$SET": "$SET",
    "$SET}": "v}",
    "$SET$SET": "vv",
    "${SET}${NO:-z}": "vz",
    "${SET:-a}": "v",
    "${NO:-a}": "a",
    "${EMPTY:-a}": "a",
    "${EMPTY-a}": "",
    "${NO-a}": "a",
    "${NO:-}": "",
    "${NO:-${SET}}": "v",
    "${NO:-${NO2:-x}}": "x",
    "${NO:-a ${SET} b} $SET": "a v b v",
    "${NO:-a}b}": "ab}",
    '${NO:-{"a":1}}': '{"a":1}',
    "${NO:-a-b:?c}": "a-b:?c",
    "${NO:-$$x}": "$x",
    "${SET:+y}": "y",
    "${NO:+y}": "",
    "${EMPTY:+y}": "",
    "${EMPTY+y}": "y",
    "${SET:+a${NO:-q}b}": "aqb",
    "${SET:?e}": "v",
    "${EMPTY?e}": "",
    "${NO}": "",
    "${NO:?e}": None,
    "${EMPTY:?e}": None,
    "${NO?}": None,
    "${SET:-${NO:?x}}": None,
    "${": None,
    "${}": None,
    "${1}": None,
    "${SET": None,
    "${ SET}": None,
    "${SET }": None,
    "${SET:x}": None,
    "${SET:=x}": None,
    "${SET/x/y}": None,
    "${!SET}": None,
    "${SET:-${}": None,
}
FILES: dict[str, dict[str, str] | None] = {
    "": {},
    "A=1": {"A": "1"},
    "\ufeffA=1\r\nB=2\r\n": {"A": "1", "B": "2"},
    " A = 1": {"A": "1"},
    "export A=1\nexportB=2": {"A": "1", "exportB": "2"},
    "A: 1": {"A": "1"},
    "# c\n\n  # d\nA=1": {"A": "1"},
    "A=a#b\nB=a #b\nC=#b": {"A": "a#b", "B": "a", "C": "#b"},
    "A=a b c  ": {"A": "a b c"},
    "A=\nB=''\nC=\"\"": {"A": "", "B": "", "C": ""},
    "A=a\\nb": {"A": "a\\nb"},
    'A="a\nb" # c\nB=1': {"A": "a\nb", "B": "1"},
    "A='a\nb'": {"A": "a\nb"},
    "A='it\\'s'": {"A": "it's"},
    'A="q\\"q"': {"A": 'q"q'},
    'A="\\n\\t\\a\\\\ \\z \\0101"': {"A": "\n\t\a\\ \\z A"},
    'A="x\\\\"\nB=1': {"A": "x\\", "B": "1"},
    "X=1\nA=${X}2\nB='$X'\nC=\"$X\"": {"X": "1", "A": "12", "B": "$X", "C": "1"},
    "A=$NO\nB=${NO:-d}\nC=$$X": {"A": "", "B": "d", "C": "$X"},
    'A="\\$X"': {"A": "$X"},
    "A=1\nA=2": {"A": "2"},
    "A-B=1\nA.B=2\nA[1]=3\n1A=4\né=5": {"A-B": "1", "A.B": "2", "A[1]": "3", "1A": "4", "é": "5"},
    'A="a"b\nB=1': {"A": "a", "B": "1"},
    "A=1;B=2": {"A": "1;B=2"},
    "BARE\nA=1": {"A": "1"},
    'A="unclosed': None,
    "A B=1": None,
    "A@B=1": None,
    'A="a" "b"': None,
    "A=${NO:?e}": None,
}


@pytest.mark.parametrize("template", TEMPLATES)
def test_templates(template: str) -> None:
    if (wanted := TEMPLATES[template]) is None:
        with pytest.raises(BadTemplate):
            Filling(variables=SET).text(template)
    else:
        assert Filling(variables=SET).text(template) == wanted


@pytest.mark.docker
def test_templates_as_compose_reads_them(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SET=v\nEMPTY=\n")
    kept = {f"t{number}": template for number, template in enumerate(TEMPLATES) if TEMPLATES[template] is not None}
    file = tmp_path / "compose.yaml"
    file.write_text(json.dumps({"services": {"web": {"image": "x", "labels": kept}}}))
    found = config(file)["services"]["web"]["labels"]
    assert {kept[name]: text.replace("$$", "$") for name, text in found.items()} == {
        template: wanted for template, wanted in TEMPLATES.items() if wanted is not None
    }


@pytest.mark.parametrize("text", FILES)
def test_files(text: str) -> None:
    if (wanted := FILES[text]) is None:
        with pytest.raises(ComposeFault):
            parse_env(text.encode(), ".env", {})
    else:
        assert parse_env(text.encode(), ".env", {})[0] == wanted


@pytest.mark.docker
@pytest.mark.parametrize("text", FILES)
def test_files_as_compose_reads_them(text: str, tmp_path: Path) -> None:
    (tmp_path / "web.env").write_bytes(text.encode())
    file = tmp_path / "compose.yaml"
    file.write_text("services: {web: {image: x, env_file: web.env}}")
    if FILES[text] is None:
        done = subprocess.run(["docker", "compose", "--file", str(file), "config"], capture_output=True)
        assert done.returncode
        return
    found = config(file)["services"]["web"].get("environment") or {}
    assert {name: value.replace("$$", "$") for name, value in found.items()} == FILES[text]


def test_a_name_alone_takes_the_outer_value() -> None:
    assert parse_env(b"A\nB\nC=$A", "x.env", {"A": "1"}) == ({"A": "1", "C": "1"}, ())


def test_the_outer_value_wins_where_a_file_uses_it() -> None:
    assert parse_env(b"A=2\nB=$A", "x.env", {"A": "1"})[0] == {"A": "2", "B": "1"}


def test_what_is_not_set_is_told_once() -> None:
    filling = Filling(variables=SET)
    assert filling.text("$NO $NO ${OTHER} ${SET} ${THIRD:-x}") == "  v x".replace("  v", "   v")
    assert list(filling.unset) == ["NO", "OTHER"]


@pytest.mark.parametrize(
    "text",
    ["A=1\n" * 20_000, "".join(f"A{number}=1\n" for number in range(600)), "A=" + "x" * 70_000],
    ids=["bytes", "names", "one value"],
)
def test_a_file_is_bounded(text: str) -> None:
    with pytest.raises(ComposeFault) as caught:
        parse_env(text.encode(), ".env", {})
    assert caught.value.kind == FaultKind.TOO_LARGE


@pytest.mark.parametrize(
    "template", ["$X" * 5, "${NO:-" * 30 + "}" * 30, "$X"], ids=["together", "nested", "over and over"]
)
def test_what_templates_grow_to_is_bounded(template: str) -> None:
    filling = Filling(variables={"X": "x" * (LENGTH // 4)})
    with pytest.raises(BadTemplate) as caught:
        [filling.text(template) for _ in range(100)]
    assert caught.value.kind == FaultKind.TOO_LARGE


def test_blanks_after_a_name_cost_little() -> None:
    with pytest.raises(ComposeFault):
        parse_env(b"A" + b" " * 60_000, ".env", {}) and parse_env(b"A " + b"\t" * 60_000 + b"B", ".env", {})


def test_not_utf8() -> None:
    with pytest.raises(ComposeFault, match="not UTF-8") as caught:
        parse_env(b"A=1\nB=\xff", "db.env", {})
    assert (caught.value.line, caught.value.file) == (2, "db.env")
