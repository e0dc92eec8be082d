"""Gathers the facts of a failed stage, before anything is torn down, under the names that the catalogue matches."""

import codecs
import re
from collections.abc import Sequence
from pathlib import Path

from grader.engine.build import Build
from grader.engine.rawjson import Step
from grader.exercise import Exercise
from grader.spec import nearest
from grader.submission import Submission

DENIED = re.compile(
    r'source "docker-image://(?:docker\.io/)?(?:library/)?(?P<base>[^"@]+)(?:@[^"]*)?" denied by policy'
)
DENIED_OTHER = re.compile(r'source "(?P<source>[^"]+)" denied by policy')
NOT_FOUND = re.compile(r'"/(?P<path>[^"]+)": not found')
# apt-get begins with "E:", and apt since its third release with "Error:".
NO_PACKAGE = re.compile(r"^E(?:rror)?: Unable to locate package", re.MULTILINE)
NOT_BY_THE_LISTS = re.compile(
    r"^E(?:rror)?: (?:Unable to (?:locate package|fetch some archives)|Package '\S+' has no installation candidate)",
    re.MULTILINE,
)
LISTS_FETCHED = re.compile(r"\bapt(?:-get|itude)?\b.*\bupdate\b|^(?:Get|Hit):\d", re.MULTILINE)
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
HEAD = 64_000  # bytes of a Dockerfile that are looked at
CLOSE = 0.8  # how alike two names are for one to be a slip of the other


def of_intake(submission: Submission) -> dict[str, str]:
    """What is known of files that were not handed in."""
    missing = submission.missing[0]
    others = {name.lower(): name for name in (*submission.files, *submission.left_out) if name not in submission.links}
    # Dockerfile.txt is the one that editors make; another case, or a slip of the keyboard, is as close.
    close = others.get(f"{missing}.txt".lower()) or others.get(nearest(missing.lower(), others, cutoff=CLOSE))
    facts = {"kind": "intake", "missing": missing, "all": ", ".join(submission.missing)}
    if missing in submission.links:
        return facts | {"place": "link"}
    return facts | ({"nearest": close} if close else {})


def of_build(
    build: Build, submission: Submission, exercise: Exercise, *, dockerfile: str = "Dockerfile"
) -> dict[str, str]:
    """What is known of a build that failed.

    :param dockerfile: its path in the submission
    """
    step = build.failed
    evidence = {
        "kind": "build",
        "step": step.name if step else "",
        "log": step.text if step else "",
        "exit_code": build.exit_code,
        "timed_out": "yes" if build.timed_out else "no",
        "out_of_memory": "yes" if build.out_of_memory else "no",
    }
    if NO_PACKAGE.search(evidence["log"]):
        evidence["apt_lists"] = "yes" if any(map(fetches_lists, build.steps)) else "no"
    if build.exit_code or build.timed_out:
        return evidence  # the error quotes the step's command, in which a student may write anything
    words = build.error
    evidence["words"] = words
    if step is not None:
        evidence["refused"] = step.error
    if encoding := _encoding(submission.folder / dockerfile):
        evidence["encoding"] = encoding
    if denied := DENIED.search(words):
        evidence |= _base(denied["base"], exercise)
    elif denied := DENIED_OTHER.search(words):
        evidence["source"] = denied["source"]
    if lost := NOT_FOUND.search(words):
        evidence |= _path(lost["path"], submission)
    return evidence


def fetches_lists(step: Step) -> bool:
    """Whether a step fetched the lists of packages: it was told to, or its output shows it."""
    return bool(LISTS_FETCHED.search(step.name) or LISTS_FETCHED.search(step.text))


def by_old_lists(build: Build) -> bool:
    """Whether apt did not find or get something by lists that an earlier build had fetched, which may have been old."""
    found = build.failed and NOT_BY_THE_LISTS.search(build.failed.text)
    return bool(found) and any(step.cached and fetches_lists(step) for step in build.steps)


def _encoding(path: Path) -> str:
    """What a text is saved as, where that is not UTF-8."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return ""
    if head.startswith(WIDE_MARKS) or b"\0" in head:
        return "UTF-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "another encoding than UTF-8"
    return ""


def _base(base: str, exercise: Exercise) -> dict[str, str]:
    return {"base": base, "bases": ", ".join(exercise.bases)} | {"nearest": _slip(base, exercise.bases)}


def _slip(base: str, bases: Sequence[str]) -> str:
    """The base that was meant, where only letters were mistyped: another version is a choice, not a slip."""
    guess = nearest(base, bases, cutoff=CLOSE)
    return guess if re.findall(r"\d+", guess) == re.findall(r"\d+", base) else ""


def _path(path: str, submission: Submission) -> dict[str, str]:
    """A file that COPY did not find: hidden, left out on intake, misspelt, or never there."""
    facts = {"path": path}
    if _holds(submission.files, path):
        return facts | {"place": "hidden"}
    if _holds(submission.left_out, path):
        return facts | {"place": "left out"}
    guess = nearest(path, submission.files, cutoff=CLOSE)
    return facts | {"place": "nowhere"} | ({"nearest": guess} if guess else {})


def _holds(names: Sequence[str], path: str) -> bool:
    """Whether the path is one of the files, or a folder above one."""
    return any(name == path or name.startswith(f"{path}/") for name in names)
