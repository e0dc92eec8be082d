"""What no other kind of check can look at: a database of yesterday, and a setting that must not be missing."""

from random import Random

from grader.checks.base import Subject
from grader.checks.python import Failed
from grader.curl import FORM, encoded
from grader.facts import DidNotStart, Variation
from grader.http import Answer, Request
from grader.words import draw

# Puts every SQLite database on the volume back to revision 0001, and says how many there were.
AGE = """
import glob, sqlite3
aged = 0
for path in glob.glob("/data/**", recursive=True):
    try:
        if open(path, "rb").read(15) != b"SQLite format 3":
            continue
    except OSError:
        continue
    with sqlite3.connect(path, timeout=10) as db:
        if "author" in [column[1] for column in db.execute("PRAGMA table_info(post)")]:
            db.execute("ALTER TABLE post DROP COLUMN author")
            db.execute("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)")
            db.execute("DELETE FROM alembic_version")
            db.execute("INSERT INTO alembic_version VALUES ('0001')")
            aged += 1
print(aged)
"""
WRITTEN = (302, 303)


def brings_up_to_date(subject: Subject, random: Random) -> None:
    """A new container on a volume of the release before.

    Where the app keeps its data elsewhere, there is nothing to bring up to date; `entries-kept` fails then.
    """
    values = draw(random)
    _write(subject, values["word"], values["other_word"])
    aged = subject.execute(["python3", "-c", AGE], timeout=20)
    if aged.exit_code != 0:
        raise Failed(expected="a database that can be put back to revision 0001", got=aged.stderr or "no end in time")
    subject.replace()
    answer = _ask(subject, Request(path="/"), (200,))
    if aged.stdout.strip() != "0" and values["word"] not in answer.text:
        raise Failed(
            asked=subject.curl(Request(path="/")),
            expected=f"the entry {values['word']!r}, written before the new container",
            got=answer.text,
        )
    _write(subject, values["number"], values["other_word"])
    page = _ask(subject, Request(path="/"), (200,))
    if values["other_word"] not in page.text:
        raise Failed(expected=f"an entry by {values['other_word']!r}", got=page.text)


def demands_its_key(subject: Subject, random: Random) -> None:
    """Whether it ends with an error where it is given no SECRET_KEY."""
    got = "it came up, and answers"
    try:
        with subject.another(Variation(environment={"SECRET_KEY": ""})):
            pass
    except DidNotStart as down:
        if down.facts.get("exit_code", "0") != "0":
            return
        got = "it ended without an error" if "exit_code" in down.facts else "it neither answered nor ended"
    raise Failed(
        asked=f"docker run --rm -e SECRET_KEY= {subject.name}",
        expected="a container that ends with an error",
        got=got,
        facts={"fault": "starts-without-a-setting"},
    )


def _write(subject: Subject, title: str, author: str) -> None:
    form = encoded([("title", title), ("body", "Nothing to report."), ("author", author)])
    headers = {"Content-Type": FORM}
    _ask(subject, Request(path="/new", method="POST", headers=headers, body=form.encode()), WRITTEN)


def _ask(subject: Subject, request: Request, statuses: tuple[int, ...]) -> Answer:
    answer = subject.request(request)
    if answer.status not in statuses:
        raise Failed(
            asked=subject.curl(request),
            expected=" or ".join(map(str, statuses)),
            got=f"{answer.status}\n{answer.text}",
            facts={"fault": "status", "path": request.path, "status": str(answer.status)},
        )
    return answer
