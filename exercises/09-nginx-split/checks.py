"""What no other kind of check can look at: who serves a file, for how long, and whose word the app takes."""

import re
from random import Random

from grader.checks.base import Subject
from grader.checks.exchange import Exchange
from grader.checks.python import Failed
from grader.facts import Variation

CHART = Exchange(path="/static/chart.txt", status=200)
WHO = "/who"
MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d+)")
LEAST = 60  # seconds
SECONDS = 10.0  # that a service has to end, and a command to answer


def chart_without_app(subject: Subject, random: Random) -> None:
    """Stop the app in a second project: nginx has the file, or has not."""
    _chart(subject)
    with subject.another(Variation()) as other:
        other.stop(SECONDS, "app")
        done = CHART.perform(other, {})
        if done.fault:
            raise Failed(
                asked=f"docker compose stop app; {done.asked}",
                expected=done.expected,
                got=done.got,
                facts={"fault": "through-the-app"},
            )


def chart_is_kept(subject: Subject, random: Random) -> None:
    asked, header = _chart(subject)
    if not any(int(found[1]) >= LEAST for found in MAX_AGE.finditer(header)):
        raise Failed(
            asked=asked,
            expected=f"Cache-Control with a max-age of {LEAST} or more",
            got=f"Cache-Control: {header}" if header else "no Cache-Control",
            facts={"fault": "no-max-age"},
        )


def knows_the_client(subject: Subject, random: Random) -> None:
    """Claim another address: neither that nor the proxy's own is the client's."""
    claimed = f"203.0.113.{random.randrange(1, 255)}"
    done = Exchange(path=WHO, status=200, headers={"X-Forwarded-For": claimed}).perform(subject, {})
    if done.fault or done.answer is None:
        raise Failed(asked=done.asked, expected=done.expected, got=done.got, facts=done.evidence)
    said = done.answer.text.strip()
    if claimed in said:
        facts = {"fault": "claimed-address"}
        raise Failed(asked=done.asked, expected="the client's own address", got=said, facts=facts)
    own = subject.execute(["hostname", "-i"], timeout=SECONDS, service="nginx").stdout.split()
    if not said or said in own:
        got = f"{said or 'nothing'} (the address of the container of nginx)"
        facts = {"fault": "proxy-address"}
        raise Failed(asked=done.asked, expected="the client's own address", got=got, facts=facts)


def _chart(subject: Subject) -> tuple[str, str]:
    """The request as a curl line, and what the answer says of keeping it."""
    done = CHART.perform(subject, {})
    if done.fault or done.answer is None:
        raise Failed(asked=done.asked, expected=done.expected, got=done.got, facts=done.evidence)
    return done.asked, done.answer.header("Cache-Control") or ""
