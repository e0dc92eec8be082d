"""Archives of students: what is laid out, what is passed over, and what is refused, with its reason."""

import dataclasses
import gzip
import io
import os
import random
import stat
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from grader.errors import GraderError, SubmissionError
from grader.intake import names
from grader.intake.archive import is_archive, unpack, unpack_class
from grader.intake.members import STUDENT
from grader.render.clean import one_line

from .packing import (
    WORK,
    tar_bz2,
    tar_entry,
    tar_gz,
    tar_of,
    tarred,
    tree,
    zip_entry,
    zip_of,
    zipped,
)

GNU, USTAR = tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT
LONG = "a" * 120 + "/" + "b" * 200 + ".py"  # no plain header of a tar has room for it


def unpacked(content: bytes, into: Path, **limits: int) -> dict[str, bytes]:
    into.mkdir()
    unpack(io.BytesIO(content), "ada.zip", into, dataclasses.replace(STUDENT, **limits))
    return tree(into)


def refusal(content: bytes, tmp_path: Path, **limits: int) -> str:
    """The one line that an archive is refused with; nothing of it may lie outside its folder."""
    with pytest.raises(SubmissionError) as error:
        unpacked(content, tmp_path / "in", **limits)
    assert list(tmp_path.iterdir()) == [tmp_path / "in"]
    message = str(error.value)
    assert message.startswith("ada.zip: ")
    assert one_line(message) == message
    return message.removeprefix("ada.zip: ")


def both(name: str) -> list[bytes]:
    """A zip and a tar with one file of this name."""
    return [zip_of((zip_entry(name), b"x")), tar_of((tar_entry(name), b"x"))]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(zipped(), id="zip"),
        pytest.param(zipped(method=zipfile.ZIP_STORED), id="zip, stored"),
        pytest.param(tarred(), id="tar"),
        pytest.param(tarred(form=GNU), id="GNU tar"),
        pytest.param(tarred(form=USTAR), id="plain tar"),
        pytest.param(tarred()[: 512 * 5], id="tar without its end"),
        pytest.param(tarred({f"./{name}": content for name, content in WORK.items()}), id="tar of ."),
        pytest.param(tarred({"./": b"", "pages/": b"", **WORK}), id="tar with folders"),
        pytest.param(tar_gz(), id="tar.gz"),
        pytest.param(tar_gz() + bytes(512), id="tar.gz, filled up"),
        pytest.param(gzip.compress(tarred()[:999]) + gzip.compress(tarred()[999:]), id="tar.gz in two streams"),
        pytest.param(tar_bz2(), id="tar.bz2"),
    ],
)
def test_the_files_are_laid_out(tmp_path: Path, content: bytes) -> None:
    assert unpacked(content, tmp_path / "in") == WORK


def test_a_path_is_opened_as_well(tmp_path: Path) -> None:
    (tmp_path / "app").write_bytes(zipped())
    (tmp_path / "in").mkdir()
    unpack(tmp_path / "app", "app", tmp_path / "in")
    assert tree(tmp_path / "in") == WORK


@pytest.mark.parametrize("content", [tarred({LONG: b"x"}), tarred({LONG: b"x"}, GNU)], ids=["pax", "GNU"])
def test_a_name_longer_than_a_header_is_whole(tmp_path: Path, content: bytes) -> None:
    assert unpacked(content, tmp_path / "in") == {LONG: b"x"}


def test_a_global_header_says_nothing_of_a_file(tmp_path: Path) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", pax_headers={"comment": "0" * 40, "path": "evil"}) as archive:
        archive.addfile(tar_entry("app.py"))
    assert unpacked(file.getvalue(), tmp_path / "in") == {"app.py": b""}


def test_a_folder_without_files_is_a_folder(tmp_path: Path) -> None:
    assert unpacked(zipped({"app.py": b"", "empty/": b""}), tmp_path / "in") == {"app.py": b"", "empty/": b""}


def test_backslashes_are_folders_where_windows_wrote_them(tmp_path: Path) -> None:
    info = zip_entry("pages\\about.py")
    info.create_system, info.external_attr = 0, 0
    assert unpacked(zip_of((info, b"x")), tmp_path / "in") == {"pages/about.py": b"x"}


