"""Builds an image with BuildKit, bounded, and reads from BuildKit's own record what happened."""

import codecs
import itertools
import json
import re
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.engine.command import kill_group
from grader.engine.connection import Engine
from grader.engine.image import inspect
from grader.engine.rawjson import BuildLog, Decoder, Step
from grader.errors import EngineFault

# What a step says that ran and failed by itself. The text before it is the step's own command: the end alone counts.
EXIT_CODE = re.compile(r"did not complete successfully: exit code: (?P<code>\d+)$")
# What a step says that the engine could not even run, or not finish.
NOT_BY_ITSELF = re.compile(
    r"did not complete successfully: (?!exit code: )|no space left on device$|failed to create task"
)
REFUSED = "ERROR: failed to solve: "
UNRESOLVED = "failed to resolve source metadata"
DENIED = "denied by policy"
DIRECTIVE = re.compile(rb"[ \t]*(?:#|//)[ \t]*(?P<name>[a-zA-Z][a-zA-Z0-9]*)[ \t]*=.*")
OURS = b"# (the grader builds with its own syntax)\n"


@dataclass(frozen=True, kw_only=True)
class Build:
    """How a build ended; `image` is the id, or empty where it failed."""

    image: str
    steps: tuple[Step, ...]
    failed: Step | None
    words: str  # the client's closing words: an excerpt of the Dockerfile and the error
    timed_out: bool

    @property
    def error(self) -> str:
        """The client's last word, without its prefix; it may quote the Dockerfile."""
        return _last(self.words).removeprefix("ERROR: ").removeprefix("failed to solve: ")

    @property
    def exit_code(self) -> str:
        """The exit code of the step that failed by itself, or nothing."""
        found = EXIT_CODE.search(self.failed.error) if self.failed else None
        return found["code"] if found else ""


def build(
    engine: Engine,
    context: Path,
    *,
    label: str,
    folder: Path,
    cache: str,
    bases: Sequence[str],
    timeout: float,
    progress: Callable[[Step], None],
) -> Build:
    """Build the Dockerfile in `context`, for `timeout` seconds at most; only `bases` may be named by FROM or --from.

    :param folder: of the run, for what the client writes
    :param cache: names the cache mounts that the build may use; another name sees none of them
    :raises EngineFault: nothing proves that the Dockerfile is at fault
    """
    _neutralize_syntax(context / "Dockerfile")
    policy, record = folder / "policy.json", folder / "metadata.json"
    policy.write_text(json.dumps(_policy(bases)), encoding="utf-8")
    record.unlink(missing_ok=True)
    process = engine.command.start(
        *("buildx", "build", "--builder", "default", "--progress", "rawjson", "--provenance", "false"),
        *("--ulimit", "core=0", "--ulimit", "nofile=4096", "--build-arg", f"BUILDKIT_CACHE_MOUNT_NS={cache}"),
        *("--label", label, "--metadata-file", str(record), str(context)),
        env={"EXPERIMENTAL_BUILDKIT_SOURCE_POLICY": str(policy), "BUILDX_CONFIG": str(folder / "buildx")},
    )
    log, timed_out = _follow(process, timeout, progress)
    built = Build(
        image=_image_id(engine, record) if process.returncode == 0 else "",
        steps=tuple(log.steps.values()),
        failed=log.failed,
        words=log.plain,
        timed_out=timed_out,
    )
    if not built.image and not _by_the_dockerfile(built):
        raise EngineFault(f"the build was broken by the engine: {built.error or 'it never began'}")
    return built


def _image_id(engine: Engine, record: Path) -> str:
    """The id by which the engine knows the image that was built.

    The classic store names an image by the digest of its configuration, containerd's by that of its manifest.
    """
    try:
        told = json.loads(record.read_bytes())
    except (OSError, ValueError) as error:
        raise EngineFault(f"buildx left no record of the build: {error}") from error
    digests = [str(told.get(key, "")) for key in ("containerimage.config.digest", "containerimage.digest")]
    found = next((digest for digest in digests if digest and inspect(engine, digest)), "")
    if not found:
        raise EngineFault("the image is gone: it was removed as soon as it was built")
    return found


def _by_the_dockerfile(built: Build) -> bool:
    """Whether BuildKit's own record proves that the Dockerfile, or a step of it, is at fault."""
    own = [step for step in built.steps if is_own(step)]
    if built.timed_out:
        return any(step.started and not step.completed for step in own)
    if built.exit_code:
        return True
    if not _last(built.words).startswith(REFUSED):
        return False
    if DENIED in built.error or UNRESOLVED in built.error:
        return DENIED in built.error
    if built.failed:
        return is_own(built.failed) and not NOT_BY_ITSELF.search(built.failed.error)
    # No step failed: the Dockerfile was read, and what it asks for was refused.
    return any("load build definition" in step.name and step.completed for step in built.steps)


def is_own(step: Step) -> bool:
    """Whether a step is an instruction of the Dockerfile, such as "[2/4] RUN ..."."""
    return step.name.startswith("[") and not step.name.startswith("[internal]")


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
    images = [f"docker-image://{_canonical(base)}" for base in bases]
    # An engine that keeps its images in containerd's store asks for them by name and digest.
    allowed = ["local://*", *images, *(f"{image}@*" for image in images)]
    deny = {"action": "DENY", "selector": {"identifier": "*"}}
    return {"rules": [deny, *({"action": "ALLOW", "selector": {"identifier": name}} for name in allowed)]}


def _canonical(reference: str) -> str:
    """The reference as BuildKit writes it: with its registry, and `library/` for an official image."""
    first, slash, _ = reference.partition("/")
    if not slash:
        return f"docker.io/library/{reference}"
    return reference if "." in first or ":" in first or first == "localhost" else f"docker.io/{reference}"


def _neutralize_syntax(dockerfile: Path) -> None:
    """Take out a syntax directive, which would fetch and run a frontend.

    Any comment ends the block of directives, so ours goes behind the last one; the lines below keep their numbers.
    """
    lines = dockerfile.read_bytes().splitlines(keepends=True)
    mark = codecs.BOM_UTF8 if lines and lines[0].startswith(codecs.BOM_UTF8) else b""
    lines[:1] = [line.removeprefix(mark) for line in lines[:1]]
    start = 1 if lines and lines[0].startswith(b"#!") else 0
    found = list(itertools.takewhile(lambda line: DIRECTIVE.match(line), lines[start:]))
    kept = [line for line in found if DIRECTIVE.match(line)["name"].lower() != b"syntax"]  # type: ignore[index]
    if len(kept) < len(found):
        ours = [OURS] * (len(found) - len(kept))
        dockerfile.write_bytes(mark + b"".join([*lines[:start], *kept, *ours, *lines[start + len(found) :]]))


def _last(words: str) -> str:
    return next((line for line in reversed(words.splitlines()) if line.startswith("ERROR: ")), "")
