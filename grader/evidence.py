"""Gathers the facts of a failed stage, before anything is torn down, under the names that the catalogue matches."""

import re

from grader.engine.build import Build
from grader.exercise import Exercise
from grader.spec import nearest
from grader.submission import Submission

DENIED = re.compile(
    r'source "docker-image://(?:docker\.io/)?(?:library/)?(?P<base>[^"@]+)(?:@[^"]*)?" denied by policy'
)
DENIED_OTHER = re.compile(r'source "(?P<source>[^"]+)" denied by policy')
NOT_FOUND = re.compile(r'"/(?P<path>[^"]+)": not found')
CLOSE = 0.8  # how alike two names are for one to be a slip of the other


def of_build(build: Build, submission: Submission, exercise: Exercise) -> dict[str, str]:
    """What is known of a build that failed."""
    step = build.failed
    words = build.words
    evidence = {
        "kind": "build",
        "step": step.name if step else "",
        "error": step.error if step else "",
        "log": step.text if step else "",
        "words": words,
        "timed_out": "yes" if build.timed_out else "no",
    }
    if denied := DENIED.search(words):
        evidence |= _base(denied["base"], exercise)
    elif denied := DENIED_OTHER.search(words):
        evidence["source"] = denied["source"]
    if lost := NOT_FOUND.search(words):
        evidence |= _path(lost["path"], submission)
    return evidence


def _base(base: str, exercise: Exercise) -> dict[str, str]:
    guess = nearest(base, exercise.bases, cutoff=CLOSE)
    return {"base": base, "bases": ", ".join(exercise.bases)} | ({"nearest": guess} if guess else {})


def _path(path: str, submission: Submission) -> dict[str, str]:
    """A file that COPY did not find: hidden, left out on intake, misspelt, or never there."""
    facts = {"path": path}
    if path in submission.files or any(name.startswith(f"{path}/") for name in submission.files):
        return facts | {"place": "hidden"}
    if path in submission.left_out or any(name.startswith(f"{path}/") for name in submission.left_out):
        return facts | {"place": "left out"}
    guess = nearest(path, submission.files, cutoff=CLOSE)
    return facts | {"place": "nowhere"} | ({"nearest": guess} if guess else {})
