"""Finds out, after a `logs` check failed, where that went which is missing: a file, or a buffer never written out."""

from collections.abc import Callable, Mapping

from grader.checks.base import Subject
from grader.checks.exchange import Exchange
from grader.checks.polling import until
from grader.facts import DidNotStart, Printed, Variation

FOLDERS = ("/var/log", "/tmp", "/home", "/srv", "/logs", "/data")  # noqa: S108 -- read, and inside a container
GREP_TIMEOUT = 3.0  # seconds
UNBUFFERED = "PYTHONUNBUFFERED"


def log_file(subject: Subject, service: str, text: str) -> str:
    """The file inside the container that holds the text, or nothing.

    The container's own `grep` is asked, which may lie: a diagnosis may rest on that, a verdict must not.
    """
    folders = dict.fromkeys((subject.image.workdir.rstrip("/") or "/app", *FOLDERS))
    command = ("grep", "-rlIsF", "-D", "skip", "-m", "1", "-e", text, *folders)
    done = subject.execute(command, timeout=GREP_TIMEOUT, service=service)
    found = next(iter(done.stdout.splitlines()), "")
    return found if found.startswith("/") and found.isprintable() else ""


def is_buffered(
    subject: Subject,
    before: Exchange,
    values: Mapping[str, str],
    shows: Callable[[Printed], bool],
    seconds: float,
) -> bool:
    """Whether a second one, told to keep nothing back, prints what is missing: that proves that the first keeps it."""
    if any(each.partition("=")[0] == UNBUFFERED for each in subject.image.environment):
        return False
    try:
        with subject.another(Variation(environment={UNBUFFERED: "1"})) as other:
            before.perform(other, values)
            return shows(until(other.printed, shows, other.deadline(seconds)))
    except DidNotStart:
        return False
