"""Which submissions are alike: found where there is something to find, and never where everybody must agree."""

import random
import subprocess
import sys

import pytest

from grader.batch.likeness import BYTES, Likeness, alike

STARTER = {
    "app.py": b'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.route("/")\ndef hello():\n    return ""\n'
}


def work(seed: int, lines: int = 30) -> bytes:
    """A program that nobody else would write."""
    chance = random.Random(seed)
    names = [f"{chance.choice('abcdefgh')}{chance.randrange(50)}" for _ in range(20)]
    return "".join(
        f"{chance.choice(names)} = {chance.choice(names)}({chance.randrange(99)}) + {chance.choice(names)}\n"
        for _ in range(lines)
    ).encode()


def handed(seed: int) -> dict[str, bytes]:
    return {"app.py": STARTER["app.py"] + work(seed)}


def test_the_same_work_is_found_whatever_its_comments_and_spaces():
    copied = b"# my own work, honestly\n" + work(1).replace(b" + ", b"  +\t").replace(b"\n", b"  # see above\r\n\n")
    found = alike({"ada": {"app.py": work(1)}, "bo": {"app.py": copied}, "cy": {"app.py": work(3)}})
    assert found == (Likeness(students=("ada", "bo"), share=1.0, identical=True),)


def test_a_sign_in_a_text_begins_no_comment():
    found = alike({"ada": {"app.py": b'x = "#' + work(1)}, "bo": {"app.py": b'x = "# else"' + work(2)}})
    assert found == ()


def test_nearly_the_same_work_is_found_with_its_share():
    lines = work(1, 40).splitlines(keepends=True)
    nearly = b"".join(lines[:20]) + work(2, 2) + b"".join(lines[20:])
    (found,) = alike({"bo": {"app.py": nearly}, "ada": {"app.py": work(1, 40)}, "cy": {"app.py": work(3)}})
    assert (found.students, found.identical) == (("ada", "bo"), False)
    assert 0.9 < found.share < 1


def test_a_part_of_another_s_work_is_found():
    (found,) = alike({"ada": {"app.py": work(1, 60)}, "bo": {"app.py": b"\n".join(work(1, 60).split(b"\n")[:30])}})
    assert found.share > 0.9


def test_work_under_another_name_is_found():
    (found,) = alike({"ada": {"app.py": work(1)}, "bo": {"main.py": work(1)}})
    assert found == Likeness(students=("ada", "bo"), share=1.0)


def test_three_who_are_alike_are_one_group():
    lines = work(1, 60).splitlines(keepends=True)
    one, two = b"".join(lines) + work(2, 3), b"".join(lines) + work(3, 3)
    (found,) = alike({"ada": {"app.py": b"".join(lines)}, "bo": {"app.py": one}, "cy": {"app.py": two}})
    assert found.students == ("ada", "bo", "cy")


def test_a_near_copy_of_several_is_told_beside_the_first_of_them():
    lines = work(1, 60).splitlines(keepends=True)
    same, nearly = {"app.py": b"".join(lines)}, {"app.py": b"".join(lines[:-3]) + work(2, 3)}
    first, second = alike({"ada": same, "bo": same, "cy": nearly})
    assert first == Likeness(students=("ada", "bo"), share=1.0, identical=True)
    assert (second.students, second.identical) == (("ada", "cy"), False)


def test_what_was_given_counts_for_nothing():
    solution = {"app.py": work(9)}
    class_ = {"ada": {**STARTER, "x.py": work(9)}, "bo": {**STARTER, "x.py": work(9)}}
    assert alike(class_, [STARTER, solution]) == ()
    assert alike(class_, [STARTER]) != ()


def test_what_a_third_of_the_class_has_counts_for_nothing():
    shared = work(9)
    class_ = {f"s{number}": {"app.py": shared + work(number, 10)} for number in range(20)}
    assert alike(class_) == ()
    assert alike({"s0": {"app.py": shared}, "s1": {"app.py": shared}, "s2": {"app.py": work(3)}}) != ()


@pytest.mark.parametrize(
    "class_",
    [
        pytest.param({}, id="nobody"),
        pytest.param({"ada": handed(1)}, id="one"),
        pytest.param({"ada": {}, "bo": {}}, id="nothing taken"),
        pytest.param({"ada": {"app.py": b""}, "bo": {"app.py": b""}}, id="empty files"),
        pytest.param({"ada": {"a": b"a b c"}, "bo": {"a": b"a b c"}}, id="too short to say"),
    ],
)
def test_nothing_is_found_where_there_is_nothing(class_):
    assert alike(class_) == ()


def test_bytes_of_any_kind_are_read():
    noise = random.Random(1).randbytes(3_000)
    assert alike({"ada": {"app.py": noise}, "bo": {"app.py": noise}})[0].identical


def test_of_an_endless_file_only_the_start_is_read():
    long = work(1, 10_000)
    assert 3 * len(long) > BYTES
    found = alike({"ada": {"a.txt": long * 3}, "bo": {"a.txt": long * 3 + b"and an end of its own"}})
    assert found[0].identical


def test_a_thousand_come_out_the_same_whatever_the_process():
    class_ = {f"s{number:04}": handed(number) for number in range(1_000)}
    class_["s0500"] = class_["s0001"]
    assert alike(class_, [STARTER]) == (Likeness(students=("s0001", "s0500"), share=1.0, identical=True),)


def test_no_hash_of_this_process_is_used(root):
    program = (
        "from grader.batch.likeness import alike\n"
        "from tests.batch.test_likeness import work\n"
        "print(alike({str(n): {'a.py': work(n) + work(1, 60)} for n in range(3)}))"
    )
    told = {
        subprocess.check_output([sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, cwd=root)
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1
