"""The flow of one try at a grading: build, start, check, and whose fault it is where one of them cannot be told."""

import time
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from grader import images
from grader.checks import Check
from grader.engine.disk import short
from grader.engine.witness import Witness
from grader.errors import EngineFault, PassingFault
from grader.facts import DidNotStart
from grader.prepare import Preparation, Prepared
from grader.report import Outcome, Result
from grader.stages import explain, not_started, start_target
from grader.target import Target

RESTARTED = "the engine was restarted, or went away, while this was graded"


@dataclass(kw_only=True)
class Flow:
    """One try; `passing` holds the faults that a second one may well mend."""

    preparation: Preparation
    witness: Witness
    passing: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()  # what the reader should know of the Compose file

    def results(self) -> Iterator[Result]:
        """Every stage's and every check's result, in the order in which they come to be."""
        checks = self.preparation.exercise.checks
        prepared = self._prepare()
        yield prepared.result
        if prepared.target is None:
            yield self._skipped_start()
            yield from _blocked(checks, "build")
            return
        target = prepared.target
        self.notes = target.project.notes if target.project else ()
        yield from (self._check(check, target) for check in checks if not check.needs_start)
        yield from self._running([check for check in checks if check.needs_start], target)

    def _prepare(self) -> Prepared:
        blank = _stage("build", self.preparation.titles[0])
        try:
            images.ensure(self.preparation.exercise.bases, self.preparation.engine, self.preparation.progress)
            prepared = self.preparation.prepare()
            self._sure(prepared.result)
            return prepared
        except EngineFault as fault:
            return Prepared(result=self._fault(blank, fault))

    def _running(self, checks: list[Check], target: Target) -> Iterator[Result]:
        """The start, and the checks that need it; those that leave it changed come last, each on one of its own."""
        timeout = self.preparation.exercise.run.timeout
        self.preparation.progress(f"starting: {target.command} (waiting up to {timeout:g} s for an answer)")
        yield (started := self._start(target))
        checks = sorted(checks, key=lambda check: check.destructive)
        if started.outcome is not Outcome.PASS:
            yield from _blocked(checks, "start")
            return
        for check in checks:
            again = self._start(target) if target.used else started
            if again.outcome is Outcome.ERROR:
                yield msgspec.structs.replace(_blank(check), got=again.got)
            elif again.outcome is Outcome.FAIL:
                yield from _blocked([check], "start")
            else:
                yield self._check(check, target)

    def _start(self, target: Target) -> Result:
        title = self.preparation.titles[1]
        try:
            return self._sure(start_target(target, title))
        except EngineFault as fault:
            return self._fault(_stage("start", title), fault)

    def _check(self, check: Check, target: Target) -> Result:
        """One check's result, with the log and the cause where it failed."""
        self.preparation.progress(f"checking: {check.title}")
        started = time.monotonic()
        blank = _blank(check)
        try:
            result = self._sure(_explained(check, target))
        except EngineFault as fault:
            result = self._fault(blank, fault)
        # A bug of ours in one check must not take the others' results, or a student's points.
        except Exception as error:
            trace = "".join(traceback.format_exception(error))
            result = msgspec.structs.replace(blank, got=f"a bug in the grader: {error!r}", traceback=trace)
        return msgspec.structs.replace(result, seconds=round(time.monotonic() - started, 3))

    def _sure(self, result: Result) -> Result:
        """A failure only where the engine had no part in it.

        :raises EngineFault: it went away in the meantime, or has no room left to work in
        """
        if result.outcome is Outcome.FAIL:
            if self.witness.broken():
                raise PassingFault(RESTARTED)
            if full := short(self.preparation.engine):
                raise EngineFault(full)
        return result

    def _fault(self, result: Result, fault: EngineFault) -> Result:
        if isinstance(fault, PassingFault):
            self.passing.append(str(fault))
        elif self.witness.broken():
            self.passing.append(RESTARTED)
        return msgspec.structs.replace(result, outcome=Outcome.ERROR, got=str(fault))

    def _skipped_start(self) -> Result:
        blank = _stage("start", self.preparation.titles[1])
        return msgspec.structs.replace(blank, outcome=Outcome.SKIP, blocked_by="build")


def _explained(check: Check, target: Target) -> Result:
    """What the check found, with the cause where it failed."""
    try:
        result = check.run(target)
    except DidNotStart as down:
        return not_started(msgspec.structs.replace(_blank(check), outcome=Outcome.FAIL), target, down.facts)
    if result.outcome is not Outcome.FAIL:
        return result
    facts = {"kind": check.kind, "check": check.id, "name": target.name} | target.condition() | result.evidence
    log = result.log or target.log(facts.get("service", "")) or target.log()
    return explain(msgspec.structs.replace(result, log=log), facts)


def _stage(name: str, title: str) -> Result:
    return Result(id=name, kind=name, title=title, outcome=Outcome.ERROR)


def _blank(check: Check) -> Result:
    return Result(id=check.id, kind=check.kind, title=check.title, outcome=Outcome.ERROR, max_points=check.points)


def _blocked(checks: Iterable[Check], by: str) -> Iterator[Result]:
    """A SKIP for each check."""
    for check in checks:
        yield msgspec.structs.replace(_blank(check), outcome=Outcome.SKIP, blocked_by=by)
