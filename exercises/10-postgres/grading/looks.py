"""What no kind of check looks at: an app that must not start, another scheme, and a command that is run twice."""

import json

from grader.checks.python import Failed
from grader.facts import DidNotStart, Variation
from grader.http import Request

SAMPLES = 3
SHOWN = 600  # characters of what a command printed


def ends_without_an_address(subject, random):
    """Started without the address of a database, it must not answer."""
    asked = f"docker compose run --rm --service-ports {subject.name}, without DATABASE_URL in its environment"
    try:
        with subject.another(Variation(without=frozenset({"DATABASE_URL"}))) as other:
            answer = other.request(Request(path="/crew"))
    except DidNotStart:
        return
    raise Failed(
        asked=asked,
        expected="the container ends, and says that DATABASE_URL is missing",
        got=f"it started, and answered GET /crew with {answer.status}",
    )


def takes_the_scheme_of_platforms(subject, random):
    """The same address with the scheme that platforms write."""
    given = subject.project.active[subject.name].environment.get("DATABASE_URL", "")
    rest = given.partition("://")[2]
    if not rest:
        raise Failed(
            asked="docker compose config",
            expected=f"DATABASE_URL, an address, under the environment of {subject.name}",
            got="none",
        )
    asked = f"DATABASE_URL=postgres://{rest.rpartition('@')[2]} docker compose up -d, and GET /crew"
    with subject.another(Variation(environment={"DATABASE_URL": f"postgres://{rest}"})) as other:
        answer = other.request(Request(path="/crew"))
    if answer.status != 200:
        raise Failed(asked=asked, expected="status 200", got=f"status {answer.status}")


def seeds_once(subject, random):
    """The sample members are there after the first time, and no more of them after the second."""
    asked = f"docker compose exec {subject.name} flask seed-db, twice"
    counts = []
    for time in ("first", "second"):
        done = subject.execute(("flask", "seed-db"), timeout=30)
        if done.exit_code != 0:
            printed = (done.stderr or done.stdout).strip()[-SHOWN:]
            how = "no end in 30 s" if done.timed_out else f"exit code {done.exit_code}"
            raise Failed(asked=asked, expected=f"exit code 0 the {time} time", got=f"{how}\n\n{printed}")
        counts.append(_members(subject, asked))
    if counts[0] < SAMPLES:
        raise Failed(asked=asked, expected=f"at least {SAMPLES} members", got=f"{counts[0]} members")
    if counts[1] != counts[0]:
        raise Failed(
            asked=asked,
            expected=f"{counts[0]} members, as after the first time",
            got=f"{counts[1]} members after the second",
        )


def _members(subject, asked):
    answer = subject.request(Request(path="/crew"))
    try:
        members = json.loads(answer.text)
    except ValueError:
        members = None
    if not isinstance(members, list):
        raise Failed(asked=asked, expected="GET /crew answers with a list in JSON", got=answer.text[:SHOWN])
    return len(members)
