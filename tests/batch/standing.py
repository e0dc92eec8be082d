"""What a batch's file says, and what is left on the engine, as the tests compare it."""

import contextlib
from pathlib import Path

from grader.batch.book import gradebook
from grader.batch.store import Store
from grader.engine import connect
from grader.engine.labels import RUN


def verdicts(out: Path) -> dict[str, tuple]:
    """All that a batch says of each student, but for the times."""
    with Store(out) as store:
        entries = gradebook(store).entries
    return {
        entry.student.key: (
            entry.state,
            entry.points,
            entry.report.seed,
            [(each.id, each.outcome, each.diagnosis and each.diagnosis.id) for each in entry.report.results],
        )
        for entry in entries
    }


def gradings(out: Path) -> int:
    with Store(out) as store:
        return store._db.execute("SELECT count(*) FROM grading WHERE outcome != 'error'").fetchone()[0]


def left() -> list[str]:
    """What of ours is on the engine."""
    with contextlib.closing(connect()) as engine:
        api = engine.client.api
        found = [*api.containers(all=True), *api.networks(), *(api.volumes()["Volumes"] or ()), *api.images(all=True)]
        return [str(each.get("Labels")) for each in found if RUN in str(each.get("Labels"))]