@pytest.mark.parametrize("mode", [0o6777, 0o000])
def test_modes_are_ignored(tmp_path: Path, mode: int) -> None:
    entry = tar_entry("app.py")
    entry.mode = mode
    for number, content in enumerate((zip_of((zip_entry("app.py", stat.S_IFREG | mode), b"")), tar_of((entry, b"")))):
        unpacked(content, tmp_path / str(number))
        written = (tmp_path / str(number) / "app.py").stat().st_mode
        assert (written & 0o7000, written & 0o600) == (0, 0o600)


@pytest.mark.parametrize(
    "name",
    [
        "__MACOSX/hello/._app.py",
        "hello/.git/config",
        "hello/.git/hooks/post-checkout",
        "hello/.git",
        "hello/.DS_Store",
        "hello/._app.py",
        "hello/Icon\r",
        "hello/.venv/bin/python",
        "hello/.venv/../../evil",
        "hello/node_modules/" + "deep/" * 100 + "index.js",
        "hello/__pycache__/app.cpython-313.pyc",
    ],
)
def test_what_tools_leave_behind_is_passed_over(tmp_path: Path, name: str) -> None:
    for number, content in enumerate(both(name)):
        kept = tar_of((tar_entry(name), b"x"), (tar_entry("hello/app.py"), b"")) if number else None
        kept = kept or zip_of((zip_entry(name), b"x"), (zip_entry("hello/app.py"), b""))
        assert unpacked(kept, tmp_path / str(number)) == {"hello/app.py": b""}
        (tmp_path / f"in-{number}").mkdir()
        assert refusal(content, tmp_path / f"in-{number}") == "holds no file: hand in a zip or a tar.gz"


def test_a_file_that_is_called_as_a_folder_of_tools_is_kept(tmp_path: Path) -> None:
    assert unpacked(zipped({"venv": b"notes"}), tmp_path / "in") == {"venv": b"notes"}


@pytest.mark.parametrize("folder", [".venv", "env-of-hello"])
def test_a_virtual_environment_costs_nobody_the_work(tmp_path: Path, folder: str) -> None:
    link = stat.S_IFLNK | 0o777
    noise = [(zip_entry(f"{folder}/lib/{number}.py"), b"pass\n" * 100) for number in range(4_000)]
    content = zip_of(
        (zip_entry("Dockerfile"), b"FROM scratch\n"),
        (zip_entry(f"{folder}/bin/python", link), b"/usr/bin/python3"),
        (zip_entry(f"{folder}/lib64", link), b"lib"),
        (zip_entry(f"{folder}/pyvenv.cfg"), b""),
        *noise,
    )
    found = unpacked(content, tmp_path / "in")
    assert {name for name in found if not name.startswith(folder)} == {"Dockerfile"}
    assert f"{folder}/bin/python" not in found


def test_a_link_in_the_place_of_a_virtual_environment_is_passed_over(tmp_path: Path) -> None:
    content = tar_of((tar_entry(".venv", tarfile.SYMTYPE, "/opt/venv"), b""), (tar_entry("app.py"), b""))
    assert unpacked(content, tmp_path / "in") == {"app.py": b""}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../evil.py", "../evil.py leads out of the folder: pack the folder itself, by its own name"),
        ("a/../../evil.py", "a/../../evil.py leads out of the folder: pack the folder itself, by its own name"),
        ("/etc/cron.d/evil", "/etc/cron.d/evil is an absolute path: pack the folder itself, by its own name"),
        ("C:/evil.py", "C:/evil.py is an absolute path: pack the folder itself, by its own name"),
        ("..\\evil.py", "..\\evil.py has a character in its name that no file needs: rename it"),
        ("a\nb.py", "a\\nb.py has a character in its name that no file needs: rename it"),
        ("a\x1b[2Jb.py", "a\\x1b[2Jb.py has a character in its name that no file needs: rename it"),
        ("a\u202eyp.py", "a\\u202eyp.py has a character in its name that no file needs: rename it"),
        ("a/" * 33 + "b", "a/" * 33 + "b lies more than 32 folders deep: hand in your own work only"),
        ("b" * 256, "b" * 40 + " … 176 characters left out … " + "b" * 40 + " has a name that is too long: rename it"),
        ("é" * 128, "é" * 40 + " … 48 characters left out … " + "é" * 40 + " has a name that is too long: rename it"),
        ("/".join(["c" * 250] * 4), "has a name that is too long: rename it"),
    ],
)
def test_a_name_that_is_no_place_in_the_folder_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    for number, content in enumerate(both(name)):
        (tmp_path / str(number)).mkdir()
        assert refusal(content, tmp_path / str(number)).endswith(reason)


