"""A made-up class, as each platform packs it, is graded in one command, each with the score that it deserves alone."""

from pathlib import Path

import pytest

from grader.batch import kit as kits
from grader.batch.book import gradebook
from grader.batch.intake import take_in_class
from grader.batch.store import Store
from grader.intake.layout import Layout
from tests.classroom import HOSTILE, pack, pupils, roster, truth
from tests.conftest import ROOT
from tests.whole_class import MISSING, differing, keyed, labelled, scores_together

from .making import Told

SLUG = "01-hello"
COUNT = 40


def handed_out(layout: Layout, folder: Path) -> dict[str, dict]:
    """Write the class as a platform hands it out, with roster.csv beside it; returns what each is to get."""
    made = pupils(COUNT, SLUG)
    pack(made, layout, folder / "class")
    (folder / "roster.csv").write_text(roster(made))
    return {key: truth(each) for key, each in keyed(made).items()}


@pytest.mark.parametrize("layout", [*Layout])
def test_each_layout_is_recognised_and_gives_the_same_submissions(layout: Layout, tmp_path: Path) -> None:
    right = handed_out(layout, tmp_path)
    kit, told = kits.pack(ROOT / "exercises" / SLUG), Told()
    with Store(tmp_path / "out", new=True) as store:
        store.begin(kit, seed=1)
        exercise = kits.unpack(kit, tmp_path / "kit")
        take_in_class(store, exercise, [tmp_path / "class"], layout=None, roll=tmp_path / "roster.csv", display=told)
        rows = {row.student.key: row for row in store.roll.rows()}
    assert f"{COUNT} students" in told.lines[0]
    assert set(rows) == {*right, MISSING}
    assert {key for key, row in rows.items() if row.refusal} == {k for k, v in right.items() if v["state"] == "refused"}
    assert sum(line.startswith("refused: ") for line in told.lines) == HOSTILE
    assert {key for key, row in rows.items() if not row.parcel and not row.refusal} == {MISSING}
    # Those who handed in the same case have the same parcel, in whatever layout; nobody else has it.
    cases: dict[str, set[str]] = {}
    for key, row in rows.items():
        if row.parcel:
            cases.setdefault(right[key]["case"], set()).add(row.parcel)
    assert all(len(parcels) == 1 for parcels in cases.values())
    if layout is Layout.CANVAS:
        assert {key for key, row in rows.items() if row.late} == {f"s{n:04}" for n in range(0, COUNT, 7)}


@pytest.mark.docker
@pytest.mark.slow
def test_each_gets_the_score_that_the_submission_deserves_alone(tmp_path: Path) -> None:
    """In one layout: the test above shows that the submissions are the same in all of them."""
    made = pupils(COUNT, SLUG)
    scores = scores_together(made, Layout.CANVAS, tmp_path)
    assert differing(scores, {**labelled(made), MISSING: None}) == []
    with Store(tmp_path / "out") as store:
        states = {entry.student.key: entry.state for entry in gradebook(store).entries}
    assert states[MISSING] == "missing"
    assert (tmp_path / "out" / "report.html").is_file()
    assert len(list((tmp_path / "out" / "feedback").glob("*.html"))) == COUNT + 1
