"""Builds an image with BuildKit, bounded, and reads from BuildKit's own record what happened."""

import json
import re
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.engine.command import kill_group
from grader.engine.connection import Engine
from grader.engine.rawjson import BuildLog, Decoder, Step
from grader.errors import EngineFault

# Any of these in the client's closing words is the engine's trouble. They are searched in its words alone, never in
# what a step printed.
ENGINE_TROUBLE = (
    "Cannot connect to the Docker daemon",
    "no space left on device",
    "error reading from server",
    "failed to create task",
    "connection refused",
    "context deadline exceeded",
    "transport is closing",
)
# A step that failed by itself has an exit code; one that the engine could not even run has not.
NOT_BY_ITSELF = re.compile(r"did not complete successfully: (?!exit code: )")
SYNTAX = re.compile(
    rb"\A(?P<before>(?:\xef\xbb\xbf)?(?:[ \t]*#[ \t]*\w+[ \t]*=.*\n)*?)[ \t]*#[ \t]*syntax[ \t]*=.*", re.I
)


@dataclass(frozen=True, kw_only=True)
class Build:
    """How a build ended; `image` is the id, or empty where it failed."""

    image: str
    steps: tuple[Step, ...]
    failed: Step | None
    words: str  # the client's closing words: an excerpt of the Dockerfile and the error
    timed_out: bool


def build(
    engine: Engine,
    context: Path,
    *,
    label: str,
    bases: Sequence[str],
    timeout: float,
    progress: Callable[[Step], None],
) -> Build:
    """Build the Dockerfile in `context`, for `timeout` seconds at most; only `bases` may be named by FROM or --from.

    :raises EngineFault: the engine is at fault, not the Dockerfile
    """
    _neutralize_syntax(context / "Dockerfile")
    with tempfile.TemporaryDirectory(prefix="shipshape-") as folder:
        policy, image = Path(folder) / "policy.json", Path(folder) / "image"
        policy.write_text(json.dumps(_policy(bases)), encoding="utf-8")
        process = engine.command.start(
            *("buildx", "build", "--builder", "default", "--progress", "rawjson", "--provenance", "false"),
            *(
                "--ulimit",
                "core=0",
                "--ulimit",
                "nofile=4096",
                "--label",
                label,
                "--iidfile",
                str(image),
                str(context),
            ),
            env={"EXPERIMENTAL_BUILDKIT_SOURCE_POLICY": str(policy)},
        )
        log, timed_out = _follow(process, timeout, progress)
        built = image.read_text(encoding="utf-8").strip() if image.exists() and process.returncode == 0 else ""
    if not built and not timed_out and (trouble := _trouble(log.plain)):
        raise EngineFault(f"the build was broken by the engine: {trouble}")
    return Build(image=built, steps=tuple(log.steps.values()), failed=log.failed, words=log.plain, timed_out=timed_out)


def _follow(
    process: subprocess.Popen[bytes], timeout: float, progress: Callable[[Step], None]
) -> tuple[BuildLog, bool]:
    """Read the record to its end, or to the deadline: killing the client cancels the build."""
    log, decoder, late = BuildLog(), Decoder(), threading.Event()

    def end() -> None:
        late.set()
        kill_group(process)

    timer = threading.Timer(timeout, end)
    timer.daemon = True
    timer.start()
    try:
        assert process.stderr is not None  # noqa: S101 -- started with a pipe
        while chunk := process.stderr.read1(65_536):  # type: ignore[attr-defined]
            for record in decoder.feed(chunk):
                for step in log.take(record):
                    progress(step)
        process.wait()
    except ValueError:  # the pipe was closed under us by the timer
        process.wait()
    finally:
        timer.cancel()
        kill_group(process)
    decoder.close()
    log.plain = decoder.plain
    return log, late.is_set()


def _policy(bases: Sequence[str]) -> dict[str, object]:
    """BuildKit's source policy: no other image on this machine, no remote ADD, no git, no foreign frontend."""
    allowed = ["local://*", *(f"docker-image://{_canonical(base)}" for base in bases)]
    deny = {"action": "DENY", "selector": {"identifier": "*"}}
    return {"rules": [deny, *({"action": "ALLOW", "selector": {"identifier": name}} for name in allowed)]}


def _canonical(reference: str) -> str:
    """The reference as BuildKit writes it: with its registry, and `library/` for an official image."""
    first, slash, _ = reference.partition("/")
    if not slash:
        return f"docker.io/library/{reference}"
    return reference if "." in first or ":" in first or first == "localhost" else f"docker.io/{reference}"


def _neutralize_syntax(dockerfile: Path) -> None:
    """Blank a `# syntax=` line, which would fetch and run a frontend; the lines keep their numbers."""
    content = dockerfile.read_bytes()
    replaced = SYNTAX.sub(rb"\g<before># (the grader builds with its own syntax)", content, count=1)
    if replaced != content:
        dockerfile.write_bytes(replaced)


def _trouble(words: str) -> str:
    last = next((line for line in reversed(words.splitlines()) if line.strip()), "")
    return last if NOT_BY_ITSELF.search(last) or any(sign in last for sign in ENGINE_TROUBLE) else ""