def test_a_nul_in_a_name_is_refused(tmp_path: Path) -> None:
    content = zipped({"app.py_.png": b""}).replace(b"app.py_", b"app.py\0")
    reason = "app.py\\x00.png has a character in its name that no file needs: rename it"
    assert refusal(content, tmp_path) == reason


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    content = tarred({"caf_.py": b""}, USTAR)
    broken = content.replace(b"caf_", b"caf\xe9")
    header = tarfile.TarInfo.frombuf(content[:512], "utf-8", "surrogateescape")
    broken = broken.replace(b"%06o\0" % header.chksum, b"%06o\0" % (header.chksum + 0xE9 - ord("_")), 1)
    assert refusal(broken, tmp_path) == "caf\\udce9.py has a character in its name that no file needs: rename it"


@pytest.mark.parametrize("name", ["aux.py", "NUL", "ab:c", "pages./about.py", "what?.py"])
def test_a_name_that_windows_cannot_keep_is_refused_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    content = zipped({name: b""})
    assert unpacked(content, tmp_path / "here") == {name: b""}
    assert names.unfit(name, tuple(name.split("/")), 32) == ""
    monkeypatch.setattr(names, "WINDOWS", True)
    assert names.unfit(name, tuple(name.split("/")), 32) == "has a name that Windows cannot keep: rename it"
    assert names.unfit("auxiliary.py", ("auxiliary.py",), 32) == ""


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (tar_entry("app.py", tarfile.SYMTYPE, "/etc/passwd"), "app.py is a link: hand in the file itself"),
        (tar_entry("app.py", tarfile.LNKTYPE, "/etc/passwd"), "app.py is a hard link: hand in the file itself"),
        (tar_entry("app.py", tarfile.CHRTYPE), "app.py is a device: hand in the file itself"),
        (tar_entry("app.py", tarfile.BLKTYPE), "app.py is a device: hand in the file itself"),
        (tar_entry("app.py", tarfile.FIFOTYPE), "app.py is a pipe: hand in the file itself"),
        (tar_entry("app.py", b"V"), "app.py is neither a file nor a folder: hand in the file itself"),
        (tar_entry("app.py", tarfile.GNUTYPE_SPARSE), "app.py is a sparse file: hand in the file itself"),
    ],
)
def test_what_is_no_file_in_a_tar_is_refused(tmp_path: Path, entry: tarfile.TarInfo, reason: str) -> None:
    assert refusal(tar_of((tar_entry("Dockerfile"), b""), (entry, b"")), tmp_path) == reason


def test_a_sparse_file_of_the_newer_kind_is_refused(tmp_path: Path) -> None:
    entry = tar_entry("app.py")
    entry.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.realsize": "9" * 18}
    assert refusal(tar_of((entry, b"")), tmp_path) == "app.py is a sparse file: hand in the file itself"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (stat.S_IFLNK, "a link"),
        (stat.S_IFIFO, "a pipe"),
        (stat.S_IFSOCK, "a socket"),
        (stat.S_IFCHR, "a device"),
        (stat.S_IFBLK, "a device"),
    ],
)
def test_what_is_no_file_in_a_zip_is_refused(tmp_path: Path, kind: int, words: str) -> None:
    content = zip_of((zip_entry("app.py", kind | 0o777), b"/etc/passwd"))
    assert refusal(content, tmp_path) == f"app.py is {words}: hand in the file itself"


