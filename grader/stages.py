"""The two stages before any check: the build and the start, each a Result that says why it failed."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from grader import evidence
from grader.building import Builder, counted
from grader.diagnose import diagnose
from grader.engine.build import Build
from grader.exercise import Exercise
from grader.report import Outcome, Result
from grader.submission import Submission
from grader.target import Target

if TYPE_CHECKING:
    from grader.compose import ComposeFault

LOG_LINES = 15  # of a failing build step, in a report
FACT_LIMIT = 4_000  # characters of one fact, in a report


@dataclass(frozen=True, kw_only=True)
class Built:
    """The build stage's result, and the ids of the images it made, by service: empty where it failed."""

    result: Result
    images: Mapping[str, str]


def build_images(builders: Mapping[str, Builder], *, asked: str, title: str, progress: Callable[[str], None]) -> Built:
    """Build each service's image, in order, to the first that fails.

    :raises EngineFault: the engine is at fault
    """
    progress(f"building: {asked}")
    started = time.monotonic()
    images: dict[str, str] = {}
    notes: list[str] = []
    result = Result(id="build", kind="build", title=title, outcome=Outcome.PASS, asked=asked)
    for service, builder in builders.items():
        built = builder.build(progress)
        if not built.image:
            facts = builder.evidence(built) | ({"service": service} if service else {})
            result = msgspec.structs.replace(
                result, outcome=Outcome.FAIL, expected="an image", got=_build_error(built, facts), log=_build_log(built)
            )
            result = explain(result, facts)
            break
        images[service] = built.image
        notes.append((f"{service}: " if service else "") + counted(built))
    result = msgspec.structs.replace(result, seconds=round(time.monotonic() - started, 3))
    if result.outcome is not Outcome.PASS:
        return Built(result=result, images={})
    return Built(result=msgspec.structs.replace(result, got=", ".join(notes)), images=images)


def start_target(target: Target, title: str) -> Result:
    """Bring the target up and wait for its first answer.

    :raises EngineFault: the engine is at fault
    """
    started = time.monotonic()
    facts = target.restart() if target.used else target.start()
    result = Result(
        id="start",
        kind="start",
        title=title,
        outcome=Outcome.FAIL if facts else Outcome.PASS,
        asked=target.command,
        seconds=round(time.monotonic() - started, 3),
    )
    return not_started(result, target, facts) if facts else result


def not_started(result: Result, target: Target, facts: Mapping[str, str]) -> Result:
    """The same result with what is known of a target that did not come up."""
    # It may be a second target that did not come up, and is gone by now: the facts hold what it printed.
    printed = facts.get("service_logs") or facts.get("logs") or ""
    log = "\n".join(printed.splitlines()[-LOG_LINES:])
    expected = f"an HTTP answer on port {facts['port']}"
    return explain(msgspec.structs.replace(result, expected=expected, got=_start_error(facts), log=log), facts)


def not_all_handed_in(exercise: Exercise, submission: Submission, title: str) -> Result:
    """The build's result where a file is missing."""
    result = Result(
        id="build",
        kind="build",
        title=title,
        outcome=Outcome.FAIL,
        asked=f"ls {submission.name}",
        expected=", ".join(exercise.files),
        got=", ".join((*submission.files, *submission.left_out)) or "an empty folder",
    )
    return explain(result, evidence.of_intake(submission))


def not_a_project(fault: "ComposeFault", submission: Submission, *, asked: str, title: str) -> Result:
    """The build's result where the Compose file is none that can be graded."""
    file = submission.called.get(fault.file, fault.file)
    where = f"{file}:{fault.line}: " if fault.line else f"{file}: "
    facts = {
        "kind": "compose",
        "compose_fault": fault.kind,
        "words": f"{fault.what}: {fault.reason}" if fault.reason else fault.what,
        "line": str(fault.line),
        "nearest": fault.nearest,
        "file": file,
    }
    result = Result(
        id="build",
        kind="build",
        title=title,
        outcome=Outcome.FAIL,
        asked=asked,
        expected="a Compose file that this exercise can run",
        got=where + facts["words"],
    )
    return explain(result, facts)


def explain(result: Result, facts: Mapping[str, str]) -> Result:
    """The same failed result with its evidence, bounded, and the cause that it proves."""
    kept = {name: text if len(text) <= FACT_LIMIT else text[-FACT_LIMIT:] for name, text in facts.items() if text}
    return msgspec.structs.replace(result, diagnosis=diagnose(facts), evidence=kept)


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
    who = facts.get("service") or "the container"
    if facts.get("restarts"):
        return f"{who} ended and was started again {facts['restarts']} times"
    if facts.get("exit_code"):
        return f"{who} ended by itself with exit code {facts['exit_code']}"
    where = f"it listens on {facts['listening']}" if facts["listening"] else "it listens on no port"
    return f"no HTTP answer on port {facts['port']} ({facts['reason']}): {where}"
