"""Archives as students, platforms and attackers make them."""

import bz2
import gzip
import io
import stat
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

WORK: Mapping[str, bytes] = {"Dockerfile": b"FROM scratch\n", "app.py": b"print()\n", "pages/about.py": b""}


def zipped(files: Mapping[str, bytes] = WORK, **options: int) -> bytes:
    """A zip of these files; a name that ends with "/" is a folder."""
    return zip_of(*((zipfile.ZipInfo(name), content) for name, content in files.items()), **options)


def zip_of(*entries: tuple[zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for info, content in entries:
            archive.writestr(info, content, compress_type=method)
    return file.getvalue()


def zip_entry(name: str, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return info


def tarred(files: Mapping[str, bytes] = WORK, form: int = tarfile.PAX_FORMAT) -> bytes:
    return tar_of(*((tar_entry(name), content) for name, content in files.items()), form=form)


def tar_of(*entries: tuple[tarfile.TarInfo, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=form) as archive:
        for info, content in entries:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def tar_entry(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name.rstrip("/"))
    info.type, info.linkname = tarfile.DIRTYPE if name.endswith("/") else kind, target
    return info


def tar_gz(files: Mapping[str, bytes] = WORK) -> bytes:
    return gzip.compress(tarred(files), mtime=0)


def tar_bz2(files: Mapping[str, bytes] = WORK) -> bytes:
    return bz2.compress(tarred(files))


def tree(folder: Path) -> dict[str, bytes]:
    """Every file under a folder; a folder with nothing in it ends with "/"."""
    found = {}
    for path in sorted(folder.rglob("*")):
        assert not path.is_symlink()
        name = path.relative_to(folder).as_posix()
        if path.is_file():
            found[name] = path.read_bytes()
        elif not any(path.iterdir()):
            found[f"{name}/"] = b""
    return found


def lay(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The files as a folder; the folder itself."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder
