"""What is due is graded, each result recorded before the next begins; stopping and errors lose nothing."""

import threading
import time

import pytest

from grader.batch import plan
from grader.batch.book import TRIES, gradebook
from grader.batch.crew import Abandoned
from grader.batch.gradebook import Correction, State
from grader.batch.run import Run
from grader.batch.store import Store
from grader.errors import EngineFault, UsageError
from grader.report import Outcome

from .making import SPEC, Told, class_of, crew_that, hand_in, kit_of, report_of


@pytest.fixture
def kit(tmp_path):
    return kit_of(tmp_path)


@pytest.fixture
def store(tmp_path, kit):
    with Store(tmp_path / "out", new=True) as store:
        store.begin(kit[0], seed=7)
        yield store


def run(store, kit, grade, *, told=None, **options) -> Run:
    store.work.want(plan.unknown(store, kit[0]))
    with crew_that(grade, **options) as crew:
        made = Run(store=store, kit=kit[0], exercise=kit[1], crew=crew, display=told or Told())
        made.run()
    return made


def states(store):
    return {entry.student.key: entry.state for entry in gradebook(store).entries}


def test_each_is_graded_once_and_told_of(store, kit, tmp_path):
    class_of(store, kit[1], tmp_path, "ada bob cleo")
    told = Told()
    run(store, kit, report_of, told=told)
    assert told.total == 3
    assert sorted(names for names, _, _ in told.ended) == [("ada",), ("bob",), ("cleo",)]
    assert [entry.points for entry in gradebook(store).entries] == [5, 5, 5]
    assert plan.unknown(store, kit[0]) == {}


def test_identical_hand_ins_are_graded_once(store, kit, tmp_path):
    parcel = class_of(store, kit[1], tmp_path, "ada")["ada"]
    store.roll.hand_in(hand_in("bob"), parcel)
    told = Told()
    run(store, kit, report_of, told=told)
    assert told.ended == [(("ada", "bob"), Outcome.PASS, False)]
    assert states(store) == {"ada": State.GRADED, "bob": State.GRADED}


def test_a_result_is_in_the_file_before_the_next_grading_begins(store, kit, tmp_path):
    class_of(store, kit[1], tmp_path, "ada bob cleo dan")
    recorded = []

    def grade(job):
        with Store(tmp_path / "out") as other:
            recorded.append(other._db.execute("SELECT count(*) FROM grading").fetchone()[0])
        return report_of(job)

    run(store, kit, grade, size=1)
    assert recorded == [0, 1, 2, 3]


def test_the_same_submission_gets_the_same_seed_and_another_gets_another(store, kit, tmp_path):
    class_of(store, kit[1], tmp_path, "ada bob")
    seeds = {}

    def grade(job):
        seeds.setdefault(job.parcel.key, set()).add(job.seed)
        return report_of(job)

    run(store, kit, grade)
    store.work.want(plan.again(store, kit[0], "all"))
    run(store, kit, grade)
    assert all(len(each) == 1 for each in seeds.values())
    assert len(set.union(*seeds.values())) == 2


def test_what_could_not_be_told_is_tried_again_at_the_end(store, kit, tmp_path):
    class_of(store, kit[1], tmp_path, "ada bob cleo")
    order = []

    def grade(job):
        order.append(job.parcel.key)
        return report_of(job, *[Outcome.ERROR] * (len(order) == 1))

    told = Told()
    run(store, kit, grade, told=told, size=1)
    assert order[-1] == order[0]
    assert len(order) == 4
    assert [again for _, _, again in told.ended] == [True, False, False, False]
    assert set(states(store).values()) == {State.GRADED}


