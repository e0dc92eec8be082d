"""Our own TOML files: whatever is wrong with one is a single line that names the file, the line and the right word."""

from pathlib import Path

import msgspec
import pytest

from grader import catalogue, diagnose, images
from grader.errors import SpecError
from grader.places import line_of
from grader.spec import read


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reference: str


class File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: str
    count: int = 0
    rows: dict[str, Row] = {}


def fault_of(path: Path, content: bytes) -> str:
    """What `read` says of the content, without the path in front of it."""
    path.write_bytes(content)
    with pytest.raises(SpecError) as caught:
        read(path, File)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    return message.removeprefix(str(path))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ":1: the file is empty"),
        (b"\xef\xbb\xbf\n\n", ":1: the file is empty"),
        (b"# later\n", ":1: the file holds comments alone"),
        (b'a = 1\ntitle = "caf\xe9"\n', ":2: not UTF-8 (byte 0xe9): save the file as UTF-8"),
        (b'title = "a"\ncount = [\n 1\n\n\n', ":3: not TOML: unclosed array"),
        (b'title = "a"\n\ncount =', ":3: not TOML: invalid value"),
        (b'title = "a"\ncount = 1 2\n', ":2: not TOML: expected newline or end of document after a statement"),
        (b"count = " + b"9" * 5000, ":1: not TOML: exceeds the limit"),
        (b"title = " + b"[" * 20_000, ": not TOML that can be read: nested too deep"),
        (b'title = "a"\r\ncuont = 1\r\n', ":2: unknown key 'cuont', did you mean 'count'?"),
        (b'title = "a"\n[rows.a]\nreference = "x"\n[rows.b]\nreference = 3\n', ":5: rows.b.reference: expected `str`"),
        (b'title = "a"\n[rows.b]\nrefrence = "x"\n', ":3: unknown key 'refrence', did you mean 'reference'?"),
        (b'title = "a"\n[rows.b]\n', ":2: rows.b: the key 'reference' is missing"),
        (b'title = "a"\n[rows."b.c"]\nrefrence = "x"\n', ":2: unknown key 'refrence'"),
        (b'title = "a"\nrows = 3\n', ":2: rows: expected `table`, got `int`"),
    ],
    ids=lambda value: value.lstrip(":0123456789 ")[:40] if isinstance(value, str) else "",
)
def test_a_broken_file_is_told_in_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    assert fault_of(tmp_path / "file.toml", content).startswith(message)


def test_a_byte_order_mark_is_taken_for_none(tmp_path: Path) -> None:
    path = tmp_path / "file.toml"
    path.write_bytes(b'\xef\xbb\xbftitle = "a"\r\ncount = 3\r\n')
    assert read(path, File).value == File(title="a", count=3)


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r": cannot be read: \w"):
        read(tmp_path, File)


