"""The `process` check: what runs in the container, who gets its signals, and as which user."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.checks import program
from grader.checks.base import Check, Subject
from grader.checks.polling import until
from grader.checks.service import absence, service_faults, typed
from grader.checks.slips import Faults
from grader.errors import EngineFault
from grader.facts import Process
from grader.report import Result

PATIENCE = 2.0  # seconds that workers have to appear, and a start script to hand over
NOT_ROOT = "not-root"
COUNT_LIMIT = 100  # a container may have 256 processes
SHOWN = 30  # processes in a report
SHOWN_WIDTH = 200  # characters of a command line in one


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look at the processes; `fault` names the assertion that does not hold, or is nothing."""

    processes: tuple[Process, ...]
    fault: str = ""
    expected: str = ""
    got: str = ""
    culprit: str = ""  # the command line that should not be there, or not so
    missing: str = ""  # the program that should be there


class ProcessCheck(Check, frozen=True, kw_only=True, tag="process"):
    """Looks at the processes from outside; every assertion that is given must hold, and one is enough.

    A program is named as a person names it: `gunicorn`, whether it is started by its own name, by `python -m`, or has
    given itself a title. A server that the student's own code starts goes by the file's name, and by `python`.
    """

    first: tuple[str, ...] = ()  # process 1 is one of these
    behind_init: bool = True  # or stands behind an init such as tini, which hands it the signals
    not_shell: bool = False  # process 1 is no shell
    runs: tuple[str, ...] = ()  # all of these run
    count: int = 1  # processes of each of `runs` at least, a master among them
    not_runs: tuple[str, ...] = ()  # none of these runs
    user: str = ""  # "not-root", or the number of a user
    user_of: str = ""  # the program that this is asked of; without it those of `runs`; without these all
    service: str = ""  # whose processes; without it those of the one that requests go to

    def asks(self) -> str:
        wanted = [f"process 1 is {' or '.join(self.first)}"] if self.first else []
        if self.not_shell:
            wanted.append("process 1 is no shell")
        if self.runs:
            wanted.append(f"{' and '.join(self.runs)} run{'s' if len(self.runs) == 1 else ''}")
        if self.count > 1:
            wanted[-1] += f", {self.count} processes{' each' if len(self.runs) > 1 else ''} at least"
        if self.not_runs:
            wanted.append(f"no {' or '.join(self.not_runs)} runs")
        if self.user:
            whose = self.user_of or " and ".join(self.runs) or "everything"
            wanted.append(f"{whose} runs as {self._owner_words}")
        where = f"the container of {self.service}" if self.service else "the container"
        return f"In {where}, {', and '.join(wanted)}"

    def faults(self) -> Faults:
        if not (self.first or self.not_shell or self.runs or self.not_runs or self.user):
            yield "", "asserts nothing and can never fail: add first, not_shell, runs, not_runs or user"
        for field in ("first", "runs", "not_runs"):
            yield from ((field, f"{field}: {fault}") for name in getattr(self, field) if (fault := _name_fault(name)))
        for name in sorted({*self.first, *self.runs, self.user_of} & {*self.not_runs}):
            yield "not_runs", f"not_runs: {name!r} is asked for as well: nothing could pass"
        if self.not_shell and self.first and program.EVERY_SHELL.issuperset(self.first):
            yield "first", "first names shells alone, and not_shell forbids them: nothing could pass"
        if not 1 <= self.count <= COUNT_LIMIT:
            yield "count", f"count = {self.count} is not between 1 and {COUNT_LIMIT}"
        elif self.count > 1 and not self.runs:
            yield "count", "count is of the programs in runs, and there are none: add runs"
        if self.user and self.user != NOT_ROOT and not (self.user.isascii() and self.user.isdigit()):
            yield "user", f"user = {self.user!r}: write {NOT_ROOT!r}, or a user's number such as '1000'"
        if self.user_of and (fault := _name_fault(self.user_of)):
            yield "user_of", f"user_of: {fault}"
        if self.user_of and not self.user:
            yield "user_of", "user_of says whose user is looked at: add user"
        if fault := service_faults(self.service):
            yield "service", fault

    def run(self, subject: Subject) -> Result:
        asked = typed(subject, "top", self.service, () if subject.project else ("-eo", "pid,uid,args"))
        if none := absence(subject, self.service):
            expected = f"a service {self.service}"
            return self.failed(asked=asked, expected=expected, got=none["services"], evidence=none)
        patience = subject.deadline(PATIENCE)
        seen = until(lambda: self._look(subject.processes(self.service)), lambda seen: not seen.fault, patience)
        if not seen.fault:
            return self.passed(asked=asked, got=_listing(seen.processes))
        if seen.fault == "unknown":
            raise EngineFault("the engine does not tell which process is the container's first")
        facts = {
            "fault": seen.fault,
            "first": next((each.command for each in seen.processes if each.first), ""),
            "processes": _listing(seen.processes),
            "command": seen.culprit,
            "missing": seen.missing,
            "uid": " ".join(dict.fromkeys(each.uid for each in seen.processes)),
            "service": self.service,
        }
        facts = {name: text[: SHOWN * SHOWN_WIDTH] for name, text in facts.items() if text}
        return self.failed(asked=asked, expected=seen.expected, got=seen.got, evidence=facts)

    def _look(self, processes: tuple[Process, ...]) -> Look:
        """The first assertion that does not hold, the most telling ones first."""
        living = tuple(each for each in processes if not program.is_dead(each.command))
        seen = Look(processes=living)
        if not living:
            return replace(seen, fault="ended", expected="a container that runs", got="the container has ended")
        for each in living:
            if _goes_by(each, self.not_runs):
                wanted = f"no {' or '.join(self.not_runs)}"
                return replace(seen, fault="server", expected=wanted, got=_short(each.command), culprit=each.command)
        return self._leader(seen) or self._presence(seen) or self._owner(seen) or seen

    def _leader(self, seen: Look) -> Look | None:
        """Whether process 1 is what it should be."""
        if not self.first and not self.not_shell:
            return None
        one = next((each for each in seen.processes if each.first), None)
        if one is None:
            return replace(seen, fault="unknown")
        leaders: tuple[Process, ...] = (one,)
        if self.behind_init and program.is_init(one.command):
            leaders = tuple(each for each in seen.processes if not each.first)
        right = any(_goes_by(each, self.first) for each in leaders)
        wanted = f"{' or '.join(self.first) or 'no shell'} as process 1"
        if not program.signals_all(one.command) and (self.not_shell or not right):
            for each in leaders:
                if program.is_shell(each.command):
                    return replace(seen, fault="first", expected=wanted, got=_short(each.command), culprit=each.command)
        if self.first and not right:
            got = "\n".join(_short(each.command) for each in leaders[:SHOWN]) or _short(one.command)
            return replace(seen, fault="server", expected=wanted, got=got, culprit=(*leaders, one)[0].command)
        return None

    def _presence(self, seen: Look) -> Look | None:
        """Whether all programs are there, in number."""
        for name in filter(None, (*self.runs, self.user_of)):
            there = sum(_goes_by(each, (name,)) for each in seen.processes)
            least = self.count if name in self.runs else 1
            if there < least:
                fault, missing = ("count", "") if there else ("missing", name)
                wanted = f"{name}, {least} processes at least" if least > 1 else name
                return replace(seen, fault=fault, expected=wanted, got=_listing(seen.processes), missing=missing)
        return None

    def _owner(self, seen: Look) -> Look | None:
        """Whether they run as the user that is asked for."""
        whose = (self.user_of,) if self.user_of else self.runs
        for each in seen.processes if self.user else ():
            right = each.uid != "0" if self.user == NOT_ROOT else each.uid == self._user
            if not right and (not whose or _goes_by(each, whose)):
                got = f"user {each.uid}: {_short(each.command)}"
                fault = "root" if each.uid == "0" else "other-user"
                return replace(seen, fault=fault, expected=self._owner_words, got=got, culprit=each.command)
        return None

    @property
    def _user(self) -> str:
        return str(int(self.user))

    @property
    def _owner_words(self) -> str:
        return "a user other than root" if self.user == NOT_ROOT else f"user {self._user}"


def _goes_by(process: Process, wanted: Sequence[str]) -> bool:
    return not {name.lower() for name in wanted}.isdisjoint(program.names(process.command))


def _name_fault(name: str) -> str:
    """What is wrong with the name of a program as an author wrote it."""
    if not name.strip():
        return "the name of a program is empty"
    if "/" in name:
        return f"{name!r} has a folder, which is not looked at: write {name.rpartition('/')[2]!r}"
    if name.split() != [name]:
        return f"{name!r} holds white space: a program's name alone, without its arguments"
    return ""


def _short(command: str) -> str:
    return command if len(command) <= SHOWN_WIDTH else f"{command[:SHOWN_WIDTH]}..."


def _listing(processes: Sequence[Process]) -> str:
    """One a line: the user's number, and the command."""
    lines = [f"{each.uid} {_short(each.command)}" for each in processes[:SHOWN]]
    return "\n".join(lines + ([f"and {len(processes) - SHOWN} more"] if len(processes) > SHOWN else []))