def test_what_cannot_be_told_at_all_has_no_score_and_is_tried_anew_by_the_next_run(store, kit, tmp_path):
    class_of(store, kit[1], tmp_path, "ada")
    count = []

    def broken(job):
        count.append(job)
        raise OSError("the worker is gone")

    run(store, kit, broken)
    assert len(count) == TRIES
    book = gradebook(store)
    (entry,) = book.entries
    assert (entry.state, entry.points, book.exit_code) == (State.UNGRADED, None, 4)
    assert "the grading was lost: OSError('the worker is gone')" in entry.report.results[0].got
    run(store, kit, report_of)
    book = gradebook(store)
    assert (book.entries[0].state, book.entries[0].points, book.exit_code) == (State.GRADED, 5, 0)


def test_an_engine_that_is_away_is_waited_for(store, kit, tmp_path):
    class_of(store, kit[1], tmp_path, "ada")
    away = iter(["the engine does not answer", "the engine does not answer"])
    told = Told()
    run(store, kit, report_of, told=told, absent=lambda: next(away, ""))
    assert told.lines == ["the engine does not answer: the batch waits, and nobody loses a point", "the batch goes on"]
    assert states(store) == {"ada": State.GRADED}


def test_an_engine_that_stays_away_ends_the_run_and_says_how_to_go_on(store, kit, tmp_path):
    class_of(store, kit[1], tmp_path, "ada")
    store.work.want(plan.unknown(store, kit[0]))
    with crew_that(report_of, absent=lambda: "nobody is there") as crew:
        made = Run(store=store, kit=kit[0], exercise=kit[1], crew=crew, display=Told(), gone=0.1)
        with pytest.raises(
            EngineFault, match=r"^nobody is there, for 0\.1 s now: mend that, then run the same command"
        ):
            made.run()
    assert states(store) == {"ada": State.WAITING}


def test_a_full_disk_is_waited_for_and_costs_nothing(store, kit, tmp_path):
    class_of(store, kit[1], tmp_path, "ada bob")
    short = iter(["1.0 GB are free"] * 2)
    told = Told()
    run(store, kit, report_of, told=told, shortage=lambda idle: next(short, ""))
    assert told.lines == ["paused: 1.0 GB are free; free some, and the batch goes on by itself", "the batch goes on"]
    assert set(states(store).values()) == {State.GRADED}