def test_a_link_that_later_files_would_be_written_through_is_refused(tmp_path: Path) -> None:
    through = [(tar_entry("out", tarfile.SYMTYPE, "/etc"), b""), (tar_entry("out/evil.py"), b"x")]
    assert refusal(tar_of(*through), tmp_path) == "out is a link: hand in the file itself"


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("app.py", "app.py", "app.py is there twice: keep one"),
        ("app.py", "./app.py", "app.py is there twice: keep one"),
        ("app.py", "App.py", "App.py and app.py are one on many systems: rename one"),
        ("static/a", "Static/b", "Static and static are one on many systems: rename one"),
        ("caf\u00e9.py", "cafe\u0301.py", "cafe\u0301.py and caf\u00e9.py are one on many systems: rename one"),
        ("pages", "pages/about.py", "pages is there as a file and as a folder: keep one"),
        ("pages/about.py", "pages", "pages is there as a file and as a folder: keep one"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")  # the test's own packing says so
def test_two_names_that_are_one_file_are_refused(tmp_path: Path, first: str, second: str, reason: str) -> None:
    for number, content in enumerate(
        (
            zip_of((zip_entry(first), b"1"), (zip_entry(second), b"2")),
            tar_of((tar_entry(first), b"1"), (tar_entry(second), b"2")),
        )
    ):
        (tmp_path / str(number)).mkdir()
        with pytest.raises(SubmissionError) as error:
            unpacked(content, tmp_path / str(number) / "in")
        assert str(error.value) == f"ada.zip: {reason}"


def test_a_folder_may_be_listed_twice(tmp_path: Path) -> None:
    entries = [(tar_entry("pages/"), b""), (tar_entry("pages/about.py"), b""), (tar_entry("pages/"), b"")]
    assert unpacked(tar_of(*entries), tmp_path / "in") == {"pages/about.py": b""}


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"count": 3}, "holds more than 3 files and folders: hand in your own work only"),
        ({"listed": 2}, "lists more than 2 files and folders: hand in your own work only"),
        ({"largest": 9}, "Dockerfile is larger than 0 MB: hand in your own work only"),
        ({"size": 20}, "unpacks to more than 0 MB: hand in your own work only"),
    ],
)
def test_more_than_any_honest_work_is_refused(tmp_path: Path, limits: dict[str, int], reason: str) -> None:
    for number, content in enumerate((zipped(), tarred())):
        (tmp_path / str(number)).mkdir()
        assert refusal(content, tmp_path / str(number), **limits) == reason


def test_a_list_that_would_fill_the_memory_is_not_read(tmp_path: Path) -> None:
    reason = "lists more files than it may: hand in your own work only"
    assert refusal(zipped(), tmp_path, listing=150) == reason


def test_a_list_is_read_no_further_than_its_limit(tmp_path: Path) -> None:
    entry = tar_of((tar_entry(".venv/"), b""), form=USTAR)[:512]
    reason = "lists more than 1,000 files and folders: hand in your own work only"
    assert refusal(entry * 1_001 + b"x" * 512, tmp_path, listed=1_000) == reason


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    zeros = {"Dockerfile": b"", "zeros": bytes(20_000_000)}
    assert refusal(zipped(zeros), tmp_path) == (
        "zeros unpacks to more than 100 times its size: hand in your own work only"
    )
    for content in (tar_gz(zeros), tar_bz2(zeros)):
        (tmp_path / "in").rmdir()
        reason = "unpacks to more than 100 times its size: hand in your own work only"
        assert refusal(content, tmp_path) == reason
        (tmp_path / "in").rmdir()
        reason = "unpacks to more than 15 MB: hand in your own work only"
        assert refusal(content, tmp_path, passed=15_000_000, floor=15_000_000) == reason


def test_what_is_passed_over_of_a_zip_is_not_even_unpacked(tmp_path: Path) -> None:
    content = zipped({"app.py": b"", ".venv/zeros": bytes(20_000_000)})
    assert unpacked(content, tmp_path / "in", size=1_000, floor=0) == {"app.py": b""}


def test_what_compresses_well_and_is_small_is_taken(tmp_path: Path) -> None:
    assert len(unpacked(zipped({"zeros": bytes(5_000_000)}), tmp_path / "in")["zeros"]) == 5_000_000


