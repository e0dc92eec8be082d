"""A submission as bytes: what intake took, in a form that can be kept in a store and sent to another machine."""

import hashlib
from pathlib import Path, PurePosixPath

import msgspec

from grader.submission import Submission


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """All that intake knows of a submission, and the files that it took."""

    name: str
    files: dict[str, bytes]  # in the order in which they were taken
    scripts: tuple[str, ...]  # those that may be run as they are
    missing: tuple[str, ...]
    left_out: tuple[str, ...]
    links: tuple[str, ...]
    called: dict[str, str]
    digest: str  # sha256 of the names and contents taken

    @property
    def key(self) -> str:
        """What tells it from every other: two with the same key are graded once, and get the same report.

        More than the digest counts: a report also names what was there and not taken.
        """
        told = msgspec.json.encode((self.digest, self.missing, self.left_out, self.links, sorted(self.called.items())))
        return hashlib.sha256(told).hexdigest()


def pack(submission: Submission) -> Parcel:
    """The submission, with the contents of its clean copy."""
    paths = {_sendable(name): submission.folder / name for name in submission.files}
    return Parcel(
        name=submission.name,
        files={name: path.read_bytes() for name, path in paths.items()},
        scripts=tuple(name for name, path in paths.items() if path.stat().st_mode & 0o100),
        missing=submission.missing,
        left_out=tuple(map(_sendable, submission.left_out)),
        links=tuple(map(_sendable, submission.links)),
        called={_sendable(name): _sendable(given) for name, given in submission.called.items()},
        digest=submission.digest,
    )


def unpack(parcel: Parcel, folder: Path) -> Submission:
    """Lay a parcel out as the clean copy that it was made from, in a folder that is not there yet.

    :raises ValueError: it names a file outside the folder, which nothing of ours does
    """
    for name, content in parcel.files.items():
        parts = PurePosixPath(name).parts
        if not parts or parts[0] == "/" or ".." in parts:
            raise ValueError(f"a parcel names {name!r}, outside its folder")
        path = folder.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o755 if name in parcel.scripts else 0o644)
    folder.mkdir(parents=True, exist_ok=True)
    return Submission(
        name=parcel.name,
        folder=folder,
        files=tuple(parcel.files),
        missing=parcel.missing,
        left_out=parcel.left_out,
        links=parcel.links,
        called=parcel.called,
        digest=parcel.digest,
    )


def _sendable(name: str) -> str:
    """A name that is no UTF-8 in a form that is, since neither a store nor a message takes another."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
