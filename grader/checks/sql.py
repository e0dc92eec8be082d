"""The `sql` check: what the database of a project holds, asked of the database itself."""

import re
from typing import ClassVar

from grader.checks import pattern
from grader.checks.base import Check, Subject
from grader.checks.service import no_service
from grader.checks.session import Browser, Step, step_faults
from grader.checks.slips import Faults
from grader.errors import EngineFault
from grader.facts import Executed
from grader.report import Result
from grader.words import KNOWN, draw, fill, newness, slips

TIMEOUT = 60.0  # seconds for one statement: 0.2 are usual, and a dump on a busy machine takes 20
SHOWN = 2_000  # characters of the rows, in a report
SYNTAX = re.compile(r"^ERROR(?: 1064\b|:  syntax error at)", re.MULTILINE)
CHANGES = ("insert", "update", "delete", "drop", "alter", "create", "truncate", "grant")


class SqlCheck(Check, frozen=True, kw_only=True, tag="sql"):
    """Puts one statement to the database of `service`, after the requests in `before` have been made.

    Rows are lines, columns stand between tabs. `everything` takes the place of a statement: all tables with all their
    rows, whatever the student called them. The client is one of ours, and may only read.
    """

    needs_project: ClassVar[bool] = True

    service: str = "db"  # of the database, as the Compose file names it
    before: tuple[Step, ...] = ()  # requests that are made first, as one browser would, each with an assertion
    query: str = ""  # the statement; placeholders are filled
    everything: bool = False  # look at all that the database holds instead
    rows: int | None = None  # exactly so many
    at_least: int | None = None  # rows
    contains: tuple[str, ...] = ()  # each stands somewhere in the rows
    excludes: tuple[str, ...] = ()  # none stands anywhere in the rows
    matches: tuple[str, ...] = ()  # regular expressions, found anywhere in the rows

    def asks(self) -> str:
        wanted = [f"{self.rows} rows"] if self.rows is not None else []
        wanted += [f"at least {self.at_least} rows"] if self.at_least is not None else []
        wanted += [f'"{text}"' for text in self.contains]
        wanted += [f'no "{text}"' for text in self.excludes]
        wanted += [f"something like {each}" for each in self.matches]
        asked = f"{self._source()} {'gives' if self.query else 'holds'} {', '.join(wanted)}"
        if self.before:
            asked = f"After {', '.join(f'{each.verb} {each.target}' for each in self.before)}: {asked}"
        return asked + newness(asked)

    def faults(self) -> Faults:
        if not self.service.strip():
            yield "service", "service is empty: name the database's"
        if bool(self.query.strip()) == self.everything:
            yield "query", "write either a query, or everything = true"
        if self.query.strip().lower().startswith(CHANGES):
            yield "query", "the query would change something: the database is only read"
        if (self.rows, self.at_least, self.contains, self.excludes, self.matches) == (None, None, (), (), ()):
            yield "", "asserts nothing and can never fail: add rows, at_least, contains, excludes or matches"
        if self.everything and (self.rows, self.at_least) != (None, None):
            yield "rows", "rows are counted in the answer to a query: take everything out"
        if (self.rows is not None and self.rows < 0) or (self.at_least is not None and self.at_least < 1):
            yield "rows", "rows must be 0 or more, and at_least 1 or more, or the check could never fail"
        for name in ("contains", "excludes", "matches"):
            if "" in getattr(self, name):
                yield name, f"{name}: an empty text is in everything: leave it out"
        for unwanted in set(self.excludes) & set(self.contains):
            yield "excludes", f"excludes {unwanted!r}, which contains asks for: nothing could pass"
        for each in filter(None, self.matches):
            if fault := pattern.fault(each):
                yield "matches", f"matches: {each!r} {fault}"
        for slip, meant in slips(self.query, *self.contains, *self.excludes, *self.matches).items():
            yield "", f"unknown placeholder {{{slip}}}, did you mean {{{meant}}}?"
        known = KNOWN
        for number, step in enumerate(self.before):
            for field, fault in (*step.faults(known), *step_faults(step, known, self.before[number + 1 :])):
                yield f"before[{number}]" + (f".{field}" if field else ""), fault
            known |= step.captures.keys()

    def run(self, subject: Subject) -> Result:
        """Make the requests, and ask the database.

        :raises EngineFault: the statement is no SQL, which is the author's mistake
        """
        values = draw(subject.random(self.id))
        browser = Browser(subject, values)
        for step in self.before:
            done = browser.take(step)
            if done.fault:
                evidence = {**done.evidence, "fault": "before", **browser.jar.facts}
                return self.failed(asked=browser.asked, expected=done.expected, got=done.got, evidence=evidence)
        asked = [browser.asked] if self.before else []
        query = fill(self.query, values)
        asked.append(f"docker compose exec {self.service} {self._client(subject)}" + (f" {query!r}" if query else ""))
        if absent := no_service(self, subject, self.service, asked="\n".join(asked)):
            return absent
        told = (
            subject.dump(self.service, timeout=TIMEOUT)
            if self.everything
            else subject.query(self.service, query, timeout=TIMEOUT)
        )
        if told.exit_code and SYNTAX.search(told.stderr):
            # The statement is the author's: no submission can mend it.
            words = told.stderr.strip()
            raise EngineFault(f"check {self.id!r} asks what {self.service} takes for no SQL: {words}")
        fault, expected = self._judged(told, values)
        if not fault:
            return self.passed(asked="\n".join(asked), got=f"{len(_rows(told))} rows")
        got = told.stdout if told.exit_code == 0 else told.stderr.strip() or "no answer"
        evidence = {"fault": fault, "service": self.service, "words": told.stderr, "output": told.stdout}
        return self.failed(
            asked="\n".join(asked), expected=expected, got=self._shown(fault, got, values), evidence=evidence
        )

    def _judged(self, done: Executed, values: dict[str, str]) -> tuple[str, str]:
        """The name of the first assertion that does not hold, and what it asks for."""
        count, text = len(_rows(done)), done.stdout
        if done.exit_code != 0:
            return ("timed out" if done.timed_out else "refused"), "an answer from the database"
        if self.rows is not None and count != self.rows:
            return "rows", f"{self.rows} rows"
        if self.at_least is not None and count < self.at_least:
            return "rows", f"at least {self.at_least} rows"
        for part in (fill(each, values) for each in self.contains):
            if part not in text:
                return "contains", f'"{part}" in the rows'
        for part in (fill(each, values) for each in self.excludes):
            if part in text:
                return "excludes", f'no "{part}" in the rows'
        for each in self.matches:
            if pattern.search(each, text, values).match is None:
                return "matches", f"something like {each} in the rows"
        return "", ""

    def _shown(self, fault: str, got: str, values: dict[str, str]) -> str:
        """What is shown of the rows: the lines that should not be there, else the first ones."""
        if fault == "excludes":
            parts = [fill(each, values) for each in self.excludes]
            got = "\n".join(line for line in got.splitlines() if any(part in line for part in parts))
        return got[:SHOWN] or "no rows"

    def _source(self) -> str:
        return f"`{self.query.strip()}` in {self.service}" if self.query else f"All that {self.service} keeps"

    def _client(self, subject: Subject) -> str:
        """The command that a student can type for the same."""
        service = subject.project.active.get(self.service) if subject.project else None
        settings = service.environment if service else {}
        if "MYSQL_DATABASE" in settings or "MYSQL_ROOT_PASSWORD" in settings:
            return (
                f"{'mysqldump' if self.everything else 'mysql'} -u root -p {settings.get('MYSQL_DATABASE', '')}".strip()
            )
        user = settings.get("POSTGRES_USER", "postgres")
        name = settings.get("POSTGRES_DB", user)
        return f"pg_dumpall -U {user}" if self.everything else f"psql -U {user} {name} -c"


def _rows(done: Executed) -> list[str]:
    return done.stdout.splitlines()