PLACES = '''\
# A comment with status = 1
title = """
status = 200
[run]
"""
run.port = 5000
"quoted" = 1

[[checks]]
id = "a"
hints = [
  "[[checks]]",
  "status = 3",
]
status = 200

  [checks.headers]
  Host = "x"

[[checks]]
id = "b"
headers = { Host = "y", status = "z" }
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("$", 1),
        ("$.title", 2),
        ("$.run.port", 6),
        ("$.quoted", 7),
        ("$.checks", 9),
        ("$.checks[0]", 9),
        ("$.checks[0].hints", 11),
        ("$.checks[0].hints[1]", 11),
        ("$.checks[0].status", 15),
        ("$.checks[0].headers.Host", 18),
        ("$.checks[1]", 20),
        ("$.checks[1].status", 20),
        ("$.checks[1].headers.status", 22),
        ("$.nothing.there", 1),
    ],
)
def test_the_line_of_a_place(place: str, line: int) -> None:
    assert line_of(PLACES, place) == line


ENTRY = """\
[[diagnosis]]
id = "first"
unit = "01-hello"
symptom = "a"
cause = "It is {path}."
look = "cat {path} {line}"
mend = "Mend it."
when = { kind = "build", log = "line (?P<line>.+)" }
"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Writes a catalogue, and has the grader read it in place of its own."""

    def write(text: str) -> Path:
        path = tmp_path / "1-first.toml"
        path.write_text(text, encoding="utf-8")
        monkeypatch.setattr(catalogue, "CATALOGUE", tmp_path)
        catalogue.groups.cache_clear()
        return path

    yield write
    catalogue.groups.cache_clear()


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("log =", "lgo =", ":8: 'first' looks at an unknown fact 'lgo', did you mean 'log'?"),
        ("log =", "xyzzy =", ":8: 'first' looks at an unknown fact 'xyzzy'"),
        ("(?P<line>", "(?P<line", ":8: 'first' has a pattern for 'log' that cannot be read, missing >, unterminated"),
        ("It is {path}", "It is {paht}", ":5: 'first' uses an unknown placeholder {paht}, did you mean 'path'?"),
        ("{line}", "{lime}", ":6: 'first' uses an unknown placeholder {lime}, did you mean 'line'?"),
        ("Mend it.", "Mend {xyzzy}.", ":7: 'first' uses an unknown placeholder {xyzzy}"),
        ('"cat {path}', """"sh -c 'cat {path}'""", ":6: 'first' has {path} inside quotes: it brings its own"),
        ('mend = "Mend it."', "", ":1: diagnosis 'first': the key 'mend' is missing"),
        ('id = "first"', "", ":1: the 1st diagnosis: the key 'id' is missing"),
        ("[[diagnosis]]", "[diagnosis]", ":1: diagnosis: expected `array`, got `table`: write [[diagnosis]]"),
    ],
    ids=lambda text: None if text.startswith(":") else text[:20] or "gone",
)
def test_a_mistake_in_the_catalogue_is_found_when_it_is_read(written, right: str, wrong: str, message: str) -> None:
    assert right in ENTRY
    path = written(ENTRY.replace(right, wrong, 1))
    with pytest.raises(SpecError) as caught:
        catalogue.groups()
    assert str(caught.value).startswith(f"{path}{message}")
    assert "\n" not in str(caught.value)


def test_what_a_student_wrote_stays_one_word_of_a_command(written) -> None:
    written(ENTRY)
    found = diagnose.diagnose({"kind": "build", "path": "a; touch PWNED", "log": "line $(touch PWNED)`x`'"})
    assert found is not None
    assert found.look == """cat 'a; touch PWNED' '$(touch PWNED)`x`'"'"''"""
    assert found.cause == "It is a; touch PWNED."


VERSIONS = """\
[images.python]
reference = "python:3"
stand-in = "python"
suite = "trixie"
"""


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("suite =", "siute =", ":4: unknown key 'siute', did you mean 'suite'?"),
        ('stand-in = "python"\n', "", ":1: images.python: the key 'stand-in' is missing"),
        ('"python:3"', "3", ":2: images.python.reference: expected `str`, got `int`"),
        ('"python"', '"pyhton"', ":3: no {folder}/pyhton/Dockerfile to build python:3 from"),
        ("[images.python]", "[image.python]", ":1: unknown key 'image', did you mean 'images'?"),
        (VERSIONS, VERSIONS + VERSIONS.replace("images.python", "images.other"), ":6: python:3 is named before"),
    ],
    ids=["unknown key", "no stand-in", "no text", "no folder", "no images", "twice"],
)
def test_a_mistake_in_the_table_of_images_names_its_line(tmp_path: Path, right: str, wrong: str, message: str) -> None:
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "Dockerfile").write_text("FROM scratch\n")
    path = tmp_path / "versions.toml"
    path.write_text(VERSIONS)
    assert list(images.catalogue(tmp_path)) == ["python:3"]
    path.write_text(VERSIONS.replace(right, wrong, 1))
    with pytest.raises(SpecError) as caught:
        images.catalogue(tmp_path)
    assert str(caught.value).startswith(f"{path}{message.format(folder=tmp_path)}")
