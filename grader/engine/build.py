"""Builds an image with BuildKit, bounded, and reads from BuildKit's own record what happened."""

import dataclasses
import json
import re
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.engine.cgroup import limited
from grader.engine.command import kill_group
from grader.engine.connection import Engine
from grader.engine.faults import fault, passes
from grader.engine.image import inspect
from grader.engine.policy import DENIED, policy_for
from grader.engine.rawjson import BuildLog, Decoder, Step
from grader.engine.recipe import Recipe
from grader.engine.syntax import neutralize
from grader.errors import EngineFault, PassingFault

# What a step says that ran and failed by itself. The text before it is the step's own command: the end alone counts.
EXIT_CODE = re.compile(r"did not complete successfully: exit code: (?P<code>\d+)$")
# What a step says that the engine could not even run, or not finish.
NOT_BY_ITSELF = re.compile(
    r"did not complete successfully: (?!exit code: |unable to find (?:user|group) )"
    r"|no space left on device$|failed to create task"
)
REFUSED = "ERROR: failed to solve: "
UNRESOLVED = "failed to resolve source metadata"
LOST = "layer does not exist"  # of a step in its cache: so says, each time, an engine that was killed
# One file may not fill the disk. The cgroup limits the rest.
LIMITS = ("core=0", "nofile=4096", f"fsize={2 << 30}")


@dataclass(frozen=True, kw_only=True)
class Build:
    """How a build ended; `image` is the id, or empty where it failed."""

    image: str
    steps: tuple[Step, ...]
    failed: Step | None
    words: str  # the client's closing words: an excerpt of the Dockerfile and the error
    timed_out: bool
    out_of_memory: bool = False  # a step met the limit of memory, and was killed
    again: str = ""  # why it was built a second time

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
    recipe: Recipe | None = None,
) -> Build:
    """Build the Dockerfile in `context`, for `timeout` seconds at most; only `bases` may be named by FROM or --from.

    :param folder: of the run, for what the client writes
    :param cache: names the cache mounts that the build may use; another name sees none of them
    :raises EngineFault: nothing proves that the Dockerfile is at fault
    """
    recipe = recipe or Recipe()
    neutralize(context / recipe.dockerfile)
    policy, record = folder / "policy.json", folder / "metadata.json"
    policy.write_text(json.dumps(policy_for(bases)), encoding="utf-8")
    record.unlink(missing_ok=True)
    with limited(engine, folder=folder, label=label, image=bases[0]) as group:
        start = partial(
            engine.command.start,
            *("buildx", "build", "--builder", "default", "--progress", "rawjson", "--provenance", "false"),
            *(word for limit in LIMITS for word in ("--ulimit", limit)),
            *(("--cgroup-parent", group.name) if group.name else ()),
            *("--build-arg", f"BUILDKIT_CACHE_MOUNT_NS={cache}"),
            *("--label", label, "--metadata-file", str(record), *recipe.options),
            *("--file", str(context / recipe.dockerfile)),
            env={"EXPERIMENTAL_BUILDKIT_SOURCE_POLICY": str(policy), "BUILDX_CONFIG": str(folder / "buildx")},
        )
        process = start(str(context))
        log, timed_out = _follow(process, timeout, progress)
        built = Build(
            image=_image_id(engine, record) if process.returncode == 0 else "",
            steps=tuple(log.steps.values()),
            failed=log.failed,
            words=log.plain,
            timed_out=timed_out,
        )
        built = dataclasses.replace(built, out_of_memory=built.exit_code != "" and group.starved())
        if built.image or _by_the_dockerfile(built):
            return built
        if lost := built.error.endswith(LOST):
            # Built anew, each step has a layer again that the next try finds in the cache.
            _follow(start("--no-cache", str(context)), timeout, progress)
    # Without a last word, somebody ended the client.
    words = f"the build was broken by the engine: {built.error or 'it never began'}"
    raise fault(words, passing=lost or not built.error or passes(built.words))


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
        raise PassingFault("the image is gone: it was removed as soon as it was built")
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


def _last(words: str) -> str:
    return next((line for line in reversed(words.splitlines()) if line.startswith("ERROR: ")), "")
