"""Grades what is due in a batch, several at a time; each result is in the file before the next grading begins."""

import hashlib
import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field, replace

import msgspec

from grader.batch.book import TRIES
from grader.batch.crew import Abandoned, Crew
from grader.batch.display import Display
from grader.batch.job import Job
from grader.batch.kit import Kit
from grader.batch.plan import ALL, merged
from grader.batch.store import Store
from grader.batch.verdict import untold
from grader.batch.work import Due
from grader.errors import EngineFault
from grader.exercise import Exercise
from grader.report import Outcome, Report

LOOK = 0.5  # seconds between two looks at what is under way
GONE = 600.0  # seconds in which an engine that is away may come back
_REPORT = msgspec.msgpack.Decoder(Report)


@dataclass(kw_only=True)
class Run:
    """One run of a batch, to its end or until it is stopped."""

    store: Store
    kit: Kit
    exercise: Exercise
    crew: Crew
    display: Display
    runtime: str = ""
    gone: float = GONE
    _queue: deque[Due] = field(default_factory=deque)
    _under_way: dict[Future[bytes], Due] = field(default_factory=dict)
    _stops: int = 0  # how often Ctrl-C was pressed
    _heeded: int = 0  # of those, how many were acted upon
    _waiting: str = ""  # what is being waited for, once it was said
    _away: float = 0.0  # since when nobody has answered, by the monotonic clock

    @property
    def stopped(self) -> bool:
        """Whether it was stopped before its end."""
        return bool(self._stops)

    def run(self) -> None:
        """Grade all that is due; what ends in an ERROR is tried again at the end, up to a bound.

        Ctrl-C lets what is under way come to its end; a second one does not.

        :raises EngineFault: nobody has answered for a long time
        """
        self.store.work.forgive()
        self._queue.extend(self.store.work.due())
        self.display.begin(len(self._queue))
        while self._under_way or (self._queue and not self._stops):
            try:
                self._turn()
            except KeyboardInterrupt:
                self._stops += 1

    def _turn(self) -> None:
        """Give out what can be given out, and record what has come back."""
        if self._heeded != self._stops:
            self._heed()
        while self._queue and not self._stops and self._may_begin() and len(self._under_way) < self.crew.size():
            due = self._queue[0]
            self.crew.begin()
            future = self.crew.executor.submit(self.crew.work, self._packed(due))
            self._under_way[future] = due
            self._queue.popleft()
        if not self._under_way:
            time.sleep(LOOK)
            return
        done, _ = wait(self._under_way, timeout=LOOK, return_when=FIRST_COMPLETED)
        for future in done:
            self._record(future, self._under_way[future])
            del self._under_way[future]

    def _may_begin(self) -> bool:
        """Whether there is somebody to grade, and room to do it in; what keeps it from beginning is said once."""
        if absent := self.crew.absent():
            self._away = self._away or time.monotonic()
            if time.monotonic() - self._away > self.gone:
                raise EngineFault(f"{absent}, for {self.gone:g} s now: mend that, then run the same command to go on")
            return self._wait_for(f"{absent}: the batch waits, and nobody loses a point")
        self._away = 0.0
        if short := self.crew.shortage(not self._under_way):
            return self._wait_for(f"paused: {short}; free some, and the batch goes on by itself")
        if self._waiting:
            self.display.say("the batch goes on")
            self._waiting = ""
        return True

    def _wait_for(self, what: str) -> bool:
        if not self._waiting:
            self.display.say(what)
        self._waiting = what
        return False

    def _heed(self) -> None:
        """Do what Ctrl-C asks for; it may come again in the middle of this."""
        self._heeded = self._stops
        if self._stops > 1:
            self.crew.abandon()
            for future in self._under_way:
                future.cancel()
        elif count := len(self._under_way):
            self.display.say(f"stopping: {count} under way are finished first; Ctrl-C again does not wait for them")

    def _packed(self, due: Due) -> bytes:
        parcel = self.store.roll.parcel(due.parcel)
        told = hashlib.sha256(f"{self.store.seed}:{parcel.digest}".encode()).digest()
        job = Job(
            kit=self.kit,
            parcel=parcel,
            seed=int.from_bytes(told[:4], "big"),  # the same for the same submission: a batch can be repeated
            checks=due.checks,
            runtime=self.runtime,
        )
        return msgspec.msgpack.encode(job)

    def _record(self, future: "Future[bytes]", due: Due) -> None:
        report = self._report(future, due)
        if report is None:
            return
        whole = merged(self.store.work.newest(due.parcel), report, self.exercise)
        if whole is None:  # a part of it does not fit what is known: all of it is graded
            self.store.work.want({due.parcel: ALL})
            self._queue.append(replace(due, checks=ALL))
            return
        self.store.work.finish(due.parcel, self.kit.digest, whole)
        again = whole.outcome is Outcome.ERROR and due.tries + 1 < TRIES
        if again:
            self._queue.append(replace(due, tries=due.tries + 1))
        self.display.graded(self.store.roll.behind(due.parcel), whole, again=again)

    def _report(self, future: "Future[bytes]", due: Due) -> Report | None:
        """What came back; None where nobody waits for it any more."""
        try:
            return _REPORT.decode(future.result())
        except (Abandoned, CancelledError):
            return None
        # The last boundary: a worker that died, an engine that is gone, a bug of ours. None of it costs a point.
        except Exception as error:
            return untold(self.exercise, self.kit.slug, self.store.roll.parcel(due.parcel), error)
