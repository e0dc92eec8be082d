"""What no other kind of check can look at: an answer that is worked out from the request."""

from random import Random

from grader.checks.base import Subject
from grader.checks.python import Failed
from grader.http import Request


def counts_up(subject: Subject, random: Random) -> str | None:
    first = random.randrange(1_000, 1_000_000)
    request = Request(path=f"/count/{first}")
    answer = subject.request(request)
    if answer.status != 200:
        return f"status {answer.status}"
    expected = f"{first}\n{first + 1}\n{first + 2}\n"
    if answer.text != expected:
        raise Failed(asked=subject.curl(request), expected=expected, got=answer.text)
    return None
