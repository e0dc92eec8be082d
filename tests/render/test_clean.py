"""The sanitiser: what it lets through, what it writes out, what it leaves out."""

import sys
import unicodedata

import pytest

from grader.render.clean import clean, one_line, uncolored


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        pytest.param("ahoy\tmate\n", "ahoy\tmate\n", id="tab and newline stay"),
        pytest.param("日本 é 🚢", "日本 é 🚢", id="the world's letters stay"),
        pytest.param("\x1b[31m", r"\x1b[31m", id="escape"),
        pytest.param("a\r\n", "a\\r\n", id="carriage return"),
        pytest.param("\x00\x07\x7f", r"\x00\x07\x7f", id="C0"),
        pytest.param("\x9b31m", r"\x9b31m", id="C1"),
        pytest.param("\u202egnp", r"\u202egnp", id="bidi override"),
        pytest.param("a\u200bb\ufeff", r"a\u200bb\ufeff", id="zero width"),
        pytest.param("\U000e0041", r"\U000e0041", id="tag letters"),
        pytest.param("a\u2028b", r"a\u2028b", id="another line end"),
        pytest.param("\udc80", r"\udc80", id="lone surrogate"),
        pytest.param(b"caf\xc3\xa9 \xff", "café \ufffd", id="bytes"),
    ],
)
def test_shows(raw, shown):
    assert clean(raw) == shown


def test_every_control_and_format_character_is_written_out():
    # Signs that stand before a number or a word, and are drawn: they belong to their script.
    drawn = {"ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN"}
    passed = []
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and clean(character) == character:
            passed.append(character)
    rest = {character for character in passed if unicodedata.name(character, "").split(" ")[0] not in drawn}
    assert rest == {"\n", "\t"}


def test_the_middle_of_many_lines_is_left_out():
    assert clean("\n".join("abcdef"), lines=3) == "a\nb\n… 3 lines left out …\nf"
    assert clean("\n".join("abcd"), lines=3) == "a\nb\n… 1 line left out …\nd"
    assert clean("\n".join("abc"), lines=3) == "a\nb\nc"


def test_the_middle_of_a_long_line_is_left_out():
    assert clean("abcdef", width=3) == "ab … 3 characters left out … f"
    assert clean(b"x" * 1_000_000, width=10) == "xxxxx … 999,990 characters left out … xxxxx"


@pytest.mark.parametrize("limit", [0, 1])
def test_the_smallest_limits_hold(limit):
    assert clean("ab", width=limit).count("b") == 0
    assert clean("a\nb", lines=limit).count("b") == 0


def test_one_line_has_no_newline():
    assert one_line("a\nb\tc\r\n") == r"a\nb\tc\r\n"
    assert "\n" not in one_line("\n" * 1_000)


def test_colors_can_be_taken_out_and_nothing_else():
    assert uncolored("\x1b[31m\x1b[1mred\x1b[0m \x1b[2Jgone \x1b]8;;x\x07") == "red \x1b[2Jgone \x1b]8;;x\x07"
