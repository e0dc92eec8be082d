"""The length of a word that no other kind of check could know."""

import json

from grader.checks.python import Failed
from grader.http import Request


def is_counted(subject, random):
    text = "o" * random.randrange(20, 60)
    request = Request(path=f"/echo/{text}")
    answer = subject.request(request)
    expected = f'"length": {len(text)}'
    try:
        length = json.loads(answer.text)["length"]
    except (ValueError, TypeError, KeyError):
        length = None
    if length != len(text):
        raise Failed(asked=subject.curl(request), expected=expected, got=answer.text)