def test_an_archive_in_an_archive_is_a_file(tmp_path: Path) -> None:
    nested = {"inner.zip": zipped(), "inner.tar.gz": tar_gz()}
    assert unpacked(zipped(nested), tmp_path / "in") == nested


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_memory_stays_flat_for_a_bomb(tmp_path: Path, kind: str) -> None:
    bomb = tmp_path / "bomb"
    bomb.mkdir()
    block, count = 10_240_000, 30
    size = block * count
    if kind == "zip":
        with zipfile.ZipFile(bomb / kind, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros", "w") as zeros:
            for _ in range(count):
                zeros.write(bytes(block))
    else:
        entry = tar_entry("zeros")
        entry.size = size
        with gzip.open(bomb / kind, "w", compresslevel=1) as file:
            file.write(entry.tobuf())
            for _ in range(count):
                file.write(bytes(block))
    limits = dataclasses.replace(
        STUDENT, largest=10 * size, size=10 * size, passed=10 * size, ratio=10**6, ratio_of_all=10**6
    )
    tracemalloc.start()
    try:
        unpack(bomb / kind, kind, tmp_path / "in", limits)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
    assert (tmp_path / "in" / "zeros").stat().st_size == size


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_an_extended_header_is_not_read_at_any_size(tmp_path: Path, kind: bytes) -> None:
    header = tar_entry("x", kind)
    header.size = 10**9
    assert refusal(header.tobuf() + bytes(2_000_000), tmp_path) == "damaged: pack the folder anew"


@pytest.mark.parametrize(
    "record", [b"0 path=x\n", b"-9 path=x\n", b"99 path=x\n", b"x path=y\n", b"9" * 5_000 + b" a=b\n"]
)
def test_an_extended_header_that_lies_is_refused(tmp_path: Path, record: bytes) -> None:
    header = tar_entry("x", tarfile.XHDTYPE)
    header.size = len(record)
    content = header.tobuf() + record + bytes(-len(record) % 512) + tar_of((tar_entry("app.py"), b""))
    assert refusal(content, tmp_path) == "damaged: pack the folder anew"


@pytest.mark.parametrize("size", ["-512", "99999999999", "1e3"])
def test_a_size_that_lies_is_refused_in_a_tar(tmp_path: Path, size: str) -> None:
    entry = tar_entry("app.py")
    entry.pax_headers = {"size": size}
    assert refusal(tar_of((entry, b"x" * 600)), tmp_path) == "damaged: pack the folder anew"


def in_the_list(content: bytes, at: int, value: bytes) -> bytes:
    """A zip with the bytes at this place of its list's first entry changed."""
    begin = content.index(b"PK\x01\x02") + at
    return content[:begin] + value + content[begin + len(value) :]


@pytest.mark.parametrize("claimed", [1, 10_000], ids=["smaller", "larger"])
def test_a_size_that_lies_is_refused_in_a_zip(tmp_path: Path, claimed: int) -> None:
    real = b"x" * 5_000
    content = in_the_list(zipped({"app.py": real}), 24, claimed.to_bytes(4, "little"))
    assert refusal(content, tmp_path) == (
        "damaged: zip the folder anew"
        if claimed == 1
        else "app.py is not as large as the zip says: zip the folder anew"
    )
    assert tree(tmp_path / "in") == {}


def test_a_size_that_lies_with_the_sum_of_what_it_claims_writes_no_more(tmp_path: Path) -> None:
    content = in_the_list(zipped({"app.py": b"x" * 5_000}), 24, (1).to_bytes(4, "little"))
    content = in_the_list(content, 16, zlib.crc32(b"x").to_bytes(4, "little"))
    assert unpacked(content, tmp_path / "in") == {"app.py": b"x"}


def test_entries_that_overlap_are_refused(tmp_path: Path) -> None:
    content = zipped({"a": b"x" * 500, "b": b"y" * 500}, method=zipfile.ZIP_STORED)
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1)
    overlapping = content[: second + 42] + (0).to_bytes(4, "little") + content[second + 46 :]
    assert refusal(overlapping, tmp_path) == "its entries overlap: zip the folder anew"


def test_an_entry_past_the_end_is_refused(tmp_path: Path) -> None:
    content = in_the_list(zipped({"a": b"x" * 500}), 20, (10**6).to_bytes(4, "little"))
    assert refusal(content, tmp_path) == "damaged: zip the folder anew"


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    content = in_the_list(zipped({"app.py": b""}), 8, b"\x01\x00")
    assert refusal(content, tmp_path) == "app.py is encrypted: zip the folder anew, without a password"


