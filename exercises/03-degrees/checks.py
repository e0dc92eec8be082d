"""Asks the degrees API over records that are new in every run, in place of those that were handed in."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from grader.checks.base import Subject
from grader.checks.exchange import Exchange, Exchanged
from grader.checks.python import Failed
from grader.facts import Variation
from grader.words import WORDS

DATA = "degrees.json"
BAD_NUMBERS = ("-3", "abc", "1.5")
JSON_TYPE = re.compile(r"application/(?:[\w.-]+\+)?json\b", re.IGNORECASE)
Records = list[dict[str, Any]]


def lists_all(subject: Subject, random: Random) -> None:
    with _over_new_data(subject, random) as (changed, records):
        _answers(subject, changed, "/degrees", records)


def slices(subject: Subject, random: Random) -> None:
    with _over_new_data(subject, random) as (changed, records):
        size = len(records)
        start, limit = random.randrange(1, 4), random.randrange(2, 4)
        for query, begin, most in (
            (f"start={start}&limit={limit}", start, limit),
            (f"limit={limit}&start={start}", start, limit),
            (f"start={start}", start, size),
            (f"limit={limit}", 0, limit),
            (f"start={size - 1}&limit={size}", size - 1, size),
            (f"start={size + start}", size + start, size),
            ("limit=0", 0, 0),
        ):
            _answers(subject, changed, f"/degrees?{query}", records[begin : begin + most])


def refuses_bad_numbers(subject: Subject, random: Random) -> None:
    for name in ("start", "limit"):
        for number in BAD_NUMBERS:
            _refuses(subject, f"/degrees?{name}={number}", 400)


def looks_up(subject: Subject, random: Random) -> None:
    with _over_new_data(subject, random) as (changed, records):
        for record in random.sample(records, 3):
            _answers(subject, changed, f"/degrees/{record['id']}", record)


def says_no_in_json(subject: Subject, random: Random) -> None:
    word = random.choice(WORDS)
    for path in (f"/degrees/{random.randrange(10**6, 10**7)}", f"/degrees/{word}", f"/{word}"):
        _refuses(subject, path, 404)


def new_records(random: Random) -> Records:
    """Records whose ids are neither their places nor in order."""
    count = random.randrange(9, 14)
    fields = random.sample(WORDS, count)
    return [
        {"id": number, "year": random.randrange(1900, 2026), "field": field, "degrees": random.randrange(1, 10_000)}
        for number, field in zip(random.sample(range(100, 1000), count), fields, strict=True)
    ]


@contextmanager
def _over_new_data(subject: Subject, random: Random) -> Iterator[tuple[Subject, Records]]:
    """A container of an image that was built with new records in the file."""
    records = new_records(random)
    built = subject.rebuild({DATA: json.dumps(records, indent=2).encode()})
    if not built.image:
        asked = f"$EDITOR {DATA} && docker build -t {subject.name} ."
        raise Failed(asked=asked, expected="an image", got=built.error, facts=built.evidence)
    with subject.another(Variation(images={"": built.image})) as changed:
        yield changed, records


def _answers(subject: Subject, changed: Subject, path: str, wanted: Records | dict[str, Any]) -> None:
    """Fail unless the answer over the new records is 200 and the JSON that is wanted."""
    done = _ask(changed, path, wanted)
    if not done.fault:
        return _called_json(done)
    own = _own(subject)
    old = bool(own) and not _ask(changed, "/degrees", own).fault
    facts = {"fault": "old-data"} if old else done.evidence
    asked = f"with other records in {DATA}, after a new build:\n{done.asked}"
    raise Failed(asked=asked, expected=done.expected, got=done.got, facts=facts)


def _ask(subject: Subject, path: str, wanted: Records | dict[str, Any]) -> Exchanged:
    return Exchange(path=path, status=200, answer_json=json.dumps(wanted)).perform(subject, {})


def _refuses(subject: Subject, path: str, status: int) -> None:
    """Fail unless the answer has the status, and is a JSON object with a text under "error"."""
    done = Exchange(path=path, status=status, answer_json="{}").perform(subject, {})
    wanted = f'{status} and {{"error": "what was wrong"}}'
    if done.fault:
        expected = wanted if done.fault == "json" else done.expected
        raise Failed(asked=done.asked, expected=expected, got=done.got, facts=done.evidence)
    _called_json(done)
    told = _json(done)
    message = told.get("error") if isinstance(told, dict) else None
    if not isinstance(message, str) or not message.strip():
        got = done.answer.text if done.answer else ""
        raise Failed(asked=done.asked, expected=wanted, got=got, facts={"fault": "no-message"})


def _called_json(done: Exchanged) -> None:
    """Fail where the answer's text is JSON, and its Content-Type says something else."""
    named = (done.answer.header("Content-Type") if done.answer else None) or ""
    if not JSON_TYPE.match(named):
        got = f"Content-Type: {named}" if named else "no Content-Type"
        facts = {"fault": "content-type", "content_type": named or "nothing"}
        raise Failed(asked=done.asked, expected="Content-Type: application/json", got=got, facts=facts)


def _own(subject: Subject) -> Records:
    """The records that were handed in, as far as they can be read."""
    try:
        found = json.loads(subject.files[DATA])
    except (KeyError, ValueError, RecursionError):
        return []
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _json(done: Exchanged) -> Any:  # noqa: ANN401 -- JSON
    try:
        return json.loads(done.answer.text) if done.answer else None
    except (ValueError, RecursionError):
        return None
