"""One bash for a whole page: commands go in one at a time, their output and exit code come out."""

import os
import secrets
import selectors
import shlex
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

MOST_OUTPUT = 2_000_000


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What a command printed (both streams as one), how it ended, and where the shell stands now."""

    output: str
    code: int
    folder: Path


class ShellLost(Exception):
    """The shell is gone or was killed; `output` is what it had printed by then."""

    def __init__(self, reason: str, output: str) -> None:
        super().__init__(reason)
        self.output = output


class Shell:
    """A bash that keeps its folder and its variables from one command to the next."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        # A session of its own: a deadline kills the command's children with it, and Ctrl-C is ours.
        self._process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input = self._process.stdin
        self._output = self._process.stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, command: str, deadline: float) -> Ran:
        """Run one command; `deadline` is a reading of the monotonic clock."""
        if self._process.returncode is not None:
            raise ShellLost("found the shell gone", "")
        mark = f"--{secrets.token_hex(16)}--"
        # Under eval a syntax error ends the command and not the shell; /dev/null keeps a command that
        # reads its standard input from swallowing the next one.
        script = f"eval {shlex.quote(command)} </dev/null\nprintf '%s%d:%s\\n' {mark} $? \"$PWD\"\n"
        try:
            self._input.write(script.encode())
            self._input.flush()
        except BrokenPipeError:
            raise self._lost("found the shell gone", bytearray()) from None
        return self._read(mark.encode(), deadline)

    def close(self) -> None:
        """End the shell and whatever it left running."""
        if self._process.returncode is not None:
            return  # its number may be another process's by now
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        with suppress(BrokenPipeError):
            self._input.close()
        self._output.close()

    def _read(self, mark: bytes, deadline: float) -> Ran:
        seen = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self._output, selectors.EVENT_READ)
            while True:
                left = deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    raise self._lost("ran out of time and was killed", seen)
                chunk = os.read(self._output.fileno(), 65536)
                if not chunk:
                    raise self._lost("ended the shell", seen)
                seen += chunk
                if len(seen) > MOST_OUTPUT:
                    raise self._lost(f"printed more than {MOST_OUTPUT} bytes and was killed", seen)
                printed, found, rest = seen.partition(mark)
                if found and rest.endswith(b"\n"):
                    code, _, folder = rest.decode().rstrip("\n").partition(":")
                    self.folder = Path(folder)
                    output = printed.decode(errors="replace")
                    return Ran(output=output, code=int(code), folder=self.folder)

    def _lost(self, reason: str, seen: bytearray) -> ShellLost:
        self.close()
        return ShellLost(reason, seen.decode(errors="replace"))