@pytest.mark.parametrize(("method", "words"), [(12, "bzip2"), (14, "lzma"), (77, "method 77")])
def test_a_compression_that_is_not_read_is_refused(tmp_path: Path, method: int, words: str) -> None:
    content = in_the_list(zipped({"app.py": b""}), 10, method.to_bytes(2, "little"))
    advice = "zip the folder anew, with the system's own zip"
    assert refusal(content, tmp_path) == f"app.py is compressed with {words}: {advice}"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty: hand in a zip or a tar.gz"),
        (b"FROM scratch\n", "it is no archive: hand in a zip or a tar.gz"),
        (b"Rar!\x1a\x07\x01\x00", "it is packed as RAR: hand in a zip or a tar.gz"),
        (b"7z\xbc\xaf\x27\x1c", "it is packed as 7z: hand in a zip or a tar.gz"),
        (b"\xfd7zXZ\x00", "it is packed as xz: hand in a zip or a tar.gz"),
        (b"\x28\xb5\x2f\xfd", "it is packed as zstd: hand in a zip or a tar.gz"),
        (zipped({}), "holds no file: hand in a zip or a tar.gz"),
        (zipped({"hello/": b""}), "holds no file: hand in a zip or a tar.gz"),
        (gzip.compress(b"FROM scratch\n" * 100), "damaged: pack the folder anew"),
        (zipped()[:-30], "damaged: zip the folder anew"),
        (tar_gz()[:-30], "damaged: pack the folder anew"),
        (tarred()[:700], "damaged: pack the folder anew"),
        (tar_bz2()[:-30], "damaged: pack the folder anew"),
    ],
    ids=[
        "empty",
        "text",
        "rar",
        "7z",
        "xz",
        "zstd",
        "zip of nothing",
        "zip of a folder",
        "gzip of no tar",
        "zip cut",
        "tar.gz cut",
        "tar cut",
        "tar.bz2 cut",
    ],
)
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    assert refusal(content, tmp_path) == reason


def test_only_a_regular_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "real.zip").write_bytes(zipped())
    (tmp_path / "link.zip").symlink_to("real.zip")
    os.mkfifo(tmp_path / "pipe.zip")
    for path, reason in (
        (tmp_path / "link.zip", "cannot be read: "),
        (tmp_path / "none.zip", "cannot be read: No such file or directory"),
        (tmp_path / "pipe.zip", "it is not a regular file: hand in a zip or a tar.gz"),
        (tmp_path, "it is not a regular file: hand in a zip or a tar.gz"),
    ):
        with pytest.raises(SubmissionError, match=rf"^ada: {reason}"):
            unpack(path, "ada", tmp_path / "in")
        assert not is_archive(path)
    assert is_archive(tmp_path / "real.zip")


def test_a_disk_that_is_full_is_not_the_students_fault(tmp_path: Path) -> None:
    with pytest.raises(GraderError, match=r"cannot write to /dev/null: .*; make room there, or choose") as error:
        unpack(io.BytesIO(zipped()), "ada.zip", Path("/dev/null"))
    assert not isinstance(error.value, SubmissionError)


def test_of_a_class_only_the_one_is_refused(tmp_path: Path) -> None:
    content = zip_of(
        (zip_entry("ada/app.py"), b"1"),
        (zip_entry("bob/app.py", stat.S_IFLNK), b"/etc/passwd"),
        (zip_entry("../eve/app.py"), b"2"),
        (zip_entry("zoe/app.py"), b"x" * 5_000),
    )
    last = content.rindex(b"PK\x01\x02") + 16
    broken = content[:last] + b"\0\0\0\0" + content[last + 4 :]
    refused = unpack_class(io.BytesIO(broken), "class.zip", tmp_path, STUDENT)
    assert tree(tmp_path) == {"ada/app.py": b"1", "zoe/": b""}
    assert refused == {
        "bob/app.py": "bob/app.py is a link: hand in the file itself",
        "../eve/app.py": "../eve/app.py leads out of the folder: pack the folder itself, by its own name",
        "zoe/app.py": "damaged: zip the folder anew",
    }


@pytest.mark.parametrize("pack", [zipped, tarred, tar_gz, tar_bz2], ids=["zip", "tar", "tar.gz", "tar.bz2"])
def test_no_bytes_make_anything_but_a_refusal(tmp_path: Path, pack: Callable[[Mapping[str, bytes]], bytes]) -> None:
    generator = random.Random(20)
    honest = pack({**WORK, "pages/": b"", LONG: b"x" * 700, ".git/config": b"", "notes.txt": bytes(300)})
    refused = []
    for number in range(1_500):
        content = bytearray(honest)
        for _ in range(generator.choice((1, 1, 2, 5, 20))):
            content[generator.randrange(len(content))] = generator.choice((0, 0xFF, generator.randrange(256)))
        if generator.random() < 0.1:
            del content[generator.randrange(len(content)) :]
        into = tmp_path / str(number) / "in"
        into.mkdir(parents=True)
        try:
            unpack(io.BytesIO(bytes(content)), "fuzz", into)
        except SubmissionError as error:
            refused.append(str(error))
        assert list(into.parent.iterdir()) == [into]
        tree(into)
    assert len(refused) > 100
    assert [message for message in refused if one_line(message) != message] == []
