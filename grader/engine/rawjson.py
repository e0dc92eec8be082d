"""Reads BuildKit's own record of a build, as `docker buildx build --progress=rawjson` writes it."""

import base64
import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

LOG_LIMIT = 64_000  # bytes of one step's output that are kept: the last ones


@dataclass(kw_only=True)
class Step:
    """One step of a build: BuildKit calls it a vertex."""

    name: str  # such as "[2/4] RUN pip install -r requirements.txt"
    started: bool = False
    completed: bool = False
    cached: bool = False
    error: str = ""
    log: bytes = b""  # the whole lines that it printed
    _open: dict[int, bytes] = field(default_factory=dict)  # by stream, a line that has no end yet

    @property
    def text(self) -> str:
        return (self.log + b"\n".join(self._open.values())).decode("utf-8", "replace")

    def hear(self, stream: int, data: bytes) -> None:
        """Add what one of its streams printed; a line is kept whole, whatever the other one says in the middle of it.

        `apt-get` leaves "Building dependency tree..." open on one of them, and writes "E:" on the other before it says
        what is wrong.
        """
        lines, end, rest = (self._open.pop(stream, b"") + data).rpartition(b"\n")
        self.log = (self.log + lines + end)[-LOG_LIMIT:]
        if rest:
            self._open[stream] = rest[-LOG_LIMIT:]


@dataclass(kw_only=True)
class BuildLog:
    """The steps of a build in the order in which BuildKit named them, and the client's closing words."""

    steps: dict[str, Step] = field(default_factory=dict)
    plain: str = ""

    def take(self, record: dict[str, Any]) -> Iterator[Step]:
        """Take in one record; yields the steps that it tells something new of."""
        for vertex in record.get("vertexes") or ():
            step = self.steps.setdefault(vertex["digest"], Step(name=vertex.get("name", "")))
            step.started |= "started" in vertex
            step.completed |= "completed" in vertex
            step.cached |= bool(vertex.get("cached"))
            step.error = vertex.get("error") or step.error
            yield step
        for entry in record.get("logs") or ():
            if (speaker := self.steps.get(entry["vertex"])) is not None:
                speaker.hear(entry.get("stream", 0), base64.b64decode(entry.get("data", "")))

    @property
    def failed(self) -> Step | None:
        """The step that broke the build; the others were only canceled with it."""
        broken = [step for step in self.steps.values() if step.error]
        return next((step for step in broken if "canceled" not in step.error), broken[0] if broken else None)


class Decoder:
    """Cuts a stream into records: one a line in newer releases, indented over many lines in buildx 0.13."""

    def __init__(self) -> None:
        self._decode = json.JSONDecoder().raw_decode
        # A chunk may end within a character.
        self._characters = codecs.getincrementaldecoder("utf-8")("replace")
        self._buffer = ""
        self.plain = ""  # what was no record: the client's own words

    def feed(self, chunk: bytes) -> Iterator[dict[str, Any]]:
        """Take a chunk; yields the records that are complete now."""
        self._buffer += self._characters.decode(chunk)
        while buffer := self._buffer.lstrip("\n"):
            if buffer.startswith("{"):
                try:
                    record, end = self._decode(buffer)
                except ValueError:
                    return  # half a record
                yield record
            elif end := buffer.find("\n") + 1:
                self.plain = (self.plain + buffer[:end])[-LOG_LIMIT:]
            else:
                return  # half a line of plain text
            self._buffer = buffer[end:]

    def close(self) -> None:
        """What is left when the stream has ended is no record."""
        self.plain = (self.plain + self._buffer)[-LOG_LIMIT:]
        self._buffer = ""
