"""What no kind of check can ask by itself: an answer that is worked out from the request."""

from grader.checks.python import Failed
from grader.http import Request


def is_doubled(subject, random):
    number = random.randrange(1000)
    request = Request(path=f"/double/{number}")
    answer = subject.request(request)
    if answer.text != f"{2 * number}\n":
        raise Failed(asked=subject.curl(request), expected=f"{2 * number}\n", got=answer.text)