class Interrupting(Told):
    """Presses Ctrl-C so many times once the first submission was graded."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def graded(self, students, report, *, again):
        super().graded(students, report, again=again)
        if self.times:
            self.times -= 1
            raise KeyboardInterrupt


def test_ctrl_c_finishes_what_is_under_way_and_the_next_run_goes_on(store, kit, tmp_path):
    class_of(store, kit[1], tmp_path, "ada bob cleo dan eve")
    told = Interrupting(1)
    made = run(store, kit, report_of, told=told, size=2)
    assert made.stopped
    assert told.lines == ["stopping: 2 under way are finished first; Ctrl-C again does not wait for them"]
    graded = [key for key, state in states(store).items() if state is State.GRADED]
    assert 1 <= len(graded) <= 3
    second = Told()
    run(store, kit, report_of, told=second)
    assert second.total == 5 - len(graded)
    assert set(states(store).values()) == {State.GRADED}
    assert store._db.execute("SELECT count(*) FROM grading").fetchone() == (5,)


def test_a_second_ctrl_c_abandons_what_is_under_way(store, kit, tmp_path):
    class_of(store, kit[1], tmp_path, "ada bob cleo")
    first, over = threading.Lock(), threading.Event()

    def grade(job):
        if first.acquire(blocking=False):
            return report_of(job)
        assert over.wait(10)
        raise Abandoned

    class Twice(Interrupting):
        def say(self, text):
            super().say(text)
            raise KeyboardInterrupt

    told = Twice(1)
    assert run(store, kit, grade, told=told, abandon=over.set).stopped
    assert len(told.lines) == 1
    assert sorted(states(store).values()) == [State.GRADED, State.WAITING, State.WAITING]


# What is graded again


def changed(tmp_path, old, new, **more):
    assert old in SPEC
    return kit_of(tmp_path / f"changed-{time.monotonic_ns()}", spec=SPEC.replace(old, new), **more)


def test_a_changed_check_alone_is_graded_again(store, kit, tmp_path):
    class_of(store, kit[1], tmp_path, "ada bob")
    run(store, kit, report_of)
    after = changed(tmp_path, 'body = "1"', 'body = "2"')
    store.begin(after[0], seed=None)
    assert set(plan.unknown(store, after[0]).values()) == {("counts",)}
    asked = []

    def grade(job):
        asked.append(job.checks)
        return report_of(job, Outcome.PASS, Outcome.PASS, Outcome.FAIL)

    run(store, after, grade)
    assert asked == [("counts",)] * 2
    (entry, _) = gradebook(store).entries
    assert [result.outcome for result in entry.report.results] == ["pass", "pass", "fail", "pass"]
    assert entry.points == 3


def test_a_changed_function_or_another_port_is_a_change_and_other_points_are_none(store, kit, tmp_path):
    class_of(store, kit[1], tmp_path, "ada")
    run(store, kit, report_of)
    function = kit_of(tmp_path / "function", function="def look(subject, random):\n    return 'no'\n")
    port = changed(tmp_path, "port = 5000", "port = 5001")
    points = changed(tmp_path, "points = 3", "points = 9")
    for after, wanted in ((function, {("own",)}), (port, {()}), (points, set())):
        store.begin(after[0], seed=None)
        assert set(plan.unknown(store, after[0]).values()) == wanted
    assert gradebook(store).entries[0].points == 11


def test_a_part_that_does_not_fit_what_is_known_is_graded_whole(store, kit, tmp_path):
    class_of(store, kit[1], tmp_path, "ada")
    run(store, kit, report_of)
    after = changed(tmp_path, 'body = "1"', 'body = "2"')
    store.begin(after[0], seed=None)
    asked = []

    def grade(job):
        asked.append(job.checks)
        return report_of(job, Outcome.PASS, Outcome.FAIL, *[Outcome.SKIP] * len(job.checks or "xx"))

    run(store, after, grade)
    assert asked == [("counts",), ()]
    assert [result.outcome for result in gradebook(store).entries[0].report.results] == ["pass", "fail", "skip", "skip"]


@pytest.mark.parametrize(
    ("what", "wanted"),
    [
        pytest.param("all", {"ada": (), "bob": ()}, id="all"),
        pytest.param("own", {"ada": ("own",), "bob": ("own",)}, id="a check"),
        pytest.param("bob", {"bob": ()}, id="a student by key"),
        pytest.param("Bob", {"bob": ()}, id="a student by name"),
    ],
)
def test_what_is_asked_for_is_graded_again(store, kit, tmp_path, what, wanted):
    parcels = class_of(store, kit[1], tmp_path, "ada bob")
    names = {parcel.key: name for name, parcel in parcels.items()}
    assert {names[key]: checks for key, checks in plan.again(store, kit[0], what).items()} == wanted


def test_what_nobody_is_called_is_told_with_the_nearest_name(store, kit, tmp_path):
    class_of(store, kit[1], tmp_path, "ada bob")
    with pytest.raises(UsageError, match=r"^--regrade count: no check and no student of that name; did you mean 'coun"):
        plan.again(store, kit[0], "count")
    with pytest.raises(UsageError, match="write 'all', a check's id, or a student's key"):
        plan.again(store, kit[0], "zzzzzz")


def test_a_correction_outlives_a_regrade(store, kit, tmp_path):
    class_of(store, kit[1], tmp_path, "ada")
    run(store, kit, report_of)
    store.correct("ada", Correction(check="own", points=1, reason="half", at="2026-01-01"))
    store.work.want(plan.again(store, kit[0], "all"))
    run(store, kit, report_of)
    assert gradebook(store).entries[0].points == 3
