"""The two stages before any check: the build and the start, each a Result that says why it failed."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from grader import evidence
from grader.diagnose import diagnose
from grader.engine import Engine
from grader.engine.build import Build, build, is_own
from grader.engine.index import OFFLINE, index_answers
from grader.engine.ledger import Lease
from grader.engine.rawjson import Step
from grader.errors import EngineFault
from grader.exercise import Exercise
from grader.report import Outcome, Result
from grader.submission import Submission
from grader.target import Target

LOG_LINES = 15  # of a failing build step, in a report
FACT_LIMIT = 4_000  # characters of one fact, in a report
BUILD_TITLE = "The image builds"
START_TITLE = "The container starts and answers"


@dataclass(frozen=True, kw_only=True)
class Built:
    """The build stage's result, and the id of the image it made: empty where it failed."""

    result: Result
    image: str


def build_image(
    engine: Engine,
    exercise: Exercise,
    submission: Submission,
    *,
    name: str,
    lease: Lease,
    progress: Callable[[str], None],
) -> Built:
    """Build what was handed in, if all of it was.

    :raises EngineFault: the engine is at fault
    """
    progress(f"building: docker build -t {name} .")
    if submission.missing:
        return Built(result=_not_all_handed_in(exercise, submission), image="")
    started = time.monotonic()

    def tell(step: Step) -> None:
        if step.started and not step.completed and is_own(step):
            progress(step.name)

    built = build(
        engine,
        submission.folder,
        label=lease.label,
        folder=lease.folder,
        cache=submission.digest[:16],
        bases=exercise.bases,
        timeout=exercise.run.build_timeout,
        progress=tell,
    )
    result = Result(
        id="build",
        kind="build",
        title=BUILD_TITLE,
        outcome=Outcome.PASS if built.image else Outcome.FAIL,
        asked=f"docker build -t {name} .",
        seconds=round(time.monotonic() - started, 3),
    )
    if built.image:
        own = [step for step in built.steps if is_own(step)]
        cached = sum(step.cached for step in own)
        return Built(
            result=msgspec.structs.replace(result, got=f"{len(own)} steps, {cached} cached"),
            image=built.image,
        )
    facts = evidence.of_build(built, submission, exercise)
    if OFFLINE.search(facts["log"]) and not index_answers(engine, lease, exercise.bases[0]):
        raise EngineFault("a build cannot reach the package index: see that this machine is online, and grade again")
    result = msgspec.structs.replace(result, expected="an image", got=_build_error(built, facts), log=_build_log(built))
    return Built(result=explain(result, facts), image="")


def start_container(target: Target) -> Result:
    """Start the image and wait for its first answer.

    :raises EngineFault: the engine is at fault
    """
    started = time.monotonic()
    facts = target.restart() if target.ended else target.start()
    result = Result(
        id="start",
        kind="start",
        title=START_TITLE,
        outcome=Outcome.FAIL if facts else Outcome.PASS,
        asked=target.command,
        seconds=round(time.monotonic() - started, 3),
    )
    if not facts:
        return result
    result = msgspec.structs.replace(
        result, expected=f"an HTTP answer on port {facts['port']}", got=_start_error(facts), log=target.log()
    )
    return explain(result, facts)


def explain(result: Result, facts: Mapping[str, str]) -> Result:
    """The same failed result with its evidence, bounded, and the cause that it proves."""
    kept = {name: text if len(text) <= FACT_LIMIT else text[-FACT_LIMIT:] for name, text in facts.items() if text}
    return msgspec.structs.replace(result, diagnosis=diagnose(facts), evidence=kept)


def _not_all_handed_in(exercise: Exercise, submission: Submission) -> Result:
    result = Result(
        id="build",
        kind="build",
        title=BUILD_TITLE,
        outcome=Outcome.FAIL,
        asked=f"ls {submission.name}",
        expected=", ".join(exercise.files),
        got=", ".join((*submission.files, *submission.left_out)) or "an empty folder",
    )
    facts = evidence.of_intake(submission)
    return explain(result, facts)


def _build_error(built: Build, facts: Mapping[str, str]) -> str:
    """What broke, in one line."""
    if built.timed_out:
        return "the build did not end in time"
    if "base" in facts:
        return f"{facts['base']} is not one of this exercise's base images: {facts['bases']}"
    return built.error or "no image"


def _build_log(built: Build) -> str:
    """What the failing step printed; where it printed nothing, the client's excerpt of the Dockerfile."""
    if built.failed and built.failed.text.strip():
        return "\n".join(built.failed.text.splitlines()[-LOG_LINES:])
    return "\n".join(line for line in built.words.splitlines() if not line.startswith("ERROR: "))


def _start_error(facts: Mapping[str, str]) -> str:
    if facts["refused"]:
        return facts["refused"]
    if "exit_code" in facts:
        return f"the container ended by itself with exit code {facts['exit_code']}"
    where = f"it listens on {facts['listening']}" if facts["listening"] else "it listens on no port"
    return f"no HTTP answer on port {facts['port']} ({facts['reason']}): {where}"
