"""Reads what an image holds from outside: nothing of it is run, unpacked or followed."""

import contextlib
import io
import re
import tarfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from grader.engine.connection import Engine
from grader.engine.faults import engine_faults
from grader.engine.sidecar import sidecar
from grader.facts import Contents, ImageFile

FILES_LIMIT = 200_000  # a Python image with a large web app has a tenth of that
BYTES_LIMIT = 3 << 30  # of the engine's archive; a sparse file counts with all its zeros
BLOCK = 4 << 20  # bytes of a file that are searched at once
OVERLAP = 4_096  # bytes of one block that are searched again with the next


def contents(
    engine: Engine, image: str, paths: Sequence[str], *, label: str, patterns: Sequence[re.Pattern[bytes]] = ()
) -> Contents:
    """What the image has at each of the paths and below; a path that is not there has nothing.

    :param label: of the run, for the container that is made and never started
    :param patterns: are looked for in every file
    :raises EngineFault: the engine did not do its part
    """
    files: list[ImageFile] = []
    budget = [BYTES_LIMIT]
    # An image without a command could not be made into a container without one; it is never started.
    with (
        engine_faults("looking into the image"),
        sidecar(engine, image, ["-"], label=label, host={"network_mode": "none"}) as container,
    ):
        for path in paths:
            try:
                for file in _archived(engine, container, path, patterns, budget):
                    if len(files) >= FILES_LIMIT:
                        return Contents(files=tuple(files), complete=False)
                    files.append(file)
            except _TooMuch:
                return Contents(files=tuple(files), complete=False)
    return Contents(files=tuple(files))


def _archived(
    engine: Engine, container: str, path: str, patterns: Sequence[re.Pattern[bytes]], budget: list[int]
) -> Iterator[ImageFile]:
    """The entries of the archive that the engine makes of one path."""
    from docker.errors import APIError

    path = path.rstrip("/") or "/"  # with a slash behind it, a link would be followed
    above = path.rpartition("/")[0]
    with engine_faults("reading the files of the image"):
        try:
            chunks, _ = engine.client.api.get_archive(container, path, chunk_size=1 << 20)
        except APIError as error:
            # A folder above the path is a file: as little there as a path that nobody made.
            if error.status_code == 404 or "not a directory" in str(error.explanation):
                return
            raise
        with contextlib.closing(_Stream(chunks, budget)) as stream:
            try:
                with tarfile.open(fileobj=stream, mode="r|", bufsize=1 << 20, errors="replace") as archive:
                    for entry in archive:
                        name = entry.name.strip("/").removeprefix("./")
                        yield ImageFile(
                            path=path if name in ("", ".") else f"{above}/{name}",
                            folder=entry.isdir(),
                            found=_found(archive, entry, patterns),
                        )
            except tarfile.TarError as error:
                raise ValueError(f"its archive cannot be read: {error}") from error


def _found(archive: tarfile.TarFile, entry: tarfile.TarInfo, patterns: Sequence[re.Pattern[bytes]]) -> frozenset[int]:
    """Which of the patterns stand in a file, by their numbers."""
    content = archive.extractfile(entry) if patterns and entry.isfile() else None
    found: set[int] = set()
    tail = b""
    while content is not None and (block := content.read(BLOCK)):
        text = tail + block
        found |= {number for number, pattern in enumerate(patterns) if pattern.search(text)}
        tail = text[-OVERLAP:]
    return frozenset(found)


class _TooMuch(Exception):
    """The archive goes on for longer than anybody would read."""


class _Stream(io.RawIOBase):
    """The chunks of an answer as a file to read from, until the budget of bytes is spent."""

    def __init__(self, chunks: Iterator[bytes], budget: list[int]) -> None:
        self._chunks, self._budget, self._left = chunks, budget, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 -- any writable buffer
        if not self._left:
            self._left = next(self._chunks, b"")
            self._budget[0] -= len(self._left)
            if self._budget[0] < 0:
                raise _TooMuch
        count = min(len(buffer), len(self._left))
        buffer[:count], self._left = self._left[:count], self._left[count:]
        return count

    def close(self) -> None:
        """Hang up: what was not read is not sent."""
        close: Callable[[], None] = getattr(self._chunks, "close", lambda: None)
        close()
        super().close()
